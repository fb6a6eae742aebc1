//===- HugeFunctions.h - Functions that are not optimised -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_HUGEFUNCTIONS_H
#define TENON_LIB_CODEGEN_HUGEFUNCTIONS_H

#include "tenon/Wasm/Module.h"
#include "llvm/IR/Function.h"

namespace tenon::codegen {

/// Whether a function is compiled as at -O0 at every level. It depends on the body alone.
bool isHuge(const wasm::Function &function);
/// The same for an adapter: it has code for each part of its type, and a type may have thousands.
bool isHuge(const llvm::Function &adapter);
/// Whether any adapter in bitcode of that size can be huge.
bool mayHoldHuge(llvm::StringRef bitcode);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_HUGEFUNCTIONS_H
