//===- ValidateInstances.cpp - Instances and aliases ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md#instance-definitions and #alias-definitions. Instantiating a component substitutes
// what is supplied for its imported resources and makes its own anew: `Instantiation` of Subtype.h.
//
//===----------------------------------------------------------------------===//

#include "CoreSubtype.h"
#include "Origins.h"
#include "ValidatorImpl.h"
#include "tenon/Component/Subtype.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Core instances
//===----------------------------------------------------------------------===//

LogicalResult Validator::visit(Scope &scope, const CoreInstance &instance, Location location) {
  if (!instance.isInstantiate)
    return bundleCore(scope, instance, location);
  IndexSpaces &spaces = *scope.spaces;
  if (failed(checkIndex(instance.module, spaces.coreModules, "core module", location)))
    return failure();
  llvm::DenseMap<llvm::StringRef, uint32_t> args;
  for (const CoreInstance::Arg &arg : instance.args) {
    if (failed(checkIndex(arg.instance, spaces.coreInstances, "core instance", location)))
      return failure();
    if (!args.try_emplace(arg.name, arg.instance).second)
      return diags.error(location, "duplicate argument '") << arg.name << "' of a core instance";
  }
  const ModuleType &module = arena.getModule(spaces.coreModules[instance.module]);
  arena.countWork(module.imports.size());
  for (const CoreImport &import : module.imports) {
    auto arg = args.find(import.module);
    if (arg == args.end())
      return diags.error(location, "missing argument '")
             << import.module << "', from which the core module imports '" << import.name << "'";
    const CoreExtern *exported = spaces.coreInstances[arg->second]->find(import.name);
    if (!exported)
      return diags.error(location, "the argument '")
             << import.module << "' does not export '" << import.name << "'";
    if (std::optional<std::string> why =
            mismatch(*exported, import.type, arena.getCoreTypes())) {
      std::optional<SortIndex> item = findCoreItem(*scope.component, arg->second, import.name);
      std::string origin = item ? describeOrigin(*scope.component, *item) : "";
      return diags.error(location, "import '")
             << import.module << "' '" << import.name << "'"
             << (origin.empty() ? "" : " (" + origin + ")") << ": " << *why;
    }
  }
  // The arena keeps module types for good.
  spaces.coreInstances.emplace_back(std::shared_ptr<const CoreExports>(), &module.exports);
  return success();
}

