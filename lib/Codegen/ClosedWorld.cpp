//===- ClosedWorld.cpp - State at constant addresses ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each instance exists once, so each piece of state is a variable. A memory is an *external hidden*
// variable of its minimum size: LLVM may speculate exactly what is always mapped. Never internal
// (LLVM deletes the stores), never of the reservation's size (LLVM speculates loads that trap), and
// never indexed `inbounds`.
//
//===----------------------------------------------------------------------===//

#include "ClosedWorld.h"
#include "StateModel.h"
#include "tenon/Codegen/Symbols.h"

using namespace tenon;
using namespace tenon::codegen;

StateModel::~StateModel() = default;

/// Larger constant tables are declared without contents: calls at indices that the translator
/// itself sees are direct all the same.
static constexpr size_t maxInlineTable = 256;

llvm::GlobalVariable *codegen::declareMemoryBase(ModuleBuilder &builder, uint32_t memory) {
  const MemoryFacts &facts = builder.facts.memories[memory];
  std::string symbol = symbolOfMemoryBase(memory);
  if (llvm::GlobalVariable *known = builder.module->getNamedGlobal(symbol))
    return known;
  llvm::GlobalVariable *base =
      builder.external(llvm::ArrayType::get(builder.i8, facts.minBytes), symbol);
  base->setAlignment(llvm::Align(4096));
  llvm::Metadata *range[] = {
      llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(builder.i64, facts.address)),
      llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(builder.i64, facts.address + 1))};
  base->setMetadata(llvm::LLVMContext::MD_absolute_symbol,
                    llvm::MDNode::get(builder.context, range));
  if (facts.address > INT32_MAX)
    base->setCodeModel(llvm::CodeModel::Large);
  return base;
}

llvm::GlobalVariable *codegen::declareMemoryRecord(ModuleBuilder &builder, uint32_t memory) {
  return builder.external(builder.memoryRecordType, symbolOfMemory(memory));
}

llvm::GlobalVariable *codegen::declareTableRecord(ModuleBuilder &builder, uint32_t table) {
  return builder.external(builder.tableRecordType, symbolOfTable(table));
}

llvm::Constant *codegen::tableContents(ModuleBuilder &builder, uint32_t table) {
  const TableFacts &facts = builder.facts.tables[table];
  llvm::ArrayType *type = llvm::ArrayType::get(builder.ptrType, facts.type.limits.min);
  if (facts.elements.empty())
    return llvm::ConstantAggregateZero::get(type);
  std::vector<llvm::Constant *> elements;
  elements.reserve(facts.elements.size());
  for (const ConstValue &element : facts.elements)
    elements.push_back(builder.constantOf(element));
  return llvm::ConstantArray::get(type, elements);
}

llvm::GlobalVariable *codegen::declareTableElements(ModuleBuilder &builder, uint32_t table) {
  const TableFacts &facts = builder.facts.tables[table];
  std::string symbol = symbolOfTableElements(table);
  if (llvm::GlobalVariable *known = builder.module->getNamedGlobal(symbol))
    return known;
  uint64_t size = facts.type.limits.min;
  llvm::GlobalVariable *elements =
      builder.external(llvm::ArrayType::get(builder.ptrType, size), symbol);
  if (!facts.isConstant())
    return elements;
  elements->setConstant(true);
  if (size <= maxInlineTable && builder.optLevel > 0) {
    elements->setInitializer(tableContents(builder, table));
    elements->setLinkage(llvm::GlobalValue::AvailableExternallyLinkage);
  }
  return elements;
}

llvm::GlobalVariable *codegen::declareGlobal(ModuleBuilder &builder, uint32_t global) {
  return builder.external(builder.typeOf(builder.facts.globals[global].type.type),
                          symbolOfGlobal(global));
}

llvm::GlobalVariable *codegen::declareTag(ModuleBuilder &builder, uint32_t tag) {
  return builder.external(builder.i64, symbolOfTag(tag));
}

llvm::GlobalVariable *codegen::declareSelf(ModuleBuilder &builder, uint32_t self) {
  return builder.external(builder.i8, symbolOfSelf(self));
}

/// `tenon.<what>.<instance>.<segment>`
static std::string segmentSymbol(llvm::StringRef what, uint32_t instance, uint32_t segment) {
  return ("tenon." + what + "." + llvm::Twine(instance) + "." + llvm::Twine(segment)).str();
}

llvm::GlobalVariable *codegen::declareDataSize(ModuleBuilder &builder, uint32_t instance,
                                               uint32_t segment) {
  return builder.external(builder.i64, segmentSymbol("datasize", instance, segment));
}

