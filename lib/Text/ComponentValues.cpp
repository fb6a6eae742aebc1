//===- ComponentValues.cpp - Value and start definitions ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md, "Value Definitions" and "Start Definitions". How a value is written depends on its
// type, and the type of a value defined here has been encoded just before: those bytes are walked
// beside the text.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"
#include "tenon/Support/ByteCursor.h"
#include "tenon/Text/Numbers.h"

using namespace tenon;
using namespace tenon::text;

struct ComponentParser::TypeBytes : ByteCursor {
  const WrittenTypes *home;
  TypeBytes(llvm::ArrayRef<uint8_t> bytes, const WrittenTypes *home, Parser &parser)
      : ByteCursor(bytes, parser.getLocation(), parser.getDiagnostics()), home(home) {}
};

// `(start f (value v)* (result (value $id?))*)`
LogicalResult ComponentParser::parseStart() {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  FailureOr<uint32_t> func = parseReference(Sort::Func);
  if (failed(func))
    return failure();
  ByteWriter args;
  uint32_t numArgs = 0;
  for (; parser.peekField("value"); ++numArgs) {
    FailureOr<uint32_t> value = parseReference(Sort::Value);
    if (failed(value))
      return failure();
    args.u32(*value);
  }
  std::vector<Id> results;
  while (parser.consumeIfField("result")) {
    if (!parser.consumeIfField("value"))
      return parser.expected("'(value'");
    if (failed(parseId(results.emplace_back())) || failed(close()) || failed(close()))
      return failure();
  }
  if (failed(close()))
    return failure();
  ByteWriter bytes;
  bytes.u32(*func);
  bytes.u32(numArgs);
  bytes.append(args);
  bytes.u32(uint32_t(results.size()));
  scope->append(Item::Start, bytes, textOffset);
  for (const Id &id : results)
    if (failed(bind(Sort::Value, id, scope->add(Sort::Value), textOffset)))
      return failure();
  return success();
}

// `(value $id? T val)`; stands after `(value`.
LogicalResult ComponentParser::parseValue(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::Value, textOffset);
  if (failed(head))
    return failure();
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter type, value;
  if (failed(parseValType(type)))
    return failure();
  if (parser.consumeIfField("binary")) {
    for (; parser.peekString(); parser.next())
      value.raw(parser.getBuffer().value(parser.peek()));
    if (failed(close()))
      return failure();
  } else {
    TypeBytes written(type.getBytes(), &scope->types, parser);
    if (failed(parseValueOf(written, value)))
      return failure();
  }
  if (failed(close()))
    return failure();
  ByteWriter bytes;
  bytes.append(type);
  bytes.sized(value);
  return finish(*head, Item::Value, bytes);
}

//===--- val ------------------------------------------------------------------------===//

LogicalResult ComponentParser::parsePrimitiveValue(uint8_t type, ByteWriter &out) {
  llvm::StringRef text = parser.spelling();
  switch (type) {
  case 0x7f: { // bool
    bool isTrue = text == "true";
    if (!isTrue && text != "false")
      return parser.expected("'true' or 'false'");
    out.byte(isTrue);
    break;
  }
  case 0x76: // f32
    if (std::optional<uint32_t> bits = parseF32(text))
      out.fixed32(text == "nan" ? 0x7fc00000 : *bits);
    else
      return parser.expected("an f32");
    break;
  case 0x75: // f64
    if (std::optional<uint64_t> bits = parseF64(text))
      out.fixed64(text == "nan" ? 0x7ff8000000000000 : *bits);
    else
      return parser.expected("an f64");
    break;
  case 0x74: { // char
    if (parser.peek().kind != Token::Character)
      return parser.expected("a character in single quotes");
    out.raw(parser.getBuffer().value(parser.peek()));
    break;
  }
  case 0x73: { // string
    FailureOr<llvm::StringRef> string = parser.parseName("a string");
    if (failed(string))
      return failure();
    out.name(*string);
    return success();
  }
  default: {
    if (type > 0x7e || type < 0x77)
      return parser.error("a value of this type can't be defined");
    bool isSigned = type % 2 == 0; // s8 is 0x7e, u8 0x7d, ...
    unsigned bits = 8u << ((0x7e - type) / 2);
    std::optional<int64_t> number;
    if (isSigned)
      number = parseSigned(text, bits);
    else if (std::optional<uint64_t> found = parseUnsigned(text, bits))
      number = int64_t(*found);
    if (!parser.peekInteger() || !number)
      return parser.expected(std::string(isSigned ? "an s" : "a u") + std::to_string(bits));
    if (bits == 8)
      out.byte(uint8_t(*number));
    else if (isSigned)
      out.s64(*number);
    else
      out.u64(uint64_t(*number));
  }
  }
  parser.next();
  return success();
}

static LogicalResult skipValType(ByteCursor &type) { return LogicalResult(type.readS33()); }

LogicalResult ComponentParser::parseValueOf(TypeBytes &type, ByteWriter &out) {
  Nesting nesting(*this);
  if (failed(nesting.check()))
    return failure();
  FailureOr<int64_t> code = type.readS33();
  if (failed(code))
    return failure();
  if (*code >= 0) {
    auto [bytes, home] = type.home->findValueType(uint32_t(*code));
    if (!home)
      return parser.error("a value of a type that is not written here has to be (binary ...)");
    TypeBytes definition(bytes, home, parser);
    return parseValueOf(definition, out);
  }
  uint8_t opcode = uint8_t(*code & 0x7f);
  switch (opcode) {
  case 0x72:
    return parseFieldValues("record", type, /*hasLabels=*/true, out);
  case 0x6f:
    return parseFieldValues("tuple", type, /*hasLabels=*/false, out);
  case 0x71:
    return parseVariantValue(type, out);
  case 0x70:
    return parseListValue(type, out);
  case 0x6e:
    return parseFlagsValue(type, out);
  case 0x6d:
    return parseEnumValue(type, out);
  case 0x6b:
    return parseOptionValue(type, out);
  case 0x6a:
    return parseResultValue(type, out);
  default:
    return parsePrimitiveValue(opcode, out);
  }
}

