//===- ValidateTypes.cpp - Type definitions and declarations --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#type-definitions, the notes; Explainer.md#type-definitions.
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Component/Names.h"
#include "tenon/Component/Subtype.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

FailureOr<ValType> Validator::resolve(Scope &scope, const ValTypeRef &type, Location location) {
  if (type.primitive) {
    if (*type.primitive == Primitive::ErrorContext &&
        failed(checkEnabled(Feature::ErrorContext, "error-context", location)))
      return failure();
    return ValType(*type.primitive);
  }
  if (failed(checkIndex(type.index, scope.spaces->types, "type", location)))
    return failure();
  TypeId id = scope.spaces->types[type.index];
  if (!arena.isValueType(id))
    return diags.error(location, "type ")
           << type.index << " is not a value type: it is " << arena.str(id);
  return ValType(id);
}

LogicalResult Validator::checkLabels(llvm::ArrayRef<MemberDecl> members, const char *what,
                                     Location location) {
  llvm::StringMap<llvm::StringRef> taken;
  for (const MemberDecl &member : members) {
    if (!isLabel(member.name))
      return diags.error(member.location, "the name '")
             << member.name << "' of a " << what << " is not in kebab case";
    auto [previous, isNew] = taken.try_emplace(member.name.lower(), member.name);
    if (!isNew)
      return diags.error(member.location, "the name '")
             << member.name << "' of a " << what << " conflicts with '" << previous->second << "'";
  }
  return success();
}

static bool isKeyType(std::optional<Primitive> primitive) {
  return primitive && *primitive != Primitive::F32 && *primitive != Primitive::F64 &&
         *primitive != Primitive::ErrorContext;
}

/// What is asked of each kind beside its members' types.
LogicalResult Validator::checkValueKind(const ValTypeDecl &decl, llvm::ArrayRef<Member> members,
                                        Location location) {
  auto primitiveOf = [&](ValType type) -> std::optional<Primitive> {
    if (type.isPrimitive())
      return type.getPrimitive();
    if (arena.getKind(type.getType()) == TypeKind::Primitive)
      return arena.getPrimitive(type.getType());
    return std::nullopt;
  };
  auto nonEmpty = [&](const char *what) -> LogicalResult {
    return members.empty() ? diags.error(location, what) << " can't be empty"
                           : LogicalResult(success());
  };
  switch (decl.kind) {
  case TypeKind::Record:
    return failed(nonEmpty("a record")) ? failure() : checkLabels(decl.members, "field", location);
  case TypeKind::Variant:
    return failed(nonEmpty("a variant")) ? failure() : checkLabels(decl.members, "case", location);
  case TypeKind::Enum:
    return failed(nonEmpty("an enum")) ? failure() : checkLabels(decl.members, "case", location);
  case TypeKind::Flags:
    if (members.size() > 32)
      return diags.error(location, "more than 32 flags: ") << members.size();
    return failed(nonEmpty("flags")) ? failure() : checkLabels(decl.members, "flag", location);
  case TypeKind::Tuple:
    return nonEmpty("a tuple");
  case TypeKind::FixedList:
    if (failed(checkEnabled(Feature::FixedLengthLists, "a list of a fixed length", location)))
      return failure();
    if (decl.length == 0)
      return diags.error(location, "a list of a fixed length can't be empty");
    return success();
  case TypeKind::Stream:
  case TypeKind::Future:
    if (!members[0].type)
      return success();
    if (!members[0].type->isPrimitive() && arena.mentionsBorrow(members[0].type->getType()))
      return diags.error(location, "a borrow can't go through a ")
             << (decl.kind == TypeKind::Stream ? "stream" : "future");
    if (decl.kind == TypeKind::Stream && primitiveOf(*members[0].type) == Primitive::Char)
      return diags.error(location, "a stream of char is not valid at this time");
    return success();
  case TypeKind::Map:
    if (!isKeyType(primitiveOf(*members[0].type)))
      return diags.error(location, "the key of a map can't be ") << arena.str(*members[0].type);
    return success();
  default:
    return success();
  }
}

LogicalResult Validator::checkValueSize(TypeId type, Location location) {
  if (flattener.elementSize(type) >= maxElementSize)
    return diags.error(location, "values of the type exceed the maximum size of 2^28 - 1 bytes");
  return success();
}

