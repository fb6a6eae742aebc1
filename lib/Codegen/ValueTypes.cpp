//===- ValueTypes.cpp - Core types in LLVM's terms ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ValueTypes.h"
#include "llvm/IR/DerivedTypes.h"

using namespace tenon;

llvm::Type *codegen::llvmType(llvm::LLVMContext &context, wasm::ValType type) {
  switch (type.getKind()) {
  case wasm::ValType::I32:
    return llvm::Type::getInt32Ty(context);
  case wasm::ValType::I64:
    return llvm::Type::getInt64Ty(context);
  case wasm::ValType::F32:
    return llvm::Type::getFloatTy(context);
  case wasm::ValType::F64:
    return llvm::Type::getDoubleTy(context);
  case wasm::ValType::V128:
    return llvm::FixedVectorType::get(llvm::Type::getInt64Ty(context), 2);
  case wasm::ValType::Ref:
    return llvm::PointerType::get(context, 0);
  case wasm::ValType::Bottom:
    break;
  }
  llvm_unreachable("no value has the bottom type");
}

llvm::StructType *codegen::llvmResultStruct(llvm::LLVMContext &context,
                                            const wasm::FuncType &type) {
  llvm::SmallVector<llvm::Type *, 4> results;
  for (wasm::ValType result : type.results)
    results.push_back(llvmType(context, result));
  return llvm::StructType::get(context, results);
}

bool codegen::returnsInMemory(const wasm::FuncType &type) { return type.results.size() > 2; }

static llvm::Type *returnType(llvm::LLVMContext &context, const wasm::FuncType &type) {
  if (type.results.empty() || codegen::returnsInMemory(type))
    return llvm::Type::getVoidTy(context);
  if (type.results.size() == 1)
    return codegen::llvmType(context, type.results.front());
  return codegen::llvmResultStruct(context, type);
}

llvm::FunctionType *codegen::llvmFunctionType(llvm::LLVMContext &context,
                                              const wasm::FuncType &type, bool hasContext) {
  llvm::SmallVector<llvm::Type *, 8> params(hasContext + returnsInMemory(type),
                                            llvm::PointerType::get(context, 0));
  for (wasm::ValType param : type.params)
    params.push_back(llvmType(context, param));
  return llvm::FunctionType::get(returnType(context, type), params, false);
}
