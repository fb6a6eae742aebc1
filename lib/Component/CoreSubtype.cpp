//===- CoreSubtype.cpp - Matching of core definitions ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a core instance is given must match what its module imports. References to defined types are
// numbers of the arena's table.
//
//===----------------------------------------------------------------------===//

#include "CoreSubtype.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static llvm::StringRef spell(wasm::ExternKind kind) {
  static constexpr llvm::StringLiteral names[] = {"func", "table", "memory", "global", "tag"};
  return names[unsigned(kind)];
}

static std::string str(wasm::ValType type, const CoreTypeTable *types);

static std::string str(llvm::ArrayRef<wasm::ValType> list, const CoreTypeTable *types) {
  std::string text = "[";
  llvm::StringRef separator = "";
  for (wasm::ValType type : list) {
    text += separator.str() + str(type, types);
    separator = " ";
  }
  return text + "]";
}

static std::string str(const wasm::FuncType &type, const CoreTypeTable *types) {
  return str(type.params, types) + " -> " + str(type.results, types);
}

/// A reference to a defined type is written out once, and inside of that as `(ref func)`.
static std::string str(wasm::ValType type, const CoreTypeTable *types) {
  if (!type.isRef() || type.getHeap() != wasm::ValType::Concrete)
    return wasm::toString(type);
  std::string text = type.isNullable() ? "(ref null func" : "(ref func";
  if (types)
    text += " " + str(types->getFunc(type.getTypeIndex()), nullptr);
  return text + ")";
}

std::string component::str(const wasm::FuncType &type) { return ::str(type, nullptr); }

static std::string str(const wasm::Limits &limits) {
  std::string text = limits.is64 ? "i64 " : "";
  text += std::to_string(limits.min);
  if (limits.max)
    text += " " + std::to_string(*limits.max);
  return text + (limits.shared ? " shared" : "");
}

static std::string describe(const CoreExtern &type, const CoreTypeTable &types) {
  std::string text = spell(type.kind).str() + " ";
  switch (type.kind) {
  case wasm::ExternKind::Func:
  case wasm::ExternKind::Tag:
    return text + str(type.func, &types);
  case wasm::ExternKind::Table:
    return text + str(type.table.limits) + " " + str(type.table.element, &types);
  case wasm::ExternKind::Memory:
    return text + str(type.memory.limits) + (type.memory.pageSizeLog2 != 16 ? " (pagesize 1)" : "");
  case wasm::ExternKind::Global:
    return text + (type.global.isMutable ? "mut " : "") + str(type.global.type, &types);
  }
  llvm_unreachable("all kinds are above");
}

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

/// Core specification, "Reference types / Matching".
static bool isSubtype(wasm::ValType found, wasm::ValType expected, const CoreTypeTable &types) {
  if (found == expected)
    return true;
  if (!found.isRef() || !expected.isRef() || (found.isNullable() && !expected.isNullable()))
    return false;
  wasm::ValType::Heap heap = found.getHeap();
  switch (expected.getHeap()) {
  case wasm::ValType::Func:
    return found.isFuncRef();
  case wasm::ValType::Extern:
    return heap == wasm::ValType::Extern || heap == wasm::ValType::NoExtern;
  case wasm::ValType::Exn:
    return heap == wasm::ValType::Exn || heap == wasm::ValType::NoExn;
  case wasm::ValType::Concrete:
    return heap == wasm::ValType::NoFunc ||
           (heap == wasm::ValType::Concrete &&
            types.isSubtype(found.getTypeIndex(), expected.getTypeIndex()));
  case wasm::ValType::NoHeap:
  case wasm::ValType::NoFunc:
  case wasm::ValType::NoExtern:
  case wasm::ValType::NoExn:
  case wasm::ValType::Any:
    return heap == expected.getHeap();
  }
  llvm_unreachable("all heap types are above");
}

static bool matches(const wasm::Limits &found, const wasm::Limits &expected) {
  return found.is64 == expected.is64 && found.shared == expected.shared &&
         found.min >= expected.min && (!expected.max || (found.max && *found.max <= *expected.max));
}

static bool matches(const CoreExtern &found, const CoreExtern &expected,
                    const CoreTypeTable &types) {
  if (found.kind != expected.kind)
    return false;
  switch (found.kind) {
  case wasm::ExternKind::Func:
  case wasm::ExternKind::Tag:
    return found.func == expected.func;
  case wasm::ExternKind::Table:
    return found.table.element == expected.table.element &&
           matches(found.table.limits, expected.table.limits);
  case wasm::ExternKind::Memory:
    return found.memory.pageSizeLog2 == expected.memory.pageSizeLog2 &&
           matches(found.memory.limits, expected.memory.limits);
  case wasm::ExternKind::Global:
    if (found.global.isMutable != expected.global.isMutable)
      return false;
    return found.global.isMutable ? found.global.type == expected.global.type
                                  : isSubtype(found.global.type, expected.global.type, types);
  }
  llvm_unreachable("all kinds are above");
}

std::optional<std::string> component::mismatch(const CoreExtern &found, const CoreExtern &expected,
                                               const CoreTypeTable &types) {
  if (matches(found, expected, types))
    return std::nullopt;
  return "expected " + describe(expected, types) + ", found " + describe(found, types);
}

/// Imports are named by two strings; the length of the first keeps them apart.
static std::string importKey(const CoreImport &import) {
  return std::to_string(import.module.size()) + ":" + import.module.str() + import.name.str();
}

std::optional<std::string> component::mismatch(const ModuleType &found, const ModuleType &expected,
                                               const CoreTypeTable &types) {
  llvm::StringMap<const CoreImport *> given;
  for (const CoreImport &import : expected.imports)
    given.try_emplace(importKey(import), &import);
  for (const CoreImport &import : found.imports) {
    std::string name = (import.module + "' '" + import.name).str();
    const CoreImport *supplied = given.lookup(importKey(import));
    if (!supplied)
      return "it imports '" + name + "', which is not expected";
    if (std::optional<std::string> why = mismatch(supplied->type, import.type, types))
      return "import '" + name + "': " + *why;
  }
  for (const CoreExports::Entry &wanted : expected.exports.list()) {
    const CoreExtern *exported = found.exports.find(wanted.name);
    if (!exported)
      return "missing export '" + wanted.name.str() + "': " + describe(wanted.type, types);
    if (std::optional<std::string> why = mismatch(*exported, wanted.type, types))
      return "export '" + wanted.name.str() + "': " + *why;
  }
  return std::nullopt;
}
