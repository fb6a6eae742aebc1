//===- LowerFlat.cpp - Flat lowering --------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#flat-lowering. Scalars are carried as the flat values that they lower to, so only
// variants have work here: the payload's values become those that all cases share.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Values AdapterBuilder::joinPayload(Values values, TypeRange joined) {
  assert(values.size() <= joined.size() && "a case has no more flat values than its variant");
  Values out;
  for (auto [i, type] : llvm::enumerate(joined))
    out.push_back(i < values.size() ? reinterpret(values[i], type) : e.zero(type));
  return out;
}

Type lowering::llvmType(MLIRContext *context, abi::Flat flat) {
  switch (flat) {
  case abi::Flat::I32:
    return IntegerType::get(context, 32);
  case abi::Flat::I64:
    return IntegerType::get(context, 64);
  case abi::Flat::F32:
    return Float32Type::get(context);
  case abi::Flat::F64:
    return Float64Type::get(context);
  case abi::Flat::Ptr:
    return LLVM::LLVMPointerType::get(context);
  }
  llvm_unreachable("all flat types are listed");
}

LLVM::LLVMFunctionType lowering::llvmType(MLIRContext *context,
                                          const abi::FlatSignature &signature) {
  Types params;
  for (abi::Flat flat : signature.params)
    params.push_back(llvmType(context, flat));
  Type result = signature.results.empty() ? LLVM::LLVMVoidType::get(context)
                                          : llvmType(context, signature.results.front());
  return LLVM::LLVMFunctionType::get(result, params);
}

Types AdapterBuilder::coreTypes(ArrayRef<abi::Flat> flats) {
  Types types;
  for (abi::Flat flat : flats)
    types.push_back(llvmType(e.getBuilder().getContext(), flat));
  return types;
}
