//===- ScriptValues.cpp - Values in .wast scripts -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptValues.h"
#include "tenon/Text/Numbers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using Kind = ScriptValue::Kind;

namespace {

/// Component values nest; a test has no reason to nest them deeper than this.
constexpr unsigned maxDepth = 100;

class ValueParser {
public:
  explicit ValueParser(Parser &parser) : parser(parser) {}
  /// With parentheses.
  FailureOr<ScriptValue> parse();

private:
  Parser &parser;
  unsigned depth = 0;

  FailureOr<ScriptValue> parseBare();
  LogicalResult parseContents(ScriptValue &value);
  LogicalResult parseInteger(ScriptValue &value, unsigned bits, bool isSigned);
  LogicalResult parseUninterpretedInteger(ScriptValue &value, unsigned bits);
  LogicalResult parseFloat(std::optional<uint64_t> &bits, NanPattern &nan, unsigned width);
  LogicalResult parseVector(ScriptValue &value);
  LogicalResult parseOptionalNumber(ScriptValue &value);
  LogicalResult parseBool(ScriptValue &value);
  LogicalResult parseChar(ScriptValue &value);
  LogicalResult parseText(ScriptValue &value);
  LogicalResult parseElements(ScriptValue &value, size_t min, size_t max);
  LogicalResult parseFields(ScriptValue &value);
  LogicalResult parseLabels(ScriptValue &value);
};

} // namespace

