//===- Validator.cpp - Is it a component? ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Definitions in order, each of which may refer to those before it and adds to an index space
// (Explainer.md#index-spaces); then the component's own type.
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Component/Subtype.h"

using namespace tenon;
using namespace tenon::component;

/// What all components of a compilation may add up to: hundreds of times what real ones do.
static constexpr size_t maxTypes = 1'000'000;
static constexpr uint64_t maxWork = 20'000'000;

LogicalResult component::validateComponent(Component &component, TypeArena &arena,
                                           Diagnostics &diags, const ValidatorOptions &options) {
  assert(!component.isValidated() && "once is enough");
  return Validator(arena, diags, options).validate(component, nullptr);
}

LogicalResult Validator::checkEnabled(Feature feature, const llvm::Twine &what, Location location) {
  if (options.features.has(feature))
    return success();
  return diags.error(location, what)
         << " is not enabled; --enable=" << spell(feature) << " turns it on";
}

LogicalResult Validator::validate(Component &component, Scope *parent) {
  Scope scope(Scope::Component, parent);
  scope.component = &component;
  scope.spaces = &component.spaces;
  for (Definition &definition : component.definitions) {
    if (failed(visit(scope, definition)) || failed(checkWork(definition.location)))
      return failure();
    ++scope.definition;
  }
  if (failed(checkAllConsumed(scope)))
    return failure();
  component.type = finish(scope);
  return checkType(component.type, component.location);
}

LogicalResult Validator::visit(Scope &scope, Definition &definition) {
  Location location = definition.location;
  if (definition.getIf<Custom>())
    return success();
  if (auto *module = definition.getIf<CoreModule>())
    return visit(scope, *module, location);
  if (auto *instance = definition.getIf<CoreInstance>())
    return visit(scope, *instance, location);
  if (auto *type = definition.getIf<CoreType>()) {
    FailureOr<CoreTypeEntry> entry = visit(scope, type->decl, location);
    if (failed(entry))
      return failure();
    scope.spaces->coreTypes.push_back(std::move(*entry));
    return success();
  }
  if (auto *nested = definition.getIf<NestedComponent>()) {
    if (failed(validate(*nested->component, &scope)))
      return failure();
    scope.spaces->components.push_back(nested->component->type);
    return success();
  }
  if (auto *instance = definition.getIf<Instance>())
    return visit(scope, *instance, location);
  if (auto *alias = definition.getIf<Alias>())
    return visit(scope, *alias, location);
  if (auto *type = definition.getIf<Type>()) {
    FailureOr<TypeId> id = visit(scope, type->decl, location);
    if (failed(id))
      return failure();
    scope.spaces->types.push_back(*id);
    addPaths(scope, ExternType::of(ExternKind::Type, *id));
    return success();
  }
  if (auto *canon = definition.getIf<Canon>())
    return visit(scope, *canon, location);
  if (auto *import = definition.getIf<Import>())
    return visit(scope, *import, location);
  if (auto *exported = definition.getIf<Export>())
    return visit(scope, *exported, location);
  if (auto *start = definition.getIf<Start>())
    return visit(scope, *start, location);
  return visit(scope, *definition.getIf<Value>(), location);
}

//===----------------------------------------------------------------------===//
// Imports and exports
//===----------------------------------------------------------------------===//

void Validator::append(Scope &scope, const ExternType &type, Location location, bool isExport) {
  switch (type.kind) {
  case ExternKind::CoreModule:
    scope.spaces->coreModules.push_back(type.module);
    return;
  case ExternKind::Func:
    scope.spaces->funcs.push_back(type.type);
    return;
  case ExternKind::Value:
    addValue(scope, *type.value, location, /*isConsumed=*/isExport);
    return;
  case ExternKind::Type:
    scope.spaces->types.push_back(type.type);
    return;
  case ExternKind::Component:
    scope.spaces->components.push_back(type.type);
    return;
  case ExternKind::Instance:
    scope.spaces->instances.push_back(type.type);
    return;
  }
}

