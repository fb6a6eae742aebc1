//===- Target.h - Target machines and objects ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_TARGET_H
#define TENON_LIB_CODEGEN_TARGET_H

#include "tenon/Codegen/Codegen.h"
#include <memory>

namespace llvm {
class Module;
class TargetLibraryInfoImpl;
class TargetMachine;
} // namespace llvm

namespace tenon::codegen {

/// Makes the targets known that we generate code for; before any thread starts.
void initializeTargets();
FailureOr<std::unique_ptr<llvm::TargetMachine>> makeTargetMachine(const CodegenOptions &options,
                                                                  Diagnostics &diags);
/// Whether vectors of floats are multiplied and added in one instruction.
bool hasFusedMultiplyAdd(const llvm::TargetMachine &machine);
/// Of C's library there is memcpy and its kin, nothing else.
llvm::TargetLibraryInfoImpl libraryInfo(const CodegenOptions &options);
llvm::SmallVector<char, 0> emitObject(llvm::Module &module, llvm::TargetMachine &machine,
                                      const CodegenOptions &options);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_TARGET_H
