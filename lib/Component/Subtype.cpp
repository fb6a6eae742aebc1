//===- Subtype.cpp - May this stand for that? -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Value, function and resource types are invariant: one comparison of canonical ids. Instances and
// components are compared name by name. Where the expected side binds resources, they are first
// replaced by those that the found side has in the same places, after which equality is equality
// again; where the found side binds them (the exports of a component), they stay as they are, equal
// to nothing else.
//
// Walks follow types as they are written out; the validator's limits on size and depth bound them.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Subtype.h"
#include "CoreSubtype.h"
#include "Difference.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::component;

const ExternType *component::lookUpPath(const TypeArena &arena, const ExternList &externs,
                                        llvm::ArrayRef<llvm::StringRef> path) {
  const ExternType *found = externs.find(path.front());
  for (llvm::StringRef name : path.drop_front()) {
    if (!found || found->kind != ExternKind::Instance)
      return nullptr;
    found = arena.getInstance(found->type).exports.find(name);
  }
  return found;
}

/// The resource at a path of `externs`, if there is one.
static std::optional<ResourceId> resourceAt(const TypeArena &arena, const ExternType *found,
                                            llvm::ArrayRef<llvm::StringRef> path) {
  for (llvm::StringRef name : path) {
    if (!found || found->kind != ExternKind::Instance)
      return std::nullopt;
    found = arena.getInstance(found->type).exports.find(name);
  }
  if (!found || found->kind != ExternKind::Type || arena.getKind(found->type) != TypeKind::Resource)
    return std::nullopt;
  return arena.getResource(found->type);
}

static std::optional<ResourceId> resourceAt(const TypeArena &arena, const ExternList &externs,
                                            llvm::ArrayRef<llvm::StringRef> path) {
  return resourceAt(arena, externs.find(path.front()), path.drop_front());
}

namespace {

/// One comparison. Names of the way down are kept for the message.
class Comparison {
public:
  Comparison(TypeArena &arena, std::string what, Location location, Diagnostics &diags,
             std::vector<MissingExport> *missing = nullptr)
      : arena(arena), what(std::move(what)), location(location), diags(diags), missing(missing) {}

  LogicalResult check(const ExternType &found, const ExternType &expected);

private:
  TypeArena &arena;
  std::string what;
  Location location;
  Diagnostics &diags;
  std::vector<MissingExport> *missing;

  LogicalResult checkTypes(const ExternType &found, const ExternType &expected);
  LogicalResult checkInstance(TypeId found, TypeId expected);
  LogicalResult checkComponent(TypeId found, TypeId expected);
  LogicalResult mismatch(const ExternType &found, const ExternType &expected);
  /// Runs `body` with `more` added to what messages begin with.
  template <typename F> LogicalResult within(const llvm::Twine &more, F &&body) {
    size_t length = what.size();
    what += more.str();
    LogicalResult result = body();
    what.resize(length);
    return result;
  }
};

} // namespace

/// Function and value types are followed to where they differ; a note has both as a whole.
LogicalResult Comparison::mismatch(const ExternType &found, const ExternType &expected) {
  std::string wanted = arena.str(expected), got = arena.str(found);
  bool isComparable = found.kind == expected.kind &&
                      (found.kind == ExternKind::Func || found.kind == ExternKind::Type);
  if (!isComparable) {
    return diags.error(location, what) << ": expected " << wanted << ", found " << got;
  }
  Difference difference = findDifference(arena, found.type, expected.type);
  (void)LogicalResult(diags.error(location, what + difference.path)
                      << ": expected " << difference.expected << ", found " << difference.found);
  if (!difference.path.empty() && wanted != got)
    diags.note(location, "expected ") << wanted << ", found " << got;
  return failure();
}

LogicalResult Comparison::check(const ExternType &found, const ExternType &expected) {
  arena.countWork(1);
  if (found.kind != expected.kind)
    return mismatch(found, expected);
  switch (expected.kind) {
  case ExternKind::CoreModule: {
    const ModuleType &module = arena.getModule(expected.module);
    arena.countWork(module.imports.size() + module.exports.size());
    std::optional<std::string> why =
        component::mismatch(arena.getModule(found.module), module, arena.getCoreTypes());
    return why ? diags.error(location, what) << ": " << *why : LogicalResult(success());
  }
  case ExternKind::Value:
    return arena.isEqual(*found.value, *expected.value) ? success() : mismatch(found, expected);
  case ExternKind::Func:
    return arena.isEqual(found.type, expected.type) ? success() : mismatch(found, expected);
  case ExternKind::Type:
    return checkTypes(found, expected);
  case ExternKind::Instance:
    return checkInstance(found.type, expected.type);
  case ExternKind::Component:
    return checkComponent(found.type, expected.type);
  }
  llvm_unreachable("all kinds are above");
}

