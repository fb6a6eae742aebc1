//===- Instantiate.cpp - Module -> instance -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Modules": imports are matched with the current sizes of tables
// and memories, what the module defines is allocated, then active segments are copied and the start
// function is called. Constant expressions are code like any other.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::ExternKind;

//===----------------------------------------------------------------------===//
// Allocation
//===----------------------------------------------------------------------===//

/// The type of an entity, and the module in which its indices count.
static std::pair<const wasm::Module *, wasm::ExternType> typeOf(const Extern &value) {
  wasm::ExternType type;
  type.kind = value.kind;
  switch (value.kind) {
  case ExternKind::Func:
    type.typeIndex = value.function->typeIndex;
    return {value.function->module, type};
  case ExternKind::Table:
    type.table = value.table->type;
    return {value.table->module, type};
  case ExternKind::Memory:
    type.memory = value.memory->type;
    return {nullptr, type};
  case ExternKind::Global:
    type.global = value.global->type;
    return {value.global->module, type};
  case ExternKind::Tag:
    type.typeIndex = value.tag->typeIndex;
    return {value.tag->module, type};
  }
  llvm_unreachable("every kind is above");
}

LogicalResult Store::bindImports(Instance &instance, const ImportMap &imports, Diagnostics &diags) {
  const wasm::Module &module = *instance.module;
  for (const wasm::Import &import : module.imports) {
    std::optional<Extern> value = imports.find(import.module, import.name);
    if (!value)
      return diags.error(import.location, "unknown import '")
             << import.module << "' '" << import.name << "'";
    auto [given, type] = typeOf(*value);
    if (!wasm::matchesImport(given ? *given : module, type, module, import))
      return diags.error(import.location, "incompatible import type of '")
             << import.module << "' '" << import.name << "'";
    switch (import.kind) {
    case ExternKind::Func:
      instance.functions.push_back(value->function);
      break;
    case ExternKind::Table:
      instance.tables.push_back(value->table);
      break;
    case ExternKind::Memory:
      instance.memories.push_back(value->memory);
      break;
    case ExternKind::Global:
      instance.globals.push_back(value->global);
      break;
    case ExternKind::Tag:
      instance.tags.push_back(value->tag);
      break;
    }
  }
  return success();
}

LogicalResult Store::addTables(Instance &instance, Diagnostics &diags) {
  const wasm::Module &module = *instance.module;
  for (const wasm::Table &table : module.tables) {
    Ref init = table.init ? evaluate(instance, *table.init).as<Ref>() : 0;
    Table *added = addTable(&module, table.type, init);
    if (!added)
      return diags.error(module.location, "a table of ")
             << table.type.limits.min << " elements is more than the limit of "
             << std::min(limits.maxElementsOfTable, limits.maxTableElements);
    instance.tables.push_back(added);
  }
  return success();
}

LogicalResult Store::addMemories(Instance &instance, Diagnostics &diags) {
  for (const wasm::MemoryType &type : instance.module->memories) {
    Memory *added = addMemory(type);
    if (!added)
      return diags.error(instance.module->location, "a memory of ")
             << type.limits.min << " pages is more than the limit of " << limits.maxMemoryBytes
             << " bytes";
    instance.memories.push_back(added);
  }
  return success();
}

void Store::addGlobals(Instance &instance) {
  for (const wasm::Global &global : instance.module->globals) {
    globals.push_back({instance.module, global.type, evaluate(instance, global.init)});
    instance.globals.push_back(&globals.back());
  }
}

Value Store::evaluate(Instance &instance, const wasm::ConstExpr &expr) {
  std::unique_ptr<Code> code = decodeConstant(*instance.module, expr);
  std::unique_ptr<Machine> machine = takeMachine();
  // Instantiation is not execution: it costs no fuel.
  uint64_t before = std::exchange(fuel, UINT64_MAX);
  machine->start(*code, instance);
  machine->run();
  Value value = machine->takeOutcome().results.front();
  fuel = before;
  giveBack(std::move(machine));
  return value;
}

