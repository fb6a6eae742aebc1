//===- StateModel.h - Where state lies --------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one thing that the translator does not know: which world it is in. It asks here for the
// address of a piece of state. Indices are the program's.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_STATEMODEL_H
#define TENON_LIB_CODEGEN_STATEMODEL_H

#include "ModuleBuilder.h"

namespace tenon::codegen {

class StateModel {
public:
  virtual ~StateModel();

  /// Called for each function before anything else is asked in it; `builder` stands in its entry
  /// block.
  virtual void enterFunction(llvm::IRBuilderBase &builder) = 0;
  /// First argument of calls; null: there is none.
  virtual llvm::Value *contextArgument() = 0;

  virtual llvm::Value *memoryBase(llvm::IRBuilderBase &builder, uint32_t memory) = 0;
  /// The base as a number, where that is what -O0 compiles fast.
  virtual std::optional<uint64_t> constantBase(uint32_t memory) { return std::nullopt; }
  /// Tells LLVM what an access to a memory, or to other state, can't touch.
  virtual void annotate(llvm::Instruction &, uint32_t memory) {}
  virtual void annotateState(llvm::Instruction &) {}
  virtual llvm::Value *memoryRecord(llvm::IRBuilderBase &builder, uint32_t memory) = 0;
  virtual llvm::Value *tableRecord(llvm::IRBuilderBase &builder, uint32_t table) = 0;
  /// Address of the first element, and the number of elements (i64).
  virtual llvm::Value *tableElements(llvm::IRBuilderBase &builder, uint32_t table) = 0;
  virtual llvm::Value *tableSize(llvm::IRBuilderBase &builder, uint32_t table) = 0;
  virtual llvm::Value *global(llvm::IRBuilderBase &builder, uint32_t global) = 0;
  /// The `tenon_tag` of a tag: its identity.
  virtual llvm::Value *tag(llvm::IRBuilderBase &builder, uint32_t tag) = 0;
  /// Address of the i64 that holds how much is left of a passive segment: all of it, or nothing.
  virtual llvm::Value *dataSize(llvm::IRBuilderBase &builder, uint32_t instance,
                                uint32_t segment) = 0;
  virtual llvm::Value *elementSize(llvm::IRBuilderBase &builder, uint32_t instance,
                                   uint32_t segment) = 0;
  /// Contents of a segment: bytes, or pointers.
  virtual llvm::Value *dataBytes(llvm::IRBuilderBase &builder, uint32_t instance,
                                 uint32_t segment) = 0;
  virtual llvm::Value *elementPointers(llvm::IRBuilderBase &builder, uint32_t instance,
                                       uint32_t segment) = 0;
  /// The `tenon_func` record of a function.
  virtual llvm::Value *functionRecord(llvm::IRBuilderBase &builder, FuncPointer pointer) = 0;
};

/// Constant addresses.
/// The current size of a memory in bytes, an i64.
llvm::Value *loadMemoryBytes(ModuleBuilder &mb, StateModel &state, llvm::IRBuilderBase &builder,
                             uint32_t memory);

std::unique_ptr<StateModel> makeClosedWorld(ModuleBuilder &builder);
/// Offsets from the context, a function's first argument.
std::unique_ptr<StateModel> makeInstancedWorld(ModuleBuilder &builder);
std::unique_ptr<StateModel> makeStateModel(ModuleBuilder &builder);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_STATEMODEL_H