LogicalResult ComponentParser::parseFieldValues(llvm::StringRef keyword, TypeBytes &type,
                                                bool hasLabels, ByteWriter &out) {
  FailureOr<uint32_t> count = type.readU32();
  if (failed(count))
    return failure();
  if (!parser.consumeIfField(keyword))
    return parser.expected(("'(" + keyword + "'").str());
  for (uint32_t i = 0; i < *count; ++i)
    if ((hasLabels && failed(type.readName())) || failed(parseValueOf(type, out)))
      return failure();
  return close();
}

LogicalResult ComponentParser::parseVariantValue(TypeBytes &type, ByteWriter &out) {
  if (!parser.consumeIfField("variant"))
    return parser.expected("'(variant'");
  const Token &token = parser.peek();
  FailureOr<llvm::StringRef> wanted = parser.parseName("a case name");
  FailureOr<uint32_t> count = type.readU32();
  if (failed(wanted) || failed(count))
    return failure();
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<llvm::StringRef> label = type.readName();
    FailureOr<uint8_t> hasPayload = type.readByte();
    if (failed(label) || failed(hasPayload))
      return failure();
    if (*label == *wanted) {
      out.u32(i);
      if (*hasPayload && failed(parseValueOf(type, out)))
        return failure();
      return close();
    }
    if ((*hasPayload && failed(skipValType(type))) || failed(type.readByte()))
      return failure();
  }
  return parser.errorAt(token, "the variant has no case '") << *wanted << "'";
}

LogicalResult ComponentParser::parseListValue(TypeBytes &type, ByteWriter &out) {
  if (!parser.consumeIfField("list"))
    return parser.expected("'(list'");
  size_t element = type.getPosition();
  ByteWriter elements;
  uint32_t count = 0;
  for (; !parser.peekRParen() && !parser.atEnd(); ++count) {
    type.setPosition(element);
    if (failed(parseValueOf(type, elements)))
      return failure();
  }
  type.setPosition(element);
  if (failed(skipValType(type)))
    return failure();
  out.u32(count);
  out.append(elements);
  return close();
}

FailureOr<uint32_t> ComponentParser::findLabel(llvm::ArrayRef<llvm::StringRef> labels) {
  const Token &token = parser.peek();
  FailureOr<llvm::StringRef> wanted = parser.parseName("a name");
  if (failed(wanted))
    return failure();
  for (size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == *wanted)
      return uint32_t(i);
  return parser.errorAt(token, "the type has no '") << *wanted << "'";
}

static FailureOr<std::vector<llvm::StringRef>> readLabels(ByteCursor &type) {
  FailureOr<uint32_t> count = type.readU32();
  if (failed(count))
    return failure();
  std::vector<llvm::StringRef> labels;
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<llvm::StringRef> label = type.readName();
    if (failed(label))
      return failure();
    labels.push_back(*label);
  }
  return labels;
}

LogicalResult ComponentParser::parseFlagsValue(TypeBytes &type, ByteWriter &out) {
  FailureOr<std::vector<llvm::StringRef>> labels = readLabels(type);
  if (failed(labels))
    return failure();
  if (!parser.consumeIfField("flags"))
    return parser.expected("'(flags'");
  std::vector<uint8_t> bits((labels->size() + 7) / 8);
  while (parser.peekString()) {
    FailureOr<uint32_t> index = findLabel(*labels);
    if (failed(index))
      return failure();
    bits[*index / 8] |= 1u << (*index % 8);
  }
  out.raw(llvm::ArrayRef<uint8_t>(bits));
  return close();
}

LogicalResult ComponentParser::parseEnumValue(TypeBytes &type, ByteWriter &out) {
  FailureOr<std::vector<llvm::StringRef>> labels = readLabels(type);
  if (failed(labels))
    return failure();
  if (!parser.consumeIfField("enum"))
    return parser.expected("'(enum'");
  FailureOr<uint32_t> index = findLabel(*labels);
  if (failed(index))
    return failure();
  out.u32(*index);
  return close();
}

LogicalResult ComponentParser::parseOptionValue(TypeBytes &type, ByteWriter &out) {
  if (parser.consumeIfKeyword("none")) {
    out.byte(0x00);
    return skipValType(type);
  }
  if (!parser.consumeIfField("some"))
    return parser.expected("'none' or '(some'");
  out.byte(0x01);
  if (failed(parseValueOf(type, out)))
    return failure();
  return close();
}

LogicalResult ComponentParser::parseResultValue(TypeBytes &type, ByteWriter &out) {
  bool inParens = parser.consumeIfLParen();
  bool isOk = parser.consumeIfKeyword("ok");
  if (!isOk && !parser.consumeIfKeyword("error"))
    return parser.expected("'ok' or 'error'");
  out.byte(isOk ? 0x00 : 0x01);
  for (bool forOk : {true, false}) {
    FailureOr<uint8_t> hasPayload = type.readByte();
    if (failed(hasPayload))
      return failure();
    bool isMine = forOk == isOk;
    if (isMine && bool(*hasPayload) != inParens)
      return parser.expected(*hasPayload ? "a value in parentheses" : "no value");
    if (*hasPayload && failed(isMine ? parseValueOf(type, out) : skipValType(type)))
      return failure();
  }
  return inParens ? close() : success();
}
