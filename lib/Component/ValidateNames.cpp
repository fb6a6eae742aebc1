//===- ValidateNames.cpp - Names and visibility ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#import-and-export-definitions, the notes; Explainer.md#name-uniqueness and
// #external-visibility-of-types: a record, variant, enum, flags or resource type that an import or
// export mentions must be mentioned by an id that an import or export has made.
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Component/Names.h"
#include "llvm/ADT/ScopeExit.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Whether a name is of a kind that is enabled.
LogicalResult Validator::checkEnabled(const ParsedName &name, llvm::StringRef text,
                                      Location location) {
  if (name.isNested &&
      failed(checkEnabled(Feature::NestedNames,
                          "'" + text + "': a nested namespace or package in a name", location)))
    return failure();
  // `0.0.1` is a semantic version as well.
  return name.isCanonicalVersion && !isSemver(name.version)
             ? checkEnabled(Feature::CanonicalNames,
                            "'" + text + "': a canonical version in a name", location)
             : success();
}

LogicalResult Validator::checkName(const ExternName &name, const ExternType &type, NameScope &names,
                                   const char *what) {
  std::optional<ParsedName> parsed = parseName(name.name, !options.strictNames);
  if (!parsed && options.strictNames && name.name.contains("=<"))
    return diags.error(name.location, "'")
           << name.name << "' is not a valid " << what
           << " name: the forms with '=<' were removed from the Component Model";
  if (!parsed)
    return diags.error(name.location, "'")
           << name.name << "' is not a valid " << what << " name: expected a label in kebab case"
           << " or an interface name";
  if (failed(checkEnabled(*parsed, name.name, name.location)))
    return failure();
  auto [previous, isNew] = names.taken.try_emplace(uniquenessKey(name.name), name.name);
  if (!isNew)
    return diags.error(name.location, what)
           << " name '" << name.name << "' conflicts with the previous name '" << previous->second
           << "'";
  if (failed(checkAttributes(name, type)) || failed(checkAnnotation(name, type, names)))
    return failure();
  if (parsed->kind == NameKind::Label && type.kind == ExternKind::Type &&
      arena.getKind(type.type) == TypeKind::Resource)
    names.resources.try_emplace(parsed->label, type.type);
  return success();
}

LogicalResult Validator::checkAttributes(const ExternName &name, const ExternType &type) {
  if (name.implements) {
    std::optional<ParsedName> interface = parseName(*name.implements);
    if (!interface || interface->kind != NameKind::Interface)
      return diags.error(name.location, "what '")
             << name.name << "' implements must be an interface name: '" << *name.implements << "'";
    if (failed(checkEnabled(*interface, *name.implements, name.location)))
      return failure();
    if (type.kind != ExternKind::Instance)
      return diags.error(name.location, "only an instance can implement an interface, not the ")
             << spell(type.kind) << " '" << name.name << "'";
    std::optional<ParsedName> parsed = parseName(name.name, !options.strictNames);
    if (parsed->kind != NameKind::Label)
      return diags.error(name.location, "only a plain name can go with 'implements': '")
             << name.name << "'";
  }
  if (name.versionSuffix) {
    if (failed(checkEnabled(Feature::CanonicalNames,
                            "'" + name.name + "': a version suffix of a name", name.location)))
      return failure();
    std::optional<ParsedName> parsed = parseName(name.name);
    if (!parsed || !parsed->isCanonicalVersion)
      return diags.error(name.location, "a version suffix needs a canonical version before it: '")
             << name.name << "'";
    std::string version = (parsed->version + *name.versionSuffix).str();
    if (!isSemver(version))
      return diags.error(name.location, "'") << version << "' is not a semantic version";
  }
  return success();
}

/// `[constructor]`, `[method]` and `[static]`.
LogicalResult Validator::checkAnnotation(const ExternName &name, const ExternType &type,
                                         const NameScope &names) {
  std::optional<ParsedName> parsed = parseName(name.name, !options.strictNames);
  if (parsed->kind != NameKind::Constructor && parsed->kind != NameKind::Method &&
      parsed->kind != NameKind::Static)
    return success();
  if (type.kind != ExternKind::Func)
    return diags.error(name.location, "'")
           << name.name << "' must be a func: it is of the kind " << spell(type.kind);
  auto resource = names.resources.find(parsed->label);
  if (resource == names.resources.end())
    return diags.error(name.location, "'")
           << name.name << "': there is no resource '" << parsed->label << "' before it";

  const FuncType &func = arena.getFunc(type.type);
  auto isHandle = [&](std::optional<ValType> handle, TypeKind kind) {
    return handle && !handle->isPrimitive() && arena.getKind(handle->getType()) == kind &&
           arena.getResourceType(handle->getType()) == resource->second;
  };
  if (parsed->kind == NameKind::Constructor) {
    std::optional<ValType> result = func.result;
    if (result && !result->isPrimitive() && arena.getKind(result->getType()) == TypeKind::Result)
      result = arena.getMembers(result->getType())[0].type;
    if (!isHandle(result, TypeKind::Own))
      return diags.error(name.location, "'")
             << name.name << "' must return own<" << parsed->label << "> or result<own<"
             << parsed->label << ">, ...>: it is " << arena.str(type);
  }
  if (parsed->kind == NameKind::Method && (func.params.empty() || func.params[0].name != "self" ||
                                           !isHandle(func.params[0].type, TypeKind::Borrow)))
    return diags.error(name.location, "the first parameter of '")
           << name.name << "' must be self: borrow<" << parsed->label << ">: it is "
           << arena.str(type);
  return success();
}

