//===- ScriptOwnModules.cpp - Modules that no script has written ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module `spectest` of the official core suite, and little modules that look at the state of
// others: `get` is a call of a function that imports the global.
//
//===----------------------------------------------------------------------===//

#include "ScriptModules.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::driver;

namespace {

/// A part of `spectest`. In a compiled script the parts are modules of their own, added when
/// something imports from them.
struct SpectestPart {
  llvm::StringLiteral name; ///< of the export that is alone in its part; empty: all others
  llvm::StringLiteral fields;
};

} // namespace

static constexpr SpectestPart spectestParts[] = {
    {"table64", R"wat((table (export "table64") i64 10 20 funcref))wat"},
    {"shared_memory", R"wat((memory (export "shared_memory") 1 2 shared))wat"},
    {"", R"wat(
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6))
  (table (export "table") 10 20 funcref)
  (memory (export "memory") 1 2)
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64)))wat"}};

static std::string moduleOf(llvm::StringRef fields) { return ("(module " + fields + ")").str(); }

std::string tenon::driver::spectestText() {
  std::string fields;
  for (const SpectestPart &part : spectestParts)
    fields += part.fields;
  return moduleOf(fields);
}

const ScriptModules::Definition &ScriptModules::addOwnModule(llvm::StringRef text, uint64_t asker) {
  std::string name = "<module " + std::to_string(definitions.size()) + ">";
  FailureOr<const InputFile *> loaded = files.loadText(name, text);
  assert(succeeded(loaded) && "the text is ours");
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule((*loaded)->bytes, (*loaded)->start(), diags);
  bool isValid = succeeded(module) && succeeded(wasm::validateModule(**module, diags));
  assert(isValid && "the module is ours");
  (void)isValid;
  askers[name] = asker;
  definitions.emplace_back().module = std::move(*module);
  return definitions.back();
}

/// The part of `spectest` that has the export, instantiated before whatever asks for it first.
ScriptInstance *ScriptModules::findSpectest(llvm::StringRef name, uint64_t asker) {
  const SpectestPart *part = std::begin(spectestParts);
  while (!part->name.empty() && part->name != name)
    ++part;
  ScriptInstance *&instance = scope.spectest[part->name.str()];
  if (!instance) {
    std::string why;
    instance = makeCoreInstance(addOwnModule(moduleOf(part->fields), asker), why, /*keep=*/true);
    pendingInstantiate = instance->instantiate;
  }
  return instance;
}

/// Function 0 of an instance of a module of ours, whose one import is bound by `bind`.
ScriptFunction
ScriptModules::addGetter(llvm::StringRef text, uint64_t asker,
                         llvm::function_ref<void(codegen::CoreInstance &instance)> bind) {
  codegen::CoreInstance getter;
  getter.module = addOwnModule(text, asker).module.get();
  getter.path = "get" + std::to_string(program.instances.size());
  bind(getter);
  ScriptInstance result;
  result.module = getter.module;
  result.index = program.instances.size();
  program.instances.push_back(std::move(getter));
  instances.push_back(std::move(result));
  return coreFunction(instances.back(), 0);
}

std::optional<ScriptFunction> ScriptModules::globalGetter(const ScriptInstance &instance,
                                                          llvm::StringRef name, std::string &why) {
  const wasm::Export *found = instance.module->findExport(name);
  if (!found || found->kind != wasm::ExternKind::Global) {
    why = ("unknown global " + name).str();
    return std::nullopt;
  }
  wasm::GlobalType type = instance.module->globalTypes[found->index];
  // Another module has no name for a type of this one.
  bool isConcrete = type.type.isRef() && type.type.getHeap() == wasm::ValType::Concrete;
  std::string valType = isConcrete ? "funcref" : wasm::toString(type.type);
  std::string text = "(module (import \"\" \"\" (global " +
                     (type.isMutable ? "(mut " + valType + ")" : valType) + ")) (func (result " +
                     valType + ") (global.get 0)))";
  ScriptFunction getter = addGetter(text, instance.offset, [&](codegen::CoreInstance &made) {
    made.globals = {program.instances[instance.index].globals[found->index]};
  });
  getter.mark = instance.mark;
  return getter;
}