static std::optional<Kind> kindOf(StringRef word) {
  return llvm::StringSwitch<std::optional<Kind>>(word)
      .Case("i32.const", Kind::I32)
      .Case("i64.const", Kind::I64)
      .Case("f32.const", Kind::F32)
      .Case("f64.const", Kind::F64)
      .Case("v128.const", Kind::V128)
      .Case("ref.null", Kind::RefNull)
      .Case("ref.func", Kind::RefFunc)
      .Case("ref.extern", Kind::RefExtern)
      .Case("ref.host", Kind::RefHost)
      .Case("ref.exn", Kind::RefExn)
      .Cases({"ref.any", "ref.eq", "ref.i31", "ref.struct", "ref.array"}, Kind::RefOther)
      .Case("either", Kind::Either)
      .Case("bool.const", Kind::Bool)
      .Case("s8.const", Kind::S8)
      .Case("u8.const", Kind::U8)
      .Case("s16.const", Kind::S16)
      .Case("u16.const", Kind::U16)
      .Case("s32.const", Kind::S32)
      .Case("u32.const", Kind::U32)
      .Case("s64.const", Kind::S64)
      .Case("u64.const", Kind::U64)
      .Case("char.const", Kind::Char)
      .Case("str.const", Kind::String)
      .Case("list.const", Kind::List)
      .Case("record.const", Kind::Record)
      .Case("tuple.const", Kind::Tuple)
      .Case("variant.const", Kind::Variant)
      .Case("enum.const", Kind::Enum)
      .Case("option.none", Kind::OptionNone)
      .Case("option.some", Kind::OptionSome)
      .Case("result.ok", Kind::ResultOk)
      .Case("result.err", Kind::ResultErr)
      .Case("flags.const", Kind::Flags)
      .Default(std::nullopt);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

LogicalResult ValueParser::parseInteger(ScriptValue &value, unsigned bits, bool isSigned) {
  if (!parser.peekInteger())
    return parser.expected("an integer");
  std::optional<uint64_t> number;
  if (!isSigned)
    number = parseUnsigned(parser.spelling(), bits);
  else if (std::optional<int64_t> given = parseSigned(parser.spelling(), bits))
    number = uint64_t(*given);
  if (!number)
    return parser.error("constant out of range: '") << parser.spelling() << "'";
  value.bits = number;
  parser.next();
  return success();
}

LogicalResult ValueParser::parseUninterpretedInteger(ScriptValue &value, unsigned bits) {
  if (!parser.peekInteger())
    return parser.expected("an integer");
  value.bits = parseUninterpreted(parser.spelling(), bits);
  if (!value.bits)
    return parser.error("constant out of range: '") << parser.spelling() << "'";
  parser.next();
  return success();
}

LogicalResult ValueParser::parseFloat(std::optional<uint64_t> &bits, NanPattern &nan,
                                      unsigned width) {
  if (parser.consumeIfKeyword("nan:canonical")) {
    nan = NanPattern::Canonical;
    return success();
  }
  if (parser.consumeIfKeyword("nan:arithmetic")) {
    nan = NanPattern::Arithmetic;
    return success();
  }
  if (!parser.peekInteger() && parser.peek().kind != Token::Float)
    return parser.expected("a floating-point number");
  if (width == 32)
    bits = parseF32(parser.spelling());
  else
    bits = parseF64(parser.spelling());
  if (!bits)
    return parser.error("constant out of range: '") << parser.spelling() << "'";
  parser.next();
  return success();
}

LogicalResult ValueParser::parseVector(ScriptValue &value) {
  static constexpr unsigned widths[] = {8, 16, 32, 64, 32, 64};
  std::optional<ScriptValue::Shape> shape =
      llvm::StringSwitch<std::optional<ScriptValue::Shape>>(parser.spelling())
          .Case("i8x16", ScriptValue::I8x16)
          .Case("i16x8", ScriptValue::I16x8)
          .Case("i32x4", ScriptValue::I32x4)
          .Case("i64x2", ScriptValue::I64x2)
          .Case("f32x4", ScriptValue::F32x4)
          .Case("f64x2", ScriptValue::F64x2)
          .Default(std::nullopt);
  if (!shape)
    return parser.expected("the shape of a vector");
  parser.next();
  value.shape = *shape;
  unsigned width = widths[*shape];
  bool isFloat = *shape == ScriptValue::F32x4 || *shape == ScriptValue::F64x2;
  for (unsigned lane = 0; lane < 128 / width; ++lane) {
    ScriptValue number;
    LogicalResult parsed = isFloat ? parseFloat(number.bits, value.laneNans[lane], width)
                                   : parseUninterpretedInteger(number, width);
    if (failed(parsed))
      return failure();
    for (unsigned i = 0; i < width / 8; ++i)
      value.bytes[lane * width / 8 + i] = uint8_t(number.bits.value_or(0) >> (8 * i));
  }
  return success();
}

LogicalResult ValueParser::parseOptionalNumber(ScriptValue &value) {
  return parser.peekInteger() ? parseInteger(value, 32, /*isSigned=*/false) : success();
}

//===----------------------------------------------------------------------===//
// Component values
//===----------------------------------------------------------------------===//

LogicalResult ValueParser::parseBool(ScriptValue &value) {
  value.bits = parser.peekKeyword("true");
  if (!parser.consumeIfKeyword("true") && !parser.consumeIfKeyword("false"))
    return parser.expected("'true' or 'false'");
  return success();
}

LogicalResult ValueParser::parseChar(ScriptValue &value) {
  uint64_t at = parser.getOffset();
  FailureOr<StringRef> text = parser.parseName("a character");
  if (failed(text))
    return failure();
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text->data());
  llvm::UTF32 codepoint = 0;
  llvm::UTF32 *to = &codepoint;
  llvm::ConversionResult result =
      llvm::ConvertUTF8toUTF32(&begin, begin + text->size(), &to, to + 1, llvm::strictConversion);
  if (result != llvm::conversionOK || to == &codepoint)
    return parser.errorAt(at, "expected a string of one character");
  value.bits = codepoint;
  return success();
}

LogicalResult ValueParser::parseText(ScriptValue &value) {
  FailureOr<StringRef> text = parser.parseName("a string");
  if (failed(text))
    return failure();
  value.text = text->str();
  return success();
}

LogicalResult ValueParser::parseElements(ScriptValue &value, size_t min, size_t max) {
  while (parser.peekLParen() && value.elements.size() < max) {
    FailureOr<ScriptValue> element = parse();
    if (failed(element))
      return failure();
    value.elements.push_back(std::move(*element));
  }
  return value.elements.size() < min ? LogicalResult(parser.expected("a value")) : success();
}

