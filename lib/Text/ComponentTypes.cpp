//===- ComponentTypes.cpp - Value, function and resource types ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md, "Type Definitions" -> Binary.md, "Type Definitions". In the binary a value type is
// a primitive or an index, so a compound one that is written in place is defined first, innermost
// before outermost.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon;
using namespace tenon::text;

//===--- Definitions --------------------------------------------------------===//

uint32_t ComponentParser::defineType(const ByteWriter &bytes, uint64_t textOffset) {
  scope->append(Item::Type, bytes, textOffset);
  uint32_t index = scope->add(Sort::Type);
  uint8_t opcode = bytes.getBytes().front();
  if (opcode == 0x41 || opcode == 0x42) // the type of a component or of an instance, just parsed
    scope->types.externTypes[index] = lastExports;
  return index;
}

uint32_t ComponentParser::defineValType(const ByteWriter &bytes, uint64_t textOffset) {
  uint32_t index = defineType(bytes, textOffset);
  scope->types.valueTypes[index] = bytes.getBytes().vec();
  return index;
}

// `(type $id? deftype)`; stands after `(type`.
LogicalResult ComponentParser::parseTypeDefinition(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::Type, textOffset);
  if (failed(head))
    return failure();
  bool isNamed = head->inlines.import || !head->inlines.exports.empty();
  if (scope->getKind() != Scope::Component && isNamed)
    return parser.errorAt(textOffset,
                          "unexpected token: a type in a type is neither imported nor exported "
                          "where it is defined");
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter bytes;
  bool isValue = false;
  if (failed(parseDefType(bytes, isValue, head->id.id)) || failed(close()))
    return failure();
  uint32_t index = isValue ? defineValType(bytes, textOffset) : defineType(bytes, textOffset);
  return finishIndex(*head, index);
}

/// `primvaltype` of Binary.md; 0 for what is none.
static uint8_t getPrimitive(llvm::StringRef keyword) {
  return llvm::StringSwitch<uint8_t>(keyword)
      .Case("bool", 0x7f)
      .Case("s8", 0x7e)
      .Case("u8", 0x7d)
      .Case("s16", 0x7c)
      .Case("u16", 0x7b)
      .Case("s32", 0x7a)
      .Case("u32", 0x79)
      .Case("s64", 0x78)
      .Case("u64", 0x77)
      .Case("f32", 0x76)
      .Case("f64", 0x75)
      .Case("char", 0x74)
      .Case("string", 0x73)
      .Case("error-context", 0x64)
      .Default(0);
}

LogicalResult ComponentParser::expectedType(llvm::StringRef what) {
  bool isRenamed = parser.peekKeyword("float32") || parser.peekKeyword("float64");
  if (!isRenamed)
    return parser.expected(what);
  return parser.error("expected ")
         << what << ", found '" << parser.spelling() << "', which is called 'f"
         << parser.spelling().take_back(2) << "' now";
}

LogicalResult ComponentParser::parseDefType(ByteWriter &out, bool &isValue, llvm::StringRef id) {
  if (parser.consumeIfField("func")) {
    if (failed(parseFuncTypeBody(out)))
      return failure();
    return close();
  }
  if (parser.consumeIfField("component")) {
    if (failed(parseDeclarators(Scope::ComponentType, id, out)))
      return failure();
    return close();
  }
  if (parser.consumeIfField("instance")) {
    if (failed(parseDeclarators(Scope::InstanceType, id, out)))
      return failure();
    return close();
  }
  if (parser.consumeIfField("resource")) {
    if (failed(parseResourceBody(out)))
      return failure();
    return close();
  }
  isValue = true;
  if (parser.peek().kind == Token::Keyword) {
    uint8_t primitive = getPrimitive(parser.spelling());
    if (!primitive)
      return expectedType("a type");
    parser.next();
    out.byte(primitive);
    return success();
  }
  if (!parser.consumeIfLParen())
    return parser.expected("a type");
  return parseDefValType(out);
}

// `(resource (rep i32) (dtor (core func $f))?)`
LogicalResult ComponentParser::parseResourceBody(ByteWriter &out) {
  out.byte(0x3f);
  if (!parser.consumeIfField("rep"))
    return parser.expected("'(rep'");
  if (failed(parseCoreValType(out)) || failed(close()))
    return failure();
  if (!parser.consumeIfField("dtor")) {
    out.byte(0x00);
    return success();
  }
  out.byte(0x01);
  FailureOr<uint32_t> destructor = parseReference(Sort::CoreFunc, /*flatNames=*/true);
  if (failed(destructor))
    return failure();
  out.u32(*destructor);
  return close();
}

// `async? (param "x" T)* (result T)?`
LogicalResult ComponentParser::parseFuncTypeBody(ByteWriter &out) {
  out.byte(parser.consumeIfKeyword("async") ? 0x43 : 0x40);
  ByteWriter params;
  uint32_t count = 0;
  for (; parser.consumeIfField("param"); ++count) {
    params.mark(parser.getOffset());
    if (failed(parseLabel(params, "a parameter name")) || failed(parseValType(params)) ||
        failed(close()))
      return failure();
  }
  out.u32(count);
  out.append(params);
  return parseResultList(out);
}

// `resultlist` of Binary.md.
LogicalResult ComponentParser::parseResultList(ByteWriter &out) {
  if (!parser.peekField("result")) {
    out.byte(0x01);
    out.byte(0x00);
    return success();
  }
  parser.next();
  parser.next();
  out.byte(0x00);
  if (failed(parseValType(out)))
    return failure();
  return close();
}

//===--- Value types ----------------------------------------------------------===//

