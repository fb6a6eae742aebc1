//===- ValidateCoreTypes.cpp - Core types and core modules ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Component/CoreTypes.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Core modules
//===----------------------------------------------------------------------===//

/// `type` is a wasm::ExternType or a wasm::Import.
template <typename T> static CoreExtern externOf(const wasm::Module &module, const T &type) {
  CoreExtern result;
  result.kind = type.kind;
  if (type.kind == wasm::ExternKind::Func || type.kind == wasm::ExternKind::Tag)
    result.func = module.types[type.typeIndex];
  result.table = type.table;
  result.memory = type.memory;
  result.global = type.global;
  return result;
}

ModuleTypeId component::moduleTypeOf(const wasm::Module &module, TypeArena &arena) {
  CoreTypeNumbers numbers(module, arena.getCoreTypes());
  auto renumber = [&](CoreExtern type) {
    type.func = numbers.renumber(type.func);
    type.table.element = numbers.renumber(type.table.element);
    type.global.type = numbers.renumber(type.global.type);
    return type;
  };
  ModuleType type;
  for (const wasm::Import &import : module.imports)
    type.imports.push_back({import.module, import.name, renumber(externOf(module, import))});
  for (const wasm::Export &exported : module.exports)
    type.exports.add(exported.name,
                     renumber(externOf(module, wasm::typeOfExport(module, exported))));
  return arena.makeModule(std::move(type));
}

/// Two-level names become one-level names some day, so each must be unique (Binary.md).
static std::string importKey(llvm::StringRef module, llvm::StringRef name) {
  return std::to_string(module.size()) + ":" + module.str() + name.str();
}

LogicalResult Validator::visit(Scope &scope, CoreModule &module, Location location) {
  if (options.validateCoreModules && failed(wasm::validateModule(*module.module, diags)))
    return failure();
  llvm::StringMap<bool> names;
  for (const wasm::Import &import : module.module->imports)
    if (!names.try_emplace(importKey(import.module, import.name), true).second)
      return diags.error(import.location, "duplicate import '")
             << import.module << "' '" << import.name << "' of a module in a component";
  scope.spaces->coreModules.push_back(moduleTypeOf(*module.module, arena));
  return success();
}

//===----------------------------------------------------------------------===//
// Core types
//===----------------------------------------------------------------------===//

/// Makes a type's index in `space` a number of the arena's table.
LogicalResult Validator::resolve(wasm::ValType &type, llvm::ArrayRef<CoreTypeEntry> space,
                                 Location location) {
  if (!type.isRef() || type.getHeap() != wasm::ValType::Concrete)
    return success();
  uint32_t index = type.getTypeIndex();
  if (failed(checkIndex(index, space, "core type", location)))
    return failure();
  if (space[index].isModule)
    return diags.error(location, "core type ")
           << index << " is a module type: there are no references to modules";
  uint32_t number = arena.getCoreTypes().intern(space[index].func);
  type = wasm::ValType::ref(wasm::ValType::Concrete, type.isNullable(), number);
  return success();
}

FailureOr<wasm::FuncType>
Validator::resolve(wasm::FuncType type, llvm::ArrayRef<CoreTypeEntry> space, Location location) {
  for (wasm::ValType &param : type.params)
    if (failed(resolve(param, space, location)))
      return failure();
  for (wasm::ValType &result : type.results)
    if (failed(resolve(result, space, location)))
      return failure();
  return type;
}

FailureOr<CoreTypeEntry> Validator::visit(Scope &scope, const CoreTypeDecl &decl,
                                          Location location) {
  CoreTypeEntry entry;
  entry.isModule = decl.isModule;
  if (!decl.isModule) {
    FailureOr<wasm::FuncType> func = resolve(decl.func, scope.spaces->coreTypes, location);
    if (failed(func))
      return failure();
    entry.func = *func;
    return entry;
  }
  ModuleType module;
  std::vector<CoreTypeEntry> types;
  llvm::StringMap<bool> imports;
  for (const CoreModuleDecl &one : decl.decls)
    if (failed(visitModuleDecl(scope, one, types, imports, module)))
      return failure();
  entry.module = arena.makeModule(std::move(module));
  return entry;
}