FailureOr<TypeId> Validator::visitValueType(Scope &scope, const ValTypeDecl &decl,
                                            Location location) {
  if (decl.kind == TypeKind::Primitive) {
    ValTypeRef ref;
    ref.primitive = decl.primitive;
    if (failed(resolve(scope, ref, location)))
      return failure();
    return arena.makePrimitive(decl.primitive);
  }
  if (decl.kind == TypeKind::Own || decl.kind == TypeKind::Borrow) {
    FailureOr<TypeId> resource = typeIndex(scope, decl.resourceType, TypeKind::Resource, location);
    if (failed(resource))
      return failure();
    return arena.makeHandle(decl.kind, *resource);
  }
  llvm::SmallVector<Member> members;
  for (const MemberDecl &member : decl.members) {
    members.push_back({member.name, std::nullopt});
    if (!member.type)
      continue;
    FailureOr<ValType> type =
        resolve(scope, *member.type, member.location.file ? member.location : location);
    if (failed(type))
      return failure();
    members.back().type = *type;
  }
  if (failed(checkValueKind(decl, members, location)))
    return failure();
  TypeId type = arena.makeValue(decl.kind, members, decl.length);
  if (failed(checkType(type, location)) || failed(checkValueSize(type, location)))
    return failure();
  return type;
}

//===----------------------------------------------------------------------===//
// Type definitions
//===----------------------------------------------------------------------===//

static llvm::StringRef article(TypeKind kind) {
  switch (kind) {
  case TypeKind::Func:
    return "a function type";
  case TypeKind::Resource:
    return "a resource type";
  case TypeKind::Instance:
    return "an instance type";
  case TypeKind::Component:
    return "a component type";
  case TypeKind::Stream:
    return "a stream type";
  case TypeKind::Future:
    return "a future type";
  default:
    return "of that kind";
  }
}

FailureOr<TypeId> Validator::typeIndex(Scope &scope, uint32_t index, TypeKind kind,
                                       Location location) {
  if (failed(checkIndex(index, scope.spaces->types, "type", location)))
    return failure();
  TypeId type = scope.spaces->types[index];
  if (arena.getKind(type) != kind)
    return diags.error(location, "type ")
           << index << " is not " << article(kind) << ": it is " << arena.str(type);
  return type;
}

FailureOr<TypeId> Validator::visit(Scope &scope, const TypeDecl &decl, Location location) {
  switch (decl.kind) {
  case TypeDecl::Value:
    return visitValueType(scope, decl.value, location);
  case TypeDecl::Func:
    return visitFuncType(scope, decl.func, location);
  case TypeDecl::Resource:
    return visitResource(scope, decl.resource, location);
  case TypeDecl::Component:
  case TypeDecl::Instance:
    return visitTypeScope(scope, decl, location);
  }
  llvm_unreachable("all kinds are above");
}

FailureOr<TypeId> Validator::visitFuncType(Scope &scope, const FuncTypeDecl &decl,
                                           Location location) {
  if (failed(checkLabels(decl.params, "parameter", location)))
    return failure();
  llvm::SmallVector<Param> params;
  for (const MemberDecl &param : decl.params) {
    FailureOr<ValType> type = resolve(scope, *param.type, param.location);
    if (failed(type))
      return failure();
    params.push_back({param.name, *type});
  }
  std::optional<ValType> result;
  if (decl.result) {
    FailureOr<ValType> type = resolve(scope, *decl.result, location);
    if (failed(type))
      return failure();
    if (!type->isPrimitive() && arena.mentionsBorrow(type->getType()))
      return diags.error(location, "the result of a function can't contain a borrow: ")
             << arena.str(*type);
    result = *type;
  }
  TypeId type = arena.makeFunc(params, result, decl.isAsync);
  if (failed(checkType(type, location)))
    return failure();
  return type;
}

FailureOr<TypeId> Validator::visitResource(Scope &scope, const ResourceDecl &decl,
                                           Location location) {
  if (scope.kind != Scope::Component)
    return diags.error(location, "a resource can't be defined inside a component or instance type");
  if (decl.rep == wasm::ValType::I64 &&
      failed(checkEnabled(Feature::Memory64, "a representation of the type i64", location)))
    return failure();
  if (decl.rep != wasm::ValType::I32 && decl.rep != wasm::ValType::I64)
    return diags.error(location, "the representation of a resource must be i32");
  if (decl.dtor) {
    wasm::FuncType expected;
    expected.params.push_back(decl.rep);
    if (failed(checkCoreFunc(scope, *decl.dtor, expected, "destructor", location)))
      return failure();
  }
  ResourceId resource = arena.makeResource(ResourceInfo::Defined);
  scope.definedResources.try_emplace(resource.index, decl.rep);
  return arena.makeResourceType(resource);
}

//===----------------------------------------------------------------------===//
// Component and instance types
//===----------------------------------------------------------------------===//

