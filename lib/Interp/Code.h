//===- Code.h - Bodies, decoded once ----------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the machine executes: a body without its blocks. Every branch knows its target and the
// operands that it keeps, every place knows the handler of its exceptions.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_INTERP_CODE_H
#define TENON_LIB_INTERP_CODE_H

#include "tenon/Interp/Value.h"
#include "tenon/Wasm/Module.h"
#include "tenon/Wasm/Operators.h"

namespace tenon::interp {

/// Which function of Machine executes an instruction.
enum class Family : uint8_t {
  Variable, ///< locals, globals, constants, references, drop, select
  Integer,
  Float,   ///< and conversions from and to floats
  Control, ///< branches and calls
  Exception,
  Memory, ///< loads and stores of numbers
  Bulk,   ///< other operations on memories
  Table,
  Vector,
  VectorMemory,
  Atomic,
  Halt ///< what the outermost call returns to
};

Family familyOf(wasm::Opcode opcode);
/// The change of the number of operands by an instruction that has no signature in the table of
/// opcodes, and is neither a branch nor a call.
int effectOfSpecial(wasm::Opcode opcode);

/// An instruction. `Else` stands for a jump over the rest of a block, `Return` also for the end of
/// a body; Block, Loop, Nop and End are not there.
struct Instr {
  wasm::Opcode opcode = wasm::Opcode::Nop;
  Family family = Family::Halt;
  uint8_t lane = 0;
  /// The immediate index; of memory accesses the memory; of branches one in `branches`, and of
  /// vector constants and shuffles one in `vectors`.
  uint32_t index = 0;
  /// A constant, a memory access's offset, a second index, or the number of labels of br_table
  /// besides the default.
  uint64_t bits = 0;
};
static_assert(sizeof(Instr) == 16);

/// Where a branch goes. `height`: of the operands that stay below those that it keeps.
struct Branch {
  uint32_t target = 0;
  uint32_t keep = 0;
  uint32_t height = 0;
};

constexpr uint32_t none = UINT32_MAX;

/// A clause of try_table, or a catch of the legacy proposal.
struct Clause {
  wasm::Catch::Kind kind;
  uint32_t tag = 0;
  uint32_t branch = 0;
  uint32_t savedTo = none; ///< legacy: the local that keeps the exception for rethrow
};

/// What protects a place. An exception that no clause takes goes to the parent, or to the caller.
struct Handler {
  std::vector<Clause> clauses;
  uint32_t parent = none;
};

struct Code {
  std::vector<Instr> instrs;
  std::vector<Branch> branches;
  std::vector<Value> vectors;
  std::vector<Handler> handlers;
  /// (first instruction, its handler or none), ascending: holds up to the next.
  std::vector<std::pair<uint32_t, uint32_t>> handlerChanges;
  uint32_t numParams = 0;
  uint32_t numResults = 0;
  uint32_t numLocals = 0; ///< with parameters, and with saved exceptions
  uint32_t maxHeight = 0; ///< of operands

  uint32_t frameSize() const { return numLocals + maxHeight; }
  /// The handler of an instruction, or none.
  uint32_t handlerAt(uint32_t instr) const;
};

/// Decodes a body of a validated module.
std::unique_ptr<Code> decodeBody(const wasm::Module &module, const wasm::Function &function);
std::unique_ptr<Code> decodeConstant(const wasm::Module &module, const wasm::ConstExpr &expr);

} // namespace tenon::interp

#endif // TENON_LIB_INTERP_CODE_H