bool ComponentParser::peekValType() const {
  return parser.peekIndex() || parser.peekLParen() ||
         (parser.peek().kind == Token::Keyword && getPrimitive(parser.spelling()));
}

LogicalResult ComponentParser::parseValType(ByteWriter &out) {
  uint64_t textOffset = parser.getOffset();
  if (parser.peekIndex() || parser.peekField("type")) {
    FailureOr<uint32_t> index = parseReference(Sort::Type);
    if (failed(index))
      return failure();
    out.s33(*index);
    return success();
  }
  if (parser.peek().kind == Token::Keyword) {
    if (uint8_t primitive = getPrimitive(parser.spelling())) {
      parser.next();
      out.byte(primitive);
      return success();
    }
  }
  if (!parser.consumeIfLParen())
    return expectedType("a value type");
  ByteWriter bytes;
  bytes.mark(textOffset);
  if (failed(parseDefValType(bytes)))
    return failure();
  out.s33(defineValType(bytes, textOffset));
  return success();
}

// `<valtype>?` of Binary.md.
LogicalResult ComponentParser::parseOptionalValType(ByteWriter &out) {
  if (parser.peekRParen()) {
    out.byte(0x00);
    return success();
  }
  out.byte(0x01);
  return parseValType(out);
}

LogicalResult ComponentParser::parseLabel(ByteWriter &out, llvm::StringRef what) {
  FailureOr<llvm::StringRef> label = parser.parseName(what);
  if (failed(label))
    return failure();
  out.name(*label);
  return success();
}

LogicalResult ComponentParser::parseDefValType(ByteWriter &out) {
  Nesting nesting(*this);
  if (failed(nesting.check()))
    return failure();
  uint64_t textOffset = parser.getOffset();
  FailureOr<llvm::StringRef> keyword = parser.parseKeyword("a value type");
  if (failed(keyword))
    return failure();
  if (failed(parseDefValTypeBody(*keyword, textOffset, out)))
    return failure();
  return close();
}

LogicalResult ComponentParser::parseDefValTypeBody(llvm::StringRef keyword, uint64_t textOffset,
                                                   ByteWriter &out) {
  if (keyword == "record")
    return parseFields(0x72, "field", out);
  if (keyword == "variant")
    return parseFields(0x71, "case", out);
  if (keyword == "list")
    return parseListBody(out);
  if (keyword == "tuple")
    return parseTupleBody(out);
  if (keyword == "flags" || keyword == "enum") {
    out.byte(keyword == "flags" ? 0x6e : 0x6d);
    return parseLabels(out);
  }
  if (keyword == "option") {
    out.byte(0x6b);
    return parseValType(out);
  }
  if (keyword == "result")
    return parseResultBody(out);
  if (keyword == "own" || keyword == "borrow") {
    out.byte(keyword == "own" ? 0x69 : 0x68);
    FailureOr<uint32_t> resource = parseReference(Sort::Type);
    if (failed(resource))
      return failure();
    out.u32(*resource);
    return success();
  }
  if (keyword == "stream" || keyword == "future") {
    out.byte(keyword == "stream" ? 0x66 : 0x65);
    return parseOptionalValType(out);
  }
  if (keyword == "map") {
    out.byte(0x63);
    if (failed(parseValType(out)))
      return failure();
    return parseValType(out);
  }
  return parser.errorAt(textOffset, "expected a value type, found '") << keyword << "'";
}

// `(field "x" T)*` or `(case "x" T?)*`
LogicalResult ComponentParser::parseFields(uint8_t opcode, llvm::StringRef word, ByteWriter &out) {
  bool isCase = word == "case";
  ByteWriter fields;
  uint32_t count = 0;
  for (; parser.consumeIfField(word); ++count) {
    fields.mark(parser.getOffset());
    if (failed(parseLabel(fields, isCase ? "a case name" : "a field name")) ||
        failed(isCase ? parseOptionalValType(fields) : parseValType(fields)) || failed(close()))
      return failure();
    if (isCase)
      fields.byte(0x00);
  }
  out.byte(opcode);
  out.u32(count);
  out.append(fields);
  return success();
}

LogicalResult ComponentParser::parseLabels(ByteWriter &out) {
  ByteWriter labels;
  uint32_t count = 0;
  for (; parser.peekString(); ++count) {
    labels.mark(parser.getOffset());
    if (failed(parseLabel(labels, "a name")))
      return failure();
  }
  out.u32(count);
  out.append(labels);
  return success();
}

// `T` or `T length`
LogicalResult ComponentParser::parseListBody(ByteWriter &out) {
  ByteWriter element;
  if (failed(parseValType(element)))
    return failure();
  bool fixed = parser.peekInteger();
  out.byte(fixed ? 0x67 : 0x70);
  out.append(element);
  if (!fixed)
    return success();
  FailureOr<uint32_t> length = parser.parseU32("a length");
  if (failed(length))
    return failure();
  out.u32(*length);
  return success();
}

LogicalResult ComponentParser::parseTupleBody(ByteWriter &out) {
  ByteWriter elements;
  uint32_t count = 0;
  for (; peekValType(); ++count)
    if (failed(parseValType(elements)))
      return failure();
  out.byte(0x6f);
  out.u32(count);
  out.append(elements);
  return success();
}

// `T? (error E)?`
LogicalResult ComponentParser::parseResultBody(ByteWriter &out) {
  out.byte(0x6a);
  if (parser.peekField("error")) {
    out.byte(0x00);
  } else if (failed(parseOptionalValType(out))) {
    return failure();
  }
  if (!parser.consumeIfField("error")) {
    out.byte(0x00);
    return success();
  }
  out.byte(0x01);
  if (failed(parseValType(out)))
    return failure();
  return close();
}
