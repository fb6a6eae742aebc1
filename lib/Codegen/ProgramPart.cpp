//===- ProgramPart.cpp - The part that holds the program's state ---------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProgramPart.h"
#include "ClosedWorld.h"
#include "tenon-abi/program.h"
#include "tenon/Codegen/Symbols.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace tenon;
using namespace tenon::codegen;

// The types below spell these records out.
static_assert(sizeof(tenon_memory) == 40 && sizeof(tenon_table) == 32 && sizeof(tenon_func) == 24);
static_assert(offsetof(tenon_self, parent) == 24 && offsetof(tenon_self, path) == 32 &&
              sizeof(tenon_self) == 72);
static_assert(sizeof(tenon_memory_def) == 40 && sizeof(tenon_program_info) == 56);

namespace {

class ProgramPart {
public:
  explicit ProgramPart(ModuleBuilder &builder)
      : mb(builder), facts(builder.facts), program(facts.program) {}

  void build() {
    for (uint32_t i = 0; i < facts.memories.size(); ++i)
      defineMemory(i);
    for (uint32_t i = 0; i < facts.tables.size(); ++i)
      defineTable(i);
    for (uint32_t i = 0; i < facts.globals.size(); ++i)
      if (!facts.globals[i].isConstant)
        declareGlobal(mb, i)->setInitializer(mb.constantOf(facts.globals[i].init));
    for (uint32_t i = 0; facts.throws() && i < facts.tags.size(); ++i) {
      declareTag(mb, i)->setInitializer(i64(facts.tags[i].payloadBytes));
      declareTag(mb, i)->setConstant(true);
    }
    if (facts.throws())
      defineExceptionRoots(mb);
    for (uint32_t i = 0; i < program.selves.size(); ++i)
      defineSelf(i);
    for (uint32_t i = 0; i < program.instances.size(); ++i)
      defineSegments(i);
    for (uint32_t i = 0; i < program.instances.size(); ++i)
      instantiates.push_back(buildInstantiate(mb, i));
    for (const Export &exported : program.exports)
      defineExportEntry(mb, exported);
    defineInfo();
  }

private:
  ModuleBuilder &mb;
  const Facts &facts;
  const Program &program;
  std::vector<llvm::Function *> instantiates;
  std::vector<llvm::Constant *> memoryDefs, selves;

  llvm::Constant *i32(uint64_t value) { return llvm::ConstantInt::get(mb.i32, value); }
  llvm::Constant *i64(uint64_t value) { return llvm::ConstantInt::get(mb.i64, value); }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(mb.ptrType); }
  llvm::Constant *structOf(llvm::ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(mb.context, fields);
  }
  llvm::GlobalVariable *hidden(llvm::Constant *init, const llvm::Twine &name, bool isConstant);

  void defineMemory(uint32_t index);
  void defineImage(uint32_t index);
  void defineTable(uint32_t index);
  void defineSelf(uint32_t index);
  void defineSegments(uint32_t instance);
  void defineInfo();
};

} // namespace

llvm::GlobalVariable *ProgramPart::hidden(llvm::Constant *init, const llvm::Twine &name,
                                          bool isConstant) {
  llvm::GlobalVariable *variable = mb.external(init->getType(), name);
  variable->setInitializer(init);
  variable->setConstant(isConstant);
  return variable;
}

void ProgramPart::defineMemory(uint32_t index) {
  const MemoryFacts &memory = facts.memories[index];
  llvm::Constant *base =
      memory.address ? llvm::ConstantExpr::getIntToPtr(i64(memory.address), mb.ptrType) : null();
  llvm::Constant *record = llvm::ConstantStruct::get(
      mb.memoryRecordType, {base, i64(memory.minBytes), i64(memory.maxPages), i64(memory.reserved),
                            i32(memory.type.pageSizeLog2), i32(index)});
  llvm::GlobalVariable *variable = declareMemoryRecord(mb, index);
  variable->setInitializer(record);
  if (!memory.image.bytes.empty())
    defineImage(index);
  const MemoryImage &image = memory.image;
  memoryDefs.push_back(structOf({variable, i64(memory.minBytes), i64(image.begin),
                                 i64(image.begin + image.bytes.size()), mb.text(memory.name)}));
}