/// An `eq` bound asks for an equal type; for instance and component types: a subtype both ways.
LogicalResult Comparison::checkTypes(const ExternType &found, const ExternType &expected) {
  TypeKind kind = arena.getKind(expected.type);
  if (kind != arena.getKind(found.type) && !arena.isEqual(ValType(found.type), expected.type))
    return mismatch(found, expected);
  if (kind != TypeKind::Instance && kind != TypeKind::Component)
    return arena.isEqual(ValType(found.type), expected.type) ? success()
                                                             : mismatch(found, expected);
  if (kind == TypeKind::Component)
    return failed(checkComponent(found.type, expected.type))
               ? failure()
               : checkComponent(expected.type, found.type);
  return failed(checkInstance(found.type, expected.type))
             ? failure()
             : checkInstance(expected.type, found.type);
}

LogicalResult Comparison::checkInstance(TypeId found, TypeId expected) {
  if (found == expected)
    return success();
  const InstanceType &foundType = arena.getInstance(found);
  const InstanceType &expectedType = arena.getInstance(expected);
  Substitution actual;
  for (const BoundResource &bound : expectedType.bound)
    if (std::optional<ResourceId> resource = resourceAt(arena, foundType.exports, bound.path))
      actual.resources.try_emplace(bound.resource.index, *resource);
  for (const NamedExtern &wanted : expectedType.exports) {
    ExternType type = actual.empty() ? wanted.type : arena.substitute(wanted.type, actual);
    const ExternType *exported = foundType.exports.find(wanted.name);
    if (!exported && missing && wanted.type.kind == ExternKind::Func) {
      missing->push_back({wanted.name.str(), type});
      continue;
    }
    if (!exported)
      return diags.error(location, what)
             << ": missing export '" << wanted.name << "': " << arena.str(type);
    if (failed(within(": export '" + wanted.name + "'", [&] { return check(*exported, type); })))
      return failure();
  }
  return success();
}

/// Contravariant in imports, covariant in exports.
LogicalResult Comparison::checkComponent(TypeId found, TypeId expected) {
  if (found == expected)
    return success();
  const ComponentType &foundType = arena.getComponent(found);
  const ComponentType &expectedType = arena.getComponent(expected);
  // What whoever instantiates the expected one supplies is what the found one gets.
  Substitution supplied;
  for (const BoundResource &bound : foundType.importedResources)
    if (std::optional<ResourceId> resource = resourceAt(arena, expectedType.imports, bound.path))
      supplied.resources.try_emplace(bound.resource.index, *resource);
  for (const NamedExtern &import : foundType.imports) {
    ExternType type = arena.substitute(import.type, supplied);
    const ExternType *given = expectedType.imports.find(import.name);
    if (!given)
      return diags.error(location, what) << ": it imports '" << import.name << "' ("
                                         << arena.str(type) << "), which is not expected";
    if (failed(within(": import '" + import.name + "'", [&] { return check(*given, type); })))
      return failure();
  }
  Substitution actual;
  for (const BoundResource &bound : expectedType.exportedResources)
    if (std::optional<ResourceId> resource = resourceAt(arena, foundType.exports, bound.path)) {
      auto mapped = supplied.resources.find(resource->index);
      actual.resources.try_emplace(bound.resource.index,
                                   mapped == supplied.resources.end() ? *resource : mapped->second);
    }
  for (const NamedExtern &wanted : expectedType.exports) {
    ExternType type = arena.substitute(wanted.type, actual);
    const ExternType *exported = foundType.exports.find(wanted.name);
    if (!exported)
      return diags.error(location, what)
             << ": missing export '" << wanted.name << "': " << arena.str(type);
    ExternType got = arena.substitute(*exported, supplied);
    if (failed(within(": export '" + wanted.name + "'", [&] { return check(got, type); })))
      return failure();
  }
  return success();
}

