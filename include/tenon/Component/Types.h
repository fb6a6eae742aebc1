//===- Types.h - The types of components ------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The type arena: every component-level type of a compilation (Explainer.md#type-definitions).
//
// A `TypeId` has an identity besides its structure: importing or exporting a type makes a new id
// that is an alias of the old one, because validation asks *by which name* a type is mentioned
// (Explainer.md#external-visibility-of-types). What a type is never depends on that: two value,
// function or resource types are equal exactly when their `canonical` ids are. Instance and
// component types are compared by subtyping instead (Subtype.h).
//
// Resources are generative: a `ResourceId` stands for one abstract or defined resource type as one
// scope sees it. An instance type or a component type *binds* the resources that its `(sub
// resource)` declarations introduce; using the type (an import, an instantiation) replaces the
// bound ones by fresh or by actual ones, which is `TypeArena::substitute`.
//
// Names are borrowed from the bytes that were read; those outlive the arena.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_TYPES_H
#define TENON_COMPONENT_TYPES_H

#include "tenon/Support/Diagnostics.h"
#include "tenon/Wasm/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace tenon::component {

/// An index into one of the arena's tables; `Tag` keeps the tables apart.
template <typename Tag> struct Id {
  uint32_t index = ~0u;

  bool isValid() const { return index != ~0u; }
  bool operator==(const Id &other) const = default;
  bool operator<(const Id &other) const { return index < other.index; }
};
using TypeId = Id<struct TypeTag>;
using ResourceId = Id<struct ResourceTag>;
using ModuleTypeId = Id<struct ModuleTag>;

enum class Primitive : uint8_t {
  Bool,
  S8,
  U8,
  S16,
  U16,
  S32,
  U32,
  S64,
  U64,
  F32,
  F64,
  Char,
  String,
  ErrorContext
};

enum class TypeKind : uint8_t {
  Primitive, ///< a type definition that is just a primitive type
  Record,
  Variant,
  List,
  FixedList,
  Tuple,
  Flags,
  Enum,
  Option,
  Result,
  Own,
  Borrow,
  Stream,
  Future,
  Map,
  Func,
  Resource,
  Instance,
  Component
};

/// A value type as it is used: a primitive, or a type of the arena that is a value type.
class ValType {
public:
  ValType(Primitive primitive) : primitive(primitive) {}
  ValType(TypeId type) : type(type) {}

  bool isPrimitive() const { return !type.isValid(); }
  Primitive getPrimitive() const { return primitive; }
  TypeId getType() const { return type; }

private:
  Primitive primitive = Primitive::Bool;
  TypeId type;
};

/// A part of a value type. Which of the two it has depends on the kind:
///   record: name, type       variant: name, perhaps a type     flags, enum: name
///   tuple: type              list, fixed-length list, option: one member with a type
///   result: two members, "ok" and "error", each perhaps with a type
///   stream, future: one member, perhaps with a type            map: key, value
struct Member {
  llvm::StringRef name;
  std::optional<ValType> type;
};

struct Param {
  llvm::StringRef name;
  ValType type;
};

struct FuncType {
  llvm::ArrayRef<Param> params;
  std::optional<ValType> result;
  bool isAsync = false;
  /// The distinct resources that the parameters and then the result mention, by first occurrence.
  llvm::ArrayRef<ResourceId> resources;
};

enum class ExternKind : uint8_t { CoreModule, Func, Value, Type, Component, Instance };

/// The type of something that can be imported or exported.
struct ExternType {
  ExternKind kind = ExternKind::Func;
  /// Func, Component, Instance: its type. Type: the type that the name stands for, with an identity
  /// of its own (see the head of this file). Value: the type of a value, when it is not a
  /// primitive.
  TypeId type;
  ModuleTypeId module; ///< CoreModule
  std::optional<ValType> value;

  static ExternType of(ExternKind kind, TypeId type) { return {kind, type, {}, {}}; }
  static ExternType coreModule(ModuleTypeId module) {
    return {ExternKind::CoreModule, {}, module, {}};
  }
};

