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
class FunctionType;
class LLVMContext;
class StructType;
class Type;
} // namespace llvm

namespace tenon::codegen {

/// The LLVM type of a value (Codegen.h, calling convention of core functions).
llvm::Type *llvmType(llvm::LLVMContext &context, wasm::ValType type);
/// The results as a struct, in their order.
llvm::StructType *llvmResultStruct(llvm::LLVMContext &context, const wasm::FuncType &type);
/// Whether a function stores its results in an area of its caller's (a `llvmResultStruct`) instead
/// of returning them: more than two do not fit in registers everywhere (of three floats x86-64
/// returns one in an x87 register, which changes signalling NaNs), and a tail call has to hand the
/// place on.
bool returnsInMemory(const wasm::FuncType &type);
/// The signature of a core function: the context (`hasContext`), the result area if there is one,
/// the parameters; void, the one result, or a struct of two.
llvm::FunctionType *llvmFunctionType(llvm::LLVMContext &context, const wasm::FuncType &type,
                                     bool hasContext);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_VALUETYPES_H
