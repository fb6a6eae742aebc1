//===- Instantiate.cpp - What instantiation does when the program runs ---===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProgramPart.h"
#include "StateModel.h"
#include "tenon/Codegen/Symbols.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

class Instantiation {
public:
  Instantiation(ModuleBuilder &mb, uint32_t index)
      : mb(mb), facts(mb.facts), index(index), inst(facts.instance(index)), builder(mb.context),
        state(makeStateModel(mb)) {}

  llvm::Function *build();

private:
  ModuleBuilder &mb;
  const Facts &facts;
  uint32_t index;
  const CoreInstance &inst;
  llvm::IRBuilder<> builder;
  std::unique_ptr<StateModel> state;
  llvm::Function *function = nullptr;

  void applyElements(const wasm::ElementSegment &segment, uint32_t number);
  void applyData(const wasm::DataSegment &segment, uint32_t number);
  void callStart(uint32_t start);
  void trapUnlessFits(uint64_t offset, uint64_t count, llvm::Value *size, TrapKind kind);
};

} // namespace

llvm::Function *Instantiation::build() {
  llvm::SmallVector<llvm::Type *, 1> params;
  if (facts.options.world == World::Instanced)
    params.push_back(mb.ptrType);
  function =
      mb.createFunction(llvm::FunctionType::get(llvm::Type::getVoidTy(mb.context), params, false),
                        symbolOfInstantiate(index));
  builder.SetInsertPoint(llvm::BasicBlock::Create(mb.context, "", function));
  state->enterFunction(builder);
  const InstantiationPlan &plan = facts.plans[index];
  for (uint32_t number : plan.elements)
    applyElements(inst.module->elements[number], number);
  for (uint32_t number : plan.datas)
    applyData(inst.module->datas[number], number);
  if (plan.start)
    callStart(*plan.start);
  else
    builder.CreateRetVoid();
  return function;
}

/// Traps unless [offset, offset + count) lies in [0, size).
void Instantiation::trapUnlessFits(uint64_t offset, uint64_t count, llvm::Value *size,
                                   TrapKind kind) {
  bool wraps = offset + count < offset;
  llvm::Value *doesNotFit =
      wraps ? builder.getTrue() : builder.CreateICmpUGT(builder.getInt64(offset + count), size);
  llvm::BasicBlock *trapping = llvm::BasicBlock::Create(mb.context, "trap", function);
  llvm::BasicBlock *going = llvm::BasicBlock::Create(mb.context, "", function);
  builder.CreateCondBr(doesNotFit, trapping, going);
  builder.SetInsertPoint(trapping);
  mb.emitTrap(builder, kind);
  builder.SetInsertPoint(going);
}

void Instantiation::applyElements(const wasm::ElementSegment &segment, uint32_t number) {
  uint32_t table = inst.tables[segment.table];
  uint64_t offset = facts.evaluate(index, segment.offset).bits;
  trapUnlessFits(offset, segment.size(), state->tableSize(builder, table),
                 TrapKind::TableOutOfBounds);
  llvm::Value *to =
      builder.CreateGEP(mb.ptrType, state->tableElements(builder, table), builder.getInt64(offset));
  builder.CreateMemCpy(to, llvm::MaybeAlign(8), state->elementPointers(builder, index, number),
                       llvm::MaybeAlign(8), segment.size() * 8);
}

void Instantiation::applyData(const wasm::DataSegment &segment, uint32_t number) {
  uint32_t memory = inst.memories[segment.memory];
  uint64_t offset = facts.evaluate(index, segment.offset).bits;
  trapUnlessFits(offset, segment.bytes.size(), loadMemoryBytes(mb, *state, builder, memory),
                 TrapKind::MemoryOutOfBounds);
  llvm::Value *to =
      builder.CreatePtrAdd(state->memoryBase(builder, memory), builder.getInt64(offset));
  builder.CreateMemCpy(to, llvm::MaybeAlign(1), state->dataBytes(builder, index, number),
                       llvm::MaybeAlign(1), segment.bytes.size());
}

void Instantiation::callStart(uint32_t start) {
  FuncRef ref = facts.resolve({index, start});
  if (ref.kind == FuncRef::Trap)
    return mb.emitMissing(builder, ref.symbol);
  llvm::SmallVector<llvm::Value *, 1> args;
  if (llvm::Value *context = state->contextArgument())
    args.push_back(context);
  llvm::CallInst *call = mb.call(builder, mb.function(ref, facts.typeOf({index, start})), args);
  builder.CreateRetVoid();
  if (facts.mayThrow(ref))
    mb.guard(*call);
}

llvm::Function *codegen::buildInstantiate(ModuleBuilder &builder, uint32_t instance) {
  return Instantiation(builder, instance).build();
}
