//===- Types.cpp - The type arena -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A type is built from finished parts, so an id is greater than those of its parts, size and depth
// are sums over the parts, and equality is hash-consing: the structure of a type, spelled as words
// in which every part stands as its own canonical id, is looked up in one table. Nothing here walks
// a type as it would be written out (which can be exponentially longer than its definition): walks
// visit each id once.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Types.h"
#include "tenon/Component/CoreTypes.h"
#include "llvm/ADT/DenseSet.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

/// Which id came first for a structure. Names are numbered, so that a structure is a list of words.
struct TypeArena::Structures {
  llvm::DenseMap<llvm::ArrayRef<uint32_t>, TypeId> ids;
  llvm::DenseMap<llvm::StringRef, uint32_t> names;

  uint32_t word(llvm::StringRef name) {
    return names.try_emplace(name, names.size()).first->second;
  }
};

/// One word for a value type; equal types have equal words.
static uint32_t wordOf(const TypeArena &arena, ValType type) {
  if (type.isPrimitive())
    return 1 + uint32_t(type.getPrimitive());
  if (arena.getKind(type.getType()) == TypeKind::Primitive)
    return 1 + uint32_t(arena.getPrimitive(type.getType()));
  return 64 + arena.getCanonical(type.getType()).index;
}

static uint32_t wordOf(const TypeArena &arena, const std::optional<ValType> &type) {
  return type ? wordOf(arena, *type) : 0;
}

TypeArena::TypeArena()
    : coreTypes(std::make_unique<CoreTypeTable>()), structures(std::make_unique<Structures>()) {}
TypeArena::~TypeArena() = default;

TypeId TypeArena::addNode(const Node &node) {
  TypeId id{uint32_t(nodes.size())};
  nodes.push_back(node);
  if (!node.canonical.isValid())
    nodes.back().canonical = id;
  return id;
}

TypeId TypeArena::addStructural(Node node, llvm::ArrayRef<uint32_t> key) {
  auto known = structures->ids.find(key);
  if (known != structures->ids.end()) {
    node.canonical = known->second;
    return addNode(node);
  }
  TypeId id = addNode(node);
  structures->ids.try_emplace(key.copy(allocator), id);
  return id;
}

void TypeArena::account(Node &node, TypeId part) const {
  const Node &other = nodes[part.index];
  node.size = std::min<uint64_t>(uint64_t(node.size) + other.size, UINT32_MAX);
  node.depth = std::max<unsigned>(node.depth, std::min<unsigned>(other.depth + 1, UINT16_MAX));
  node.mentionsResource |= other.mentionsResource;
  node.mentionsBorrow |= other.mentionsBorrow;
}

void TypeArena::account(Node &node, ValType part) const {
  if (part.isPrimitive())
    node.size = std::min<uint64_t>(uint64_t(node.size) + 1, UINT32_MAX);
  else
    account(node, part.getType());
}

void TypeArena::account(Node &node, const ExternList &externs) const {
  for (const NamedExtern &one : externs) {
    node.size = std::min<uint64_t>(uint64_t(node.size) + 1, UINT32_MAX);
    if (one.type.type.isValid())
      account(node, one.type.type);
    else if (one.type.value)
      account(node, *one.type.value);
    if (one.type.kind == ExternKind::CoreModule) {
      const ModuleType &module = getModule(one.type.module);
      uint64_t size = uint64_t(node.size) + module.imports.size() + module.exports.list().size();
      node.size = std::min<uint64_t>(size, UINT32_MAX);
    }
  }
}

//===----------------------------------------------------------------------===//
// Making
//===----------------------------------------------------------------------===//

TypeId TypeArena::makePrimitive(Primitive primitive) {
  Node node{TypeKind::Primitive};
  node.payload = uint32_t(primitive);
  return addStructural(node, {uint32_t(TypeKind::Primitive), node.payload});
}

TypeId TypeArena::makeValue(TypeKind kind, llvm::ArrayRef<Member> members, uint32_t length) {
  assert(kind < TypeKind::Func && kind != TypeKind::Primitive && kind != TypeKind::Own &&
         kind != TypeKind::Borrow && "a kind with members");
  Node node{kind};
  node.payload = length;
  node.members = members.copy(allocator);
  llvm::SmallVector<uint32_t, 16> key = {uint32_t(kind), length};
  for (const Member &member : members) {
    key.push_back(structures->word(member.name));
    key.push_back(wordOf(*this, member.type));
    if (member.type)
      account(node, *member.type);
    else
      ++node.size;
  }
  return addStructural(node, key);
}

