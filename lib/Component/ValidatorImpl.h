//===- ValidatorImpl.h - The validator's state ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A `Scope` is what indices and names refer to: a component, or a component or instance type (the
// three kinds that outer aliases count). The `Validator` walks definitions and declarations and
// fills scopes:
//
//   Validator.cpp           components: definitions in order, imports, exports, the component's
//   type ValidateTypes.cpp       type definitions and declarations ValidateCoreTypes.cpp   core
//   types and core modules ValidateInstances.cpp   instances, core instances, aliases
//   ValidateCanon.cpp       canonical definitions
//   ValidateValues.cpp      values and start functions
//   ValidateNames.cpp       names of imports and exports, visibility of types
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_VALIDATORIMPL_H
#define TENON_LIB_COMPONENT_VALIDATORIMPL_H

#include "Flatten.h"
#include "tenon/Component/Component.h"
#include "tenon/Component/Validator.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::component {

/// How large and how deep a type may be, written out: generous for what tools make, small enough
/// for whatever walks types.
constexpr uint64_t maxTypeSize = 1'000'000;
constexpr unsigned maxTypeDepth = 100;

struct ParsedName;

/// The names of one list of imports or exports.
struct NameScope {
  llvm::StringMap<llvm::StringRef> taken;            ///< uniqueness key -> name
  llvm::DenseMap<llvm::StringRef, TypeId> resources; ///< label -> the resource type of that name
};

/// Types by the names they have outside (Explainer.md#external-visibility-of-types).
using VisibleTypes = llvm::DenseSet<uint32_t>;

struct Scope {
  enum Kind : uint8_t { Component, ComponentType, InstanceType };
  Kind kind;
  Scope *parent;
  component::Component *component = nullptr; ///< Component
  IndexSpaces *spaces;
  IndexSpaces own; ///< types: what `spaces` refers to

  ExternList imports, exports;
  std::vector<BoundResource> importedResources, exportedResources;
  NameScope importNames, exportNames;
  VisibleTypes visibleToImports, visibleToExports;

  /// Component: the resources that it defines, and their representation.
  llvm::DenseMap<uint32_t, wasm::ValType> definedResources;
  /// Component: what `context.get` and `context.set` are of.
  std::optional<wasm::ValType> contextType;
  /// Of each value of the index space: where it was defined, which of them it is (an export adds an
  /// index of what it exports), and whether something took it.
  struct ValueUse {
    Location location;
    uint32_t original;
    bool isConsumed;
  };
  std::vector<ValueUse> values;
  /// Component: the definition that is being validated.
  uint32_t definition = 0;

  Scope(Kind kind, Scope *parent) : kind(kind), parent(parent), spaces(&own) {}
  Scope(const Scope &) = delete;
};

class Validator {
public:
  Validator(TypeArena &arena, Diagnostics &diags, const ValidatorOptions &options)
      : arena(arena), diags(diags), options(options), flattener(arena) {}

  LogicalResult validate(Component &component, Scope *parent);

private:
  TypeArena &arena;
  Diagnostics &diags;
  const ValidatorOptions &options;
  Flattener flattener;

  // Validator.cpp
  /// `what` needs the feature: an error that says so when it is not enabled.
  LogicalResult checkEnabled(Feature feature, const llvm::Twine &what, Location location);
  LogicalResult visit(Scope &scope, Definition &definition);
  LogicalResult visit(Scope &scope, Import &import, Location location);
  LogicalResult visit(Scope &scope, Export &exported, Location location);
  LogicalResult ascribe(Scope &scope, const Export &exported, const ExternType &found,
                        ExternType &out);
  TypeId finish(Scope &scope);
  LogicalResult checkWork(Location location);
  LogicalResult checkType(TypeId type, Location location);
  /// Says how the resources of what this definition made are found.
  void addPaths(Scope &scope, const ExternType &type);
  void addPaths(Scope &scope, const ExternType &type, llvm::SmallVectorImpl<llvm::StringRef> &path);
  /// The type of an item of an index space as something to be exported or supplied.
  FailureOr<ExternType> typeOf(Scope &scope, SortIndex item, Location location);
  void append(Scope &scope, const ExternType &type, Location location, bool isExport = false);

  // ValidateTypes.cpp
  FailureOr<TypeId> visit(Scope &scope, const TypeDecl &decl, Location location);
  FailureOr<TypeId> visitValueType(Scope &scope, const ValTypeDecl &decl, Location location);
  FailureOr<TypeId> visitFuncType(Scope &scope, const FuncTypeDecl &decl, Location location);
  FailureOr<TypeId> visitResource(Scope &scope, const ResourceDecl &decl, Location location);
  FailureOr<TypeId> visitTypeScope(Scope &scope, const TypeDecl &decl, Location location);
  LogicalResult visitDecl(Scope &scope, const TypeScopeDecl &decl);
  FailureOr<ValType> resolve(Scope &scope, const ValTypeRef &type, Location location);
  LogicalResult checkLabels(llvm::ArrayRef<MemberDecl> members, const char *what,
                            Location location);
  LogicalResult checkValueKind(const ValTypeDecl &decl, llvm::ArrayRef<Member> members,
                               Location location);
  LogicalResult checkValueSize(TypeId type, Location location);
  FailureOr<TypeId> typeIndex(Scope &scope, uint32_t index, TypeKind kind, Location location);
  /// The type that an externtype declares; what it introduces goes to `fresh` with paths from
  /// `name`.
  FailureOr<ExternType> visitExtern(Scope &scope, const ExternDecl &decl, llvm::StringRef name,
                                    std::vector<BoundResource> &fresh);