LogicalResult Validator::bundleCore(Scope &scope, const CoreInstance &instance, Location location) {
  IndexSpaces &spaces = *scope.spaces;
  auto exports = std::make_shared<CoreExports>();
  for (const CoreInlineExport &one : instance.exports) {
    CoreExtern type;
    uint32_t index = one.item.index;
    auto take = [&](wasm::ExternKind kind, const auto &space, auto &slot) -> LogicalResult {
      if (failed(checkIndex(index, space, spell(one.item.sort), location)))
        return failure();
      type.kind = kind;
      slot = space[index];
      return success();
    };
    LogicalResult taken = failure();
    switch (one.item.sort) {
    case Sort::CoreFunc:
      taken = take(wasm::ExternKind::Func, spaces.coreFuncs, type.func);
      break;
    case Sort::CoreTable:
      taken = take(wasm::ExternKind::Table, spaces.coreTables, type.table);
      break;
    case Sort::CoreMemory:
      taken = take(wasm::ExternKind::Memory, spaces.coreMemories, type.memory);
      break;
    case Sort::CoreGlobal:
      taken = take(wasm::ExternKind::Global, spaces.coreGlobals, type.global);
      break;
    case Sort::CoreTag:
      taken = take(wasm::ExternKind::Tag, spaces.coreTags, type.func);
      break;
    default:
      return diags.error(location, "a core instance can't export the sort ")
             << spell(one.item.sort);
    }
    if (failed(taken))
      return failure();
    if (!exports->add(one.name, type))
      return diags.error(location, "duplicate export '") << one.name << "' of a core instance";
  }
  spaces.coreInstances.push_back(std::move(exports));
  return success();
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

/// Says where an import of a component is declared, or else where the component comes from.
LogicalResult Validator::noteImport(Scope &scope, uint32_t component, llvm::StringRef name) {
  const Definition *definition = findDefinition(*scope.component, {Sort::Component, component});
  if (!definition)
    return failure();
  Location location = definition->location;
  if (const auto *nested = definition->getIf<NestedComponent>())
    for (const Definition &inner : nested->component->definitions)
      if (const Import *import = inner.getIf<Import>(); import && import->name.name == name)
        location = import->name.location;
  diags.note(location, "the import '") << name << "' is declared here";
  return failure();
}

/// Says where something that does not fit was made.
LogicalResult Validator::noteItem(Scope &scope, SortIndex item) {
  if (const Definition *definition = findDefinition(*scope.component, item))
    diags.note(definition->location, "what does not fit is this ") << spell(item.sort);
  return failure();
}

LogicalResult Validator::visit(Scope &scope, const Instance &instance, Location location) {
  if (!instance.isInstantiate)
    return bundle(scope, instance, location);
  if (failed(checkIndex(instance.component, scope.spaces->components, "component", location)))
    return failure();
  TypeId componentType = scope.spaces->components[instance.component];
  llvm::DenseMap<llvm::StringRef, std::pair<ExternType, const Instance::Arg *>> args;
  for (const Instance::Arg &arg : instance.args) {
    FailureOr<ExternType> type = typeOf(scope, arg.item, arg.location);
    if (failed(type))
      return failure();
    if (!args.try_emplace(arg.name, std::pair(*type, &arg)).second)
      return diags.error(arg.location, "duplicate argument '") << arg.name << "' of an instance";
  }
  Instantiation instantiation(arena, componentType, diags);
  for (const NamedExtern &import : arena.getComponent(componentType).imports) {
    auto arg = args.find(import.name);
    if (arg == args.end()) {
      (void)LogicalResult(diags.error(location, "missing argument for the import '")
                          << import.name << "': " << arena.str(import.type));
      return noteImport(scope, instance.component, import.name);
    }
    const auto &[type, given] = arg->second;
    if (failed(instantiation.supply(import.name, type, given->location))) {
      (void)noteImport(scope, instance.component, import.name);
      return noteItem(scope, given->item);
    }
  }
  TypeId type = instantiation.finish();
  scope.spaces->instances.push_back(type);
  addPaths(scope, ExternType::of(ExternKind::Instance, type));
  return checkType(type, location);
}

LogicalResult Validator::bundle(Scope &scope, const Instance &instance, Location location) {
  InstanceType type;
  NameScope names;
  for (const Instance::InlineExport &one : instance.exports) {
    FailureOr<ExternType> item = typeOf(scope, one.item, one.name.location);
    if (failed(item))
      return failure();
    // No index is introduced here, so nothing can refer to a resource by its name in this list.
    names.resources.clear();
    if (failed(checkName(one.name, *item, names, "export")))
      return failure();
    type.exports.add(one.name.name, *item);
  }
  TypeId id = arena.makeInstance(std::move(type));
  scope.spaces->instances.push_back(id);
  addPaths(scope, ExternType::of(ExternKind::Instance, id));
  return checkType(id, location);
}

//===----------------------------------------------------------------------===//
// Aliases
//===----------------------------------------------------------------------===//

LogicalResult Validator::visit(Scope &scope, const Alias &alias, Location location) {
  if (scope.kind != Scope::Component) {
    bool allowed = false;
    if (alias.target == Alias::Export)
      allowed = alias.sort == Sort::Type || alias.sort == Sort::Instance;
    else if (alias.target == Alias::Outer)
      allowed = alias.sort == Sort::Type || alias.sort == Sort::CoreType;
    if (!allowed)
      return diags.error(location,
                         "an alias inside a component or instance type can't be of the sort ")
             << spell(alias.sort);
  }
  switch (alias.target) {
  case Alias::Export:
    return visitExportAlias(scope, alias, location);
  case Alias::CoreExport:
    return visitCoreExportAlias(scope, alias, location);
  case Alias::Outer:
    return visitOuterAlias(scope, alias, location);
  }
  llvm_unreachable("all targets are above");
}

static std::optional<ExternKind> kindOf(Sort sort) {
  switch (sort) {
  case Sort::CoreModule:
    return ExternKind::CoreModule;
  case Sort::Func:
    return ExternKind::Func;
  case Sort::Value:
    return ExternKind::Value;
  case Sort::Type:
    return ExternKind::Type;
  case Sort::Component:
    return ExternKind::Component;
  case Sort::Instance:
    return ExternKind::Instance;
  default:
    return std::nullopt;
  }
}

LogicalResult Validator::visitExportAlias(Scope &scope, const Alias &alias, Location location) {
  if (failed(checkIndex(alias.instance, scope.spaces->instances, "instance", location)))
    return failure();
  const InstanceType &instance = arena.getInstance(scope.spaces->instances[alias.instance]);
  const ExternType *exported = instance.exports.find(alias.name);
  if (!exported)
    return diags.error(location, "instance ")
           << alias.instance << " has no export '" << alias.name << "'";
  if (kindOf(alias.sort) != exported->kind)
    return diags.error(location, "export '")
           << alias.name << "' of instance " << alias.instance << ": expected " << spell(alias.sort)
           << ", found " << spell(exported->kind);
  ExternType type = *exported;
  append(scope, type, location);
  addPaths(scope, type);
  return success();
}

LogicalResult Validator::visitCoreExportAlias(Scope &scope, const Alias &alias, Location location) {
  IndexSpaces &spaces = *scope.spaces;
  if (failed(checkIndex(alias.instance, spaces.coreInstances, "core instance", location)))
    return failure();
  const CoreExtern *exported = spaces.coreInstances[alias.instance]->find(alias.name);
  if (!exported)
    return diags.error(location, "core instance ")
           << alias.instance << " has no export '" << alias.name << "'";
  auto wrong = [&]() -> LogicalResult {
    return diags.error(location, "export '")
           << alias.name << "' of core instance " << alias.instance << ": expected "
           << spell(alias.sort);
  };
  switch (exported->kind) {
  case wasm::ExternKind::Func:
    if (alias.sort != Sort::CoreFunc)
      return wrong();
    spaces.coreFuncs.push_back(exported->func);
    return success();
  case wasm::ExternKind::Table:
    if (alias.sort != Sort::CoreTable)
      return wrong();
    spaces.coreTables.push_back(exported->table);
    return success();
  case wasm::ExternKind::Memory:
    if (alias.sort != Sort::CoreMemory)
      return wrong();
    spaces.coreMemories.push_back(exported->memory);
    return success();
  case wasm::ExternKind::Global:
    if (alias.sort != Sort::CoreGlobal)
      return wrong();
    spaces.coreGlobals.push_back(exported->global);
    return success();
  case wasm::ExternKind::Tag:
    if (alias.sort != Sort::CoreTag)
      return wrong();
    spaces.coreTags.push_back(exported->func);
    return success();
  }
  llvm_unreachable("all kinds are above");
}

LogicalResult Validator::visitOuterAlias(Scope &scope, const Alias &alias, Location location) {
  Scope *target = &scope;
  bool leavesComponent = false;
  for (uint32_t i = 0; i < alias.outerCount && target; ++i) {
    leavesComponent |= target->kind == Scope::Component;
    target = target->parent;
  }
  if (!target)
    return diags.error(location, "invalid outer alias count ") << alias.outerCount;
  uint32_t index = alias.outerIndex;
  auto take = [&](auto member) -> LogicalResult {
    auto &from = target->spaces->*member;
    if (failed(checkIndex(index, from, spell(alias.sort), location)))
      return failure();
    auto entry = from[index]; // a copy: both may be the same list
    (scope.spaces->*member).push_back(std::move(entry));
    return success();
  };
  switch (alias.sort) {
  case Sort::CoreModule:
    return take(&IndexSpaces::coreModules);
  case Sort::CoreType:
    return take(&IndexSpaces::coreTypes);
  case Sort::Component:
    return take(&IndexSpaces::components);
  case Sort::Type:
    break;
  default:
    return diags.error(location, "an outer alias can't be of the sort ") << spell(alias.sort);
  }
  if (failed(take(&IndexSpaces::types)))
    return failure();
  TypeId type = scope.spaces->types.back();
  if (leavesComponent && hasFreeResources(type))
    return diags.error(location, "outer type ")
           << index
           << " transitively refers to a resource: it can't be aliased from inside another "
           << "component";
  addPaths(scope, ExternType::of(ExternKind::Type, type));
  return success();
}

namespace {

/// Looks for a resource that a type mentions but does not bind.
class FreeResourceSearch {
public:
  explicit FreeResourceSearch(TypeArena &arena) : arena(arena) {}

  bool run(TypeId type) {
    mentioned(type);
    for (uint32_t resource : found)
      if (!bound.contains(resource))
        return true;
    return false;
  }

private:
  TypeArena &arena;
  llvm::DenseSet<uint32_t> seen, found, bound;

  void mentioned(ValType type) {
    if (!type.isPrimitive())
      mentioned(type.getType());
  }
  void mentioned(const ExternList &externs) {
    for (const NamedExtern &one : externs)
      if (one.type.type.isValid())
        mentioned(one.type.type);
      else if (one.type.value)
        mentioned(*one.type.value);
  }
  void bind(llvm::ArrayRef<BoundResource> resources) {
    for (const BoundResource &one : resources)
      bound.insert(one.resource.index);
  }
  void mentioned(TypeId type) {
    if (!arena.mentionsResource(type) || !seen.insert(type.index).second)
      return;
    arena.countWork(1);
    switch (arena.getKind(type)) {
    case TypeKind::Own:
    case TypeKind::Borrow:
    case TypeKind::Resource:
      found.insert(arena.getResource(type).index);
      return;
    case TypeKind::Func:
      for (ResourceId resource : arena.getFunc(type).resources)
        found.insert(resource.index);
      return;
    case TypeKind::Instance:
      bind(arena.getInstance(type).bound);
      mentioned(arena.getInstance(type).exports);
      return;
    case TypeKind::Component:
      bind(arena.getComponent(type).importedResources);
      bind(arena.getComponent(type).exportedResources);
      mentioned(arena.getComponent(type).imports);
      mentioned(arena.getComponent(type).exports);
      return;
    default:
      for (const Member &member : arena.getMembers(type))
        if (member.type)
          mentioned(*member.type);
    }
  }
};

} // namespace

bool Validator::hasFreeResources(TypeId type) { return FreeResourceSearch(arena).run(type); }
