//===- ScriptLinking.cpp - Linking the modules of a script ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A script is one program, linked before it runs. One thing about linking is only known when it
// runs: how large a memory or table is by the time that a module imports it (core specification,
// "Types of Instances": the minimum is the current size). It is at least as large as it was
// declared, and at most its maximum; where the answer lies between, it is a check of the program's
// command that instantiates the module, and commands that need the module depend on it.
//
//===----------------------------------------------------------------------===//

#include "ScriptModules.h"
#include "tenon-abi/state.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::driver;

/// Raises the minimum of `given` to `wanted`, if it can have grown to that.
static bool raise(wasm::Limits &given, uint64_t wanted) {
  if (wanted <= given.min || (given.max && wanted > *given.max))
    return false;
  given.min = wanted;
  return true;
}

bool ScriptModules::matchesImport(const ScriptInstance &provider, const wasm::Export &found,
                                  const wasm::Module &module, const wasm::Import &import,
                                  ScriptInstance &linked) {
  const wasm::Module *owner = provider.module;
  wasm::ExternType given = wasm::typeOfExport(*owner, found);
  codegen::CommandCheck check;
  // The provider may import it in turn, as less than it is.
  if (found.kind == wasm::ExternKind::Memory) {
    uint32_t memory = program.instances[provider.index].memories[found.index];
    const codegen::StateDef &def = program.memories[memory];
    owner = program.instances[def.instance].module;
    given.memory = owner->memoryTypes[def.index];
    unsigned pageLog2 = given.memory.pageSizeLog2;
    uint64_t pages = import.memory.limits.min;
    if (import.kind == found.kind && raise(given.memory.limits, pages))
      check = {codegen::symbolOfMemory(memory), offsetof(tenon_memory, bytes),
               pages > UINT64_MAX >> pageLog2 ? UINT64_MAX : pages << pageLog2};
  } else if (found.kind == wasm::ExternKind::Table) {
    uint32_t table = program.instances[provider.index].tables[found.index];
    const codegen::StateDef &def = program.tables[table];
    owner = program.instances[def.instance].module;
    given.table = owner->tableTypes[def.index];
    if (import.kind == found.kind && raise(given.table.limits, import.table.limits.min))
      check = {codegen::symbolOfTable(table), offsetof(tenon_table, size), import.table.limits.min};
  }
  if (!wasm::matchesImport(*owner, given, module, import))
    return false;
  if (!check.symbol.empty())
    linked.checks.push_back(check);
  return true;
}

/// Fills in what stands for the imports of `instance`, and what linking it depends on.
bool ScriptModules::addImports(codegen::CoreInstance &instance, const Definition &definition,
                               ScriptInstance &linked, std::string &why) {
  const wasm::Module &module = *definition.module;
  std::vector<codegen::CommandCheck> dependences;
  for (const wasm::Import &import : module.imports) {
    ScriptInstance *provider = findProvider(import, definition.offset, why);
    if (!provider)
      return false;
    const wasm::Export *found =
        provider->module ? provider->module->findExport(import.name) : nullptr;
    if (!found) {
      why = ("unknown import " + import.module + "." + import.name).str();
      return false;
    }
    if (!matchesImport(*provider, *found, module, import, linked)) {
      why = ("incompatible import type of " + import.module + "." + import.name).str();
      return false;
    }
    if (!provider->mark.empty())
      dependences.push_back({provider->mark, 0, 1});
    codegen::bindImport(program, instance, import.kind, provider->index, found->index);
  }
  linked.dependences = dependences.size();
  linked.checks.insert(linked.checks.begin(), dependences.begin(), dependences.end());
  return true;
}
