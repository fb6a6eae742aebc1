//===- Instantiate.cpp - Components, definition by definition -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiating is walking the definitions front to back; each appends what it makes to an index
// space. A component is a closure over the environment in which it stands, which is what outer
// aliases look into.
//
//===----------------------------------------------------------------------===//

#include "ComponentRuntime.h"
#include "PackedLists.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using component::ExternKind;
using component::Sort;

/// What one program may have.
constexpr size_t maxInstances = 10000;
constexpr unsigned maxNesting = 200;

//===----------------------------------------------------------------------===//
// Environments
//===----------------------------------------------------------------------===//

void Environment::append(Sort sort, const Item &item) {
  switch (sort) {
  case Sort::CoreModule:
    return coreModules.push_back(item.module);
  case Sort::Func:
    return funcs.push_back(item.function);
  case Sort::Value:
    return values.push_back(item.value);
  case Sort::Type:
    return types.push_back(item.resource);
  case Sort::Component:
    return components.push_back(item.component);
  case Sort::Instance:
    return instances.push_back(item.instance);
  default:
    llvm_unreachable("not of the component level");
  }
}

Item Environment::get(component::SortIndex item) const {
  Item found;
  switch (item.sort) {
  case Sort::CoreModule:
    found.kind = ExternKind::CoreModule;
    found.module = coreModules[item.index];
    return found;
  case Sort::Func:
    found.kind = ExternKind::Func;
    found.function = funcs[item.index];
    return found;
  case Sort::Value:
    found.kind = ExternKind::Value;
    found.value = values[item.index];
    return found;
  case Sort::Type:
    found.kind = ExternKind::Type;
    found.resource = types[item.index];
    return found;
  case Sort::Component:
    found.kind = ExternKind::Component;
    found.component = components[item.index];
    return found;
  case Sort::Instance:
    found.kind = ExternKind::Instance;
    found.instance = instances[item.index];
    return found;
  default:
    llvm_unreachable("not of the component level");
  }
}

const ResourceType *Environment::resource(component::ResourceId id) const {
  const component::ResourcePath *path = component->pathOf(id);
  if (!path) {
    assert(outer && "validation found it");
    return outer->resource(id);
  }
  Item item = made.at(path->definition);
  for (llvm::StringRef name : path->exports)
    item = Item(item.instance->items.at(name));
  return item.resource;
}

CanonicalOptions ComponentRuntime::resolve(const Environment &env,
                                           const component::CanonOptions &options) const {
  CanonicalOptions resolved;
  resolved.encoding = options.encoding;
  resolved.isAsync = options.isAsync;
  if (options.memory)
    resolved.memory = env.coreMemories[*options.memory];
  if (options.realloc)
    resolved.realloc = env.coreFuncs[*options.realloc];
  if (options.postReturn)
    resolved.postReturn = env.coreFuncs[*options.postReturn];
  return resolved;
}

