//===- Operators.cpp - Decoding instruction sequences ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reader works on bare pointers: compile speed begins here, and most immediates are one byte
// long. Numbers that are not short and plain go to a ByteCursor, which knows every way to be
// malformed.
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/Operators.h"
#include "tenon/Wasm/Module.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include <cstring>

using namespace tenon;
using namespace tenon::wasm;

//===----------------------------------------------------------------------===//
// Tables made from Opcodes.def
//===----------------------------------------------------------------------===//

static constexpr OpcodeInfo opcodeInfos[] = {
#define WASM_OP(enumerator, text, prefix, code, immediates, alignLog2, signature)                  \
  {text, prefix, code, Immediates::immediates, alignLog2, true, signature},
#define WASM_GC_OP(enumerator, text, prefix, code, immediates, alignLog2, signature)               \
  {text, prefix, code, Immediates::immediates, alignLog2, false, signature},
#include "tenon/Wasm/Opcodes.def"
};
static constexpr uint16_t numOpcodes = std::size(opcodeInfos);

namespace {
/// From code to Opcode, for the plain opcodes or those of one prefix.
struct CodeMap {
  static constexpr uint16_t none = 0xffff;
  static constexpr unsigned size = 0x120;
  uint16_t opcodes[size] = {};

  constexpr CodeMap(uint8_t prefix) {
    for (uint16_t &opcode : opcodes)
      opcode = none;
    for (uint16_t i = 0; i < numOpcodes; ++i)
      if (opcodeInfos[i].prefix == prefix)
        opcodes[opcodeInfos[i].code] = i;
  }
};
} // namespace

static constexpr CodeMap plainCodes(0x00);
static constexpr CodeMap prefixedCodes[] = {CodeMap(0xfb), CodeMap(0xfc), CodeMap(0xfd),
                                            CodeMap(0xfe)};

const OpcodeInfo &wasm::infoOf(Opcode opcode) { return opcodeInfos[unsigned(opcode)]; }

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Decodes a LEB128 number that is shorter than the longest of `bits` bits; leaves everything else,
/// errors among them, to the cursor.
template <unsigned bits, bool isSigned>
static inline bool readShort(const uint8_t *&at, const uint8_t *end, uint64_t &value) {
  constexpr size_t longest = bits / 7;
  size_t limit = std::min<size_t>(size_t(end - at), longest);
  uint64_t result = 0;
  for (size_t i = 0; i < limit; ++i) {
    uint8_t byte = at[i];
    result |= uint64_t(byte & 0x7f) << (7 * i);
    if (byte & 0x80)
      continue;
    if (isSigned && (byte & 0x40))
      result |= ~uint64_t(0) << (7 * (i + 1));
    value = result;
    at += i + 1;
    return true;
  }
  return false;
}

/// Lends the rest of the bytes to a cursor and goes on where it stopped.
template <typename Read> auto OperatorReader::withCursor(Read read) {
  ByteCursor cursor(llvm::ArrayRef<uint8_t>(at, end), locationOf(getOffset()), *diags);
  auto result = read(cursor);
  at += cursor.getPosition();
  return result;
}

PendingDiagnostic OperatorReader::error(const llvm::Twine &message) const {
  return diags->error(locationOf(getOffset()), message);
}

LogicalResult OperatorReader::readIndexSlow(uint32_t &value) {
  uint64_t number;
  if (readShort<32, false>(at, end, number)) {
    value = uint32_t(number);
    return success();
  }
  FailureOr<uint32_t> read = withCursor([](ByteCursor &cursor) { return cursor.readU32(); });
  if (failed(read))
    return failure();
  value = *read;
  return success();
}

inline LogicalResult OperatorReader::readIndex(uint32_t &value) {
  if (at == end || *at >= 0x80)
    return readIndexSlow(value);
  value = *at++;
  return success();
}

LogicalResult OperatorReader::readBytes(void *to, size_t count) {
  if (size_t(end - at) < count)
    return error("unexpected end: ") << count << " bytes expected, " << (end - at) << " left";
  std::memcpy(to, at, count);
  at += count;
  return success();
}

//===----------------------------------------------------------------------===//
// Immediates
//===----------------------------------------------------------------------===//

LogicalResult OperatorReader::readMemArg(MemArg &arg) {
  // Bit 6 of the alignment says that a memory index follows.
  uint32_t flags;
  if (failed(readIndex(flags)))
    return failure();
  if (flags >= 0x80)
    return error("malformed memop flags ") << flags;
  arg.alignLog2 = flags & 0x3f;
  arg.memory = 0;
  if ((flags & 0x40) && failed(readIndex(arg.memory)))
    return failure();
  if (readShort<64, false>(at, end, arg.offset))
    return success();
  FailureOr<uint64_t> offset = withCursor([](ByteCursor &cursor) { return cursor.readU64(); });
  if (failed(offset))
    return failure();
  arg.offset = *offset;
  return success();
}

