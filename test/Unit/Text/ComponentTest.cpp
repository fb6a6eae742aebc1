//===- ComponentTest.cpp - Components from text -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An abbreviation is tested by what it stands for: both texts must become the same bytes.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Component.h"
#include "tenon/Text/Text.h"
#include "gtest/gtest.h"

using namespace tenon;
using namespace tenon::text;

namespace {

struct Encoded {
  std::vector<uint8_t> bytes;
  std::string messages;
};

/// Encodes `(component fields)`.
Encoded encodeFields(const std::string &fields, Options options = {}) {
  SourceFile file("t.wat", "(component " + fields + ")");
  Encoded result;
  Diagnostics diags(
      [&](const Diagnostic &diagnostic) { result.messages += diagnostic.str() + "\n"; });
  FailureOr<std::unique_ptr<TokenBuffer>> tokens = TokenBuffer::lex(file, diags);
  if (failed(tokens))
    return result;
  Parser parser(**tokens, diags);
  parser.next();
  parser.next();
  ByteWriter out;
  if (succeeded(parseComponent(parser, "", out, options)) && succeeded(parser.consumeRParen()))
    result.bytes = out.getBytes().vec();
  return result;
}

/// The error of fields that must not encode.
std::string errorOf(const std::string &fields, Options options = {}) {
  Encoded result = encodeFields(fields, options);
  EXPECT_TRUE(result.bytes.empty()) << fields;
  return result.messages;
}

void expectSame(const std::string &abbreviation, const std::string &meaning) {
  Encoded first = encodeFields(abbreviation);
  Encoded second = encodeFields(meaning);
  EXPECT_EQ(first.messages + second.messages, "") << abbreviation;
  EXPECT_FALSE(first.bytes.empty());
  EXPECT_EQ(first.bytes, second.bytes) << abbreviation << "\n" << meaning;
}

bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

using Bytes = std::vector<uint8_t>;

/// The bytes after the preamble.
Bytes sectionsOf(const std::string &fields) {
  Encoded result = encodeFields(fields);
  EXPECT_EQ(result.messages, "");
  EXPECT_GE(result.bytes.size(), 8u);
  return Bytes(result.bytes.begin() + 8, result.bytes.end());
}

TEST(ComponentText, EmptyComponentIsItsPreamble) {
  EXPECT_EQ(encodeFields("").bytes, (Bytes{0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00}));
}

TEST(ComponentText, NeighboursShareASection) {
  EXPECT_EQ(sectionsOf("(type u8) (type (list u8))"), (Bytes{7, 4, 2, 0x7d, 0x70, 0x7d}));
}

TEST(ComponentText, IdsGoIntoTheNameSection) {
  Bytes expected = {7, 2, 1, 0x7d, 0, 22, 14};
  for (char c : llvm::StringRef("component-name"))
    expected.push_back(uint8_t(c));
  expected.insert(expected.end(), {1, 5, 0x03, 1, 0, 1, 't'});
  EXPECT_EQ(sectionsOf("(type $t u8)"), expected);
}

TEST(ComponentText, CompoundTypesAreDefinedBeforeTheirUse) {
  expectSame("(type (list (option (tuple u8 string))))",
             "(type (tuple u8 string)) (type (option 0)) (type (list 1))");
  expectSame("(import \"f\" (func (param \"x\" (list u8)) (result (result u8 (error string)))))",
             "(type (list u8)) (type (result u8 (error string)))"
             "(type (func (param \"x\" 0) (result 1))) (import \"f\" (func (type 2)))");
  expectSame("(import \"t\" (type (eq (list u64))))",
             "(type (list u64)) (import \"t\" (type (eq 0)))");
}

TEST(ComponentText, ExternTypesAreDefinedBeforeTheirUse) {
  expectSame("(import \"i\" (instance (export \"f\" (func))))",
             "(type (instance (type (func)) (export \"f\" (func (type 0)))))"
             "(import \"i\" (instance (type 0)))");
  expectSame("(import \"c\" (component $C (import \"a\" (func)) (export \"b\" (func))))",
             "(type (component (type (func)) (import \"a\" (func (type 0)))"
             "  (type (func)) (export \"b\" (func (type 1)))))"
             "(import \"c\" (component $C (type 0)))");
  expectSame("(import \"m\" (core module $M (import \"\" \"\" (func)) (export \"x\" (func))))",
             "(core type (module (type (func)) (import \"\" \"\" (func (type 0)))"
             "  (type (func)) (export \"x\" (func (type 1)))))"
             "(import \"m\" (core module $M (type 0)))");
}

TEST(ComponentText, ImportsMayBeWrittenInside) {
  expectSame("(func $f (import \"f\") (param \"x\" u8))",
             "(import \"f\" (func $f (param \"x\" u8)))");
  expectSame("(type $t (import \"t\") (sub resource))", "(import \"t\" (type $t (sub resource)))");
  expectSame("(instance $i (import \"i\") (export \"f\" (func)))",
             "(import \"i\" (instance $i (export \"f\" (func))))");
  expectSame("(component $c (import \"c\") (export \"f\" (func)))",
             "(import \"c\" (component $c (export \"f\" (func))))");
  expectSame("(core module $m (import \"m\") (export \"f\" (func)))",
             "(import \"m\" (core module $m (export \"f\" (func))))");
}

TEST(ComponentText, InlineExportsComeLast) {
  expectSame("(func (export \"a\") (export \"b\") (import \"f\")) (type (export \"t\") u8)",
             "(import \"f\" (func)) (type u8)"
             "(export \"a\" (func 0)) (export \"b\" (func 0)) (export \"t\" (type 1))");
  expectSame("(instance (export \"i\"))", "(instance) (export \"i\" (instance 0))");
}

TEST(ComponentText, InlineAliasesMakeAChain) {
  std::string import =
      "(import \"i\" (instance $i (export \"j\" (instance (export \"f\" (func))))))";
  expectSame(import + "(export \"g\" (func $i \"j\" \"f\"))",
             import + "(alias export $i \"j\" (instance)) (alias export 1 \"f\" (func))"
                      "(export \"g\" (func 0))");
  expectSame(import + "(instance $j (alias export $i \"j\"))",
             import + "(alias export $i \"j\" (instance $j))");
}

TEST(ComponentText, OuterIdsBecomeOuterAliases) {
  expectSame("(type $t u8) (component (type (list $t)) (type (option $t)))",
             "(type $t u8) (component (alias outer 1 0 (type)) (type (list 0)) (type (option 0)))");
  expectSame("(component $C) (component (component (instance (instantiate $C))))",
             "(component $C) (component (component (alias outer 2 0 (component))"
             "  (instance (instantiate 0))))");
  expectSame("(core type $F (func)) (core type (module (export \"f\" (func (type $F)))))",
             "(core type $F (func)) (core type (module (alias outer 1 0 (type))"
             "  (export \"f\" (func (type 0)))))");
}

TEST(ComponentText, AnIdOfItsOwnHidesAnOuterOne) {
  expectSame("(type $t u8) (component (type (list $t)) (type $t u16) (type (list $t)))",
             "(type $t u8) (component (alias outer 1 0 (type)) (type (list 0)) (type $t u16)"
             "  (type (list 2)))");
}

TEST(ComponentText, InstancesInsideWithAreDefinedFirst) {
  expectSame("(import \"c\" (component $c)) (import \"f\" (func $f))"
             "(instance (instantiate $c (with \"a\" (instance (export \"f\" (func $f))))))",
             "(import \"c\" (component $c)) (import \"f\" (func $f))"
             "(instance (export \"f\" (func $f)))"
             "(instance (instantiate $c (with \"a\" (instance 0))))");
  expectSame(
      "(import \"m\" (core module $m (export \"f\" (func)))) (core instance $i (instantiate $m))"
      "(core instance (instantiate $m (with \"a\" (instance (export \"f\" (func $i \"f\"))))))",
      "(import \"m\" (core module $m (export \"f\" (func)))) (core instance $i (instantiate $m))"
      "(alias core export $i \"f\" (core func)) (core instance (export \"f\" (func 0)))"
      "(core instance (instantiate $m (with \"a\" (instance 1))))");
}

constexpr char libc[] =
    "(import \"m\" (core module $m (export \"mem\" (memory 1)) (export \"f\" (func))))"
    "(core instance $i (instantiate $m)) (import \"g\" (func $g)) ";

TEST(ComponentText, CanonSortMayStandFirstOrLast) {
  expectSame(std::string(libc) + "(core func $l (canon lower (func $g)))",
             std::string(libc) + "(canon lower (func $g) (core func $l))");
  expectSame(
      std::string(libc) + "(type $t (func)) (func $h (type $t) (canon lift (core func $i \"f\")))",
      std::string(libc) + "(type $t (func)) (canon lift (core func $i \"f\") (func $h (type $t)))");
}

TEST(ComponentText, CanonOptionsMayOmitCore) {
  std::string meaning = std::string(libc) +
                        "(alias core export $i \"mem\" (core memory))"
                        "(alias core export $i \"f\" (core func))"
                        "(core func (canon lower (func $g) (memory 0) (realloc 0)"
                        "  string-encoding=utf8))";
  expectSame(std::string(libc) +
                 "(core func (canon lower (func $g) (memory (core memory $i \"mem\"))"
                 "  (realloc (core func $i \"f\")) string-encoding=utf8))",
             meaning);
  expectSame(std::string(libc) + "(core func (canon lower (func $g) (memory $i \"mem\")"
                                 "  (realloc (func $i \"f\")) string-encoding=utf8))",
             meaning);
}

TEST(ComponentText, BuiltinsHaveTheirOperandsInOrder) {
  EXPECT_EQ(
      sectionsOf("(core func (canon waitable-set.new)) (core func (canon thread.yield cancellable))"
                 "(core func (canon context.get i32 1)) (canon task.return (result u8) async)"),
      (Bytes{8, 12, 4, 0x1f, 0x0c, 1, 0x0a, 0x7f, 1, 0x09, 0, 0x7d, 1, 0x06}));
}

TEST(ComponentText, AttributesFollowTheName) {
  EXPECT_EQ(sectionsOf("(type u8) (export \"a\" (external-id \"x\") (type 0))"),
            (Bytes{7, 2, 1, 0x7d, 11, 11, 1, 0x02, 1, 'a', 1, 0x02, 1, 'x', 0x03, 0, 0}));
  EXPECT_TRUE(contains(errorOf("(import \"a\" (external-id \"x\") (external-id \"y\") (func))"),
                       "a second 'external-id'"));
}

TEST(ComponentText, PathsBecomeNamesWithAnExternalId) {
  Encoded path = encodeFields("(import \"./My_virt.wasm\" (component $V))");
  Encoded meaning =
      encodeFields("(import \"my-virt\" (external-id \"./My_virt.wasm\") (component $V))");
  EXPECT_EQ(path.bytes, meaning.bytes);
  EXPECT_TRUE(
      contains(path.messages, "t.wat:1:20: warning: import name \"./My_virt.wasm\" is a path"));
  Encoded clash = encodeFields("(import \"../v.wat\" (component)) (import \"v\" (func))");
  EXPECT_TRUE(contains(clash.messages, "read as \"v-2\""));
  Options strict;
  strict.allowPathImports = false;
  EXPECT_TRUE(
      contains(errorOf("(import \"./v.wasm\" (component))", strict), "is a path, not a name"));
}

TEST(ComponentText, ValuesAreWrittenByTheirType) {
  EXPECT_EQ(sectionsOf("(value u8 7)"), (Bytes{12, 4, 1, 0x7d, 1, 7}));
  expectSame("(value (record (field \"a\" bool) (field \"b\" s16)) (record true -3))",
             "(value (record (field \"a\" bool) (field \"b\" s16)) (binary \"\\01\\7d\"))");
  expectSame("(value (list (option u8)) (list none (some 7)))",
             "(value (list (option u8)) (binary \"\\02\\00\\01\\07\"))");
}

TEST(ComponentText, ErrorsSayWhatAndWhere) {
  EXPECT_EQ(errorOf("(export \"a\" (func $f))"), "t.wat:1:30: error: unknown func '$f'\n");
  EXPECT_TRUE(contains(errorOf("(type $t u8) (type $t u8)"), "duplicate type identifier '$t'"));
  EXPECT_TRUE(contains(errorOf("(export \"a\" (func 3))"), "unknown func 3"));
  EXPECT_TRUE(contains(errorOf("(import \"f\" (func $f)) (component (export \"g\" (func $f)))"),
                       "'$f' is a func of an enclosing component"));
  EXPECT_TRUE(contains(errorOf("(type (instance (import \"f\" (func))))"), "in an instance type"));
  EXPECT_TRUE(contains(errorOf("(core rec)"), "not supported yet"));
}

TEST(ComponentText, NestingIsLimited) {
  std::string deep;
  for (int i = 0; i < 20000; ++i)
    deep += "(component ";
  EXPECT_TRUE(contains(errorOf(deep), "nested too deeply"));
}

TEST(ComponentText, BytesRememberTheirText) {
  SourceFile file("t.wat", "(component\n  (type u8)\n  (export \"a\" (type 0)))");
  Diagnostics diags([](const Diagnostic &) {});
  FailureOr<std::unique_ptr<TokenBuffer>> tokens = TokenBuffer::lex(file, diags);
  ASSERT_TRUE(succeeded(tokens));
  Parser parser(**tokens, diags);
  parser.next();
  parser.next();
  ByteWriter out;
  ASSERT_TRUE(succeeded(parseComponent(parser, "", out, {})));
  out.mapInto(file);
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(11)).first, 2u); // the type
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(15)).first, 3u); // the export
}

} // namespace
