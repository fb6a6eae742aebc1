//===- CoreTypes.cpp - Function types that references name ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/CoreTypes.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::component;

uint32_t CoreTypeTable::intern(const wasm::TypeDigest &digest, const wasm::FuncType &func,
                               std::optional<uint32_t> supertype) {
  auto [entry, isNew] = numbers.try_emplace(digest, uint32_t(entries.size()));
  if (isNew)
    entries.push_back({digest, func, supertype});
  return entry->second;
}

uint32_t CoreTypeTable::intern(const wasm::FuncType &func) {
  wasm::TypeDigest digest = wasm::digestOf(
      func, [&](uint32_t number) -> const wasm::TypeDigest & { return entries[number].digest; });
  return intern(digest, func, std::nullopt);
}

bool CoreTypeTable::isSubtype(uint32_t sub, uint32_t super) const {
  for (std::optional<uint32_t> number = sub; number; number = entries[*number].supertype)
    if (*number == super)
      return true;
  return false;
}

wasm::ValType CoreTypeNumbers::renumber(wasm::ValType type) {
  if (!type.isRef() || type.getHeap() != wasm::ValType::Concrete)
    return type;
  // In order, so that supertypes have their numbers.
  for (uint32_t i = uint32_t(numbers.size()); i < module.types.size(); ++i) {
    const wasm::TypeDecl &decl = module.typeDecls[i];
    std::optional<uint32_t> supertype;
    if (decl.supertype && *decl.supertype < i)
      supertype = numbers[*decl.supertype];
    numbers.push_back(table.intern(decl.digest, module.types[i], supertype));
  }
  return wasm::ValType::ref(wasm::ValType::Concrete, type.isNullable(),
                            numbers[type.getTypeIndex()]);
}

wasm::FuncType CoreTypeNumbers::renumber(const wasm::FuncType &type) {
  wasm::FuncType result = type;
  for (wasm::ValType &param : result.params)
    param = renumber(param);
  for (wasm::ValType &one : result.results)
    one = renumber(one);
  return result;
}
