//===- CoreSegments.cpp - Element and data segments -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreInstructions.h"
#include "CoreModuleEncoder.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using wasm::ValType;

static constexpr uint8_t endCode = 0x0b;

LogicalResult ModuleEncoder::encodeConstExpr(ByteWriter &out) {
  if (failed(encodeInstructions(parser, scope, /*locals=*/nullptr, out)))
    return failure();
  out.mark(parser.getOffset());
  out.byte(endCode);
  return success();
}

LogicalResult ModuleEncoder::encodeOffset(ByteWriter &out) {
  if (parser.consumeIfField("offset"))
    return failed(encodeConstExpr(out)) ? failure() : parser.consumeRParen();
  if (failed(encodeFoldedInstruction(parser, scope, out)))
    return failure();
  out.byte(endCode);
  return success();
}

//===----------------------------------------------------------------------===//
// Element segments
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::parseElemIndices(ElemList &list) {
  while (parser.peekIndex()) {
    list.items.mark(parser.getOffset());
    FailureOr<uint32_t> index = scope.funcs.parse(parser);
    if (failed(index))
      return failure();
    list.items.u32(*index);
    ++list.count;
  }
  return success();
}

LogicalResult ModuleEncoder::parseElemExpressions(ElemList &list) {
  while (parser.peekLParen()) {
    list.items.mark(parser.getOffset());
    if (parser.consumeIfField("item")) {
      if (failed(encodeConstExpr(list.items)) || failed(parser.consumeRParen()))
        return failure();
    } else {
      if (failed(encodeFoldedInstruction(parser, scope, list.items)))
        return failure();
      list.items.byte(endCode);
    }
    ++list.count;
  }
  return success();
}

/// `func x*`, `reftype expr*`, or where the abbreviation allows it `x*`.
FailureOr<ModuleEncoder::ElemList> ModuleEncoder::parseElemList(bool allowBareIndices) {
  ElemList list;
  bool isBare = allowBareIndices && (parser.peekIndex() || parser.peekRParen());
  if (isBare || parser.consumeIfKeyword("func")) {
    if (failed(parseElemIndices(list)))
      return failure();
    return list;
  }
  auto types = [&](Parser &) { return parseTypeIndex(); };
  FailureOr<ValType> type = parseRefType(parser, types);
  if (failed(type))
    return failure();
  list.usesIndices = false;
  list.type = *type;
  if (failed(parseElemExpressions(list)))
    return failure();
  return list;
}

void ModuleEncoder::writeActiveElem(std::optional<uint32_t> table, const ByteWriter &offset,
                                    const ElemList &list) {
  ByteWriter &out = sections[ElementSectionId].elements;
  // The short forms are for table 0 and references to functions.
  bool isShort = !table && (list.usesIndices || list.type == ValType::funcref());
  out.u32((isShort ? 0 : 2) | (list.usesIndices ? 0 : 4));
  if (!isShort)
    out.u32(table.value_or(0));
  out.append(offset);
  if (!isShort && list.usesIndices)
    out.byte(0); // elemkind: functions
  if (!isShort && !list.usesIndices)
    writeValType(out, list.type);
  out.u32(list.count);
  out.append(list.items);
}

LogicalResult ModuleEncoder::encodeElem() {
  VectorSection &section = sections[ElementSectionId];
  section.elements.mark(parser.getOffset());
  ++section.count;
  parser.parseOptionalId();
  bool isDeclarative = parser.consumeIfKeyword("declare");
  std::optional<uint32_t> table;
  if (!isDeclarative && (parser.peekField("table") || parser.peekIndex())) {
    bool isUse = parser.consumeIfField("table");
    FailureOr<uint32_t> index = scope.tables.parse(parser);
    if (failed(index) || (isUse && failed(parser.consumeRParen())))
      return failure();
    table = *index;
  }
  bool isActive = table || (!isDeclarative && parser.peekLParen() && !parser.peekField("ref"));
  ByteWriter offset;
  if (isActive && failed(encodeOffset(offset)))
    return failure();
  FailureOr<ElemList> list = parseElemList(/*allowBareIndices=*/isActive);
  if (failed(list))
    return failure();
  if (isActive)
    writeActiveElem(table, offset, *list);
  else {
    ByteWriter &out = section.elements;
    out.u32((isDeclarative ? 3 : 1) | (list->usesIndices ? 0 : 4));
    if (list->usesIndices)
      out.byte(0); // elemkind: functions
    else
      writeValType(out, list->type);
    out.u32(list->count);
    out.append(list->items);
  }
  return parser.consumeRParen();
}