FailureOr<TypeId> Validator::visitTypeScope(Scope &scope, const TypeDecl &decl, Location location) {
  bool isComponent = decl.kind == TypeDecl::Component;
  Scope inner(isComponent ? Scope::ComponentType : Scope::InstanceType, &scope);
  for (const TypeScopeDecl &one : decl.decls)
    if (failed(visitDecl(inner, one)) || failed(checkWork(one.location)))
      return failure();
  TypeId type;
  if (isComponent) {
    ComponentType component;
    component.imports = std::move(inner.imports);
    component.exports = std::move(inner.exports);
    component.importedResources = std::move(inner.importedResources);
    component.exportedResources = std::move(inner.exportedResources);
    type = arena.makeComponent(std::move(component));
  } else {
    InstanceType instance;
    instance.exports = std::move(inner.exports);
    instance.bound = std::move(inner.exportedResources);
    type = arena.makeInstance(std::move(instance));
  }
  if (failed(checkType(type, location)))
    return failure();
  return type;
}

LogicalResult Validator::visitDecl(Scope &scope, const TypeScopeDecl &decl) {
  switch (decl.kind) {
  case TypeScopeDecl::CoreType: {
    FailureOr<CoreTypeEntry> entry = visit(scope, *decl.coreType, decl.location);
    if (failed(entry))
      return failure();
    scope.spaces->coreTypes.push_back(std::move(*entry));
    return success();
  }
  case TypeScopeDecl::Type: {
    FailureOr<TypeId> type = visit(scope, *decl.type, decl.location);
    if (failed(type))
      return failure();
    scope.spaces->types.push_back(*type);
    return success();
  }
  case TypeScopeDecl::Alias:
    return visit(scope, decl.alias, decl.location);
  case TypeScopeDecl::Import:
  case TypeScopeDecl::Export:
    break;
  }
  bool isImport = decl.kind == TypeScopeDecl::Import;
  FailureOr<ExternType> type =
      visitExtern(scope, decl.externType, decl.name.name,
                  isImport ? scope.importedResources : scope.exportedResources);
  if (failed(type) ||
      failed(checkName(decl.name, *type, isImport ? scope.importNames : scope.exportNames,
                       isImport ? "import" : "export")))
    return failure();
  // Instance types are checked where they are used.
  if (scope.kind == Scope::ComponentType &&
      failed(checkVisibility(scope, *type, isImport, decl.location)))
    return failure();
  (isImport ? scope.imports : scope.exports).add(decl.name.name, *type);
  append(scope, *type, decl.location);
  return type->type.isValid() ? checkType(type->type, decl.location) : success();
}

FailureOr<ExternType> Validator::visitExtern(Scope &scope, const ExternDecl &decl,
                                             llvm::StringRef name,
                                             std::vector<BoundResource> &fresh) {
  Location location = decl.location;
  auto ofKind = [&](TypeKind kind) -> FailureOr<ExternType> {
    FailureOr<TypeId> type = typeIndex(scope, decl.index, kind, location);
    if (failed(type))
      return failure();
    return ExternType::of(decl.kind, *type);
  };
  switch (decl.kind) {
  case ExternKind::CoreModule: {
    const std::vector<CoreTypeEntry> &types = scope.spaces->coreTypes;
    if (failed(checkIndex(decl.index, types, "core type", location)))
      return failure();
    if (!types[decl.index].isModule)
      return diags.error(location, "core type ") << decl.index << " is not a module type";
    return ExternType::coreModule(types[decl.index].module);
  }
  case ExternKind::Value: {
    if (failed(checkEnabled(Feature::Values, "a value in an import or export", location)))
      return failure();
    ExternType result;
    result.kind = ExternKind::Value;
    if (decl.bound == ExternDecl::Eq) {
      if (failed(checkIndex(decl.index, scope.spaces->values, "value", location)))
        return failure();
      return diags.error(location, "the bound (eq ...) of a value is not supported yet, but where "
                                   "that value itself is exported");
    }
    FailureOr<ValType> type = resolve(scope, decl.value, location);
    if (failed(type))
      return failure();
    result.value = *type;
    return result;
  }
  case ExternKind::Func:
    return ofKind(TypeKind::Func);
  case ExternKind::Component:
    return ofKind(TypeKind::Component);
  case ExternKind::Type: {
    if (decl.bound == ExternDecl::SubResource) {
      ResourceId resource = arena.makeResource(ResourceInfo::Abstract, name);
      fresh.push_back({resource, {name}});
      return ExternType::of(ExternKind::Type, arena.makeResourceType(resource));
    }
    if (failed(checkIndex(decl.index, scope.spaces->types, "type", location)))
      return failure();
    return ExternType::of(ExternKind::Type, arena.makeAlias(scope.spaces->types[decl.index]));
  }
  case ExternKind::Instance: {
    FailureOr<TypeId> type = typeIndex(scope, decl.index, TypeKind::Instance, location);
    if (failed(type))
      return failure();
    size_t first = fresh.size();
    TypeId opened = openInstance(arena, *type, &fresh);
    for (size_t i = first; i < fresh.size(); ++i)
      fresh[i].path.insert(fresh[i].path.begin(), name);
    return ExternType::of(ExternKind::Instance, opened);
  }
  }
  llvm_unreachable("all kinds are above");
}
