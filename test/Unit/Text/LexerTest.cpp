//===- LexerTest.cpp - Tokens and annotations -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Parser.h"
#include "gtest/gtest.h"

using namespace tenon;
using namespace tenon::text;

namespace {

/// One letter a token: ( ) k i s n f c r.
std::string kindsOf(const std::string &text) {
  SourceFile file("t.wat", text);
  Diagnostics diags([](const Diagnostic &) {});
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  if (failed(buffer))
    return "error";
  std::string kinds;
  for (const Token &token : (*buffer)->getTokens().drop_back())
    kinds += "()kisnfcr"[token.kind];
  return kinds;
}

std::string errorOf(const std::string &text) {
  SourceFile file("t.wat", text);
  std::string message;
  Diagnostics diags([&](const Diagnostic &diagnostic) { message = diagnostic.str(); });
  EXPECT_TRUE(failed(TokenBuffer::lex(file, diags))) << text;
  return message;
}

/// The value of the only token.
std::string valueOf(const std::string &text) {
  SourceFile file("t.wat", text);
  Diagnostics diags;
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  EXPECT_TRUE(succeeded(buffer));
  EXPECT_EQ((*buffer)->getTokens().size(), 2u);
  return (*buffer)->value((*buffer)->getTokens()[0]).str();
}

TEST(Lexer, TellsTokensApart) {
  EXPECT_EQ(kindsOf("(module $m \"s\" 12 -0x1_f 1.5 0x1p4)"), "(kisnnff)");
  EXPECT_EQ(kindsOf("inf -inf nan +nan:0x1 nan:canonical infinity"), "ffffkk");
  EXPECT_EQ(kindsOf("1. 1e5 1.e+5 0x.8 1e 1__0 1_ 0x"), "fffrrrrr");
  EXPECT_EQ(kindsOf("offset=4 i32.const"), "kk");
}

TEST(Lexer, TakesTheLongestRun) {
  EXPECT_EQ(kindsOf("0$x"), "r");
  EXPECT_EQ(kindsOf("\"a\"\"b\""), "r");
  EXPECT_EQ(kindsOf("a\"b\""), "r");
  EXPECT_EQ(kindsOf("$"), "r");
  EXPECT_EQ(kindsOf("a,b"), "r");
  EXPECT_EQ(kindsOf("a(b)c"), "k(k)k");
  EXPECT_EQ(kindsOf("a;;b\nc"), "kk");
}

TEST(Lexer, SkipsComments) {
  EXPECT_EQ(kindsOf("a (; (; b ;) c ;) d ;; e"), "kk");
  EXPECT_EQ(kindsOf(";; a\rb"), "k");
  EXPECT_EQ(errorOf("a (; (; ;)"), "t.wat:1:3: error: unclosed comment");
}

TEST(Lexer, DecodesStrings) {
  EXPECT_EQ(valueOf("\"a\\n\\\"\\41\\u{20_AC}\""), "a\n\"A\xe2\x82\xac");
  EXPECT_EQ(valueOf("$\"a\\62\""), "ab");
  EXPECT_EQ(valueOf("$ab"), "ab");
  EXPECT_EQ(valueOf("\"\\ff\\00\"").size(), 2u);
  EXPECT_EQ(errorOf("\"a\\q\""), "t.wat:1:3: error: invalid escape in a string");
  EXPECT_EQ(errorOf("\"\\u{d800}\""), "t.wat:1:2: error: invalid escape in a string");
  EXPECT_EQ(errorOf("\"\\u{110000}\""), "t.wat:1:2: error: invalid escape in a string");
  EXPECT_EQ(errorOf("\"abc"), "t.wat:1:1: error: unclosed string");
  EXPECT_EQ(errorOf("\"a\nb\""), "t.wat:1:3: error: unclosed string");
  EXPECT_EQ(errorOf("$\"\""), "t.wat:1:1: error: empty identifier");
  EXPECT_EQ(errorOf("$\"\\ff\""), "t.wat:1:1: error: malformed UTF-8 encoding in an identifier");
}

TEST(Lexer, RefusesWhatIsNoText) {
  EXPECT_EQ(errorOf("(func \xff)"), "t.wat:1:7: error: malformed UTF-8 encoding");
  EXPECT_EQ(errorOf("(func \x01)"), "t.wat:1:7: error: illegal character");
  EXPECT_EQ(errorOf("(func \xc3\xa9)"), "t.wat:1:7: error: illegal character");
}

TEST(Lexer, PutsAnnotationsAside) {
  EXPECT_EQ(kindsOf("(a (@b c (d) \")\" , (@ x)) e)"), "(kk)");
  EXPECT_EQ(errorOf("(@)"), "t.wat:1:1: error: empty annotation id");
  EXPECT_EQ(errorOf("(@a (b)"), "t.wat:1:1: error: unclosed annotation");

  SourceFile file("t.wat", "(a (@b 1 2) (@\"c\") d)");
  Diagnostics diags;
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  ASSERT_TRUE(succeeded(buffer));
  Parser parser(**buffer, diags);
  EXPECT_TRUE(parser.annotationsHere().empty());
  parser.consumeIfField("a");
  EXPECT_EQ(parser.annotationsHere().size(), 2u);
  ASSERT_TRUE(parser.findAnnotation("c"));
  const Annotation *found = parser.findAnnotation("b");
  ASSERT_TRUE(found);
  Parser inside(**buffer, *found, diags);
  EXPECT_EQ(*inside.parseU32(), 1u);
  EXPECT_EQ(*inside.parseU32(), 2u);
  EXPECT_TRUE(inside.atEnd());
}

} // namespace
