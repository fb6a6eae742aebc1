//===- InstancedWorld.cpp - State in a struct ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memory's base never moves (it is a reservation), so it is loaded once, in the entry block.
// Memories and the struct do not overlap; as values they tell LLVM nothing of that, so accesses
// carry scopes.
//
//===----------------------------------------------------------------------===//

#include "InstancedWorld.h"
#include "ClosedWorld.h"
#include "StateModel.h"
#include "tenon-abi/exception.h"
#include "llvm/IR/MDBuilder.h"

using namespace tenon;
using namespace tenon::codegen;

// Sizes of the records of tenon-abi/state.h.
static constexpr uint64_t memoryRecordBytes = 40, tableRecordBytes = 32, funcRecordBytes = 24,
                          selfBytes = 72;

uint64_t StateLayout::allocate(uint64_t bytes) {
  uint64_t at = size;
  size += (bytes + 15) / 16 * 16;
  return at;
}

StateLayout::StateLayout(const Facts &facts) {
  for (size_t i = 0; i < facts.memories.size(); ++i)
    memoryRecords.push_back(allocate(memoryRecordBytes));
  for (size_t i = 0; i < facts.tables.size(); ++i)
    tableRecords.push_back(allocate(tableRecordBytes));
  for (size_t i = 0; i < facts.globals.size(); ++i)
    globals.push_back(facts.globals[i].isConstant ? 0 : allocate(16));
  for (size_t i = 0; i < facts.tags.size(); ++i)
    tags.push_back(allocate(sizeof(tenon_tag)));
  for (size_t i = 0; i < facts.program.selves.size(); ++i)
    selves.push_back(allocate(selfBytes));
  for (uint32_t i = 0; i < facts.program.instances.size(); ++i)
    addInstance(facts, i);
  // Behind what every function reaches with a small offset.
  for (const TableFacts &table : facts.tables)
    tableElements.push_back(allocate(table.type.limits.min * 8));
}

void StateLayout::addInstance(const Facts &facts, uint32_t instance) {
  const wasm::Module &module = facts.moduleOf(instance);
  for (uint32_t i = 0; i < module.funcTypes.size(); ++i) {
    if (!module.summary.funcEscapes[i])
      continue;
    uint64_t at = allocate(funcRecordBytes);
    recordOffsets[{instance, i}] = at;
    records.push_back({{instance, i}, at});
  }
  for (uint32_t i = 0; i < module.datas.size(); ++i)
    if (module.datas[i].mode == wasm::SegmentMode::Passive)
      dataSizes[{instance, i}] = allocate(8);
  for (uint32_t i = 0; i < module.elements.size(); ++i) {
    if (module.elements[i].mode == wasm::SegmentMode::Passive)
      elementSizes[{instance, i}] = allocate(8);
    if (module.elements[i].mode != wasm::SegmentMode::Declared)
      elementArrays[{instance, i}] = allocate(module.elements[i].size() * 8);
  }
}

namespace {

class InstancedWorld final : public StateModel {
public:
  explicit InstancedWorld(ModuleBuilder &builder)
      : mb(builder), layout(builder.facts), bases(builder.facts.memories.size()) {
    llvm::MDBuilder metadata(mb.context);
    llvm::MDNode *domain = metadata.createAnonymousAliasScopeDomain("tenon");
    for (size_t i = 0; i <= bases.size(); ++i)
      scopes.push_back(metadata.createAnonymousAliasScope(domain));
  }

  void enterFunction(llvm::IRBuilderBase &builder) override {
    function = builder.GetInsertBlock()->getParent();
    std::fill(bases.begin(), bases.end(), nullptr);
  }
  llvm::Value *contextArgument() override { return function->getArg(0); }