llvm::GlobalVariable *codegen::declareDataBytes(ModuleBuilder &builder, uint32_t instance,
                                                uint32_t segment) {
  size_t size = builder.facts.moduleOf(instance).datas[segment].bytes.size();
  llvm::GlobalVariable *bytes = builder.external(llvm::ArrayType::get(builder.i8, size),
                                                 segmentSymbol("data", instance, segment));
  bytes->setConstant(true);
  return bytes;
}

llvm::GlobalVariable *codegen::declareElementSize(ModuleBuilder &builder, uint32_t instance,
                                                  uint32_t segment) {
  return builder.external(builder.i64, segmentSymbol("elemsize", instance, segment));
}

llvm::GlobalVariable *codegen::declareElementPointers(ModuleBuilder &builder, uint32_t instance,
                                                      uint32_t segment) {
  size_t size = builder.facts.moduleOf(instance).elements[segment].size();
  llvm::GlobalVariable *pointers = builder.external(llvm::ArrayType::get(builder.ptrType, size),
                                                    segmentSymbol("elem", instance, segment));
  pointers->setConstant(true);
  return pointers;
}

namespace {

class ClosedWorld final : public StateModel {
public:
  explicit ClosedWorld(ModuleBuilder &builder) : mb(builder) {}

  void enterFunction(llvm::IRBuilderBase &) override {}
  llvm::Value *contextArgument() override { return nullptr; }
  llvm::Value *memoryBase(llvm::IRBuilderBase &builder, uint32_t memory) override {
    if (mb.facts.memories[memory].address)
      return declareMemoryBase(mb, memory);
    // It moves when it grows.
    return builder.CreateLoad(mb.ptrType, declareMemoryRecord(mb, memory));
  }
  /// LLVM's fast instruction selection gives up at a symbol with a known address. The optimiser
  /// knows less of a number than of a variable.
  std::optional<uint64_t> constantBase(uint32_t memory) override {
    uint64_t address = mb.facts.memories[memory].address;
    bool isWanted = mb.optLevel == 0 && address;
    return isWanted ? std::optional(address) : std::nullopt;
  }
  llvm::Value *memoryRecord(llvm::IRBuilderBase &, uint32_t memory) override {
    return declareMemoryRecord(mb, memory);
  }
  llvm::Value *tableRecord(llvm::IRBuilderBase &, uint32_t table) override {
    return declareTableRecord(mb, table);
  }
  llvm::Value *tableElements(llvm::IRBuilderBase &builder, uint32_t table) override {
    if (!mb.facts.tables[table].isGrown)
      return declareTableElements(mb, table);
    return builder.CreateLoad(mb.ptrType, declareTableRecord(mb, table));
  }
  llvm::Value *tableSize(llvm::IRBuilderBase &builder, uint32_t table) override {
    const TableFacts &facts = mb.facts.tables[table];
    if (!facts.isGrown)
      return builder.getInt64(facts.type.limits.min);
    llvm::Value *record = declareTableRecord(mb, table);
    return builder.CreateLoad(mb.i64, builder.CreateStructGEP(mb.tableRecordType, record, 1));
  }
  llvm::Value *global(llvm::IRBuilderBase &, uint32_t global) override {
    return declareGlobal(mb, global);
  }
  llvm::Value *tag(llvm::IRBuilderBase &, uint32_t tag) override { return declareTag(mb, tag); }
  llvm::Value *dataSize(llvm::IRBuilderBase &, uint32_t instance, uint32_t segment) override {
    return declareDataSize(mb, instance, segment);
  }
  llvm::Value *elementSize(llvm::IRBuilderBase &, uint32_t instance, uint32_t segment) override {
    return declareElementSize(mb, instance, segment);
  }
  llvm::Value *dataBytes(llvm::IRBuilderBase &, uint32_t instance, uint32_t segment) override {
    return declareDataBytes(mb, instance, segment);
  }
  llvm::Value *elementPointers(llvm::IRBuilderBase &, uint32_t instance,
                               uint32_t segment) override {
    return declareElementPointers(mb, instance, segment);
  }
  llvm::Value *functionRecord(llvm::IRBuilderBase &, FuncPointer pointer) override {
    return mb.functionRecord(pointer);
  }

private:
  ModuleBuilder &mb;
};

} // namespace

std::unique_ptr<StateModel> codegen::makeClosedWorld(ModuleBuilder &builder) {
  return std::make_unique<ClosedWorld>(builder);
}