LogicalResult OperatorReader::readLane(uint8_t &lane) { return readBytes(&lane, 1); }

LogicalResult OperatorReader::readBlockType(BlockType &type) {
  if (at != end && *at == 0x40) {
    ++at;
    type.kind = BlockType::Empty;
    return success();
  }
  // Value types are the negative numbers of one byte.
  if (at != end && (*at & 0xc0) == 0x40) {
    FailureOr<ValType> value = withCursor([](ByteCursor &cursor) { return readValType(cursor); });
    if (failed(value))
      return failure();
    type.kind = BlockType::Value;
    type.type = *value;
    return success();
  }
  FailureOr<int64_t> index = withCursor([](ByteCursor &cursor) { return cursor.readS33(); });
  if (failed(index))
    return failure();
  if (*index < 0)
    return error("malformed block type");
  type.kind = BlockType::TypeIndex;
  type.typeIndex = uint32_t(*index);
  return success();
}

LogicalResult OperatorReader::readLabelTable(Operator &op) {
  uint32_t count;
  if (failed(readIndex(count)))
    return failure();
  if (count >= size_t(end - at))
    return error("unexpected end: ")
           << count << " labels expected, " << (end - at) << " bytes left";
  labels.resize_for_overwrite(count);
  for (uint32_t &label : labels)
    if (failed(readIndex(label)))
      return failure();
  op.labels = labels;
  return readIndex(op.index);
}

LogicalResult OperatorReader::readCatches(Operator &op) {
  uint32_t count;
  if (failed(readIndex(count)))
    return failure();
  if (count > size_t(end - at))
    return error("unexpected end: ")
           << count << " catches expected, " << (end - at) << " bytes left";
  catches.clear();
  for (uint32_t i = 0; i < count; ++i) {
    uint8_t kind;
    if (failed(readBytes(&kind, 1)))
      return failure();
    if (kind > Catch::AllRef)
      return error("malformed catch clause: unknown kind ") << unsigned(kind);
    Catch clause;
    clause.kind = Catch::Kind(kind);
    if (kind < Catch::All && failed(readIndex(clause.tag)))
      return failure();
    if (failed(readIndex(clause.label)))
      return failure();
    catches.push_back(clause);
  }
  op.catches = catches;
  return success();
}

