//===- CoreImmediates.cpp - What follows a mnemonic -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreImmediates.h"
#include "CoreInstructions.h"
#include "tenon/Text/Numbers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using wasm::Immediates;
using wasm::Opcode;

//===----------------------------------------------------------------------===//
// Opcodes
//===----------------------------------------------------------------------===//

std::optional<Opcode> tenon::text::findOpcode(StringRef name) {
  static const llvm::StringMap<Opcode> opcodes = [] {
    llvm::StringMap<Opcode> map;
#define WASM_OP(enumerator, text, ...) map.try_emplace(text, Opcode::enumerator);
#define WASM_GC_OP(enumerator, text, ...) map.try_emplace(text, Opcode::enumerator);
#include "tenon/Wasm/Opcodes.def"
    return map;
  }();
  auto found = opcodes.find(name);
  if (found == opcodes.end())
    return std::nullopt;
  return found->second;
}

void tenon::text::writeOpcode(ByteWriter &out, Opcode opcode) {
  const wasm::OpcodeInfo &info = wasm::infoOf(opcode);
  if (!info.prefix)
    return out.byte(uint8_t(info.code));
  out.byte(info.prefix);
  out.u32(info.code);
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

void LabelStack::push(std::optional<StringRef> id) {
  if (id)
    positions[*id].push_back(uint32_t(labels.size()));
  labels.push_back(id);
}

void LabelStack::pop() {
  if (labels.back())
    positions[*labels.back()].pop_back();
  labels.pop_back();
}

FailureOr<uint32_t> LabelStack::parse(Parser &parser) const {
  if (!parser.peekId())
    return parser.parseU32("a label");
  StringRef id = parser.getBuffer().value(parser.peek());
  auto found = positions.find(id);
  if (found == positions.end() || found->second.empty())
    return parser.error("unknown label '$") << id << "'";
  parser.next();
  return uint32_t(labels.size() - 1 - found->second.back());
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

LogicalResult ImmediateEncoder::encodeIndex(const IndexSpace &space, ByteWriter &out) {
  FailureOr<uint32_t> index = space.parse(parser);
  if (failed(index))
    return failure();
  out.u32(*index);
  return success();
}

FailureOr<uint32_t> ImmediateEncoder::parseOptionalIndex(const IndexSpace &space) {
  if (!parser.peekIndex())
    return uint32_t(0);
  return space.parse(parser);
}

LogicalResult ImmediateEncoder::encodeTwoIndices(const IndexSpace &space, ByteWriter &out) {
  if (!parser.peekIndex()) {
    out.u32(0);
    out.u32(0);
    return success();
  }
  if (failed(encodeIndex(space, out)))
    return failure();
  return encodeIndex(space, out);
}

LogicalResult ImmediateEncoder::encodeSegmentAndTarget(const IndexSpace &segments,
                                                       const IndexSpace &targets, ByteWriter &out) {
  Token::Kind second = parser.peek(1).kind;
  uint32_t target = 0;
  if (second == Token::Id || second == Token::Integer) {
    FailureOr<uint32_t> given = targets.parse(parser);
    if (failed(given))
      return failure();
    target = *given;
  }
  if (failed(encodeIndex(segments, out)))
    return failure();
  out.u32(target);
  return success();
}

LogicalResult ImmediateEncoder::encodeLabel(ByteWriter &out) {
  FailureOr<uint32_t> label = labels.parse(parser);
  if (failed(label))
    return failure();
  out.u32(*label);
  return success();
}

LogicalResult ImmediateEncoder::encodeLabelTable(ByteWriter &out) {
  std::vector<uint32_t> table;
  do {
    FailureOr<uint32_t> label = labels.parse(parser);
    if (failed(label))
      return failure();
    table.push_back(*label);
  } while (parser.peekIndex());
  out.u32(table.size() - 1); // the last one is the default
  for (uint32_t label : table)
    out.u32(label);
  return success();
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

LogicalResult ImmediateEncoder::encodeTypeTable(ByteWriter &out) {
  FailureOr<uint32_t> table = parseOptionalIndex(scope.tables);
  if (failed(table))
    return failure();
  auto types = [&](Parser &at) { return scope.types.parse(at); };
  FailureOr<TypeUse> use = parseTypeUse(parser, types, /*allowParamNames=*/false);
  if (failed(use))
    return failure();
  FailureOr<uint32_t> type = scope.resolve(parser, *use);
  if (failed(type))
    return failure();
  out.u32(*type);
  out.u32(*table);
  return success();
}

LogicalResult ImmediateEncoder::encodeBlockType(ByteWriter &out) {
  auto types = [&](Parser &at) { return scope.types.parse(at); };
  FailureOr<TypeUse> use = parseTypeUse(parser, types, /*allowParamNames=*/false);
  if (failed(use))
    return failure();
  if (!use->index && use->type.params.empty() && use->type.results.size() <= 1) {
    if (use->type.results.empty())
      out.byte(0x40);
    else
      writeValType(out, use->type.results.front());
    return success();
  }
  FailureOr<uint32_t> type = scope.resolve(parser, *use);
  if (failed(type))
    return failure();
  out.s33(*type);
  return success();
}

LogicalResult ImmediateEncoder::encodeSelectTypes(ByteWriter &out) {
  wasm::FuncType type;
  auto types = [&](Parser &at) { return scope.types.parse(at); };
  if (parser.peekField("param"))
    return parser.expected("'(result'");
  if (failed(parseParamsAndResults(parser, types, type, nullptr)))
    return failure();
  out.u32(type.results.size());
  for (wasm::ValType result : type.results)
    writeValType(out, result);
  return success();
}

LogicalResult ImmediateEncoder::encodeCatches(ByteWriter &out) {
  ByteWriter clauses;
  uint32_t count = 0;
  while (parser.peekLParen() && parser.peek(1).kind == Token::Keyword) {
    int kind = llvm::StringSwitch<int>(parser.getBuffer().spelling(parser.peek(1)))
                   .Case("catch", 0)
                   .Case("catch_ref", 1)
                   .Case("catch_all", 2)
                   .Case("catch_all_ref", 3)
                   .Default(-1);
    if (kind < 0)
      break;
    parser.next();
    parser.next();
    clauses.byte(uint8_t(kind));
    if (kind < 2 && failed(encodeIndex(scope.tags, clauses)))
      return failure();
    if (failed(encodeLabel(clauses)) || failed(parser.consumeRParen()))
      return failure();
    ++count;
  }
  out.u32(count);
  out.append(clauses);
  return success();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// `offset=4`: the number, if the next token is one such. Nothing is consumed otherwise.
static FailureOr<std::optional<uint64_t>> parseAssignment(Parser &parser, StringRef prefix) {
  if (parser.peek().kind != Token::Keyword || !parser.spelling().starts_with(prefix))
    return std::optional<uint64_t>();
  std::optional<uint64_t> value = parseUnsigned(parser.spelling().drop_front(prefix.size()), 64);
  if (!value)
    return parser.error("malformed or out of range: '") << parser.spelling() << "'";
  parser.next();
  return value;
}

/// Memory access: `x? offset=n? align=n? lane?`.
LogicalResult ImmediateEncoder::encodeMemArg(unsigned naturalAlignLog2, bool hasLane,
                                             ByteWriter &out) {
  uint32_t memory = 0;
  // A number that is alone before the end of a lane access is the lane.
  bool isLane = hasLane && parser.peekInteger() && parser.peek(1).kind != Token::Integer &&
                !(parser.peek(1).kind == Token::Keyword &&
                  StringRef(parser.getBuffer().spelling(parser.peek(1))).contains('='));
  if (parser.peekIndex() && !isLane) {
    FailureOr<uint32_t> given = scope.memories.parse(parser);
    if (failed(given))
      return failure();
    memory = *given;
  }
  FailureOr<std::optional<uint64_t>> offset = parseAssignment(parser, "offset=");
  if (failed(offset))
    return failure();
  uint64_t alignAt = parser.getOffset();
  FailureOr<std::optional<uint64_t>> align = parseAssignment(parser, "align=");
  if (failed(align))
    return failure();
  uint32_t alignLog2 = naturalAlignLog2;
  if (*align) {
    if (!llvm::isPowerOf2_64(**align))
      return parser.errorAt(alignAt, "alignment must be a power of two");
    alignLog2 = llvm::Log2_64(**align);
  }
  out.u32(alignLog2 | (memory ? 0x40 : 0));
  if (memory)
    out.u32(memory);
  out.u64(offset->value_or(0));
  return hasLane ? encodeLane(out) : success();
}

LogicalResult ImmediateEncoder::encodeLane(ByteWriter &out) {
  if (!parser.peekInteger())
    return parser.expected("a lane index");
  std::optional<uint64_t> lane = parseUnsigned(parser.spelling(), 8);
  if (!lane)
    return parser.error("malformed lane index '") << parser.spelling() << "'";
  parser.next();
  out.byte(uint8_t(*lane));
  return success();
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

static bool peekNumber(const Parser &parser) {
  return parser.peekInteger() || parser.peek().kind == Token::Float;
}

LogicalResult ImmediateEncoder::encodeNumber(Immediates kind, ByteWriter &out) {
  bool isFloat = kind == Immediates::F32 || kind == Immediates::F64;
  if (isFloat ? !peekNumber(parser) : !parser.peekInteger())
    return parser.expected(isFloat ? "a floating-point number" : "an integer");
  StringRef spelling = parser.spelling();
  bool is32 = kind == Immediates::I32 || kind == Immediates::F32;
  std::optional<uint64_t> value;
  if (kind == Immediates::F32)
    value = parseF32(spelling);
  else if (kind == Immediates::F64)
    value = parseF64(spelling);
  else
    value = parseUninterpreted(spelling, is32 ? 32 : 64);
  if (!value)
    return parser.error("constant out of range: '") << spelling << "'";
  parser.next();
  if (kind == Immediates::I32)
    out.s32(int32_t(*value));
  else if (kind == Immediates::I64)
    out.s64(int64_t(*value));
  else if (kind == Immediates::F32)
    out.fixed32(uint32_t(*value));
  else
    out.fixed64(*value);
  return success();
}

FailureOr<std::array<uint8_t, 16>> tenon::text::parseV128(Parser &parser) {
  uint64_t shapeAt = parser.getOffset();
  FailureOr<StringRef> shape = parser.parseKeyword("the shape of a vector");
  if (failed(shape))
    return failure();
  unsigned width = llvm::StringSwitch<unsigned>(*shape)
                       .Case("i8x16", 8)
                       .Case("i16x8", 16)
                       .Cases({"i32x4", "f32x4"}, 32)
                       .Cases({"i64x2", "f64x2"}, 64)
                       .Default(0);
  if (!width)
    return parser.errorAt(shapeAt, "expected the shape of a vector, found '") << *shape << "'";
  bool isFloat = shape->starts_with("f");
  std::array<uint8_t, 16> bytes;
  for (unsigned at = 0; at < 16; at += width / 8) {
    if (isFloat ? !peekNumber(parser) : !parser.peekInteger())
      return parser.expected("a lane's number");
    std::optional<uint64_t> lane;
    if (!isFloat)
      lane = parseUninterpreted(parser.spelling(), width);
    else if (width == 32)
      lane = parseF32(parser.spelling());
    else
      lane = parseF64(parser.spelling());
    if (!lane)
      return parser.error("constant out of range: '") << parser.spelling() << "'";
    parser.next();
    for (unsigned i = 0; i < width / 8; ++i)
      bytes[at + i] = uint8_t(*lane >> (8 * i));
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

LogicalResult ImmediateEncoder::encode(Opcode opcode, ByteWriter &out) {
  const wasm::OpcodeInfo &info = wasm::infoOf(opcode);
  if (!info.isSupported)
    return parser.error("'") << info.name << "' is not supported yet";
  if (opcode == Opcode::Select && (parser.peekField("result") || parser.peekField("param"))) {
    writeOpcode(out, Opcode::SelectTyped);
    return encodeSelectTypes(out);
  }
  writeOpcode(out, opcode);
  switch (info.immediates) {
  case Immediates::None:
    return success();
  case Immediates::Block:
    return encodeBlockType(out);
  case Immediates::TryTable:
    return failed(encodeBlockType(out)) ? failure() : encodeCatches(out);
  case Immediates::Label:
    return encodeLabel(out);
  case Immediates::LabelTable:
    return encodeLabelTable(out);
  case Immediates::Func:
    return encodeIndex(scope.funcs, out);
  case Immediates::Type:
    return encodeIndex(scope.types, out);
  case Immediates::TypeTable:
    return encodeTypeTable(out);
  case Immediates::Local:
    return encodeIndex(locals ? *locals : IndexSpace("local"), out);
  case Immediates::Global:
    return encodeIndex(scope.globals, out);
  case Immediates::Tag:
    return encodeIndex(scope.tags, out);
  case Immediates::Table:
  case Immediates::Memory: {
    FailureOr<uint32_t> index =
        parseOptionalIndex(info.immediates == Immediates::Table ? scope.tables : scope.memories);
    if (failed(index))
      return failure();
    out.u32(*index);
    return success();
  }
  case Immediates::TwoTables:
    return encodeTwoIndices(scope.tables, out);
  case Immediates::TwoMemories:
    return encodeTwoIndices(scope.memories, out);
  case Immediates::MemArg:
    return encodeMemArg(info.alignLog2, /*hasLane=*/false, out);
  case Immediates::MemArgLane:
    return encodeMemArg(info.alignLog2, /*hasLane=*/true, out);
  case Immediates::Lane:
    return encodeLane(out);
  case Immediates::I32:
  case Immediates::I64:
  case Immediates::F32:
  case Immediates::F64:
    return encodeNumber(info.immediates, out);
  case Immediates::V128: {
    FailureOr<std::array<uint8_t, 16>> bytes = parseV128(parser);
    if (failed(bytes))
      return failure();
    out.raw(llvm::ArrayRef<uint8_t>(*bytes));
    return success();
  }
  case Immediates::Shuffle:
    for (unsigned i = 0; i < 16; ++i)
      if (failed(encodeLane(out)))
        return failure();
    return success();
  case Immediates::HeapType: {
    auto types = [&](Parser &at) { return scope.types.parse(at); };
    FailureOr<wasm::ValType> type = parseHeapType(parser, types);
    if (failed(type))
      return failure();
    writeHeapType(out, *type);
    return success();
  }
  case Immediates::ElemTable:
    return encodeSegmentAndTarget(scope.elems, scope.tables, out);
  case Immediates::Elem:
    return encodeIndex(scope.elems, out);
  case Immediates::DataMemory:
    scope.usesDataCount = true;
    return encodeSegmentAndTarget(scope.datas, scope.memories, out);
  case Immediates::Data:
    scope.usesDataCount = true;
    return encodeIndex(scope.datas, out);
  case Immediates::Fence:
    out.byte(0);
    return success();
  case Immediates::SelectTypes:
    llvm_unreachable("a select with types is reached by its name without");
  case Immediates::TypeField:
  case Immediates::TypeCount:
  case Immediates::TypeData:
  case Immediates::TypeElem:
  case Immediates::TwoTypes:
  case Immediates::BrOnCast:
    break;
  }
  llvm_unreachable("no supported instruction has such immediates");
}