/// A list of types with names: in order, and by name. Most lists are short, and there are many:
/// only a long one has a table.
template <typename Type> class NamedList {
public:
  struct Entry {
    llvm::StringRef name;
    Type type;
  };

  llvm::ArrayRef<Entry> list() const { return entries; }
  size_t size() const { return entries.size(); }
  const Entry &operator[](size_t index) const { return entries[index]; }
  auto begin() const { return entries.begin(); }
  auto end() const { return entries.end(); }

  /// Null when there is none of that name.
  const Type *find(llvm::StringRef name) const {
    if (entries.size() <= shortest) {
      for (const Entry &entry : entries)
        if (entry.name == name)
          return &entry.type;
      return nullptr;
    }
    auto found = byName.find(name);
    return found == byName.end() ? nullptr : &entries[found->second].type;
  }

  /// False, and nothing is added, when the name is taken.
  bool add(llvm::StringRef name, const Type &type) {
    if (find(name))
      return false;
    entries.push_back({name, type});
    if (entries.size() == shortest + 1)
      for (size_t i = 0; i < shortest; ++i)
        byName.try_emplace(entries[i].name, i);
    if (entries.size() > shortest)
      byName.try_emplace(name, entries.size() - 1);
    return true;
  }

  /// Replaces the type of entry `index`.
  void setType(size_t index, const Type &type) { entries[index].type = type; }

private:
  /// Up to so many entries there is no table.
  static constexpr size_t shortest = 8;
  std::vector<Entry> entries;
  llvm::DenseMap<llvm::StringRef, uint32_t> byName;
};

/// Imports or exports.
using ExternList = NamedList<ExternType>;
using NamedExtern = ExternList::Entry;

/// A resource that a type binds, and where in its imports or exports it is introduced: the name of
/// an import or export, then names of exports of the instance found there.
struct BoundResource {
  ResourceId resource;
  llvm::SmallVector<llvm::StringRef, 2> path;
};

struct InstanceType {
  ExternList exports;
  /// Empty for the type of an instance that exists; for a type definition what its exports
  /// introduce.
  std::vector<BoundResource> bound;
};

struct ComponentType {
  ExternList imports;
  ExternList exports;
  std::vector<BoundResource> importedResources;
  std::vector<BoundResource> exportedResources;
};

/// The type of a core definition that a module imports or exports.
struct CoreExtern {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  wasm::FuncType func; ///< functions and tags
  wasm::TableType table;
  wasm::MemoryType memory;
  wasm::GlobalType global;
};

struct CoreImport {
  llvm::StringRef module;
  llvm::StringRef name;
  CoreExtern type;
};

/// Exports of a core module or a core instance.
using CoreExports = NamedList<CoreExtern>;

/// Explainer.md, core:moduletype.
struct ModuleType {
  std::vector<CoreImport> imports;
  CoreExports exports;
};

/// Where a resource type came from; for messages and for the rule that only its definer may use
/// `resource.new` and `resource.rep`.
struct ResourceInfo {
  enum Origin : uint8_t {
    Defined,  ///< (resource (rep ...)) of a component
    Abstract, ///< (sub resource) of an import, an export or a type
    Fresh     ///< made by instantiating a component
  };
  Origin origin = Abstract;
  /// The name by which it was first imported or exported; empty until then.
  llvm::StringRef name;
};

/// What to replace in a type: bound resources by actual ones, and named types by what was supplied
/// for them. Lives for one use of the type, so that shared parts are visited once.
struct Substitution {
  llvm::DenseMap<uint32_t, ResourceId> resources; ///< by index of the ResourceId
  llvm::DenseMap<uint32_t, TypeId> types;         ///< by index of the TypeId; also the memo

  bool empty() const { return resources.empty() && types.empty(); }
};

class CoreTypeTable;

class TypeArena {
public:
  TypeArena();
  ~TypeArena();
  TypeArena(const TypeArena &) = delete;

  //===--------------------------------------------------------------------===//
  // Looking
  //===--------------------------------------------------------------------===//

  TypeKind getKind(TypeId type) const { return nodes[type.index].kind; }
  bool isValueType(TypeId type) const { return getKind(type) < TypeKind::Func; }
  /// One id for all value, function and resource types that are equal.
  TypeId getCanonical(TypeId type) const { return nodes[type.index].canonical; }
  bool isEqual(TypeId a, TypeId b) const { return getCanonical(a) == getCanonical(b); }
  bool isEqual(ValType a, ValType b) const;

  /// Primitive.
  Primitive getPrimitive(TypeId type) const;
  /// All value types but primitives and handles.
  llvm::ArrayRef<Member> getMembers(TypeId type) const;
  /// The only member's type: list, fixed-length list, option.
  ValType getElement(TypeId type) const { return *getMembers(type).front().type; }
  /// FixedList.
  uint32_t getLength(TypeId type) const;
  /// Own and Borrow: the type that the handle refers to, a Resource.
  TypeId getResourceType(TypeId type) const;
  /// Resource, Own and Borrow.
  ResourceId getResource(TypeId type) const;
  const FuncType &getFunc(TypeId type) const;
  const InstanceType &getInstance(TypeId type) const;
  const ComponentType &getComponent(TypeId type) const;
  const ModuleType &getModule(ModuleTypeId type) const { return *modules[type.index]; }
  /// What references in core types number (`ModuleType`, `CoreExtern`).
  CoreTypeTable &getCoreTypes() { return *coreTypes; }
  const ResourceInfo &getInfo(ResourceId resource) const { return resources[resource.index]; }