TypeId TypeArena::makeHandle(TypeKind kind, TypeId resourceType) {
  assert((kind == TypeKind::Own || kind == TypeKind::Borrow) && "a handle");
  assert(getKind(resourceType) == TypeKind::Resource && "handles refer to resources");
  Node node{kind};
  node.payload = resourceType.index;
  node.mentionsResource = true;
  node.mentionsBorrow = kind == TypeKind::Borrow;
  return addStructural(node, {uint32_t(kind), getResource(resourceType).index});
}

TypeId TypeArena::makeFunc(llvm::ArrayRef<Param> params, std::optional<ValType> result,
                           bool isAsync) {
  Node node{TypeKind::Func};
  FuncType func;
  func.isAsync = isAsync;
  func.params = params.copy(allocator);
  func.result = result;
  llvm::SmallVector<uint32_t, 16> key = {uint32_t(TypeKind::Func), isAsync, wordOf(*this, result)};
  for (const Param &param : params) {
    key.push_back(structures->word(param.name));
    key.push_back(wordOf(*this, param.type));
    account(node, param.type);
  }
  if (result)
    account(node, *result);
  if (node.mentionsResource)
    func.resources = collectResources(func);
  node.payload = funcs.size();
  funcs.push_back(func);
  return addStructural(node, key);
}

llvm::ArrayRef<ResourceId> TypeArena::collectResources(const FuncType &func) {
  llvm::SmallVector<ResourceId> found;
  llvm::DenseSet<uint32_t> seenTypes, seenResources;
  auto visit = [&](auto &visit, ValType type) -> void {
    if (type.isPrimitive() || !mentionsResource(type.getType()) ||
        !seenTypes.insert(type.getType().index).second)
      return;
    TypeKind kind = getKind(type.getType());
    if (kind == TypeKind::Own || kind == TypeKind::Borrow) {
      ResourceId resource = getResource(type.getType());
      if (seenResources.insert(resource.index).second)
        found.push_back(resource);
      return;
    }
    for (const Member &member : getMembers(type.getType()))
      if (member.type)
        visit(visit, *member.type);
  };
  for (const Param &param : func.params)
    visit(visit, param.type);
  if (func.result)
    visit(visit, *func.result);
  return llvm::ArrayRef(found).copy(allocator);
}

TypeId TypeArena::makeInstance(InstanceType type) {
  Node node{TypeKind::Instance};
  account(node, type.exports);
  node.payload = instances.size();
  instances.push_back(std::move(type));
  return addNode(node);
}

TypeId TypeArena::makeComponent(ComponentType type) {
  Node node{TypeKind::Component};
  account(node, type.imports);
  account(node, type.exports);
  node.payload = components.size();
  components.push_back(std::move(type));
  return addNode(node);
}

ModuleTypeId TypeArena::makeModule(ModuleType type) {
  modules.push_back(std::make_unique<ModuleType>(std::move(type)));
  return {uint32_t(modules.size() - 1)};
}

ResourceId TypeArena::makeResource(ResourceInfo::Origin origin, llvm::StringRef name) {
  resources.push_back({origin, name});
  return {uint32_t(resources.size() - 1)};
}

void TypeArena::nameResource(ResourceId resource, llvm::StringRef name) {
  if (resources[resource.index].name.empty())
    resources[resource.index].name = name;
}

TypeId TypeArena::makeResourceType(ResourceId resource) {
  Node node{TypeKind::Resource};
  node.payload = resource.index;
  node.mentionsResource = true;
  return addStructural(node, {uint32_t(TypeKind::Resource), resource.index});
}

TypeId TypeArena::makeAlias(TypeId type) {
  Node node = nodes[type.index]; // a copy: addNode may move the nodes
  return addNode(node);
}

//===----------------------------------------------------------------------===//
// Looking
//===----------------------------------------------------------------------===//

bool TypeArena::isEqual(ValType a, ValType b) const { return wordOf(*this, a) == wordOf(*this, b); }

Primitive TypeArena::getPrimitive(TypeId type) const {
  assert(getKind(type) == TypeKind::Primitive && "no primitive");
  return Primitive(nodes[type.index].payload);
}

llvm::ArrayRef<Member> TypeArena::getMembers(TypeId type) const {
  return nodes[type.index].members;
}

uint32_t TypeArena::getLength(TypeId type) const {
  assert(getKind(type) == TypeKind::FixedList && "only these have a length");
  return nodes[type.index].payload;
}

TypeId TypeArena::getResourceType(TypeId type) const {
  assert((getKind(type) == TypeKind::Own || getKind(type) == TypeKind::Borrow) && "no handle");
  return {nodes[type.index].payload};
}