SectionAddress codegen::imageSection(const Facts &facts, uint32_t memory) {
  return {".tenon.memory." + std::to_string(memory),
          facts.memories[memory].address + facts.memories[memory].image.begin};
}

/// The section is a segment of the executable at the memory's address: the kernel maps it.
void ProgramPart::defineImage(uint32_t index) {
  const MemoryImage &image = facts.memories[index].image;
  llvm::Constant *bytes = llvm::ConstantDataArray::get(mb.context, image.bytes);
  auto *variable = new llvm::GlobalVariable(*mb.module, bytes->getType(), /*isConstant=*/false,
                                            llvm::GlobalValue::InternalLinkage, bytes,
                                            "tenon.image." + std::to_string(index));
  variable->setSection(imageSection(facts, index).name);
  variable->setAlignment(llvm::Align(4096));
  llvm::appendToUsed(*mb.module, {variable});
}

void ProgramPart::defineTable(uint32_t index) {
  const TableFacts &table = facts.tables[index];
  llvm::GlobalVariable *elements = declareTableElements(mb, index);
  elements->setInitializer(tableContents(mb, index));
  elements->setLinkage(llvm::GlobalValue::ExternalLinkage);
  uint64_t size = table.type.limits.min;
  declareTableRecord(mb, index)->setInitializer(llvm::ConstantStruct::get(
      mb.tableRecordType, {elements, i64(size), i64(table.max), i64(size)}));
}

void ProgramPart::defineSelf(uint32_t index) {
  const Self &self = program.selves[index];
  llvm::Constant *parent =
      self.parent < 0 ? null() : static_cast<llvm::Constant *>(declareSelf(mb, self.parent));
  llvm::Constant *zero = llvm::ConstantInt::get(mb.i8, 0);
  llvm::Constant *record = structOf({null(), i32(0), i32(0), i32(0), zero, zero, zero, zero, parent,
                                     mb.text(self.path), i32(0), i32(0), i64(0), i64(0), null()});
  // Declared as bytes elsewhere: only the runtime knows its fields.
  llvm::GlobalVariable *declared = declareSelf(mb, index);
  auto *variable = new llvm::GlobalVariable(*mb.module, record->getType(), /*isConstant=*/false,
                                            llvm::GlobalValue::ExternalLinkage, record, "");
  variable->setVisibility(llvm::GlobalValue::HiddenVisibility);
  variable->setDSOLocal(true);
  variable->takeName(declared);
  declared->replaceAllUsesWith(variable);
  declared->eraseFromParent();
  selves.push_back(variable);
}

void ProgramPart::defineSegments(uint32_t index) {
  const wasm::Module &module = facts.moduleOf(index);
  const InstantiationPlan &plan = facts.plans[index];
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    bool isPassive = module.datas[i].mode == wasm::SegmentMode::Passive;
    if (!isPassive && !llvm::is_contained(plan.datas, i))
      continue;
    llvm::ArrayRef<uint8_t> bytes = module.datas[i].bytes;
    declareDataBytes(mb, index, i)->setInitializer(llvm::ConstantDataArray::get(mb.context, bytes));
    if (isPassive)
      declareDataSize(mb, index, i)->setInitializer(i64(bytes.size()));
  }
  for (uint32_t i = 0; i < module.elements.size(); ++i) {
    const wasm::ElementSegment &segment = module.elements[i];
    bool isPassive = segment.mode == wasm::SegmentMode::Passive;
    if (!isPassive && !llvm::is_contained(plan.elements, i))
      continue;
    std::vector<llvm::Constant *> pointers;
    for (size_t k = 0; k < segment.size(); ++k)
      pointers.push_back(mb.constantOf(facts.elementOf(index, segment, k)));
    llvm::ArrayType *type = llvm::ArrayType::get(mb.ptrType, pointers.size());
    declareElementPointers(mb, index, i)->setInitializer(llvm::ConstantArray::get(type, pointers));
    if (isPassive)
      declareElementSize(mb, index, i)->setInitializer(i64(pointers.size()));
  }
}

static bool holdsExceptions(wasm::ValType type) {
  return type.isRef() && type.getHeap() == wasm::ValType::Exn;
}