ResourceMap ComponentRuntime::resolve(const Environment &env,
                                      llvm::ArrayRef<component::ResourceId> ids) const {
  ResourceMap resolved;
  for (component::ResourceId id : ids)
    resolved[id.index] = env.resource(id);
  return resolved;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

/// Whether somebody would have to provide an import.
static bool wantsProvider(const component::TypeArena &arena, const component::ExternType &type) {
  if (type.kind != ExternKind::Instance)
    return type.kind != ExternKind::Type;
  return llvm::any_of(arena.getInstance(type.type).exports, [&](const component::NamedExtern &one) {
    return wantsProvider(arena, one.type);
  });
}

/// Types that stand for nothing that exists: nobody can make a value of them.
Item ComponentRuntime::makeTypes(const component::ExternType &type) {
  Item item;
  item.kind = type.kind;
  if (type.kind == ExternKind::Type) {
    if (arena.getKind(type.type) == component::TypeKind::Resource)
      item.resource = &resources.emplace_back();
    return item;
  }
  ComponentExports &made = exports.emplace_back();
  item.instance = &made;
  for (const component::NamedExtern &one : arena.getInstance(type.type).exports)
    made.items[one.name] = makeTypes(one.type);
  return item;
}

LogicalResult ComponentRuntime::defineImport(Environment &env, const component::Import &import,
                                             const std::map<llvm::StringRef, Item> &args,
                                             uint32_t number, Diagnostics &diags) {
  llvm::StringRef name = import.name.name;
  Item item;
  item.kind = import.type.kind;
  auto given = args.find(name);
  ResolvedImport resolved =
      resolver && given == args.end() ? resolver(*env.component, name) : ResolvedImport();
  if (given != args.end()) {
    item = given->second;
  } else if (resolved.component || resolved.module) {
    item.component.component = resolved.component;
    item.module = resolved.module;
  } else if (wantsProvider(arena, import.type)) {
    return diags.error(import.name.location, "nobody provides the import '")
           << name << "': " << arena.str(import.type) << " (there is no host here)";
  } else {
    item = makeTypes(import.type);
  }
  env.made[number] = item;
  switch (import.type.kind) {
  case ExternKind::CoreModule:
    env.append(Sort::CoreModule, item);
    return success();
  case ExternKind::Func:
    env.append(Sort::Func, item);
    return success();
  case ExternKind::Type:
    env.append(Sort::Type, item);
    return success();
  case ExternKind::Component:
    env.append(Sort::Component, item);
    return success();
  case ExternKind::Instance:
    env.append(Sort::Instance, item);
    return success();
  case ExternKind::Value:
    env.append(Sort::Value, item);
    return success();
  }
  llvm_unreachable("every kind is handled");
}

LogicalResult ComponentRuntime::defineCoreInstance(Environment &env,
                                                   const component::CoreInstance &instance,
                                                   Diagnostics &diags) {
  CoreItems &items = coreItems.emplace_back();
  env.coreInstances.push_back(&items);
  if (!instance.isInstantiate) {
    for (const component::CoreInlineExport &one : instance.exports) {
      uint32_t index = one.item.index;
      Extern &item = items[one.name];
      switch (one.item.sort) {
      case Sort::CoreFunc:
        item = env.coreFuncs[index];
        break;
      case Sort::CoreTable:
        item = env.coreTables[index];
        break;
      case Sort::CoreMemory:
        item = env.coreMemories[index];
        break;
      case Sort::CoreGlobal:
        item = env.coreGlobals[index];
        break;
      default:
        item = env.coreTags[index];
      }
    }
    return success();
  }
  ImportMap imports;
  for (const component::CoreInstance::Arg &arg : instance.args)
    for (const auto &[name, item] : *env.coreInstances[arg.instance])
      imports.define(arg.name, name, item);
  const wasm::Module &module = *env.coreModules[instance.module];
  FailureOr<Instance *> made = store.allocate(module, imports, diags);
  if (failed(made))
    return failure();
  Outcome outcome = store.initialize(**made);
  if (!outcome.returned()) {
    trap = outcome.kind == Outcome::Threw ? TrapKind::UncaughtException : outcome.trap;
    return failure();
  }
  for (const wasm::Export &exported : module.exports)
    items[exported.name] = *(*made)->findExport(exported.name);
  return success();
}

LogicalResult ComponentRuntime::defineInstance(Environment &env,
                                               const component::Instance &instance, uint32_t number,
                                               Diagnostics &diags) {
  Item item;
  item.kind = ExternKind::Instance;
  if (instance.isInstantiate) {
    std::map<llvm::StringRef, Item> args;
    for (const component::Instance::Arg &arg : instance.args)
      args[arg.name] = env.get(arg.item);
    item.instance = instantiate(env.components[instance.component], env.self, args, diags);
    if (!item.instance)
      return failure();
  } else {
    ComponentExports &bundle = exports.emplace_back();
    for (const component::Instance::InlineExport &one : instance.exports)
      bundle.items[one.name.name] = env.get(one.item);
    item.instance = &bundle;
  }
  env.made[number] = item;
  env.instances.push_back(item.instance);
  return success();
}

LogicalResult ComponentRuntime::defineAlias(Environment &env, const component::Alias &alias,
                                            uint32_t number) {
  if (alias.target == component::Alias::CoreExport) {
    Extern item = env.coreInstances[alias.instance]->at(alias.name);
    switch (alias.sort) {
    case Sort::CoreFunc:
      env.coreFuncs.push_back(item.function);
      return success();
    case Sort::CoreTable:
      env.coreTables.push_back(item.table);
      return success();
    case Sort::CoreMemory:
      env.coreMemories.push_back(item.memory);
      return success();
    case Sort::CoreGlobal:
      env.coreGlobals.push_back(item.global);
      return success();
    default:
      env.coreTags.push_back(item.tag);
      return success();
    }
  }
  if (alias.target == component::Alias::Outer && alias.sort == Sort::CoreType)
    return success(); // types need no value
  Item item;
  if (alias.target == component::Alias::Export) {
    item = env.instances[alias.instance]->items.at(alias.name);
  } else {
    const Environment *from = &env;
    for (uint32_t i = 0; i < alias.outerCount; ++i)
      from = from->outer;
    item = from->get({alias.sort, alias.outerIndex});
  }
  env.made[number] = item;
  env.append(alias.sort, item);
  return success();
}

LogicalResult ComponentRuntime::defineCanon(Environment &env, const component::Canon &canon,
                                            Location location, Diagnostics &diags) {
  if (canon.kind == component::CanonKind::Lift) {
    LiftedFunction &function = lifted.emplace_back();
    function.type = &arena.getFunc(canon.funcType);
    function.callee = env.coreFuncs[canon.func];
    function.options = resolve(env, canon.options);
    function.instance = env.self;
    function.resources = resolve(env, canon.resources);
    env.funcs.push_back(&function);
    return success();
  }
  if (canon.kind == component::CanonKind::Lower) {
    LoweredFunction function;
    function.type = &arena.getFunc(canon.funcType);
    function.callee = env.funcs[canon.func];
    function.options = resolve(env, canon.options);
    function.instance = env.self;
    function.resources = resolve(env, canon.resources);
    env.coreFuncs.push_back(makeLowered(std::move(function), canon.coreType));
    return success();
  }
  Function *builtin = makeBuiltin(canon, env);
  if (!builtin)
    return diags.error(location, "interpreting '") << spell(canon.kind) << "' is not supported yet";
  env.coreFuncs.push_back(builtin);
  return success();
}

LogicalResult ComponentRuntime::define(Environment &env, const component::Definition &definition,
                                       const std::map<llvm::StringRef, Item> &args,
                                       ComponentExports &out, Diagnostics &diags) {
  uint32_t number = &definition - env.component->definitions.data();
  if (const auto *module = definition.getIf<component::CoreModule>()) {
    env.coreModules.push_back(module->module.get());
  } else if (const auto *instance = definition.getIf<component::CoreInstance>()) {
    return defineCoreInstance(env, *instance, diags);
  } else if (const auto *nested = definition.getIf<component::NestedComponent>()) {
    env.components.push_back({nested->component.get(), &env});
  } else if (const auto *instance = definition.getIf<component::Instance>()) {
    return defineInstance(env, *instance, number, diags);
  } else if (const auto *alias = definition.getIf<component::Alias>()) {
    return defineAlias(env, *alias, number);
  } else if (const auto *type = definition.getIf<component::Type>()) {
    Item item;
    if (type->decl.kind == component::TypeDecl::Resource) {
      const std::optional<uint32_t> &dtor = type->decl.resource.dtor;
      item.resource =
          &resources.emplace_back(ResourceType{env.self, dtor ? env.coreFuncs[*dtor] : nullptr});
    }
    env.made[number] = item;
    env.append(Sort::Type, item);
  } else if (const auto *canon = definition.getIf<component::Canon>()) {
    return defineCanon(env, *canon, definition.location, diags);
  } else if (const auto *import = definition.getIf<component::Import>()) {
    return defineImport(env, *import, args, number, diags);
  } else if (const auto *exported = definition.getIf<component::Export>()) {
    Item item = env.get(exported->item);
    out.items[exported->name.name] = item;
    env.made[number] = item;
    env.append(exported->item.sort, item);
  } else if (const auto *value = definition.getIf<component::Value>()) {
    return defineValue(env, *value, diags);
  } else if (const auto *start = definition.getIf<component::Start>()) {
    return runStart(env, *start, definition.location, diags);
  }
  return success(); // core types and custom sections make nothing
}

const ComponentExports *ComponentRuntime::instantiate(const Closure &closure,
                                                      ComponentInstance *parent,
                                                      const std::map<llvm::StringRef, Item> &args,
                                                      Diagnostics &diags) {
  unsigned nesting = 0;
  for (const ComponentInstance *one = parent; one; one = one->parent)
    ++nesting;
  if (instances.size() == maxInstances || nesting > maxNesting) {
    (void)LogicalResult(diags.error(closure.component->location, "more than ")
                        << maxInstances << " component instances, or more than " << maxNesting
                        << " within each other");
    return nullptr;
  }
  ComponentInstance &self = instances.emplace_back(lastHandle);
  self.parent = parent;
  self.mayEnter = false; // until everything is there
  Environment &env = environments.emplace_back();
  env.component = closure.component;
  env.outer = closure.outer;
  env.self = &self;
  ComponentExports &out = exports.emplace_back();
  for (const component::Definition &definition : closure.component->definitions)
    if (failed(define(env, definition, args, out, diags)))
      return nullptr;
  self.mayEnter = true;
  return &out;
}

//===----------------------------------------------------------------------===//
// The store
//===----------------------------------------------------------------------===//

std::string ComponentRuntime::describe(TrapKind kind) const {
  std::string index = std::to_string(lastHandle);
  switch (kind) {
  case TrapKind::UnknownHandle:
    return trapText(kind).str() + " " + index;
  case TrapKind::HandleTypeMismatch:
    return "handle index " + index + " used with the wrong type";
  default:
    return trapText(kind).str();
  }
}

ComponentStore::ComponentStore(component::TypeArena &arena, Store &store, ImportResolver resolver)
    : runtime(std::make_unique<ComponentRuntime>(arena, store, std::move(resolver))) {}

ComponentStore::~ComponentStore() = default;

void ComponentStore::forbidDonutWrapping() { runtime->donutWrapping = false; }

FailureOr<ComponentStore::Instantiated>
ComponentStore::instantiate(const component::Component &root, Diagnostics &diags) {
  runtime->trap = TrapKind::None;
  const ComponentExports *exports = runtime->instantiate({&root, nullptr}, nullptr, {}, diags);
  if (!exports && runtime->trap == TrapKind::None)
    return failure();
  return Instantiated{runtime->trap, runtime->describe(runtime->trap), exports};
}

/// An export by the name that the graph has for it. Null: none.
static const Item *findItem(const ComponentExports &exports, llvm::StringRef name) {
  const ComponentExports *from = &exports;
  // A name of an interface has no `#`.
  for (auto [head, rest] = name.split('#'); from; std::tie(head, rest) = rest.split('#')) {
    auto found = from->items.find(head);
    if (found == from->items.end())
      return nullptr;
    if (rest.empty())
      return &found->second;
    from = found->second.instance;
  }
  return nullptr;
}

const LiftedFunction *ComponentStore::findFunction(const ComponentExports &exports,
                                                   llvm::StringRef name) const {
  const Item *item = findItem(exports, name);
  return item ? item->function : nullptr;
}

const ComponentValue *ComponentStore::findValue(const ComponentExports &exports,
                                                llvm::StringRef name) const {
  const Item *item = findItem(exports, name);
  return item ? item->value : nullptr;
}

const component::FuncType &ComponentStore::typeOf(const LiftedFunction &function) const {
  return *function.type;
}

component::ValType ComponentStore::typeOf(const ComponentValue &value) const { return value.type; }

ComponentStore::CallOutcome ComponentStore::take(const ComponentValue &value) {
  CallOutcome outcome;
  component::Val taken;
  outcome.trap = runtime->take(value, taken);
  if (outcome.trap == TrapKind::None)
    outcome.result = unpack(runtime->arena, value.type, taken);
  outcome.trapText = runtime->describe(outcome.trap);
  return outcome;
}

ComponentStore::CallOutcome ComponentStore::invoke(const LiftedFunction &function,
                                                   llvm::ArrayRef<component::Val> args) {
  CallOutcome outcome;
  outcome.trap = runtime->call(
      function, nullptr,
      [&](std::vector<component::Val> &values, SourceStrings &) {
        values = args.vec();
        return TrapKind::None;
      },
      [&](llvm::ArrayRef<component::Val> values, SourceStrings &) {
        if (!values.empty())
          outcome.result = unpack(runtime->arena, *function.type->result, values.front());
        return TrapKind::None;
      });
  outcome.trapText = runtime->describe(outcome.trap);
  return outcome;
}