/// `(elem x*)` or `(elem expr*)` inside of a table: an active segment at 0.
LogicalResult ModuleEncoder::encodeInlineElem(uint32_t table, bool is64, ValType type,
                                              uint32_t &count) {
  uint64_t at = parser.getOffset();
  if (!parser.consumeIfField("elem"))
    return parser.expected("'(elem'");
  ElemList list;
  list.type = type;
  // Indices stand for functions; a table of another type takes them as expressions.
  bool hasIndices = parser.peekIndex() || parser.peekRParen();
  list.usesIndices = hasIndices && type == ValType::funcref();
  if (hasIndices && !list.usesIndices) {
    while (parser.peekIndex()) {
      FailureOr<uint32_t> index = scope.funcs.parse(parser);
      if (failed(index))
        return failure();
      list.items.byte(0xd2); // ref.func
      list.items.u32(*index);
      list.items.byte(endCode);
      ++list.count;
    }
  } else if (failed(hasIndices ? parseElemIndices(list) : parseElemExpressions(list)))
    return failure();
  ByteWriter offset;
  offset.byte(is64 ? 0x42 : 0x41); // i64.const, i32.const
  offset.s32(0);
  offset.byte(endCode);
  VectorSection &section = sections[ElementSectionId];
  section.elements.mark(at);
  ++section.count;
  writeActiveElem(table, offset, list);
  count = list.count;
  return parser.consumeRParen();
}

//===----------------------------------------------------------------------===//
// Data segments
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::encodeDataStrings(ByteWriter &out) {
  while (parser.peekString())
    out.raw(parser.getBuffer().value(parser.next()));
  return parser.consumeRParen();
}

LogicalResult ModuleEncoder::encodeData() {
  VectorSection &section = sections[DataSectionId];
  ByteWriter &out = section.elements;
  out.mark(parser.getOffset());
  ++section.count;
  parser.parseOptionalId();
  uint32_t memory = 0;
  bool hasMemory = parser.peekField("memory") || parser.peekIndex();
  if (hasMemory) {
    bool isUse = parser.consumeIfField("memory");
    FailureOr<uint32_t> index = scope.memories.parse(parser);
    if (failed(index) || (isUse && failed(parser.consumeRParen())))
      return failure();
    memory = *index;
  }
  bool isActive = hasMemory || parser.peekLParen();
  out.u32(!isActive ? 1 : memory ? 2 : 0);
  if (isActive && memory)
    out.u32(memory);
  if (isActive && failed(encodeOffset(out)))
    return failure();
  ByteWriter bytes;
  if (failed(encodeDataStrings(bytes)))
    return failure();
  out.sized(bytes);
  return success();
}

LogicalResult ModuleEncoder::encodeInlineData(uint32_t memory, bool is64, uint64_t &size) {
  VectorSection &section = sections[DataSectionId];
  ByteWriter &out = section.elements;
  out.mark(parser.getOffset());
  ++section.count;
  parser.consumeIfField("data");
  ByteWriter bytes;
  if (failed(encodeDataStrings(bytes)))
    return failure();
  size = bytes.size();
  out.u32(memory ? 2 : 0);
  if (memory)
    out.u32(memory);
  out.byte(is64 ? 0x42 : 0x41); // i64.const, i32.const
  out.s32(0);
  out.byte(endCode);
  out.sized(bytes);
  return success();
}