LogicalResult OperatorReader::readImmediates(Operator &op, Immediates immediates) {
  switch (immediates) {
  case Immediates::None:
    return success();
  case Immediates::Block:
    return readBlockType(op.blockType);
  case Immediates::Label:
  case Immediates::Func:
  case Immediates::Type:
  case Immediates::Local:
  case Immediates::Global:
  case Immediates::Table:
  case Immediates::Memory:
  case Immediates::Elem:
  case Immediates::Data:
  case Immediates::Tag:
    return readIndex(op.index);
  case Immediates::TypeTable:
  case Immediates::TwoTables:
  case Immediates::TwoMemories:
  case Immediates::ElemTable:
  case Immediates::DataMemory:
    if (failed(readIndex(op.index)))
      return failure();
    return readIndex(op.index2);
  case Immediates::LabelTable:
    return readLabelTable(op);
  case Immediates::MemArg:
    return readMemArg(op.memArg);
  case Immediates::MemArgLane:
    if (failed(readMemArg(op.memArg)))
      return failure();
    return readLane(op.lane);
  case Immediates::Lane:
    return readLane(op.lane);
  case Immediates::I32: {
    if (readShort<32, true>(at, end, op.bits))
      return success();
    FailureOr<int32_t> value = withCursor([](ByteCursor &cursor) { return cursor.readS32(); });
    if (succeeded(value))
      op.bits = uint64_t(int64_t(*value));
    return value;
  }
  case Immediates::I64: {
    if (readShort<64, true>(at, end, op.bits))
      return success();
    FailureOr<int64_t> value = withCursor([](ByteCursor &cursor) { return cursor.readS64(); });
    if (succeeded(value))
      op.bits = uint64_t(*value);
    return value;
  }
  case Immediates::F32: {
    uint8_t raw[4];
    if (failed(readBytes(raw, sizeof raw)))
      return failure();
    op.bits = llvm::support::endian::read32le(raw);
    return success();
  }
  case Immediates::F64: {
    uint8_t raw[8];
    if (failed(readBytes(raw, sizeof raw)))
      return failure();
    op.bits = llvm::support::endian::read64le(raw);
    return success();
  }
  case Immediates::V128:
  case Immediates::Shuffle:
    return readBytes(op.bytes.data(), op.bytes.size());
  case Immediates::HeapType: {
    FailureOr<ValType> type = withCursor([](ByteCursor &cursor) { return readHeapType(cursor); });
    if (succeeded(type))
      op.type = *type;
    return type;
  }
  case Immediates::SelectTypes: {
    uint32_t count;
    if (failed(readIndex(count)))
      return failure();
    if (count != 1)
      return error("invalid result arity: select has one type, found ") << count;
    FailureOr<ValType> type = withCursor([](ByteCursor &cursor) { return readValType(cursor); });
    if (succeeded(type))
      op.type = *type;
    return type;
  }
  case Immediates::TryTable:
    if (failed(readBlockType(op.blockType)))
      return failure();
    return readCatches(op);
  case Immediates::Fence: {
    uint8_t zero;
    if (failed(readBytes(&zero, 1)))
      return failure();
    if (zero != 0)
      return error("zero byte expected");
    return success();
  }
  case Immediates::TypeField:
  case Immediates::TypeCount:
  case Immediates::TypeData:
  case Immediates::TypeElem:
  case Immediates::TwoTypes:
  case Immediates::BrOnCast:
    break;
  }
  llvm_unreachable("only instructions that are not supported have these immediates");
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

OperatorReader::OperatorReader(const Function &function, Diagnostics &diags)
    : OperatorReader(function.body, function.location, diags) {}
OperatorReader::OperatorReader(const ConstExpr &expr, Diagnostics &diags)
    : OperatorReader(expr.bytes, expr.location, diags) {}

LogicalResult OperatorReader::next(Operator &op) {
  op.offset = getOffset();
  if (atEnd())
    return error("unexpected end of section or function");
  uint8_t first = *at++;
  uint32_t code = first;
  const CodeMap *codes = &plainCodes;
  if (first >= 0xfb && first <= 0xfe) {
    if (failed(readIndex(code)))
      return failure();
    codes = &prefixedCodes[first - 0xfb];
  }
  uint16_t opcode = code < CodeMap::size ? codes->opcodes[code] : CodeMap::none;
  if (opcode == CodeMap::none) {
    PendingDiagnostic diagnostic = diags->error(locationOf(op.offset), "illegal opcode ");
    diagnostic << llvm::format_hex(first, 4);
    if (codes != &plainCodes)
      diagnostic << ' ' << llvm::format_hex(code, 4);
    return diagnostic;
  }
  const OpcodeInfo &info = opcodeInfos[opcode];
  op.opcode = Opcode(opcode);
  if (!info.isSupported)
    return diags->error(locationOf(op.offset), "instruction '")
           << info.name << "' is not supported yet";
  return readImmediates(op, info.immediates);
}

LogicalResult OperatorReader::readLocals(LocalDecls &locals) {
  locals.runs.clear();
  locals.total = 0;
  uint32_t count;
  if (failed(readIndex(count)))
    return failure();
  if (count > size_t(end - at))
    return error("unexpected end: ")
           << count << " local declarations expected, " << (end - at) << " bytes left";
  for (uint32_t i = 0; i < count; ++i) {
    Location where = locationOf(getOffset());
    uint32_t length;
    if (failed(readIndex(length)))
      return failure();
    if (length > maxLocals - locals.total)
      return diags->error(where, "too many locals: no more than ") << maxLocals << " are supported";
    FailureOr<ValType> type = withCursor([](ByteCursor &cursor) { return readValType(cursor); });
    if (failed(type))
      return failure();
    locals.total += length;
    locals.runs.emplace_back(length, *type);
  }
  return success();
}

FailureOr<ConstExpr> wasm::readConstExpr(ByteCursor &cursor) {
  size_t begin = cursor.getPosition();
  llvm::ArrayRef<uint8_t> rest = cursor.getBytes().drop_front(begin);
  ConstExpr expr{rest, cursor.getLocation()};
  OperatorReader reader(expr, cursor.getDiagnostics());
  Operator op;
  for (uint64_t depth = 1; depth != 0;) {
    if (failed(reader.next(op)))
      return failure();
    if (op.opcode == Opcode::End)
      --depth;
    else if (infoOf(op.opcode).immediates == Immediates::Block || op.opcode == Opcode::TryTable)
      ++depth;
    else if (op.opcode == Opcode::Delegate)
      --depth;
  }
  expr.bytes = rest.take_front(reader.getOffset());
  cursor.setPosition(begin + reader.getOffset());
  return expr;
}