/// `(field "name" value)*`; the value's own parentheses may be left out.
LogicalResult ValueParser::parseFields(ScriptValue &value) {
  while (parser.consumeIfField("field")) {
    FailureOr<StringRef> label = parser.parseName("the name of a field");
    if (failed(label))
      return failure();
    FailureOr<ScriptValue> field = parser.peekLParen() ? parse() : parseBare();
    if (failed(field) || failed(parser.consumeRParen()))
      return failure();
    value.labels.push_back(label->str());
    value.elements.push_back(std::move(*field));
  }
  return success();
}

LogicalResult ValueParser::parseLabels(ScriptValue &value) {
  while (parser.peekString()) {
    FailureOr<StringRef> label = parser.parseName("the name of a flag");
    if (failed(label))
      return failure();
    value.labels.push_back(label->str());
  }
  return success();
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

LogicalResult ValueParser::parseContents(ScriptValue &value) {
  switch (value.kind) {
  case Kind::I32:
    return parseUninterpretedInteger(value, 32);
  case Kind::I64:
    return parseUninterpretedInteger(value, 64);
  case Kind::F32:
    return parseFloat(value.bits, value.nan, 32);
  case Kind::F64:
    return parseFloat(value.bits, value.nan, 64);
  case Kind::V128:
    return parseVector(value);
  case Kind::RefNull:
    if (parser.peek().kind == Token::Keyword || parser.peekIndex())
      value.text = parser.getBuffer().spelling(parser.next()).str();
    return success();
  case Kind::RefFunc:
  case Kind::RefExtern:
  case Kind::RefHost:
  case Kind::RefExn:
    return parseOptionalNumber(value);
  case Kind::RefOther:
  case Kind::OptionNone:
    return success();
  case Kind::Either:
    return parseElements(value, 1, SIZE_MAX);
  case Kind::Bool:
    return parseBool(value);
  case Kind::S8:
    return parseInteger(value, 8, /*isSigned=*/true);
  case Kind::U8:
    return parseInteger(value, 8, /*isSigned=*/false);
  case Kind::S16:
    return parseInteger(value, 16, /*isSigned=*/true);
  case Kind::U16:
    return parseInteger(value, 16, /*isSigned=*/false);
  case Kind::S32:
    return parseInteger(value, 32, /*isSigned=*/true);
  case Kind::U32:
    return parseInteger(value, 32, /*isSigned=*/false);
  case Kind::S64:
    return parseInteger(value, 64, /*isSigned=*/true);
  case Kind::U64:
    return parseInteger(value, 64, /*isSigned=*/false);
  case Kind::Char:
    return parseChar(value);
  case Kind::String:
  case Kind::Enum:
    return parseText(value);
  case Kind::List:
  case Kind::Tuple:
    return parseElements(value, 0, SIZE_MAX);
  case Kind::Record:
    return parseFields(value);
  case Kind::Variant:
    return failed(parseText(value)) ? failure() : parseElements(value, 0, 1);
  case Kind::OptionSome:
    return parseElements(value, 1, 1);
  case Kind::ResultOk:
  case Kind::ResultErr:
    return parseElements(value, 0, 1);
  case Kind::Flags:
    return parseLabels(value);
  }
  llvm_unreachable("a value of no kind");
}

FailureOr<ScriptValue> ValueParser::parseBare() {
  ScriptValue value;
  value.location = parser.getLocation();
  std::optional<Kind> kind;
  if (parser.peek().kind == Token::Keyword)
    kind = kindOf(parser.spelling());
  if (!kind)
    return parser.expected("a value");
  if (depth == maxDepth)
    return parser.error("a value is nested too deeply");
  StringRef word = parser.spelling();
  parser.next();
  value.kind = *kind;
  if (*kind == Kind::RefOther)
    value.text = word.drop_front(4).str(); // ref.
  ++depth;
  LogicalResult parsed = parseContents(value);
  --depth;
  if (failed(parsed))
    return failure();
  return value;
}

FailureOr<ScriptValue> ValueParser::parse() {
  if (failed(parser.consumeLParen()))
    return failure();
  FailureOr<ScriptValue> value = parseBare();
  if (failed(value) || failed(parser.consumeRParen()))
    return failure();
  return value;
}

FailureOr<ScriptValue> tenon::text::parseScriptValue(Parser &parser) {
  return ValueParser(parser).parse();
}
