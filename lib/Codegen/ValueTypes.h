//===- ValueTypes.h - Core types in LLVM's terms ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_VALUETYPES_H
#define TENON_LIB_CODEGEN_VALUETYPES_H

#include "tenon/Wasm/Types.h"

namespace llvm {
class LLVMContext;
class Type;
} // namespace llvm

namespace tenon::codegen {

/// The LLVM type of a value (Codegen.h, calling convention of core functions).
llvm::Type *llvmType(llvm::LLVMContext &context, wasm::ValType type);
/// void, the one result, or a struct of the results, in which floats from the third on are integers
/// of their bits.
llvm::Type *llvmResultType(llvm::LLVMContext &context, const wasm::FuncType &type);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_VALUETYPES_H