  llvm::Value *memoryBase(llvm::IRBuilderBase &builder, uint32_t memory) override {
    if (!mb.facts.memories[memory].reserved) // it moves when it grows
      return builder.CreateLoad(mb.ptrType, at(builder, layout.memoryRecords[memory]));
    llvm::Value *&base = bases[memory];
    if (base)
      return base;
    llvm::BasicBlock &entry = function->getEntryBlock();
    llvm::IRBuilder<> early(&entry, entry.getFirstInsertionPt());
    llvm::LoadInst *loaded = early.CreateLoad(mb.ptrType, at(early, layout.memoryRecords[memory]));
    loaded->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(mb.context, {}));
    return base = loaded;
  }
  void annotate(llvm::Instruction &access, uint32_t memory) override {
    llvm::SmallVector<llvm::Metadata *, 4> others;
    for (size_t i = 0; i < scopes.size(); ++i)
      if (i != memory)
        others.push_back(scopes[i]);
    access.setMetadata(llvm::LLVMContext::MD_alias_scope,
                       llvm::MDNode::get(mb.context, {scopes[memory]}));
    access.setMetadata(llvm::LLVMContext::MD_noalias, llvm::MDNode::get(mb.context, others));
  }
  void annotateState(llvm::Instruction &access) override { annotate(access, bases.size()); }

  llvm::Value *memoryRecord(llvm::IRBuilderBase &builder, uint32_t memory) override {
    return at(builder, layout.memoryRecords[memory]);
  }
  llvm::Value *tableRecord(llvm::IRBuilderBase &builder, uint32_t table) override {
    return at(builder, layout.tableRecords[table]);
  }
  llvm::Value *tableElements(llvm::IRBuilderBase &builder, uint32_t table) override {
    if (!mb.facts.tables[table].isGrown)
      return at(builder, layout.tableElements[table]);
    return builder.CreateLoad(mb.ptrType, tableRecord(builder, table));
  }
  llvm::Value *tableSize(llvm::IRBuilderBase &builder, uint32_t table) override {
    const TableFacts &facts = mb.facts.tables[table];
    if (!facts.isGrown)
      return builder.getInt64(facts.type.limits.min);
    return builder.CreateLoad(
        mb.i64, builder.CreateStructGEP(mb.tableRecordType, tableRecord(builder, table), 1));
  }
  llvm::Value *global(llvm::IRBuilderBase &builder, uint32_t global) override {
    return at(builder, layout.globals[global]);
  }
  llvm::Value *tag(llvm::IRBuilderBase &builder, uint32_t tag) override {
    return at(builder, layout.tags[tag]);
  }
  llvm::Value *dataSize(llvm::IRBuilderBase &builder, uint32_t instance,
                        uint32_t segment) override {
    return at(builder, layout.dataSize(instance, segment));
  }
  llvm::Value *elementSize(llvm::IRBuilderBase &builder, uint32_t instance,
                           uint32_t segment) override {
    return at(builder, layout.elementSize(instance, segment));
  }
  llvm::Value *dataBytes(llvm::IRBuilderBase &, uint32_t instance, uint32_t segment) override {
    return declareDataBytes(mb, instance, segment);
  }
  llvm::Value *elementPointers(llvm::IRBuilderBase &builder, uint32_t instance,
                               uint32_t segment) override {
    return at(builder, layout.elementPointers(instance, segment));
  }
  llvm::Value *functionRecord(llvm::IRBuilderBase &builder, FuncPointer pointer) override {
    return at(builder, layout.recordOf(pointer));
  }

private:
  ModuleBuilder &mb;
  StateLayout layout;
  llvm::Function *function = nullptr;
  std::vector<llvm::Value *> bases;   ///< of the current function
  std::vector<llvm::MDNode *> scopes; ///< one a memory, and the state struct's

  llvm::Value *at(llvm::IRBuilderBase &builder, uint64_t offset) {
    return builder.CreateConstInBoundsGEP1_64(mb.i8, function->getArg(0), offset);
  }
};

} // namespace

std::unique_ptr<StateModel> codegen::makeInstancedWorld(ModuleBuilder &builder) {
  return std::make_unique<InstancedWorld>(builder);
}
