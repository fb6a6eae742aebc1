//===- Store.cpp - What a store holds, and calling it ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Interp/Store.h"
#include "Machine.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::interp;

llvm::StringRef interp::trapText(TrapKind kind) {
  switch (kind) {
  case TrapKind::None:
    return "none";
#define TRAP(name, code, text)                                                                     \
  case TrapKind::name:                                                                             \
    return text;
#include "tenon-abi/traps.def"
#undef TRAP
  case TrapKind::OutOfFuel:
    return "all fuel consumed";
  case TrapKind::Deadlock:
    return "deadlock";
  case TrapKind::UnsharedWait:
    return "expected shared memory";
  }
  llvm_unreachable("every kind is above");
}

Function::Function() = default;
Function::~Function() = default;

Store::Store(const Limits &limits) : limits(limits) {}
Store::~Store() = default;

//===----------------------------------------------------------------------===//
// Imports and exports
//===----------------------------------------------------------------------===//

void ImportMap::define(llvm::StringRef module, const Instance &instance) {
  for (const wasm::Export &one : instance.module->exports)
    define(module, one.name, *instance.findExport(one.name));
}

std::optional<Extern> ImportMap::find(llvm::StringRef module, llvm::StringRef name) const {
  auto found = values.find({module.str(), name.str()});
  return found == values.end() ? std::nullopt : std::optional<Extern>(found->second);
}

std::optional<Extern> Instance::findExport(llvm::StringRef name) const {
  const wasm::Export *found = module->findExport(name);
  if (!found)
    return std::nullopt;
  switch (found->kind) {
  case wasm::ExternKind::Func:
    return functions[found->index];
  case wasm::ExternKind::Table:
    return tables[found->index];
  case wasm::ExternKind::Memory:
    return memories[found->index];
  case wasm::ExternKind::Global:
    return globals[found->index];
  case wasm::ExternKind::Tag:
    return tags[found->index];
  }
  llvm_unreachable("every kind is above");
}

Function *Instance::findFunction(llvm::StringRef name) const {
  std::optional<Extern> found = findExport(name);
  return found && found->kind == wasm::ExternKind::Func ? found->function : nullptr;
}

//===----------------------------------------------------------------------===//
// Making entities
//===----------------------------------------------------------------------===//

uint32_t Store::typeIdOf(const wasm::Module &module, uint32_t typeIndex) {
  const wasm::TypeDigest &digest = module.typeDecls[typeIndex].digest;
  llvm::StringRef key(reinterpret_cast<const char *>(digest.data()), digest.size());
  return typeIds.try_emplace(key, typeIds.size()).first->second;
}

const wasm::Module *Store::addHostType(const wasm::FuncType &type) {
  wasm::Module &module = hostTypes.emplace_back();
  module.types.push_back(type);
  module.typeDecls.emplace_back();
  wasm::canonicalizeTypes(module);
  return &module;
}

Function &Store::addFunction(const wasm::Module &module, uint32_t typeIndex) {
  Function &function = functions.emplace_back();
  function.ref = functions.size();
  function.module = &module;
  function.typeIndex = typeIndex;
  function.typeId = typeIdOf(module, typeIndex);
  return function;
}

Function *Store::addFunction(const wasm::FuncType &type, HostFunction host) {
  Function &function = addFunction(*addHostType(type), 0);
  function.host = std::move(host);
  return &function;
}

Table *Store::addTable(const wasm::Module *module, const wasm::TableType &type, Ref init) {
  Table &table = tables.emplace_back();
  table.module = module;
  table.type = type;
  table.type.limits.min = 0;
  if (growTable(table, type.limits.min, init))
    return &table;
  tables.pop_back();
  return nullptr;
}

Table *Store::addTable(const wasm::TableType &type, Ref init) {
  return addTable(addHostType({}), type, init);
}

Memory *Store::addMemory(const wasm::MemoryType &type) {
  Memory &memory = memories.emplace_back();
  memory.type = type;
  memory.type.limits.min = 0;
  if (growMemory(memory, type.limits.min))
    return &memory;
  memories.pop_back();
  return nullptr;
}

Global *Store::addGlobal(const wasm::GlobalType &type, Value value) {
  globals.push_back({addHostType({}), type, value});
  return &globals.back();
}

Tag *Store::addTag(const wasm::FuncType &type) {
  tags.push_back({addHostType(type), 0});
  return &tags.back();
}

//===----------------------------------------------------------------------===//
// Growing
//===----------------------------------------------------------------------===//

bool Store::growTable(Table &table, uint64_t by, Ref init) {
  uint64_t before = table.size();
  uint64_t most =
      table.type.limits.max.value_or(table.type.limits.is64 ? UINT64_MAX : uint64_t(UINT32_MAX));
  most = std::min(most, limits.maxElementsOfTable);
  if (by > most - before || by > limits.maxTableElements - tableElements ||
      !table.bytes.grow((before + by) * sizeof(Ref)))
    return false;
  tableElements += by;
  table.type.limits.min = table.size();
  if (init != 0) // they are null already
    std::fill_n(table.elements().begin() + before, by, init);
  return true;
}

bool Store::growMemory(Memory &memory, uint64_t by) {
  uint8_t shift = memory.type.pageSizeLog2;
  unsigned addressBits = memory.type.limits.is64 ? 64 : 32;
  // All of the address space, or the number of pages would not fit it.
  uint64_t most =
      shift == 0 ? UINT64_MAX >> (64 - addressBits) : uint64_t(1) << (addressBits - shift);
  most = std::min(most, memory.type.limits.max.value_or(most));
  uint64_t before = memory.pages();
  if (by > most - before || by > (limits.maxMemoryBytes - memoryBytes) >> shift ||
      !memory.bytes.grow((before + by) << shift))
    return false;
  memoryBytes += by << shift;
  memory.type.limits.min = memory.pages();
  return true;
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

std::unique_ptr<Machine> Store::takeMachine() {
  if (idleMachines.empty())
    return std::make_unique<Machine>(*this);
  std::unique_ptr<Machine> machine = std::move(idleMachines.back());
  idleMachines.pop_back();
  return machine;
}

void Store::giveBack(std::unique_ptr<Machine> machine) {
  idleMachines.push_back(std::move(machine));
}

Outcome Store::invoke(Function &function, llvm::ArrayRef<Value> args) {
  Thread thread(*this, function, args);
  while (thread.run() == Thread::Blocked) {
    // Nobody else runs, so only time can pass.
    if (thread.getTimeout())
      thread.timeOut();
    else
      thread.abandon();
  }
  return thread.takeOutcome();
}

Thread::Thread(Store &store, Function &function, llvm::ArrayRef<Value> args)
    : store(store), machine(store.takeMachine()) {
  machine->start(function, args);
}

Thread::~Thread() {
  if (getState() == Blocked)
    machine->abandon();
  store.giveBack(std::move(machine));
}

Thread::State Thread::getState() const {
  switch (machine->getState()) {
  case Machine::Running:
    return Ready;
  case Machine::Blocked:
    return Blocked;
  case Machine::Finished:
  case Machine::Trapped:
  case Machine::Threw:
    return Done;
  }
  llvm_unreachable("every state is above");
}

Thread::State Thread::run(uint64_t turn) {
  machine->run(turn);
  return getState();
}

std::optional<uint64_t> Thread::getTimeout() const { return machine->getTimeout(); }
void Thread::timeOut() { machine->resume(2); }
void Thread::abandon() { machine->abandon(); }
Outcome Thread::takeOutcome() { return machine->takeOutcome(); }