/// The instanced world has none: its facts refuse globals and tables of references to exceptions.
void codegen::defineExceptionRoots(ModuleBuilder &mb) {
  std::vector<llvm::Constant *> globals, tables;
  bool isClosed = mb.facts.options.world == World::Closed;
  for (uint32_t i = 0; isClosed && i < mb.facts.globals.size(); ++i)
    if (!mb.facts.globals[i].isConstant && holdsExceptions(mb.facts.globals[i].type.type))
      globals.push_back(declareGlobal(mb, i));
  for (uint32_t i = 0; isClosed && i < mb.facts.tables.size(); ++i)
    if (holdsExceptions(mb.facts.tables[i].type.element))
      tables.push_back(declareTableRecord(mb, i));
  auto addArray = [&](std::vector<llvm::Constant *> &fields,
                      const std::vector<llvm::Constant *> &pointers, llvm::StringRef name) {
    auto *type = llvm::ArrayType::get(mb.ptrType, pointers.size());
    llvm::GlobalVariable *array = mb.external(type, name);
    array->setInitializer(llvm::ConstantArray::get(type, pointers));
    array->setConstant(true);
    fields.push_back(llvm::ConstantInt::get(mb.i64, pointers.size()));
    fields.push_back(array);
  };
  std::vector<llvm::Constant *> fields;
  addArray(fields, globals, "tenon.exception_globals");
  addArray(fields, tables, "tenon.exception_tables");
  llvm::Constant *list = llvm::ConstantStruct::getAnon(mb.context, fields);
  llvm::GlobalVariable *roots = mb.external(list->getType(), "tenon_exception_roots");
  roots->setInitializer(list);
  roots->setConstant(true);
}

/// An adapter is exported by the part that defines it.
void codegen::defineExportEntry(ModuleBuilder &mb, const Export &exported) {
  const FuncRef &ref = exported.function;
  if (ref.kind != FuncRef::Core)
    return;
  const wasm::FuncType &type = mb.facts.typeOf({ref.instance, ref.index});
  llvm::Function *entry = mb.createFunction(mb.functionType(type), symbolText(exported.symbol));
  entry->setVisibility(llvm::GlobalValue::DefaultVisibility);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(mb.context, "", entry));
  llvm::SmallVector<llvm::Value *, 8> args;
  for (llvm::Argument &arg : entry->args())
    args.push_back(&arg);
  llvm::CallInst *call = mb.call(builder, mb.coreFunction(ref.instance, ref.index), args);
  if (call->getType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(call);
  if (mb.facts.mayThrow(ref))
    mb.guard(*call);
}

void ProgramPart::defineInfo() {
  auto array = [&](llvm::ArrayRef<llvm::Constant *> values, llvm::StringRef name) {
    if (values.empty())
      return null();
    llvm::ArrayType *type = llvm::ArrayType::get(values.front()->getType(), values.size());
    return static_cast<llvm::Constant *>(
        hidden(llvm::ConstantArray::get(type, values), name, /*isConstant=*/true));
  };
  llvm::Function *all = nullptr;
  if (program.instantiateAtStart) {
    all = mb.createFunction(llvm::FunctionType::get(llvm::Type::getVoidTy(mb.context), false),
                            "tenon_instantiate_all");
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(mb.context, "", all));
    for (uint32_t i = 0; i < instantiates.size(); ++i)
      if (!facts.plans[i].isEmpty())
        builder.CreateCall(instantiates[i]);
    builder.CreateRetVoid();
  }
  llvm::Constant *run = null();
  if (!program.run.empty()) {
    std::string symbol = symbolText(program.run);
    llvm::Function *known = mb.module->getFunction(symbol);
    run = known ? known : mb.createFunction(llvm::FunctionType::get(mb.i32, false), symbol);
  }
  hidden(structOf({i32(TENON_ABI_VERSION), i32(memoryDefs.size()),
                   array(memoryDefs, "tenon.memory_defs"), i32(selves.size()),
                   array(selves, "tenon.selves"), all ? static_cast<llvm::Constant *>(all) : null(),
                   i64(facts.options.stackBytes), run}),
         "tenon_program_info", /*isConstant=*/true);
}

void codegen::buildProgramPart(ModuleBuilder &builder) { ProgramPart(builder).build(); }