void Store::evaluateElements(Instance &instance) {
  for (const wasm::ElementSegment &segment : instance.module->elements) {
    std::vector<Ref> &refs = instance.elements.emplace_back();
    if (segment.mode == wasm::SegmentMode::Declared)
      continue;
    refs.reserve(segment.size());
    for (uint32_t index : segment.functions)
      refs.push_back(instance.functions[index]->ref);
    for (const wasm::ConstExpr &expr : segment.expressions)
      refs.push_back(evaluate(instance, expr).as<Ref>());
  }
}

FailureOr<Instance *> Store::allocate(const wasm::Module &module, const ImportMap &imports,
                                      Diagnostics &diags) {
  Instance &instance = instances.emplace_back();
  instance.module = &module;
  for (uint32_t i = 0; i < module.types.size(); ++i)
    instance.typeIds.push_back(typeIdOf(module, i));
  if (failed(bindImports(instance, imports, diags)))
    return failure();
  for (const wasm::Function &defined : module.functions) {
    Function &function = addFunction(module, defined.typeIndex);
    function.instance = &instance;
    function.index = instance.functions.size();
    instance.functions.push_back(&function);
  }
  for (uint32_t typeIndex : module.tags) {
    tags.push_back({&module, typeIndex});
    instance.tags.push_back(&tags.back());
  }
  if (failed(addMemories(instance, diags)))
    return failure();
  addGlobals(instance);
  if (failed(addTables(instance, diags)))
    return failure();
  evaluateElements(instance);
  for (const wasm::DataSegment &segment : module.datas)
    instance.datas.push_back(segment.bytes);
  return &instance;
}

//===----------------------------------------------------------------------===//
// Initialisation
//===----------------------------------------------------------------------===//

TrapKind Store::copyElements(Instance &instance, uint32_t number) {
  const wasm::ElementSegment &segment = instance.module->elements[number];
  std::vector<Ref> refs = std::exchange(instance.elements[number], {});
  uint64_t offset = evaluate(instance, segment.offset).as<uint64_t>();
  const Table &table = *instance.tables[segment.table];
  if (offset > table.size() || refs.size() > table.size() - offset)
    return TrapKind::TableOutOfBounds;
  std::copy(refs.begin(), refs.end(), table.elements().begin() + offset);
  return TrapKind::None;
}

TrapKind Store::copyData(Instance &instance, uint32_t number) {
  const wasm::DataSegment &segment = instance.module->datas[number];
  llvm::ArrayRef<uint8_t> bytes = std::exchange(instance.datas[number], {});
  uint64_t offset = evaluate(instance, segment.offset).as<uint64_t>();
  const Memory &memory = *instance.memories[segment.memory];
  if (offset > memory.bytes.size() || bytes.size() > memory.bytes.size() - offset)
    return TrapKind::MemoryOutOfBounds;
  std::copy(bytes.begin(), bytes.end(), memory.bytes.data() + offset);
  return TrapKind::None;
}

Outcome Store::copySegments(Instance &instance) {
  const wasm::Module &module = *instance.module;
  for (uint32_t i = 0; i < module.elements.size(); ++i)
    if (module.elements[i].mode == wasm::SegmentMode::Active)
      if (TrapKind kind = copyElements(instance, i); kind != TrapKind::None)
        return Outcome::trapped(kind);
  for (uint32_t i = 0; i < module.datas.size(); ++i)
    if (module.datas[i].mode == wasm::SegmentMode::Active)
      if (TrapKind kind = copyData(instance, i); kind != TrapKind::None)
        return Outcome::trapped(kind);
  return {};
}

Outcome Store::initialize(Instance &instance) {
  Outcome outcome = copySegments(instance);
  if (!outcome.returned() || !instance.module->start)
    return outcome;
  return invoke(*instance.functions[*instance.module->start]);
}
