//===- AsyncBuiltins.h - Core functions made by built-ins of async *- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_ASYNCBUILTINS_H
#define TENON_LIB_LOWERING_ASYNCBUILTINS_H

#include "Adapter.h"

namespace tenon::lowering {

/// What such a built-in knows. `side` is the instance whose tables it works on, and its memory.
struct AsyncBuiltinSpec {
  llvm::StringRef name; ///< as CanonicalABI.md calls it
  Side side;
  mlir::LLVM::LLVMFunctionType type;
  bool isAsync = false;   ///< the option or immediate of that name
  uint32_t slot = 0;      ///< context.get and set
  uint32_t end = 0;       ///< the type of end that it takes, or of the readable end that it makes
  uint64_t traits = 0;    ///< tenon_copy_traits of the elements
  uint32_t signature = 0; ///< task.return
};

/// Whether there is something to be built for a built-in of this name with this core type.
bool isAsyncBuiltin(llvm::StringRef name, mlir::LLVM::LLVMFunctionType type);
/// The body of one that is not task.return.
void buildAsyncBuiltin(const AsyncBuiltinSpec &spec, Functions &functions,
                       mlir::LLVM::LLVMFuncOp function);
/// CanonicalABI.md#canon-taskreturn: gives its arguments to the deliverer of the task that runs. A
/// null one is that of a task that must not return so.
void buildTaskReturn(const AsyncBuiltinSpec &spec, Functions &functions,
                     mlir::LLVM::LLVMFuncOp function,
                     llvm::ArrayRef<mlir::LLVM::LLVMFuncOp> deliverers);

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_ASYNCBUILTINS_H
