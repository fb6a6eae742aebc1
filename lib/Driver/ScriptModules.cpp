//===- ScriptModules.cpp - The modules of a script ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptModules.h"
#include "ScriptPlan.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Component/Reader.h"
#include "tenon/Component/Validator.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::driver;

ScriptModules::ScriptModules(FileStore &files, Frontend &frontend,
                             const component::Features &features, Diagnostics &diags,
                             RefusedModules &refused)
    : files(files), frontend(frontend), features(features), diags(diags), refused(refused) {
  program.instantiateAtStart = false;
  program.selves.push_back({"script", -1});
}

ScriptModules::~ScriptModules() = default;

/// Runs `action` with diagnostics of its own; the first error goes to `why`.
template <typename T>
static FailureOr<T> capture(std::string &why,
                            llvm::function_ref<FailureOr<T>(Diagnostics &)> action) {
  std::string first;
  Diagnostics own([&](const Diagnostic &diagnostic) {
    if (first.empty() && diagnostic.severity == Severity::Error)
      first = diagnostic.str();
  });
  FailureOr<T> result = action(own);
  if (failed(result))
    why = first;
  return result;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

std::unique_ptr<wasm::Module> tenon::driver::readScriptModule(const text::ScriptModule &module,
                                                              std::string &why) {
  if (!module.isEncoded()) {
    why = module.errors.front().message;
    return nullptr;
  }
  using Read = std::unique_ptr<wasm::Module>;
  FailureOr<Read> read = capture<Read>(why, [&](Diagnostics &own) -> FailureOr<Read> {
    FailureOr<Read> result = wasm::readModule(module.bytes, module.binaryStart, own);
    if (failed(result) || failed(wasm::validateModule(**result, own)))
      return failure();
    return result;
  });
  return succeeded(read) ? std::move(*read) : nullptr;
}

ScriptModules::Definition *ScriptModules::makeDefinition(const text::ScriptModule &module,
                                                         std::string &why) {
  if (!module.isEncoded()) {
    why = module.errors.front().message;
    return nullptr;
  }
  Definition definition;
  definition.offset = module.location.offset;
  if (!module.isComponent) {
    definition.module = readScriptModule(module, why);
    if (!definition.module)
      return nullptr;
  } else {
    using Read = std::unique_ptr<component::Component>;
    FailureOr<Read> read = capture<Read>(why, [&](Diagnostics &own) -> FailureOr<Read> {
      FailureOr<Read> result = component::readComponent(module.bytes, module.binaryStart, own);
      component::ValidatorOptions options;
      options.features = features;
      if (failed(result) ||
          failed(component::validateComponent(**result, frontend.getArena(), own, options)))
        return failure();
      return result;
    });
    if (failed(read))
      return nullptr;
    definition.unit = std::make_unique<Unit>();
    definition.unit->component = std::move(*read);
  }
  definitions.push_back(std::move(definition));
  return &definitions.back();
}

bool ScriptModules::isValid(const text::ScriptModule &module, std::string &why) {
  return makeDefinition(module, why) != nullptr;
}

bool ScriptModules::define(const text::ScriptModule &module, std::string &why) {
  Definition *definition = makeDefinition(module, why);
  scope.lastDefinition = definition;
  if (definition && !module.id.empty())
    scope.definitionsById[module.id] = definition;
  return definition;
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

const ScriptInstance *ScriptModules::instantiate(const text::ScriptModule &module, std::string &why,
                                                 Use use) {
  Definition *definition = makeDefinition(module, why);
  ScriptInstance *instance =
      definition ? makeInstance(*definition, why, use != Discarded) : nullptr;
  if (use != Current)
    return instance;
  if (definition && !module.id.empty())
    scope.definitionsById[module.id] = definition;
  scope.current =
      instance; // a failed module leaves no current one, so that nothing is called by mistake
  if (!module.id.empty())
    scope.instancesById[module.id] = instance;
  return instance;
}

const ScriptInstance *ScriptModules::instantiateDefinition(llvm::StringRef definition,
                                                           llvm::StringRef id, std::string &why) {
  auto found = scope.definitionsById.find(definition);
  Definition *wanted = definition.empty()                     ? scope.lastDefinition
                       : found == scope.definitionsById.end() ? nullptr
                                                              : found->second;
  if (!wanted) {
    why = "unknown module definition";
    return nullptr;
  }
  scope.current = makeInstance(*wanted, why, /*keep=*/true);
  if (!id.empty())
    scope.instancesById[id.str()] = scope.current;
  return scope.current;
}

bool ScriptModules::enterThread(llvm::ArrayRef<std::string> shared, std::string &why) {
  Scope inner;
  for (const std::string &id : shared) {
    ScriptInstance *instance = findInstance(id);
    if (!instance) {
      why = "unknown module";
      return false;
    }
    inner.instancesById[id] = instance;
  }
  outer = std::exchange(scope, std::move(inner));
  return true;
}

void ScriptModules::leaveThread() { scope = std::move(outer); }

bool ScriptModules::registerAs(llvm::StringRef name, llvm::StringRef id) {
  return scope.registered[name.str()] = findInstance(id);
}

ScriptInstance *ScriptModules::findInstance(llvm::StringRef id) {
  if (id.empty())
    return scope.current;
  auto found = scope.instancesById.find(id);
  return found == scope.instancesById.end() ? nullptr : found->second;
}

/// What provides an import. What depends on a refused module is refused like it,
/// which is not the reason for which a script expects a module to be unlinkable.
ScriptInstance *ScriptModules::findProvider(const wasm::Import &import, uint64_t asker,
                                            std::string &why) {
  auto found = scope.registered.find(import.module);
  if (found == scope.registered.end()) {
    if (import.module == "spectest")
      return findSpectest(import.name, asker);
    why = ("unknown import: there is no module '" + import.module + "'").str();
  } else if (!found->second)
    why = ("importing from '" + import.module + "', which was refused, is not supported yet").str();
  else
    return found->second;
  return nullptr;
}

ScriptInstance *ScriptModules::makeInstance(const Definition &definition, std::string &why,
                                            bool keep) {
  auto found = refused.find(definition.offset);
  if (found != refused.end()) {
    why = found->second;
    return nullptr;
  }
  return definition.module ? makeCoreInstance(definition, why, keep)
                           : makeComponentInstance(definition, why, keep);
}

ScriptInstance *ScriptModules::makeCoreInstance(const Definition &definition, std::string &why,
                                                bool keep) {
  codegen::CoreInstance instance;
  instance.module = definition.module.get();
  ScriptInstance result;
  if (!addImports(instance, definition, result, why))
    return nullptr;
  uint32_t index = program.instances.size();
  instance.path = "m" + std::to_string(index);
  if (keep) {
    codegen::defineState(program, instance, index);
    program.instances.push_back(std::move(instance));
  }
  result.module = definition.module.get();
  result.index = index;
  result.offset = definition.offset;
  if (!result.checks.empty())
    result.mark = "linked." + std::to_string(index);
  if (keep)
    std::swap(result.instantiate, pendingInstantiate);
  result.instantiate.push_back(codegen::symbolOfInstantiate(index));
  instances.push_back(std::move(result));
  return &instances.back();
}

/// Whether the host has what the component imports.
bool ScriptModules::checkHostImports(const component::Component &component, std::string &why) {
  bool imports = llvm::any_of(component.definitions, [](const component::Definition &definition) {
    return definition.getIf<component::Import>() != nullptr;
  });
  if (!imports)
    return true;
  return succeeded(capture<bool>(why, [&](Diagnostics &own) -> FailureOr<bool> {
    if (!host) {
      FailureOr<HostInterface> loaded = HostInterface::load(files, frontend.getArena(), own);
      if (failed(loaded))
        return failure();
      host = std::move(*loaded);
    }
    if (failed(host->checkImports(component, frontend.getArena(), own, /*hasFiles=*/false)))
      return failure();
    return true;
  }));
}

ScriptInstance *ScriptModules::makeComponentInstance(const Definition &definition, std::string &why,
                                                     bool keep) {
  const Unit &unit = *definition.unit;
  if (!checkHostImports(*unit.component, why)) {
    refused.emplace(definition.offset, why);
    return nullptr;
  }
  ScriptInstance result;
  result.component = unit.component.get();
  result.prefix = "c" + std::to_string(instances.size());
  if (!components)
    components = frontend.makeModule();
  mlir::OwningOpRef<mlir::ModuleOp> discarded = frontend.makeModule();
  if (failed(frontend.importInto(keep ? *components : *discarded, unit, result.prefix))) {
    refused.emplace(definition.offset, why = "the component cannot be instantiated");
    return nullptr;
  }
  instances.push_back(std::move(result));
  return &instances.back();
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

ScriptFunction ScriptModules::coreFunction(const ScriptInstance &instance, uint32_t index) {
  codegen::FuncRef function = codegen::functionOf(program, instance.index, index);
  std::string &symbol = exportedSymbols[{function.instance, function.index}];
  if (symbol.empty()) {
    symbol = "invoke." + std::to_string(exportedSymbols.size());
    program.exports.push_back({symbol, function});
  }
  const codegen::CoreInstance &owner = program.instances[function.instance];
  return ScriptFunction{symbol, owner.module->typeOfFunc(function.index), nullptr, instance.mark};
}

std::optional<ScriptFunction> ScriptModules::findFunction(const text::ScriptAction &action,
                                                          std::string &why) {
  ScriptInstance *instance = findInstance(action.module);
  if (!instance) {
    why = "unknown module";
    return std::nullopt;
  }
  if (instance->component) {
    const component::ComponentType &type = getArena().getComponent(instance->component->type);
    const component::ExternType *found = type.exports.find(action.name);
    bool isGet = action.kind == text::ScriptAction::Get;
    component::ExternKind wanted =
        isGet ? component::ExternKind::Value : component::ExternKind::Func;
    if (!found || found->kind != wanted) {
      why = (isGet ? "unknown value " : "unknown function ") + action.name;
      return std::nullopt;
    }
    // A value is a function without parameters.
    component::TypeId called =
        isGet ? frontend.getArena().makeFunc({}, *found->value, /*isAsync=*/false) : found->type;
    return ScriptFunction{
        codegen::symbolText("tenon.export." + instance->prefix + ":" + action.name),
        {},
        &getArena().getFunc(called),
        {}};
  }
  if (action.kind == text::ScriptAction::Get)
    return globalGetter(*instance, action.name, why);
  const wasm::Export *found = instance->module->findExport(action.name);
  if (!found || found->kind != wasm::ExternKind::Func) {
    why = "unknown function " + action.name;
    return std::nullopt;
  }
  return coreFunction(*instance, found->index);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

FailureOr<codegen::Program> ScriptModules::makeProgram(llvm::StringRef triple,
                                                       std::vector<PlannedCommand> &commands) {
  if (!components)
    return std::move(program);
  uint32_t firstOfComponents = program.instances.size();
  if (failed(frontend.inlineInstances(*components)) || failed(frontend.fuse(*components)))
    return failure();
  if (host)
    absent = host->absentFunctions(*components);
  if (failed(frontend.lowerAdapters(*components, /*lockdown=*/true)) ||
      failed(frontend.makeProgram(*components, triple, program)))
    return failure();
  // Which core instances belong to which root: the path says.
  std::map<std::string, std::vector<std::string>> symbolsOfRoot;
  for (uint32_t i = firstOfComponents; i < program.instances.size(); ++i) {
    llvm::StringRef path = program.instances[i].path;
    symbolsOfRoot[path.take_until([](char c) { return c == '/' || c == '.'; }).str()].push_back(
        codegen::symbolOfInstantiate(i));
  }
  for (PlannedCommand &planned : commands)
    if (planned.component)
      planned.command.symbols = symbolsOfRoot[planned.component->prefix];
  return std::move(program);
}