ResourceId TypeArena::getResource(TypeId type) const {
  TypeId resourceType = getKind(type) == TypeKind::Resource ? type : getResourceType(type);
  return {nodes[resourceType.index].payload};
}

const FuncType &TypeArena::getFunc(TypeId type) const {
  assert(getKind(type) == TypeKind::Func && "no function type");
  return funcs[nodes[type.index].payload];
}

const InstanceType &TypeArena::getInstance(TypeId type) const {
  assert(getKind(type) == TypeKind::Instance && "no instance type");
  return instances[nodes[type.index].payload];
}

const ComponentType &TypeArena::getComponent(TypeId type) const {
  assert(getKind(type) == TypeKind::Component && "no component type");
  return components[nodes[type.index].payload];
}

//===----------------------------------------------------------------------===//
// Substitution
//===----------------------------------------------------------------------===//

TypeId TypeArena::substitute(TypeId type, Substitution &substitution) {
  auto known = substitution.types.find(type.index);
  if (known != substitution.types.end())
    return known->second;
  work += 1 + numParts(type);
  TypeId result = substituteUncached(type, substitution);
  substitution.types.try_emplace(type.index, result);
  return result;
}

size_t TypeArena::numParts(TypeId type) const {
  switch (getKind(type)) {
  case TypeKind::Func:
    return getFunc(type).params.size();
  case TypeKind::Instance:
    return getInstance(type).exports.size();
  case TypeKind::Component:
    return getComponent(type).imports.size() + getComponent(type).exports.size();
  default:
    return getMembers(type).size();
  }
}

ValType TypeArena::substitute(ValType type, Substitution &substitution) {
  return type.isPrimitive() ? type : ValType(substitute(type.getType(), substitution));
}

ExternType TypeArena::substitute(ExternType type, Substitution &substitution) {
  if (type.type.isValid())
    type.type = substitute(type.type, substitution);
  if (type.value)
    type.value = substitute(*type.value, substitution);
  return type;
}

static bool isSame(ValType a, ValType b) {
  return a.isPrimitive() ? b.isPrimitive() && a.getPrimitive() == b.getPrimitive()
                         : a.getType() == b.getType();
}

bool TypeArena::substitute(ExternList &externs, Substitution &substitution) {
  bool changed = false;
  for (size_t i = 0; i < externs.size(); ++i) {
    ExternType replaced = substitute(externs[i].type, substitution);
    changed |= !(replaced.type == externs[i].type.type) ||
               (replaced.value && !isSame(*replaced.value, *externs[i].type.value));
    externs.setType(i, replaced);
  }
  return changed;
}

TypeId TypeArena::substituteUncached(TypeId type, Substitution &substitution) {
  switch (getKind(type)) {
  case TypeKind::Primitive:
    return type;
  case TypeKind::Resource: {
    auto found = substitution.resources.find(getResource(type).index);
    return found == substitution.resources.end() || found->second == getResource(type)
               ? type
               : makeResourceType(found->second);
  }
  case TypeKind::Own:
  case TypeKind::Borrow: {
    TypeId resourceType = substitute(getResourceType(type), substitution);
    return resourceType == getResourceType(type) ? type : makeHandle(getKind(type), resourceType);
  }
  case TypeKind::Func: {
    const FuncType &func = getFunc(type);
    llvm::SmallVector<Param> params(func.params);
    std::optional<ValType> result = func.result;
    bool changed = false;
    for (Param &param : params) {
      ValType replaced = substitute(param.type, substitution);
      changed |= !isSame(replaced, param.type);
      param.type = replaced;
    }
    if (result) {
      ValType replaced = substitute(*result, substitution);
      changed |= !isSame(replaced, *result);
      result = replaced;
    }
    return changed ? makeFunc(params, result, func.isAsync) : type;
  }
  case TypeKind::Instance: {
    InstanceType instance = getInstance(type);
    return substitute(instance.exports, substitution) ? makeInstance(std::move(instance)) : type;
  }
  case TypeKind::Component: {
    ComponentType component = getComponent(type);
    bool imports = substitute(component.imports, substitution);
    bool exports = substitute(component.exports, substitution);
    return imports || exports ? makeComponent(std::move(component)) : type;
  }
  default: {
    llvm::SmallVector<Member> members(getMembers(type));
    bool changed = false;
    for (Member &member : members) {
      if (!member.type)
        continue;
      ValType replaced = substitute(*member.type, substitution);
      changed |= !isSame(replaced, *member.type);
      member.type = replaced;
    }
    return changed ? makeValue(getKind(type), members, nodes[type.index].payload) : type;
  }
  }
}
