//===- BuildProgram.h - Stage core -> codegen::Program ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_BUILDPROGRAM_H
#define TENON_DRIVER_BUILDPROGRAM_H

#include "tenon/Codegen/Program.h"

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tenon::driver {

/// Finds the core module of a hash; null when there is none.
using FindModule = llvm::function_ref<const wasm::Module *(llvm::StringRef hash)>;

/// Appends what stage `core` names (component instances, core instances with their wiring, exports)
/// to a program. The adapters themselves are not part of it.
void buildProgram(mlir::ModuleOp module, FindModule findModule, codegen::Program &program);

} // namespace tenon::driver

#endif // TENON_DRIVER_BUILDPROGRAM_H
