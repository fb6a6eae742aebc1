//===- Operators.h - Decoding instruction sequences -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One operator after the other from a function body or a constant expression, without trusting the
// bytes (core specification, "Binary Format / Instructions"). Nesting and types are the
// validator's; the translator walks validated bodies with the same reader.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_OPERATORS_H
#define TENON_WASM_OPERATORS_H

#include "tenon/Support/ByteCursor.h"
#include "tenon/Wasm/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <array>

namespace tenon::wasm {

struct Function;
struct ConstExpr;

/// Every instruction of Opcodes.def. The values carry no meaning.
enum class Opcode : uint16_t {
#define WASM_OP(enumerator, ...) enumerator,
#define WASM_GC_OP(enumerator, ...) enumerator,
#include "tenon/Wasm/Opcodes.def"
};

/// What follows an opcode in the binary, and which fields of an Operator it fills.
enum class Immediates : uint8_t {
  None,
  Block,       ///< blockType
  Label,       ///< index: depth
  LabelTable,  ///< labels, index: the default's depth
  Func,        ///< index
  Type,        ///< index
  TypeTable,   ///< index: type, index2: table
  Local,       ///< index
  Global,      ///< index
  Table,       ///< index
  TwoTables,   ///< index: destination, index2: source
  Memory,      ///< index
  TwoMemories, ///< index: destination, index2: source
  MemArg,      ///< memArg
  MemArgLane,  ///< memArg, lane
  Lane,        ///< lane
  I32,         ///< bits: sign-extended to 64
  I64,         ///< bits
  F32,         ///< bits: the low 32
  F64,         ///< bits
  V128,        ///< bytes
  Shuffle,     ///< bytes: 16 lanes
  HeapType,    ///< type: the nullable reference to it
  SelectTypes, ///< type (there is exactly one)
  ElemTable,   ///< index: element segment, index2: table
  Elem,        ///< index
  DataMemory,  ///< index: data segment, index2: memory
  Data,        ///< index
  Tag,         ///< index
  TryTable,    ///< blockType, catches
  Fence,       ///< a zero byte
  // Of instructions that are not supported yet.
  TypeField,
  TypeCount,
  TypeData,
  TypeElem,
  TwoTypes,
  BrOnCast,
};

/// A line of Opcodes.def.
struct OpcodeInfo {
  const char *name;
  uint8_t prefix;
  uint16_t code;
  Immediates immediates;
  uint8_t alignLog2;
  bool isSupported;
  const char *signature;
};

/// Of all instructions on v128, and of no others.
constexpr uint8_t vectorPrefix = 0xfd;

const OpcodeInfo &infoOf(Opcode opcode);
inline llvm::StringRef nameOf(Opcode opcode) { return infoOf(opcode).name; }

/// core specification, "Instructions / Memory Instructions": memarg.
struct MemArg {
  uint64_t offset = 0;
  uint32_t memory = 0;
  uint32_t alignLog2 = 0;
};

/// The type of a block: nothing, one result, or a function type of the module.
struct BlockType {
  enum Kind : uint8_t { Empty, Value, TypeIndex };
  Kind kind = Empty;
  ValType type;
  uint32_t typeIndex = 0;
};

/// A clause of try_table.
struct Catch {
  enum Kind : uint8_t { One, OneRef, All, AllRef };
  Kind kind = One;
  uint32_t tag = 0; ///< One, OneRef
  uint32_t label = 0;
};

/// An instruction and its immediates. Fields that the opcode's Immediates do not name are
/// unspecified; `labels` and `catches` live until the reader's next operator.
struct Operator {
  Opcode opcode;
  uint32_t offset; ///< of its first byte, counted from the reader's first byte
  uint32_t index;
  uint32_t index2;
  uint64_t bits;
  MemArg memArg;
  BlockType blockType;
  ValType type;
  uint8_t lane;
  std::array<uint8_t, 16> bytes;
  llvm::ArrayRef<uint32_t> labels;
  llvm::ArrayRef<Catch> catches;

  int32_t i32() const { return int32_t(bits); }
  int64_t i64() const { return int64_t(bits); }
};

/// More locals (with parameters) than this are refused, as by every engine.
constexpr uint32_t maxLocals = 50000;

/// The local declarations in front of a body: runs of one type. Parameters are not among them.
struct LocalDecls {
  llvm::SmallVector<std::pair<uint32_t, ValType>, 8> runs;
  uint32_t total = 0;
};

/// Reads operators. Offsets count from the first byte given here, so for a function's body
/// `function.codeOffset + op.offset` is the operator's place in the code section.
class OperatorReader {
public:
  OperatorReader(llvm::ArrayRef<uint8_t> bytes, Location start, Diagnostics &diags)
      : begin(bytes.begin()), at(bytes.begin()), end(bytes.end()), start(start), diags(&diags) {}
  OperatorReader(const Function &function, Diagnostics &diags);
  OperatorReader(const ConstExpr &expr, Diagnostics &diags);

  /// Once, before the first operator of a function's body.
  LogicalResult readLocals(LocalDecls &locals);
  /// The next operator. Failure (with a diagnostic) when the bytes end or are malformed, or the
  /// instruction is not supported yet.
  LogicalResult next(Operator &op);
  bool atEnd() const { return at == end; }
  uint32_t getOffset() const { return uint32_t(at - begin); }
  Location locationOf(uint32_t offset) const { return start.advanced(offset); }
  Diagnostics &getDiagnostics() const { return *diags; }

private:
  LogicalResult readImmediates(Operator &op, Immediates immediates);
  LogicalResult readIndex(uint32_t &value);
  LogicalResult readIndexSlow(uint32_t &value);
  LogicalResult readMemArg(MemArg &arg);
  LogicalResult readLane(uint8_t &lane);
  LogicalResult readBlockType(BlockType &type);
  LogicalResult readLabelTable(Operator &op);
  LogicalResult readCatches(Operator &op);
  LogicalResult readBytes(void *to, size_t count);
  template <typename Read> auto withCursor(Read read);
  PendingDiagnostic error(const llvm::Twine &message) const;

  const uint8_t *begin;
  const uint8_t *at;
  const uint8_t *end;
  Location start;
  Diagnostics *diags;
  llvm::SmallVector<uint32_t, 16> labels;
  llvm::SmallVector<Catch, 2> catches;
};

/// core specification, "Binary Format / Types": valtype, reftype. Types of the garbage collection
/// proposal are refused with "not supported yet".
FailureOr<ValType> readValType(ByteCursor &cursor);
FailureOr<ValType> readRefType(ByteCursor &cursor);
/// A heap type, as the nullable reference to it.
FailureOr<ValType> readHeapType(ByteCursor &cursor);

/// Reads past a constant expression, up to and with its `end`. Whether it is constant, and its
/// type, is the validator's to say.
FailureOr<ConstExpr> readConstExpr(ByteCursor &cursor);

} // namespace tenon::wasm

#endif // TENON_WASM_OPERATORS_H
