//===- ValueModules.cpp - The core module of value definitions ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that are one flat value are constants of the module's functions; all others are its data.
//
//===----------------------------------------------------------------------===//

#include "ValueModules.h"
#include "CoreModuleWriter.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using abi::Flat;

static constexpr abi::PtrKind ptr = abi::PtrKind::I32;

uint32_t tenon::pagesFor(uint64_t bytes) {
  return uint32_t(llvm::divideCeil(bytes, uint64_t(1) << pageLog2));
}

wasm::ValType tenon::coreType(abi::Flat flat) {
  switch (flat) {
  case Flat::I32:
    return wasm::ValType::I32;
  case Flat::I64:
    return wasm::ValType::I64;
  case Flat::F32:
    return wasm::ValType::F32;
  case Flat::F64:
    return wasm::ValType::F64;
  case Flat::Ptr:
    break;
  }
  llvm_unreachable("pointers of a core module are i32");
}

wasm::FuncType tenon::coreType(const abi::FlatSignature &signature) {
  wasm::FuncType type;
  for (Flat flat : signature.params)
    type.params.push_back(coreType(flat));
  for (Flat flat : signature.results)
    type.results.push_back(coreType(flat));
  return type;
}

static void pushConstant(CoreBody &body, Flat flat, uint64_t bits) {
  switch (flat) {
  case Flat::I32:
    return body.i32(uint32_t(bits));
  case Flat::I64:
    return body.i64(bits);
  case Flat::F32:
    return body.f32(uint32_t(bits));
  default:
    return body.f64(bits);
  }
}

std::optional<std::vector<uint8_t>> tenon::makeValuesModule(LayoutCache &layouts,
                                                            llvm::ArrayRef<DefinedValue> values,
                                                            bool &hasMemory) {
  CoreModuleWriter module("definitions");
  ValueData data(layouts);
  hasMemory = false;
  for (const DefinedValue &value : values) {
    abi::Type type = layouts.get(value.type);
    std::optional<uint32_t> address = data.add(value.type, value.bytes);
    if (!address)
      return std::nullopt;
    abi::FlatSignature signature = abi::flattenFunctype({}, {type}, ptr, abi::Context::Lift);
    CoreBody body;
    if (signature.resultsInMemory)
      body.i32(*address);
    else
      pushConstant(body, signature.results.front(), data.get(*address, abi::elemSize(type, ptr)));
    hasMemory |= signature.resultsInMemory;
    module.exportFunc(std::to_string(value.index), module.addFunc(coreType(signature), body));
  }
  if (hasMemory) {
    uint32_t pages = pagesFor(data.getBytes().size());
    module.addMemory(pages, pages);
    module.exportMemory("memory");
    module.addData(data.getBytes());
  }
  return module.take();
}
