//===- Definitions.h - What a component binary says -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definitions of a component as the binary has them (Binary.md): syntax, with indices. What
// they mean, the validator says: in the index spaces of Component.h and in the fields marked
// "validated".
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_DEFINITIONS_H
#define TENON_COMPONENT_DEFINITIONS_H

#include "tenon/Component/Types.h"
#include "tenon/Wasm/Module.h"
#include <memory>
#include <variant>

namespace tenon::component {

struct Component;

/// The index spaces (Explainer.md#index-spaces).
enum class Sort : uint8_t {
  CoreFunc,
  CoreTable,
  CoreMemory,
  CoreGlobal,
  CoreTag,
  CoreType,
  CoreModule,
  CoreInstance,
  Func,
  Value,
  Type,
  Component,
  Instance
};
constexpr unsigned numSorts = 13;
/// `core func`, `instance`.
llvm::StringRef spell(Sort sort);

struct SortIndex {
  Sort sort = Sort::Func;
  uint32_t index = 0;
};

/// Binary.md, nameattributes.
struct ExternName {
  llvm::StringRef name;
  std::optional<llvm::StringRef> implements;
  std::optional<llvm::StringRef> versionSuffix;
  std::optional<llvm::StringRef> externalId;
  Location location;

  /// The interface that an instance of the name has: what it implements, or the name itself.
  llvm::StringRef interface() const { return implements.value_or(name); }
  /// The name with the whole version, for messages: `a:b/c@0.2.6` of `a:b/c@0.2` and `.6`.
  std::string withVersionSuffix() const { return (name + versionSuffix.value_or("")).str(); }
};

//===----------------------------------------------------------------------===//
// Types, as written
//===----------------------------------------------------------------------===//

/// valtype: a primitive or an index of the type index space.
struct ValTypeRef {
  std::optional<Primitive> primitive;
  uint32_t index = 0;
};

struct MemberDecl {
  llvm::StringRef name;
  std::optional<ValTypeRef> type;
  Location location;
};

/// defvaltype. `members` as in Types.h.
struct ValTypeDecl {
  TypeKind kind = TypeKind::Primitive;
  Primitive primitive = Primitive::Bool;
  std::vector<MemberDecl> members;
  uint32_t length = 0;       ///< fixed-length list
  uint32_t resourceType = 0; ///< own, borrow
};

struct FuncTypeDecl {
  bool isAsync = false;
  std::vector<MemberDecl> params; ///< all with a type
  std::optional<ValTypeRef> result;
};

struct ResourceDecl {
  wasm::ValType rep = wasm::ValType::I32;
  std::optional<uint32_t> dtor; ///< core function index
};

/// externtype.
struct ExternDecl {
  enum Bound : uint8_t { Eq, SubResource, Of };
  ExternKind kind = ExternKind::Func;
  Bound bound = Eq; ///< Type: Eq or SubResource; Value: Eq or Of; else unused
  uint32_t index = 0;
  ValTypeRef value; ///< Value, Of
  Location location;
};

struct Alias {
  enum Target : uint8_t { Export, CoreExport, Outer };
  Target target = Export;
  Sort sort = Sort::Func;
  uint32_t instance = 0; ///< Export, CoreExport
  llvm::StringRef name;  ///< Export, CoreExport
  uint32_t outerCount = 0, outerIndex = 0;
};

struct CoreModuleDecl;
/// core:type. Recursive groups and supertypes are diagnosed by the reader.
struct CoreTypeDecl {
  bool isModule = false;
  wasm::FuncType func;
  std::vector<CoreModuleDecl> decls;
};

struct CoreExternDecl {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  uint32_t typeIndex = 0; ///< functions and tags
  wasm::TableType table;
  wasm::MemoryType memory;
  wasm::GlobalType global;
};

/// core:moduledecl.
struct CoreModuleDecl {
  enum Kind : uint8_t { Import, Type, Alias, Export };
  Kind kind = Import;
  llvm::StringRef module, name;            ///< Import; Export has no module
  CoreExternDecl externType;               ///< Import, Export
  CoreTypeDecl type;                       ///< Type
  uint32_t outerCount = 0, outerIndex = 0; ///< Alias
  Location location;
};

struct TypeDecl;
/// componentdecl or instancedecl.
struct TypeScopeDecl {
  enum Kind : uint8_t { CoreType, Type, Alias, Import, Export };
  Kind kind = Type;
  std::unique_ptr<CoreTypeDecl> coreType;
  std::unique_ptr<TypeDecl> type;
  component::Alias alias;
  ExternName name;
  ExternDecl externType; ///< Import, Export
  Location location;
};

/// deftype.
struct TypeDecl {
  enum Kind : uint8_t { Value, Func, Component, Instance, Resource };
  Kind kind = Value;
  ValTypeDecl value;
  FuncTypeDecl func;
  ResourceDecl resource;
  std::vector<TypeScopeDecl> decls; ///< Component, Instance
};

//===----------------------------------------------------------------------===//
// Canonical definitions
//===----------------------------------------------------------------------===//

enum class CanonKind : uint8_t {
#define TENON_CANON(Name, Spelling, Opcode) Name,
#include "tenon/Component/Canon.def"
};
/// `lift`, `resource.drop`, `waitable-set.wait`.
llvm::StringRef spell(CanonKind kind);

enum class StringEncoding : uint8_t { UTF8, UTF16, Latin1UTF16 };

/// canonopt*.
struct CanonOptions {
  StringEncoding encoding = StringEncoding::UTF8;
  std::optional<uint32_t> memory, realloc, postReturn, callback; ///< core indices
  bool isAsync = false;
};

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

struct CoreModule {
  std::unique_ptr<wasm::Module> module;
};

struct CoreInlineExport {
  llvm::StringRef name;
  SortIndex item;
};

struct CoreInstance {
  struct Arg {
    llvm::StringRef name;
    uint32_t instance = 0;
  };
  bool isInstantiate = false;
  uint32_t module = 0;
  std::vector<Arg> args;
  std::vector<CoreInlineExport> exports;
};

struct CoreType {
  CoreTypeDecl decl;
};

struct NestedComponent {
  std::unique_ptr<Component> component;
};

struct Instance {
  struct Arg {
    llvm::StringRef name;
    SortIndex item;
    Location location;
  };
  struct InlineExport {
    ExternName name;
    SortIndex item;
  };
  bool isInstantiate = false;
  uint32_t component = 0;
  std::vector<Arg> args;
  std::vector<InlineExport> exports;
};

struct Type {
  TypeDecl decl;
};

struct Canon {
  CanonKind kind = CanonKind::Lift;
  uint32_t func = 0; ///< Lift: a core function; Lower: a function
  uint32_t type =
      0; ///< Lift: function type; resource.*, stream.*, future.*: type; thread.*: core type
  CanonOptions options;
  bool isAsync = false;       ///< the `async?` immediate of subtask.cancel, stream.cancel-read, ...
  bool isCancellable = false; ///< the `cancel?` immediate
  bool isShared = false;
  uint32_t memory = 0;              ///< waitable-set.wait and poll
  uint32_t table = 0;               ///< thread.new-indirect, thread.spawn-indirect
  wasm::ValType contextType;        ///< context.get and set
  uint32_t contextSlot = 0;         ///< context.get and set
  std::optional<ValTypeRef> result; ///< task.return

