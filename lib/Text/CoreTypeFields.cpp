//===- CoreTypeFields.cpp - Type definitions of a core module -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `(type ...)` and `(rec ...)`. Function types only: structures and arrays are refused. Types that
// uses without a name ask for follow all written ones.
//
//===----------------------------------------------------------------------===//

#include "CoreModuleEncoder.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

LogicalResult ModuleEncoder::encodeTypes() {
  while (parser.peekLParen()) {
    parser.next();
    StringRef word = parser.spelling();
    parser.next();
    if (word != "type" && word != "rec") {
      if (failed(parser.skipToClose()))
        return failure();
      continue;
    }
    VectorSection &section = sections[TypeSectionId];
    ++section.count;
    if (failed(word == "rec" ? encodeTypeGroup()
                             : encodeTypeDefinition(section.elements, /*isAlone=*/true)))
      return failure();
  }
  numExplicitTypes = scope.typeList.size();
  return success();
}

/// `(rec (type ...)*)`; a group of one is the type alone.
LogicalResult ModuleEncoder::encodeTypeGroup() {
  ByteWriter types;
  uint32_t count = 0;
  size_t first = parser.getPosition();
  while (parser.consumeIfField("type")) {
    if (failed(parser.skipToClose()))
      return failure();
    ++count;
  }
  parser.setPosition(first);
  while (parser.consumeIfField("type"))
    if (failed(encodeTypeDefinition(types, count == 1)))
      return failure();
  ByteWriter &out = sections[TypeSectionId].elements;
  if (count != 1) {
    out.byte(0x4e);
    out.u32(count);
  }
  out.append(types);
  return parser.consumeRParen();
}

/// `$id? (func ...)` or `$id? (sub final? x* (func ...))`, and the closing parenthesis.
LogicalResult ModuleEncoder::encodeTypeDefinition(ByteWriter &out, bool isAlone) {
  out.mark(parser.getOffset());
  parser.parseOptionalId();
  bool isFinal = true;
  std::vector<uint32_t> supertypes;
  bool hasSub = parser.consumeIfField("sub");
  if (hasSub) {
    isFinal = parser.consumeIfKeyword("final");
    while (parser.peekIndex()) {
      FailureOr<uint32_t> index = parseTypeIndex();
      if (failed(index))
        return failure();
      supertypes.push_back(*index);
    }
  }
  for (StringRef unsupported : {"struct", "array", "cont", "descriptor", "describes", "shared"})
    if (parser.peekField(unsupported))
      return parser.error("a type '") << unsupported << "' is not supported yet";
  if (!parser.consumeIfField("func"))
    return parser.expected("'(func'");
  wasm::FuncType type;
  std::vector<LocalName> names;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  if (failed(parseParamsAndResults(parser, types, type, &names)) ||
      failed(parser.consumeRParen()) || (hasSub && failed(parser.consumeRParen())))
    return failure();

  bool isPlain = isFinal && supertypes.empty();
  if (!isPlain) {
    out.byte(isFinal ? 0x4f : 0x50);
    out.u32(supertypes.size());
    for (uint32_t supertype : supertypes)
      out.u32(supertype);
  }
  writeFuncType(out, type);
  if (isPlain && isAlone)
    scope.typeList.add(std::move(type));
  else
    scope.typeList.addDistinct(std::move(type));
  return parser.consumeRParen();
}

void ModuleEncoder::writeImplicitTypes() {
  VectorSection &section = sections[TypeSectionId];
  for (const wasm::FuncType &type : scope.typeList.get().drop_front(numExplicitTypes)) {
    writeFuncType(section.elements, type);
    ++section.count;
  }
}