LogicalResult Validator::visit(Scope &scope, Import &import, Location location) {
  FailureOr<ExternType> type =
      visitExtern(scope, import.decl, import.name.name, scope.importedResources);
  if (failed(type) || failed(checkName(import.name, *type, scope.importNames, "import")) ||
      failed(checkVisibility(scope, *type, /*isImport=*/true, location)))
    return failure();
  import.type = *type;
  scope.imports.add(import.name.name, *type);
  append(scope, *type, location);
  addPaths(scope, *type);
  return type->type.isValid() ? checkType(type->type, location) : success();
}

FailureOr<ExternType> Validator::typeOf(Scope &scope, SortIndex item, Location location) {
  const IndexSpaces &spaces = *scope.spaces;
  auto of = [&](ExternKind kind, const std::vector<TypeId> &space) -> FailureOr<ExternType> {
    if (failed(checkIndex(item.index, space, spell(item.sort), location)))
      return failure();
    return ExternType::of(kind, space[item.index]);
  };
  switch (item.sort) {
  case Sort::CoreModule:
    if (failed(checkIndex(item.index, spaces.coreModules, "core module", location)))
      return failure();
    return ExternType::coreModule(spaces.coreModules[item.index]);
  case Sort::Func:
    return of(ExternKind::Func, spaces.funcs);
  case Sort::Type:
    return of(ExternKind::Type, spaces.types);
  case Sort::Component:
    return of(ExternKind::Component, spaces.components);
  case Sort::Instance:
    return of(ExternKind::Instance, spaces.instances);
  case Sort::Value: {
    FailureOr<ValType> type = consumeValue(scope, item.index, location);
    if (failed(type))
      return failure();
    ExternType result;
    result.kind = ExternKind::Value;
    result.value = *type;
    return result;
  }
  case Sort::CoreFunc:
  case Sort::CoreTable:
  case Sort::CoreMemory:
  case Sort::CoreGlobal:
  case Sort::CoreTag:
  case Sort::CoreType:
  case Sort::CoreInstance:
    return diags.error(location, "what crosses the boundary of a component can't be of the sort ")
           << spell(item.sort);
  }
  llvm_unreachable("all sorts are above");
}

LogicalResult Validator::ascribe(Scope &scope, const Export &exported, const ExternType &found,
                                 ExternType &out) {
  const ExternDecl &decl = *exported.ascription;
  std::string what = ("export '" + exported.name.name + "'").str();
  std::vector<BoundResource> fresh;
  if (decl.kind != found.kind)
    return diags.error(decl.location, what)
           << ": expected " << spell(decl.kind) << ", found " << spell(found.kind);
  // The bound resources of the declared instance type are matched by name; those of the type that
  // the export then has are fresh ones.
  if (decl.kind == ExternKind::Instance) {
    FailureOr<TypeId> declared = typeIndex(scope, decl.index, TypeKind::Instance, decl.location);
    if (failed(declared) ||
        failed(checkSubtype(arena, found, ExternType::of(ExternKind::Instance, *declared), what,
                            decl.location, diags)))
      return noteItem(scope, exported.item);
  }
  if (decl.kind == ExternKind::Value && decl.bound == ExternDecl::Eq)
    return checkSameValue(scope, exported.item.index, decl.index, what, decl.location);
  FailureOr<ExternType> declared = visitExtern(scope, decl, exported.name.name, fresh);
  if (failed(declared))
    return failure();
  out = *declared;
  if (decl.kind == ExternKind::Instance)
    return success();
  if (decl.kind == ExternKind::Type && decl.bound == ExternDecl::SubResource) {
    if (arena.getKind(found.type) != TypeKind::Resource)
      return diags.error(decl.location, what)
             << ": expected a resource, found " << arena.str(found);
    return success();
  }
  return failed(checkSubtype(arena, found, out, what, decl.location, diags))
             ? noteItem(scope, exported.item)
             : LogicalResult(success());
}