  /// Whether the type mentions any resource / a `borrow` / a list or string.
  bool mentionsResource(TypeId type) const { return nodes[type.index].mentionsResource; }
  bool mentionsBorrow(TypeId type) const { return nodes[type.index].mentionsBorrow; }
  /// Number of type constructors that the type has when it is written out (saturates), and how
  /// deep.
  uint32_t getSize(TypeId type) const { return nodes[type.index].size; }
  unsigned getDepth(TypeId type) const { return nodes[type.index].depth; }
  size_t getNumTypes() const { return nodes.size(); }
  /// Steps of walks over types so far, to put an end to inputs that are made to be slow.
  uint64_t getWork() const { return work; }
  void countWork(uint64_t steps) { work += steps; }

  //===--------------------------------------------------------------------===//
  // Making
  //===--------------------------------------------------------------------===//

  TypeId makePrimitive(Primitive primitive);
  /// Any kind that has members; `length` for FixedList.
  TypeId makeValue(TypeKind kind, llvm::ArrayRef<Member> members, uint32_t length = 0);
  TypeId makeHandle(TypeKind kind, TypeId resourceType);
  TypeId makeFunc(llvm::ArrayRef<Param> params, std::optional<ValType> result, bool isAsync);
  TypeId makeInstance(InstanceType type);
  TypeId makeComponent(ComponentType type);
  ModuleTypeId makeModule(ModuleType type);
  ResourceId makeResource(ResourceInfo::Origin origin, llvm::StringRef name = "");
  /// A new id for a resource type; every id of one resource is equal to every other.
  TypeId makeResourceType(ResourceId resource);
  /// A new identity for a type.
  TypeId makeAlias(TypeId type);
  void nameResource(ResourceId resource, llvm::StringRef name);

  /// `type` with the replacements made; `type` itself when there is nothing to replace.
  TypeId substitute(TypeId type, Substitution &substitution);
  ExternType substitute(ExternType type, Substitution &substitution);

  //===--------------------------------------------------------------------===//
  // Printing, in WIT terms: `func(a: list<u8>) -> result<string>`
  //===--------------------------------------------------------------------===//

  std::string str(ValType type) const;
  std::string str(TypeId type) const;
  std::string str(const ExternType &type) const;

private:
  struct Node {
    explicit Node(TypeKind kind) : kind(kind) {}
    TypeKind kind;
    bool mentionsResource = false;
    bool mentionsBorrow = false;
    uint16_t depth = 1;
    uint32_t size = 1;
    /// Index into the kind's table; the length, the primitive or the resource of small types.
    uint32_t payload = 0;
    TypeId canonical;
    llvm::ArrayRef<Member> members;
  };
  struct Structures; // structure -> canonical id

  std::vector<Node> nodes;
  std::deque<FuncType> funcs;
  std::deque<InstanceType> instances;
  std::deque<ComponentType> components;
  std::vector<std::unique_ptr<ModuleType>> modules;
  std::unique_ptr<CoreTypeTable> coreTypes;
  std::vector<ResourceInfo> resources;
  llvm::BumpPtrAllocator allocator;
  std::unique_ptr<Structures> structures;
  uint64_t work = 0;

  TypeId addNode(const Node &node);
  TypeId addStructural(Node node, llvm::ArrayRef<uint32_t> key);
  void account(Node &node, TypeId part) const;
  void account(Node &node, ValType part) const;
  void account(Node &node, const ExternList &externs) const;
  size_t numParts(TypeId type) const;
  TypeId substituteUncached(TypeId type, Substitution &substitution);
  ValType substitute(ValType type, Substitution &substitution);
  bool substitute(ExternList &externs, Substitution &substitution);
  llvm::ArrayRef<ResourceId> collectResources(const FuncType &func);
};

/// `u32`, `error-context`.
llvm::StringRef spell(Primitive primitive);
/// `func`, `core module`.
llvm::StringRef spell(ExternKind kind);

} // namespace tenon::component

#endif // TENON_COMPONENT_TYPES_H