LogicalResult Validator::visitModuleDecl(Scope &scope, const CoreModuleDecl &decl,
                                         std::vector<CoreTypeEntry> &types,
                                         llvm::StringMap<bool> &imports, ModuleType &out) {
  switch (decl.kind) {
  case CoreModuleDecl::Type: {
    if (decl.type.isModule)
      return diags.error(decl.location, "a module type can't be defined inside a module type");
    FailureOr<wasm::FuncType> func = resolve(decl.type.func, types, decl.location);
    if (failed(func))
      return failure();
    types.emplace_back().func = *func;
    return success();
  }
  case CoreModuleDecl::Alias: {
    // Scopes are counted from the module type itself, which has function types only.
    if (decl.outerCount == 0) {
      if (failed(checkIndex(decl.outerIndex, types, "core type", decl.location)))
        return failure();
      types.push_back(types[decl.outerIndex]);
      return success();
    }
    Scope *target = &scope;
    for (uint32_t i = 1; i < decl.outerCount && target; ++i)
      target = target->parent;
    if (!target)
      return diags.error(decl.location, "invalid outer alias count ") << decl.outerCount;
    const std::vector<CoreTypeEntry> &space = target->spaces->coreTypes;
    if (failed(checkIndex(decl.outerIndex, space, "core type", decl.location)))
      return failure();
    if (space[decl.outerIndex].isModule)
      return diags.error(decl.location, "a module type can't be aliased inside a module type");
    types.push_back(space[decl.outerIndex]);
    return success();
  }
  case CoreModuleDecl::Import: {
    FailureOr<CoreExtern> type = visitCoreExtern(decl.externType, types, decl.location);
    if (failed(type))
      return failure();
    if (!imports.try_emplace(importKey(decl.module, decl.name), true).second)
      return diags.error(decl.location, "duplicate import '")
             << decl.module << "' '" << decl.name << "' of a module type";
    out.imports.push_back({decl.module, decl.name, *type});
    return success();
  }
  case CoreModuleDecl::Export: {
    FailureOr<CoreExtern> type = visitCoreExtern(decl.externType, types, decl.location);
    if (failed(type))
      return failure();
    if (!out.exports.add(decl.name, *type))
      return diags.error(decl.location, "duplicate export '") << decl.name << "' of a module type";
    return success();
  }
  }
  llvm_unreachable("all kinds are above");
}

LogicalResult Validator::checkLimits(const wasm::Limits &limits, uint64_t most, const char *what,
                                     Location location) {
  if (limits.min > most || (limits.max && *limits.max > most))
    return diags.error(location, what) << " must be at most " << most;
  if (limits.max && *limits.max < limits.min)
    return diags.error(location, what) << " minimum must not be greater than maximum";
  if (limits.shared && !limits.max)
    return diags.error(location, "a shared memory must have a maximum size");
  return success();
}

FailureOr<CoreExtern> Validator::visitCoreExtern(const CoreExternDecl &decl,
                                                 llvm::ArrayRef<CoreTypeEntry> types,
                                                 Location location) {
  CoreExtern type;
  type.kind = decl.kind;
  type.table = decl.table;
  type.memory = decl.memory;
  type.global = decl.global;
  if (failed(resolve(type.table.element, types, location)) ||
      failed(resolve(type.global.type, types, location)))
    return failure();
  switch (decl.kind) {
  case wasm::ExternKind::Func:
  case wasm::ExternKind::Tag:
    if (failed(checkIndex(decl.typeIndex, types, "core type", location)))
      return failure();
    type.func = types[decl.typeIndex].func;
    if (decl.kind == wasm::ExternKind::Tag && !type.func.results.empty())
      return diags.error(location, "a tag can't have results");
    return type;
  case wasm::ExternKind::Table: {
    uint64_t most = decl.table.limits.is64 ? UINT64_MAX : UINT32_MAX;
    if (failed(checkLimits(decl.table.limits, most, "table size", location)))
      return failure();
    return type;
  }
  case wasm::ExternKind::Memory: {
    unsigned bits = (decl.memory.limits.is64 ? 64 : 32) - decl.memory.pageSizeLog2;
    uint64_t most = bits == 64 ? UINT64_MAX : uint64_t(1) << bits;
    if (failed(checkLimits(decl.memory.limits, most, "memory size", location)))
      return failure();
    return type;
  }
  case wasm::ExternKind::Global:
    return type;
  }
  llvm_unreachable("all kinds are above");
}
