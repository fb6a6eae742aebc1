//===- Builtins.h - Core functions made by canon resource.* -----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_BUILTINS_H
#define TENON_LIB_LOWERING_BUILTINS_H

#include "Adapter.h"

namespace tenon::lowering {

/// What the three builtins know. `side` is the instance whose handle table they work on.
struct BuiltinSpec {
  std::string name;
  Side side;
  uint32_t resource = 0; ///< the program's number of it
  /// resource.drop: what destroys a representation (a core function or the host's); may be null.
  mlir::LLVM::LLVMFuncOp destructor;
  /// resource.drop: the instances that calling the destructor enters.
  llvm::SmallVector<Entered> entered;
  /// resource.drop: the instance that the destructor runs in, and whether a task is recorded for
  /// it.
  Side implementer;
  bool tracksTask = false;
};

/// CanonicalABI.md#canon-resourcenew
mlir::LLVM::LLVMFuncOp buildResourceNew(const BuiltinSpec &spec, Functions &functions);
/// CanonicalABI.md#canon-resourcerep
mlir::LLVM::LLVMFuncOp buildResourceRep(const BuiltinSpec &spec, Functions &functions);
/// CanonicalABI.md#canon-resourcedrop
mlir::LLVM::LLVMFuncOp buildResourceDrop(const BuiltinSpec &spec, Functions &functions);

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_BUILTINS_H
