//===- HoistChecks.h - Checks of handles out of loops -----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A handle of a virtualizer's resource stands for a handle of the next virtualizer's. When all of
// them are inlined into a loop, each check can leave it, but only one after the other: what the
// second looks up is loaded behind the first. LLVM's pipeline takes one step, and this takes the
// others.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_HOISTCHECKS_H
#define TENON_LIB_CODEGEN_HOISTCHECKS_H

#include "llvm/IR/PassManager.h"

namespace tenon::codegen {

/// Hoists loads and unswitches on checks of handles until no check leaves a loop any more.
struct HoistChecksPass : llvm::PassInfoMixin<HoistChecksPass> {
  llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
};

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_HOISTCHECKS_H
