//===- Validator.h - The state of validating one body -----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algorithm of the specification's appendix ("Validation Algorithm"): a stack of operand types
// and a stack of control frames, one pass, no recursion. Simple instructions are driven by the
// signatures in Opcodes.def; the others have a function each, spread over
//
//   Validator.cpp        the stacks, locals, globals, references, simple instructions
//   ValidateControl.cpp  blocks, branches, calls, exceptions
//   ValidateMemory.cpp   memories, tables, segments, lanes
//
// A validator reads the Module and writes only the summary of its own function, so bodies can be
// validated in any order or at the same time.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_WASM_VALIDATOR_H
#define TENON_LIB_WASM_VALIDATOR_H

#include "tenon/Wasm/Module.h"
#include "tenon/Wasm/Operators.h"

namespace tenon::wasm {

/// Whether the concrete type that `type` may name exists.
bool namesKnownType(const Module &module, ValType type);

class Validator {
public:
  Validator(const Module &module, Diagnostics &diags) : module(module), diags(diags) {}

  /// Validates a body and fills `function.summary`.
  LogicalResult validateFunction(Function &function);

  /// Validates a constant expression of type `expected`, which may read the first `numGlobals`
  /// globals. Functions that it refers to are appended to `funcRefs`.
  LogicalResult validateConstant(const ConstExpr &expr, ValType expected, uint32_t numGlobals,
                                 llvm::SmallVectorImpl<uint32_t> &funcRefs);

private:
  /// A block under validation. The label's types are those of its parameters if it is a loop, of
  /// its results otherwise. A function's body counts as a block.
  struct Frame {
    Opcode opcode = Opcode::Block;
    bool isUnreachable = false;
    BlockType type;
    uint32_t height = 0;     ///< operands below it
    uint32_t initHeight = 0; ///< entries of `initialized` before it
    uint32_t checkedBy = 0;  ///< the last br_table that checked this label
  };

  const Module &module;
  Diagnostics &diags;
  OperatorReader *reader = nullptr;
  FuncSummary *summary = nullptr;
  Operator op;
  std::vector<ValType> stack;
  std::vector<Frame> frames;
  std::vector<ValType> locals;
  std::vector<bool> isUnset;         ///< locals without default that were not set yet
  std::vector<uint32_t> initialized; ///< locals that were set, innermost frame last
  llvm::ArrayRef<ValType> functionResults;
  uint32_t numBranchTables = 0;

  // Validator.cpp
  LogicalResult run(BlockType type);
  LogicalResult step();
  LogicalResult stepSpecial();
  LogicalResult stepSimple(const OpcodeInfo &info);
  LogicalResult applySignature(const char *signature, ValType address);
  LogicalResult checkConstant(uint32_t numGlobals);
  LogicalResult declareLocals(const Function &function);
  void resetState();

  PendingDiagnostic error(const llvm::Twine &message) const {
    return diags.error(reader->locationOf(op.offset), message);
  }
  PendingDiagnostic mismatch(const llvm::Twine &expected) const;
  LogicalResult checkIndex(uint32_t index, size_t size, llvm::StringRef what) const {
    if (index < size)
      return success();
    return error("unknown ") << what << ' ' << index;
  }
  LogicalResult checkType(ValType type) const;
  bool isSubtype(ValType sub, ValType super) const;

  LogicalResult push(ValType type);
  LogicalResult push(llvm::ArrayRef<ValType> types);
  FailureOr<ValType> popAny();
  /// A reference; of the heap type below all others when the code is unreachable.
  FailureOr<ValType> popRef();
  LogicalResult pop(ValType expected) {
    if (stack.size() > frames.back().height && !expected.isRef() &&
        stack.back().getKind() == expected.getKind()) {
      stack.pop_back();
      return success();
    }
    return popSlow(expected);
  }
  LogicalResult popSlow(ValType expected);
  LogicalResult pop(llvm::ArrayRef<ValType> types);
  /// Whether the topmost operands have these types; leaves them.
  LogicalResult checkTop(llvm::ArrayRef<ValType> types);
  LogicalResult replace(llvm::ArrayRef<ValType> types);
  void setUnreachable();

  LogicalResult stepLocal();
  LogicalResult stepGlobal();
  LogicalResult stepSelect();
  LogicalResult stepReference();

  // ValidateControl.cpp
  llvm::ArrayRef<ValType> params(const BlockType &type) const;
  llvm::ArrayRef<ValType> results(const BlockType &type) const;
  llvm::ArrayRef<ValType> labelTypes(const Frame &frame) const;
  LogicalResult checkBlockType(const BlockType &type) const;
  void pushFrame(Opcode opcode, const BlockType &type);
  FailureOr<Frame> popFrame();
  /// The frame that a label names; null (with a diagnostic) when there is none.
  Frame *findLabel(uint32_t depth);
  LogicalResult stepControl();
  LogicalResult enterBlock();
  LogicalResult enterTryTable();
  LogicalResult checkCatch(const Catch &clause);
  LogicalResult stepElse();
  LogicalResult stepEnd();
  LogicalResult stepLegacyCatch();
  LogicalResult stepDelegate();
  LogicalResult stepRethrow();
  LogicalResult stepThrow();
  LogicalResult stepBranch();
  LogicalResult stepBranchTable();
  LogicalResult stepBranchOnNull();
  LogicalResult stepCall();
  FailureOr<const FuncType *> popCallee();

  // ValidateMemory.cpp
  ValType addressOf(const Limits &limits) const {
    return limits.is64 ? ValType::I64 : ValType::I32;
  }
  FailureOr<ValType> memoryAddress(uint32_t memory) const;
  LogicalResult checkMemArg(const OpcodeInfo &info);
  LogicalResult checkLanes(const OpcodeInfo &info);
  LogicalResult checkDataSegment(uint32_t index) const;
  /// The immediates of a simple instruction; gives the address type of its memory.
  FailureOr<ValType> checkSimple(const OpcodeInfo &info);
  LogicalResult stepMemoryCopy();
  LogicalResult stepTable();
  void noteAccess(const OpcodeInfo &info);
};

} // namespace tenon::wasm

#endif // TENON_LIB_WASM_VALIDATOR_H