LogicalResult Validator::visit(Scope &scope, Export &exported, Location location) {
  FailureOr<ExternType> found = typeOf(scope, exported.item, location);
  if (failed(found))
    return failure();
  ExternType type = *found;
  if (exported.ascription) {
    if (failed(ascribe(scope, exported, *found, type)))
      return failure();
  } else if (type.kind == ExternKind::Type) {
    type.type = arena.makeAlias(type.type);
  }
  // The types in an exported instance are visible from then on under the ids that they have.
  if (type.kind == ExternKind::Type && arena.getKind(type.type) == TypeKind::Resource)
    arena.nameResource(arena.getResource(type.type), exported.name.name);
  if (failed(checkName(exported.name, type, scope.exportNames, "export")) ||
      failed(checkVisibility(scope, type, /*isImport=*/false, location)))
    return failure();
  exported.type = type;
  scope.exports.add(exported.name.name, type);
  append(scope, type, location, /*isExport=*/true);
  if (type.kind == ExternKind::Value)
    scope.values.back().original = scope.values[exported.item.index].original;
  addPaths(scope, type);
  return type.type.isValid() ? checkType(type.type, location) : success();
}

//===----------------------------------------------------------------------===//
// Resources
//===----------------------------------------------------------------------===//

void Validator::addPaths(Scope &scope, const ExternType &type) {
  llvm::SmallVector<llvm::StringRef, 4> path;
  if (scope.kind == Scope::Component)
    addPaths(scope, type, path);
}

void Validator::addPaths(Scope &scope, const ExternType &type,
                         llvm::SmallVectorImpl<llvm::StringRef> &path) {
  if (!type.type.isValid() || !arena.mentionsResource(type.type))
    return;
  if (type.kind == ExternKind::Type && arena.getKind(type.type) == TypeKind::Resource) {
    auto &paths = scope.component->resourcePaths;
    ResourcePath here{scope.definition, {path.begin(), path.end()}};
    paths.try_emplace(arena.getResource(type.type).index, std::move(here));
    return;
  }
  if (type.kind != ExternKind::Instance)
    return;
  arena.countWork(arena.getInstance(type.type).exports.size());
  for (const NamedExtern &one : arena.getInstance(type.type).exports) {
    path.push_back(one.name);
    addPaths(scope, one.type, path);
    path.pop_back();
  }
}

//===----------------------------------------------------------------------===//
// The component's type
//===----------------------------------------------------------------------===//

LogicalResult Validator::checkWork(Location location) {
  if (arena.getNumTypes() > maxTypes || arena.getWork() > maxWork)
    return diags.error(location, "the component's types are too complex");
  return success();
}

LogicalResult Validator::checkType(TypeId type, Location location) {
  if (arena.getSize(type) > maxTypeSize)
    return diags.error(location, "type too large: at most ")
           << maxTypeSize << " parts, written out";
  if (arena.getDepth(type) > maxTypeDepth)
    return diags.error(location, "type nested too deep: at most ") << maxTypeDepth << " levels";
  return success();
}

namespace {

/// Finds the resources that exports introduce: all that are not imported.
class ExportedResources {
public:
  ExportedResources(const TypeArena &arena, llvm::ArrayRef<BoundResource> imported) : arena(arena) {
    for (const BoundResource &bound : imported)
      seen.insert(bound.resource.index);
  }

  void visit(const ExternList &exports) {
    for (const NamedExtern &one : exports) {
      path.push_back(one.name);
      visit(one.type);
      path.pop_back();
    }
  }

  std::vector<BoundResource> found;

private:
  const TypeArena &arena;
  llvm::DenseSet<uint32_t> seen;
  llvm::SmallVector<llvm::StringRef, 4> path;

  void visit(const ExternType &type) {
    if (type.kind == ExternKind::Instance) {
      visit(arena.getInstance(type.type).exports);
      return;
    }
    if (type.kind != ExternKind::Type || arena.getKind(type.type) != TypeKind::Resource)
      return;
    ResourceId resource = arena.getResource(type.type);
    if (seen.insert(resource.index).second)
      found.push_back({resource, {path.begin(), path.end()}});
  }
};

} // namespace

TypeId Validator::finish(Scope &scope) {
  ExportedResources exported(arena, scope.importedResources);
  exported.visit(scope.exports);
  ComponentType type;
  type.imports = std::move(scope.imports);
  type.exports = std::move(scope.exports);
  type.importedResources = std::move(scope.importedResources);
  type.exportedResources = std::move(exported.found);
  return arena.makeComponent(std::move(type));
}
