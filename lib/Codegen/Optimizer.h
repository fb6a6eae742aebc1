//===- Optimizer.h - The optimisation pipeline ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_OPTIMIZER_H
#define TENON_LIB_CODEGEN_OPTIMIZER_H

#include "tenon/Codegen/Codegen.h"

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace tenon::codegen {

/// LLVM's default pipeline of the level, with our passes at their places: floats are made exact as
/// soon as locals are values, pins are lifted before the vectoriser and settled after the last
/// pass.
void optimize(llvm::Module &module, llvm::TargetMachine &machine, const CodegenOptions &options);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_OPTIMIZER_H
