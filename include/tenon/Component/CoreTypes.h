//===- CoreTypes.h - Function types that references name --------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `(ref 3)` means the type 3 of a module or of a component. To compare references of different
// ones, the types of core definitions in a TypeArena (CoreExtern) give a number of this table in
// its place: equal types have one number.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_CORETYPES_H
#define TENON_COMPONENT_CORETYPES_H

#include "tenon/Wasm/Module.h"
#include <map>

namespace tenon::component {

class CoreTypeTable {
public:
  /// The number of the type with this digest. `func` is for messages, `supertype` a number.
  uint32_t intern(const wasm::TypeDigest &digest, const wasm::FuncType &func,
                  std::optional<uint32_t> supertype);
  /// The number of a final type without supertypes, which is its own recursive group. References
  /// in `func` are numbers.
  uint32_t intern(const wasm::FuncType &func);

  const wasm::FuncType &getFunc(uint32_t number) const { return entries[number].func; }
  /// Whether one is the other or a declared subtype of it.
  bool isSubtype(uint32_t sub, uint32_t super) const;

private:
  struct Entry {
    wasm::TypeDigest digest;
    wasm::FuncType func;
    std::optional<uint32_t> supertype;
  };
  std::vector<Entry> entries;
  std::map<wasm::TypeDigest, uint32_t> numbers;
};

/// Replaces the indices of a module's types in types that the module uses by numbers of a table.
class CoreTypeNumbers {
public:
  CoreTypeNumbers(const wasm::Module &module, CoreTypeTable &table)
      : module(module), table(table) {}

  wasm::ValType renumber(wasm::ValType type);
  wasm::FuncType renumber(const wasm::FuncType &type);

private:
  const wasm::Module &module;
  CoreTypeTable &table;
  std::vector<uint32_t> numbers; ///< by type index; made at the first reference
};

} // namespace tenon::component

#endif // TENON_COMPONENT_CORETYPES_H