LogicalResult component::checkSubtype(TypeArena &arena, const ExternType &found,
                                      const ExternType &expected, const llvm::Twine &what,
                                      Location location, Diagnostics &diags) {
  return Comparison(arena, what.str(), location, diags).check(found, expected);
}

//===----------------------------------------------------------------------===//
// Instantiation
//===----------------------------------------------------------------------===//

Instantiation::Instantiation(TypeArena &arena, TypeId componentType, Diagnostics &diags)
    : arena(arena), componentType(componentType), diags(diags) {
  llvm::ArrayRef<BoundResource> imported = arena.getComponent(componentType).importedResources;
  for (auto [index, bound] : llvm::enumerate(imported))
    resourcesOf[bound.path.front()].push_back(index);
}

/// The types that `expected` names stand for what `found` has under the same names.
static void nameTypes(const TypeArena &arena, const ExternType &expected, const ExternType &found,
                      Substitution &naming) {
  if (expected.kind == ExternKind::Type) {
    naming.types[expected.type.index] = found.type;
    return;
  }
  if (expected.kind != ExternKind::Instance)
    return;
  const ExternList &exports = arena.getInstance(found.type).exports;
  for (const NamedExtern &one : arena.getInstance(expected.type).exports)
    if (const ExternType *actual = exports.find(one.name))
      nameTypes(arena, one.type, *actual, naming);
}

LogicalResult Instantiation::supply(llvm::StringRef name, const ExternType &found,
                                    Location location, std::vector<MissingExport> *missing) {
  const ComponentType &type = arena.getComponent(componentType);
  const ExternType *import = type.imports.find(name);
  assert(import && "the caller goes through the imports");
  for (uint32_t index : resourcesOf.lookup(name)) {
    const BoundResource &bound = type.importedResources[index];
    std::optional<ResourceId> actual =
        resourceAt(arena, &found, llvm::ArrayRef(bound.path).drop_front());
    if (!actual)
      continue; // the comparison says what is wrong
    checking.resources[bound.resource.index] = *actual;
    naming.resources[bound.resource.index] = *actual;
  }
  ExternType expected = arena.substitute(*import, checking);
  Comparison comparison(arena, ("import '" + name + "'").str(), location, diags, missing);
  if (failed(comparison.check(found, expected)))
    return failure();
  nameTypes(arena, *import, found, naming);
  return success();
}

ResourceId Instantiation::lookUp(ResourceId imported) const {
  auto found = naming.resources.find(imported.index);
  return found == naming.resources.end() ? imported : found->second;
}

TypeId Instantiation::finish() {
  const ComponentType &type = arena.getComponent(componentType);
  for (const BoundResource &bound : type.exportedResources) {
    llvm::StringRef name = arena.getInfo(bound.resource).name;
    naming.resources[bound.resource.index] = arena.makeResource(ResourceInfo::Fresh, name);
  }
  InstanceType instance;
  for (const NamedExtern &one : type.exports)
    instance.exports.add(one.name, arena.substitute(one.type, naming));
  return arena.makeInstance(std::move(instance));
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

static TypeId rename(TypeArena &arena, TypeId instanceType, Substitution &substitution) {
  InstanceType renamed;
  arena.countWork(arena.getInstance(instanceType).exports.size());
  for (const NamedExtern &one : arena.getInstance(instanceType).exports) {
    ExternType type = one.type;
    if (type.kind == ExternKind::Type) {
      TypeId named = arena.makeAlias(arena.substitute(type.type, substitution));
      substitution.types[type.type.index] = named;
      type.type = named;
    } else if (type.kind == ExternKind::Instance) {
      type.type = rename(arena, type.type, substitution);
    } else {
      type = arena.substitute(type, substitution);
    }
    renamed.exports.add(one.name, type);
  }
  return arena.makeInstance(std::move(renamed));
}

TypeId component::openInstance(TypeArena &arena, TypeId instanceType,
                               std::vector<BoundResource> *fresh, ResourceInfo::Origin origin) {
  Substitution substitution;
  for (const BoundResource &bound : arena.getInstance(instanceType).bound) {
    llvm::StringRef name = arena.getInfo(bound.resource).name;
    ResourceId resource = arena.makeResource(origin, name);
    substitution.resources.try_emplace(bound.resource.index, resource);
    if (fresh)
      fresh->push_back({resource, bound.path});
  }
  return rename(arena, instanceType, substitution);
}