//===----------------------------------------------------------------------===//
// Visibility
//===----------------------------------------------------------------------===//

static bool needsName(TypeKind kind) {
  return kind == TypeKind::Record || kind == TypeKind::Variant || kind == TypeKind::Enum ||
         kind == TypeKind::Flags;
}

bool Validator::isVisible(ValType type, const VisibleTypes &visible) {
  if (type.isPrimitive() || visible.contains(type.getType().index))
    return true;
  TypeId id = type.getType();
  arena.countWork(1);
  TypeKind kind = arena.getKind(id);
  if (kind == TypeKind::Own || kind == TypeKind::Borrow)
    return visible.contains(arena.getResourceType(id).index);
  if (needsName(kind))
    return false;
  for (const Member &member : arena.getMembers(id))
    if (member.type && !isVisible(*member.type, visible))
      return false;
  return true;
}

/// Whether every part of a type is visible (the type itself need not be).
bool Validator::arePartsVisible(TypeId type, VisibleTypes &visible) {
  switch (arena.getKind(type)) {
  case TypeKind::Primitive:
  case TypeKind::Enum:
  case TypeKind::Flags:
  case TypeKind::Resource:
    return true;
  case TypeKind::Own:
  case TypeKind::Borrow:
    return visible.contains(arena.getResourceType(type).index);
  case TypeKind::Func: {
    const FuncType &func = arena.getFunc(type);
    for (const Param &param : func.params)
      if (!isVisible(param.type, visible))
        return false;
    return !func.result || isVisible(*func.result, visible);
  }
  case TypeKind::Instance:
  case TypeKind::Component: {
    // What the type names itself is visible inside of it.
    llvm::SmallVector<uint32_t> added;
    llvm::scope_exit undo([&] {
      for (uint32_t id : added)
        visible.erase(id);
    });
    if (arena.getKind(type) == TypeKind::Instance)
      return areVisible(arena.getInstance(type).exports, visible, added);
    return areVisible(arena.getComponent(type).imports, visible, added) &&
           areVisible(arena.getComponent(type).exports, visible, added);
  }
  default:
    for (const Member &member : arena.getMembers(type))
      if (member.type && !isVisible(*member.type, visible))
        return false;
    return true;
  }
}

bool Validator::areVisible(const ExternList &externs, VisibleTypes &visible,
                           llvm::SmallVectorImpl<uint32_t> &added) {
  for (const NamedExtern &one : externs)
    if (!makeVisible(one.type, visible, added))
      return false;
  return true;
}

bool Validator::makeVisible(const ExternType &type, VisibleTypes &visible,
                            llvm::SmallVectorImpl<uint32_t> &added) {
  arena.countWork(1);
  switch (type.kind) {
  case ExternKind::CoreModule:
    return true;
  case ExternKind::Value:
    return isVisible(*type.value, visible);
  case ExternKind::Func:
  case ExternKind::Component:
    return arePartsVisible(type.type, visible);
  case ExternKind::Type:
    if (!arePartsVisible(type.type, visible))
      return false;
    if (visible.insert(type.type.index).second)
      added.push_back(type.type.index);
    return true;
  case ExternKind::Instance:
    return areVisible(arena.getInstance(type.type).exports, visible, added);
  }
  llvm_unreachable("all kinds are above");
}

/// Whether a borrow would leave through a value, whose call it does not outlive.
static bool exportsBorrow(const TypeArena &arena, const ExternType &type) {
  if (type.kind == ExternKind::Value)
    return !type.value->isPrimitive() && arena.mentionsBorrow(type.value->getType());
  return type.kind == ExternKind::Instance && arena.mentionsBorrow(type.type) &&
         llvm::any_of(arena.getInstance(type.type).exports,
                      [&](const NamedExtern &one) { return exportsBorrow(arena, one.type); });
}

LogicalResult Validator::checkVisibility(Scope &scope, const ExternType &type, bool isImport,
                                         Location location) {
  if (!isImport && exportsBorrow(arena, type))
    return diags.error(location, "an exported value can't contain a borrow: ") << arena.str(type);
  llvm::SmallVector<uint32_t> added;
  VisibleTypes &visible = isImport ? scope.visibleToImports : scope.visibleToExports;
  if (!makeVisible(type, visible, added))
    return diags.error(location, spell(type.kind))
           << " not valid as an " << (isImport ? "import" : "export")
           << ": it mentions a type that was not "
           << (isImport ? "imported" : "imported or exported") << " before: " << arena.str(type);
  // Exports may mention what was imported.
  if (isImport)
    scope.visibleToExports.insert(added.begin(), added.end());
  return success();
}