  // Validated.
  /// Lift: the type of the function that it makes; Lower: of the one it takes. task.return,
  /// stream.*, future.*: a function whose one parameter is the result, the stream or the future.
  TypeId funcType;
  /// Lift, Lower: the distinct resources that `funcType` mentions, by first occurrence.
  /// resource.*: the one resource. Component::pathOf says how to find each as a value.
  llvm::SmallVector<ResourceId, 2> resources;
  /// Lift: the core signature that it takes; everything else: the one it makes.
  wasm::FuncType coreType;
};

struct Start {
  uint32_t func = 0;
  std::vector<uint32_t> args;
  uint32_t numResults = 0;
};

struct Import {
  ExternName name;
  ExternDecl decl;
  ExternType type; ///< validated
};

struct Export {
  ExternName name;
  SortIndex item;
  std::optional<ExternDecl> ascription;
  ExternType type; ///< validated
};

struct Value {
  ValTypeRef type;
  llvm::ArrayRef<uint8_t> bytes;
  Location location; ///< of the bytes
};

struct Custom {
  llvm::StringRef name;
  llvm::ArrayRef<uint8_t> bytes;
};

struct Definition {
  Location location;
  /// What it adds to an index space; a Custom and a Start without a result add nothing. (An export
  /// adds an alias of what it exports.) Filled by the reader.
  std::optional<SortIndex> defines;
  std::variant<Custom, CoreModule, CoreInstance, CoreType, NestedComponent, Instance, Alias, Type,
               Canon, Start, Import, Export, Value>
      body;

  template <typename T> T *getIf() { return std::get_if<T>(&body); }
  template <typename T> const T *getIf() const { return std::get_if<T>(&body); }
};

} // namespace tenon::component

#endif // TENON_COMPONENT_DEFINITIONS_H
