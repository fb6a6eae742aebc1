//===- ValueTypes.cpp - Core types in LLVM's terms ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ValueTypes.h"
#include "llvm/ADT/STLExtras.h"
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

llvm::Type *codegen::llvmResultType(llvm::LLVMContext &context, const wasm::FuncType &type) {
  if (type.results.empty())
    return llvm::Type::getVoidTy(context);
  if (type.results.size() == 1)
    return llvmType(context, type.results.front());
  llvm::SmallVector<llvm::Type *, 4> results;
  for (auto [index, result] : llvm::enumerate(type.results)) {
    // Behind the second one x86-64 returns a float in an x87 register, which changes signalling
    // NaNs.
    llvm::Type *slot = llvmType(context, result);
    bool isInteger = index >= 2 && slot->isFloatingPointTy();
    results.push_back(isInteger ? slot->getIntNTy(context, slot->getScalarSizeInBits()) : slot);
  }
  return llvm::StructType::get(context, results);
}
