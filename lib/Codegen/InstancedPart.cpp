//===- InstancedPart.cpp - Making an instance of the whole program -------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClosedWorld.h"
#include "InstancedWorld.h"
#include "ProgramPart.h"
#include "StateModel.h"
#include "tenon-abi/state.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

class InstancedPart {
public:
  explicit InstancedPart(ModuleBuilder &builder)
      : mb(builder), facts(builder.facts), layout(builder.facts),
        state(makeInstancedWorld(builder)), builder(builder.context) {}

  void build();

private:
  ModuleBuilder &mb;
  const Facts &facts;
  StateLayout layout;
  std::unique_ptr<StateModel> state;
  llvm::IRBuilder<> builder;
  llvm::Function *init = nullptr;

  llvm::Value *at(uint64_t offset) {
    return builder.CreateConstInBoundsGEP1_64(mb.i8, init->getArg(0), offset);
  }
  void store(llvm::Value *value, uint64_t offset) { builder.CreateStore(value, at(offset)); }
  void store(uint64_t value, uint64_t offset) { store(builder.getInt64(value), offset); }
  llvm::Value *valueOf(const ConstValue &value);

  void initRecord(FuncPointer pointer, uint64_t offset);
  void initMemory(uint32_t index);
  void initTable(uint32_t index);
  void initSelf(uint32_t index);
  void initSegments(uint32_t instance);
};

} // namespace

llvm::Value *InstancedPart::valueOf(const ConstValue &value) {
  return value.func ? at(layout.recordOf(*value.func)) : mb.constantOf(value);
}

void InstancedPart::initRecord(FuncPointer pointer, uint64_t offset) {
  store(mb.recordCode(pointer), offset);
  store(facts.typeNumberOf(pointer), offset + offsetof(tenon_func, type));
  store(init->getArg(0), offset + offsetof(tenon_func, context));
}

void InstancedPart::initMemory(uint32_t index) {
  const MemoryFacts &memory = facts.memories[index];
  uint64_t record = layout.memoryRecords[index];
  store(memory.maxPages, record + offsetof(tenon_memory, max_pages));
  store(memory.reserved, record + offsetof(tenon_memory, reserved));
  store(builder.getInt32(memory.type.pageSizeLog2), record + offsetof(tenon_memory, page_log2));
  store(builder.getInt32(index), record + offsetof(tenon_memory, id));
  builder.CreateCall(mb.runtime(RuntimeFunction::tenon_memory_create),
                     {at(record), builder.getInt64(memory.minBytes)});
}

void InstancedPart::initTable(uint32_t index) {
  const TableFacts &table = facts.tables[index];
  uint64_t record = layout.tableRecords[index], elements = layout.tableElements[index];
  store(at(elements), record);
  store(table.type.limits.min, record + offsetof(tenon_table, size));
  store(table.max, record + offsetof(tenon_table, max));
  store(table.type.limits.min, record + offsetof(tenon_table, capacity));
  for (size_t i = 0; i < table.elements.size(); ++i)
    if (table.elements[i].func)
      store(valueOf(table.elements[i]), elements + 8 * i);
}

void InstancedPart::initSelf(uint32_t index) {
  const Self &self = facts.program.selves[index];
  uint64_t record = layout.selves[index];
  if (self.parent >= 0)
    store(at(layout.selves[self.parent]), record + offsetof(tenon_self, parent));
  store(mb.text(self.path), record + offsetof(tenon_self, path));
}

void InstancedPart::initSegments(uint32_t index) {
  const wasm::Module &module = facts.moduleOf(index);
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    llvm::ArrayRef<uint8_t> bytes = module.datas[i].bytes;
    declareDataBytes(mb, index, i)->setInitializer(llvm::ConstantDataArray::get(mb.context, bytes));
    if (module.datas[i].mode == wasm::SegmentMode::Passive)
      store(bytes.size(), layout.dataSize(index, i));
  }
  for (uint32_t i = 0; i < module.elements.size(); ++i) {
    const wasm::ElementSegment &segment = module.elements[i];
    if (segment.mode == wasm::SegmentMode::Declared)
      continue;
    if (segment.mode == wasm::SegmentMode::Passive)
      store(segment.size(), layout.elementSize(index, i));
    uint64_t pointers = layout.elementPointers(index, i);
    for (size_t k = 0; k < segment.size(); ++k)
      store(valueOf(facts.elementOf(index, segment, k)), pointers + 8 * k);
  }
}

void InstancedPart::build() {
  if (facts.throws())
    defineExceptionRoots(mb);
  auto *bytes = mb.external(mb.i64, "tenon_instance_bytes");
  bytes->setInitializer(builder.getInt64(layout.size));
  bytes->setConstant(true);
  bytes->setVisibility(llvm::GlobalValue::DefaultVisibility);

  std::vector<llvm::Function *> instantiates;
  for (uint32_t i = 0; i < facts.program.instances.size(); ++i)
    instantiates.push_back(buildInstantiate(mb, i));

  init = mb.createFunction(
      llvm::FunctionType::get(llvm::Type::getVoidTy(mb.context), {mb.ptrType}, false),
      "tenon_instance_init");
  init->setVisibility(llvm::GlobalValue::DefaultVisibility);
  builder.SetInsertPoint(llvm::BasicBlock::Create(mb.context, "", init));
  for (auto [pointer, offset] : layout.records)
    initRecord(pointer, offset);
  for (uint32_t i = 0; i < facts.memories.size(); ++i)
    initMemory(i);
  for (uint32_t i = 0; i < facts.tables.size(); ++i)
    initTable(i);
  for (uint32_t i = 0; i < facts.globals.size(); ++i)
    if (!facts.globals[i].isConstant)
      store(valueOf(facts.globals[i].init), layout.globals[i]);
  for (uint32_t i = 0; i < facts.tags.size(); ++i)
    store(facts.tags[i].payloadBytes, layout.tags[i]);
  for (uint32_t i = 0; i < facts.program.selves.size(); ++i)
    initSelf(i);
  for (uint32_t i = 0; i < instantiates.size(); ++i)
    initSegments(i);
  for (uint32_t i = 0; i < instantiates.size(); ++i)
    // Inlined, its loads of memory bases would be invariant in a function that sets them.
    if (!facts.plans[i].isEmpty())
      builder.CreateCall(instantiates[i], {init->getArg(0)})->setIsNoInline();
  builder.CreateRetVoid();
  for (const Export &exported : facts.program.exports)
    defineExportEntry(mb, exported);
}

void codegen::buildInstancedProgramPart(ModuleBuilder &builder) { InstancedPart(builder).build(); }
