//===- Parser.cpp - A cursor over tokens ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Parser.h"
#include "tenon/Support/ByteCursor.h"
#include "tenon/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

bool Parser::consumeIfKeyword(StringRef word) {
  if (!peekKeyword(word))
    return false;
  ++position;
  return true;
}

bool Parser::consumeIfField(StringRef word) {
  if (!peekField(word))
    return false;
  position += 2;
  return true;
}

bool Parser::consumeIfField(StringRef first, StringRef second) {
  if (!peekField(first, second))
    return false;
  position += 3;
  return true;
}

PendingDiagnostic Parser::expected(StringRef what) const {
  PendingDiagnostic diagnostic = error("expected ");
  diagnostic << what << ", found ";
  if (atEnd())
    diagnostic << (inAnnotation ? "the end of the annotation" : "the end of the text");
  else
    diagnostic << '\'' << spelling().take_front(60) << '\'';
  return diagnostic;
}

LogicalResult Parser::consumeLParen() {
  return consumeIfLParen() ? success() : LogicalResult(expected("'('"));
}

LogicalResult Parser::consumeRParen() {
  return consumeIfRParen() ? success() : LogicalResult(expected("')'"));
}

LogicalResult Parser::consumeKeyword(StringRef word) {
  return consumeIfKeyword(word) ? success() : LogicalResult(expected(("'" + word + "'").str()));
}

FailureOr<StringRef> Parser::parseKeyword(StringRef what) {
  if (peek().kind != Token::Keyword)
    return expected(what);
  return buffer->spelling(next());
}

std::optional<StringRef> Parser::parseOptionalId() {
  if (!peekId())
    return std::nullopt;
  return buffer->value(next());
}

FailureOr<StringRef> Parser::parseString(StringRef what) {
  if (!peekString())
    return expected(what);
  return buffer->value(next());
}

FailureOr<StringRef> Parser::parseName(StringRef what) {
  if (!peekString())
    return expected(what);
  StringRef name = buffer->value(peek());
  if (!isValidUTF8(name))
    return error("malformed UTF-8 encoding");
  next();
  return name;
}

FailureOr<uint64_t> Parser::parseU64(StringRef what) {
  if (!peekInteger())
    return expected(what);
  std::optional<uint64_t> value = parseUnsigned(spelling(), 64);
  if (!value)
    return error("constant out of range: ") << what << " is an unsigned number of 64 bits";
  next();
  return *value;
}

FailureOr<uint32_t> Parser::parseU32(StringRef what) {
  if (!peekInteger())
    return expected(what);
  std::optional<uint64_t> value = parseUnsigned(spelling(), 32);
  if (!value)
    return error("constant out of range: ") << what << " is an unsigned number of 32 bits";
  next();
  return uint32_t(*value);
}

LogicalResult Parser::skipToClose() {
  for (size_t depth = 1; depth;) {
    if (atEnd())
      return expected("')'");
    Token::Kind kind = next().kind;
    depth += kind == Token::LParen;
    depth -= kind == Token::RParen;
  }
  return success();
}

llvm::ArrayRef<Annotation> Parser::annotationsHere() const {
  if (inAnnotation)
    return {};
  llvm::ArrayRef<Annotation> all = buffer->getAnnotations();
  const Annotation *begin = llvm::lower_bound(
      all, position, [](const Annotation &a, size_t at) { return a.nextToken < at; });
  const Annotation *end = begin;
  while (end != all.end() && end->nextToken == position)
    ++end;
  return {begin, end};
}

const Annotation *Parser::findAnnotation(StringRef name) const {
  for (const Annotation &annotation : annotationsHere())
    if (annotation.name == name)
      return &annotation;
  return nullptr;
}
