//===- ComponentRuntime.h - Instances, calls and builtins -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENTINTERP_COMPONENTRUNTIME_H
#define TENON_LIB_COMPONENTINTERP_COMPONENTRUNTIME_H

#include "LiftLower.h"
#include <map>

namespace tenon::interp {

struct Item;
struct Environment;

/// A value of the component level, once it is there.
struct ComponentValue {
  component::ValType type;
  component::Val val;
  /// Handles that it owns went to who took it.
  mutable bool isTaken = false;
};

/// What core instances export, by name.
using CoreItems = std::map<llvm::StringRef, Extern>;

/// The exports of a component instance.
struct ComponentExports {
  std::map<llvm::StringRef, Item> items;
};

/// A component as a value: its definition, and where it stands.
struct Closure {
  const component::Component *component = nullptr;
  Environment *outer = nullptr; ///< null: a file of its own
};

/// Something of the component level, as instances hand it on.
struct Item {
  component::ExternKind kind = component::ExternKind::Type;
  const LiftedFunction *function = nullptr;
  const ComponentValue *value = nullptr;
  const ResourceType *resource = nullptr; ///< Type: null when it is another type
  const wasm::Module *module = nullptr;
  const ComponentExports *instance = nullptr;
  Closure component;
};

/// The index spaces of a component that is being instantiated.
struct Environment {
  const component::Component *component = nullptr;
  Environment *outer = nullptr;
  ComponentInstance *self = nullptr;
  std::vector<Function *> coreFuncs;
  std::vector<Table *> coreTables;
  std::vector<Memory *> coreMemories;
  std::vector<Global *> coreGlobals;
  std::vector<Tag *> coreTags;
  std::vector<const CoreItems *> coreInstances;
  std::vector<const wasm::Module *> coreModules;
  std::vector<const LiftedFunction *> funcs;
  std::vector<const ComponentValue *> values;
  std::vector<const ResourceType *> types;
  std::vector<Closure> components;
  std::vector<const ComponentExports *> instances;
  /// What each definition that may introduce resources made, by its number.
  std::map<uint32_t, Item> made;

  void append(component::Sort sort, const Item &item);
  Item get(component::SortIndex item) const;
  /// The resource type that an id of this component, or of one around it, stands for.
  const ResourceType *resource(component::ResourceId id) const;
};

class ComponentRuntime {
public:
  ComponentRuntime(component::TypeArena &arena, Store &store, ImportResolver resolver)
      : arena(arena), store(store), resolver(std::move(resolver)) {}

  component::TypeArena &arena;
  Store &store;
  ImportResolver resolver;
  bool donutWrapping = true;

  // Calls.cpp
  /// `Store.lift`: calls from `caller` (null: from outside). `start` gives the arguments, `resolve`
  /// takes the results.
  using Start = llvm::function_ref<TrapKind(std::vector<component::Val> &, SourceStrings &)>;
  using Resolve = llvm::function_ref<TrapKind(llvm::ArrayRef<component::Val>, SourceStrings &)>;
  /// `isStart`: it is no code of the caller that calls, but its instantiation.
  TrapKind call(const LiftedFunction &function, ComponentInstance *caller, Start start,
                Resolve resolve, bool isStart = false);
  Function *makeLowered(LoweredFunction lowered, const wasm::FuncType &type);
  /// Null: not one of those that are supported.
  Function *makeBuiltin(const component::Canon &canon, Environment &env);

  // Values.cpp
  /// Takes a value out of where it is kept.
  TrapKind take(const ComponentValue &value, component::Val &out);

  // Instantiate.cpp
  /// Null, with a diagnostic or with `trap` set: it failed.
  const ComponentExports *instantiate(const Closure &closure, ComponentInstance *parent,
                                      const std::map<llvm::StringRef, Item> &args,
                                      Diagnostics &diags);
  TrapKind trap = TrapKind::None;

  /// What a trap of this kind, just raised, is called.
  std::string describe(TrapKind kind) const;

private:
  uint32_t lastHandle = 0; ///< the last index that was looked for in a table

  // They stay where they are: everything refers to them.
  std::deque<ComponentInstance> instances;
  std::deque<ResourceType> resources;
  std::deque<LiftedFunction> lifted;
  std::deque<ComponentExports> exports;
  std::deque<ComponentValue> values;
  /// What the definitions of values say, the same in every instance.
  llvm::DenseMap<const component::Value *, const ComponentValue *> definedValues;
  std::deque<CoreItems> coreItems;
  std::deque<Environment> environments;
  unsigned depth = 0;

  TrapKind callLowered(const LoweredFunction &lowered, llvm::ArrayRef<Value> args,
                       llvm::MutableArrayRef<Value> results);
  TrapKind drop(ComponentInstance &self, const ResourceType *type, uint32_t index);

  LogicalResult define(Environment &env, const component::Definition &definition,
                       const std::map<llvm::StringRef, Item> &args, ComponentExports &out,
                       Diagnostics &diags);
  LogicalResult defineValue(Environment &env, const component::Value &value, Diagnostics &diags);
  LogicalResult runStart(Environment &env, const component::Start &start, Location location,
                         Diagnostics &diags);
  LogicalResult defineImport(Environment &env, const component::Import &import,
                             const std::map<llvm::StringRef, Item> &args, uint32_t number,
                             Diagnostics &diags);
  Item makeTypes(const component::ExternType &type);
  LogicalResult defineCoreInstance(Environment &env, const component::CoreInstance &instance,
                                   Diagnostics &diags);
  LogicalResult defineInstance(Environment &env, const component::Instance &instance,
                               uint32_t number, Diagnostics &diags);
  LogicalResult defineAlias(Environment &env, const component::Alias &alias, uint32_t number);
  LogicalResult defineCanon(Environment &env, const component::Canon &canon, Location location,
                            Diagnostics &diags);
  CanonicalOptions resolve(const Environment &env, const component::CanonOptions &options) const;
  ResourceMap resolve(const Environment &env, llvm::ArrayRef<component::ResourceId> ids) const;
};

} // namespace tenon::interp

#endif // TENON_LIB_COMPONENTINTERP_COMPONENTRUNTIME_H