  // ValidateCoreTypes.cpp
  LogicalResult visit(Scope &scope, CoreModule &module, Location location);
  FailureOr<CoreTypeEntry> visit(Scope &scope, const CoreTypeDecl &decl, Location location);
  LogicalResult visitModuleDecl(Scope &scope, const CoreModuleDecl &decl,
                                std::vector<CoreTypeEntry> &types, llvm::StringMap<bool> &imports,
                                ModuleType &out);
  LogicalResult resolve(wasm::ValType &type, llvm::ArrayRef<CoreTypeEntry> space,
                        Location location);
  FailureOr<wasm::FuncType> resolve(wasm::FuncType type, llvm::ArrayRef<CoreTypeEntry> space,
                                    Location location);
  FailureOr<CoreExtern> visitCoreExtern(const CoreExternDecl &decl,
                                        llvm::ArrayRef<CoreTypeEntry> types, Location location);
  LogicalResult checkLimits(const wasm::Limits &limits, uint64_t most, const char *what,
                            Location location);

  // ValidateInstances.cpp
  LogicalResult visit(Scope &scope, const CoreInstance &instance, Location location);
  LogicalResult bundleCore(Scope &scope, const CoreInstance &instance, Location location);
  LogicalResult visit(Scope &scope, const Instance &instance, Location location);
  LogicalResult bundle(Scope &scope, const Instance &instance, Location location);
  // Notes behind an error; both answer failure.
  LogicalResult noteImport(Scope &scope, uint32_t component, llvm::StringRef name);
  LogicalResult noteItem(Scope &scope, SortIndex item);
  LogicalResult visit(Scope &scope, const Alias &alias, Location location);
  LogicalResult visitExportAlias(Scope &scope, const Alias &alias, Location location);
  LogicalResult visitCoreExportAlias(Scope &scope, const Alias &alias, Location location);
  LogicalResult visitOuterAlias(Scope &scope, const Alias &alias, Location location);
  bool hasFreeResources(TypeId type);

  // ValidateValues.cpp
  LogicalResult visit(Scope &scope, const Value &value, Location location);
  LogicalResult visit(Scope &scope, const Start &start, Location location);
  void addValue(Scope &scope, ValType type, Location location, bool isConsumed);
  FailureOr<ValType> consumeValue(Scope &scope, uint32_t index, Location location);
  /// `(eq expected)`, of a value that is exported.
  LogicalResult checkSameValue(Scope &scope, uint32_t found, uint32_t expected,
                               const llvm::Twine &what, Location location);
  LogicalResult checkAllConsumed(const Scope &scope);

  // ValidateCanon.cpp
  LogicalResult visit(Scope &scope, Canon &canon, Location location);
  LogicalResult visitLift(Scope &scope, Canon &canon, Location location);
  LogicalResult visitLower(Scope &scope, Canon &canon, Location location);
  LogicalResult visitResourceBuiltin(Scope &scope, Canon &canon, Location location);
  LogicalResult visitStreamBuiltin(Scope &scope, Canon &canon, Location location);
  LogicalResult visitTaskReturn(Scope &scope, Canon &canon, Location location);
  LogicalResult visitErrorContext(Scope &scope, Canon &canon, Location location);
  LogicalResult visitWait(Scope &scope, Canon &canon, Location location);
  LogicalResult visitThread(Scope &scope, Canon &canon, Location location);
  LogicalResult checkOptions(Scope &scope, const CanonOptions &options, Location location,
                             wasm::ValType &pointer);
  LogicalResult require(const CanonOptions &options, bool memory, bool realloc, Location location);
  LogicalResult checkCoreFunc(Scope &scope, uint32_t index, const wasm::FuncType &expected,
                              const char *what, Location location);

  // ValidateNames.cpp
  LogicalResult checkEnabled(const ParsedName &name, llvm::StringRef text, Location location);
  LogicalResult checkName(const ExternName &name, const ExternType &type, NameScope &names,
                          const char *what);
  LogicalResult checkAttributes(const ExternName &name, const ExternType &type);
  LogicalResult checkAnnotation(const ExternName &name, const ExternType &type,
                                const NameScope &names);
  /// Adds the names that an import or export of this type gives to types; whether every type that
  /// it mentions has a name.
  bool makeVisible(const ExternType &type, VisibleTypes &visible,
                   llvm::SmallVectorImpl<uint32_t> &added);
  bool isVisible(ValType type, const VisibleTypes &visible);
  bool areVisible(const ExternList &externs, VisibleTypes &visible,
                  llvm::SmallVectorImpl<uint32_t> &added);
  bool arePartsVisible(TypeId type, VisibleTypes &visible);
  LogicalResult checkVisibility(Scope &scope, const ExternType &type, bool isImport,
                                Location location);

  /// Whether `index` is one of `space`; says so if not.
  template <typename Space>
  LogicalResult checkIndex(uint32_t index, const Space &space, llvm::StringRef what,
                           Location location) {
    if (index < space.size())
      return success();
    return diags.error(location, "unknown ")
           << what << ' ' << index << ": index out of bounds, there are " << space.size();
  }
};

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_VALIDATORIMPL_H
