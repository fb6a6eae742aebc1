//===- Program.cpp - What code generation is given ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Codegen/Program.h"

using namespace tenon;
using namespace tenon::codegen;

FuncRef codegen::functionOf(const Program &program, uint32_t instance, uint32_t index) {
  const CoreInstance &owner = program.instances[instance];
  if (owner.module->isImportedFunc(index))
    return owner.importedFuncs[index];
  return {FuncRef::Core, instance, index, {}};
}

void codegen::bindImport(const Program &program, CoreInstance &instance, wasm::ExternKind kind,
                         uint32_t provider, uint32_t exportedIndex) {
  const CoreInstance &owner = program.instances[provider];
  switch (kind) {
  case wasm::ExternKind::Func:
    instance.importedFuncs.push_back(functionOf(program, provider, exportedIndex));
    break;
  case wasm::ExternKind::Table:
    instance.tables.push_back(owner.tables[exportedIndex]);
    break;
  case wasm::ExternKind::Memory:
    instance.memories.push_back(owner.memories[exportedIndex]);
    break;
  case wasm::ExternKind::Global:
    instance.globals.push_back(owner.globals[exportedIndex]);
    break;
  case wasm::ExternKind::Tag:
    instance.tags.push_back(owner.tags[exportedIndex]);
    break;
  }
}

/// Adds what stands behind the imports in an index space of `size`.
static void defineSpace(std::vector<uint32_t> &space, std::vector<StateDef> &all, size_t size,
                        uint32_t instance) {
  while (space.size() < size) {
    all.push_back({instance, uint32_t(space.size())});
    space.push_back(all.size() - 1);
  }
}

void codegen::defineState(Program &program, CoreInstance &instance, uint32_t index) {
  const wasm::Module &module = *instance.module;
  defineSpace(instance.tables, program.tables, module.tableTypes.size(), index);
  defineSpace(instance.memories, program.memories, module.memoryTypes.size(), index);
  defineSpace(instance.globals, program.globals, module.globalTypes.size(), index);
  defineSpace(instance.tags, program.tags, module.tagTypes.size(), index);
}
