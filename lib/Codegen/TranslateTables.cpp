//===- TranslateTables.cpp - References and tables -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reference is a pointer: to a `tenon_func` record, or to something of the host's. Null is null.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"

using namespace tenon;
using namespace tenon::codegen;

static constexpr uint64_t elementBytes = 8;

bool FunctionTranslator::translateTable(const Operator &op) {
  switch (op.opcode) {
  case Opcode::RefNull:
    return push(llvm::ConstantPointerNull::get(mb.ptrType)), true;
  case Opcode::RefIsNull:
    return push(builder.CreateZExt(builder.CreateIsNull(pop()), mb.i32)), true;
  case Opcode::RefFunc:
    return push(state.functionRecord(builder, {instanceIndex, op.index}),
                wasm::ValType::ref(wasm::ValType::Func, /*nullable=*/false)),
           true;
  case Opcode::RefAsNonNull:
    if (!nonNulls.contains(stack.back()))
      trapIf(builder.CreateIsNull(stack.back()), TrapKind::NullReference);
    return true;
  case Opcode::BrOnNull:
    return branchOnNull(op.index), true;
  case Opcode::BrOnNonNull:
    return branchOnNonNull(op.index), true;
  case Opcode::TableGet:
    return tableGet(instance.tables[op.index]), true;
  case Opcode::TableSet:
    return tableSet(instance.tables[op.index]), true;
  case Opcode::TableSize: {
    uint32_t table = instance.tables[op.index];
    return pushIndex(state.tableSize(builder, table), facts.tables[table].type.limits), true;
  }
  case Opcode::TableGrow:
    return tableGrow(instance.tables[op.index]), true;
  case Opcode::TableFill:
    return tableFill(instance.tables[op.index]), true;
  case Opcode::TableCopy:
    return tableCopy(instance.tables[op.index], instance.tables[op.index2]), true;
  case Opcode::TableInit:
    return tableInit(op.index, instance.tables[op.index2]), true;
  case Opcode::ElemDrop:
    if (module.elements[op.index].mode == wasm::SegmentMode::Passive)
      builder.CreateStore(builder.getInt64(0), state.elementSize(builder, instanceIndex, op.index));
    return true;
  default:
    return false;
  }
}

void FunctionTranslator::branchOnNull(uint32_t depth) {
  llvm::Value *reference = pop();
  if (!nonNulls.contains(reference))
    branchIf(builder.CreateIsNull(reference), depth);
  push(reference);
}

/// The label gets the reference as well.
void FunctionTranslator::branchOnNonNull(uint32_t depth) {
  branchIf(builder.CreateIsNotNull(stack.back()), depth);
  pop();
}

/// `index` is an i64 that was checked.
llvm::Value *FunctionTranslator::elementAddress(uint32_t table, llvm::Value *index) {
  return builder.CreateGEP(mb.ptrType, state.tableElements(builder, table), index);
}

void FunctionTranslator::tableGet(uint32_t table) {
  llvm::Value *index = popIndex();
  trapIf(builder.CreateICmpUGE(index, state.tableSize(builder, table)), TrapKind::TableOutOfBounds);
  push(builder.CreateLoad(mb.ptrType, elementAddress(table, index)),
       facts.tables[table].type.element);
}

void FunctionTranslator::tableSet(uint32_t table) {
  llvm::Value *value = pop();
  llvm::Value *index = popIndex();
  trapIf(builder.CreateICmpUGE(index, state.tableSize(builder, table)), TrapKind::TableOutOfBounds);
  builder.CreateStore(value, elementAddress(table, index));
}

void FunctionTranslator::tableGrow(uint32_t table) {
  llvm::Value *delta = popIndex();
  llvm::Value *value = pop();
  llvm::Value *old = builder.CreateCall(mb.runtime(RuntimeFunction::tenon_table_grow),
                                        {state.tableRecord(builder, table), delta, value});
  pushIndex(old, facts.tables[table].type.limits);
}

void FunctionTranslator::tableFill(uint32_t table) {
  llvm::Value *count = popIndex();
  llvm::Value *value = pop();
  llvm::Value *start = popIndex();
  checkRange(start, count, state.tableSize(builder, table), TrapKind::TableOutOfBounds);
  llvm::Value *end = builder.CreateAdd(start, count);
  llvm::Value *elements = state.tableElements(builder, table);

  llvm::BasicBlock *before = builder.GetInsertBlock();
  llvm::BasicBlock *loop = newBlock(), *done = newBlock();
  builder.CreateCondBr(builder.CreateIsNull(count), done, loop);
  builder.SetInsertPoint(loop);
  llvm::PHINode *index = builder.CreatePHI(mb.i64, 2);
  index->addIncoming(start, before);
  builder.CreateStore(value, builder.CreateGEP(mb.ptrType, elements, index));
  llvm::Value *next = builder.CreateAdd(index, builder.getInt64(1));
  index->addIncoming(next, loop);
  builder.CreateCondBr(builder.CreateICmpEQ(next, end), done, loop);
  builder.SetInsertPoint(done);
}

void FunctionTranslator::tableCopy(uint32_t to, uint32_t from) {
  llvm::Value *count = popIndex();
  llvm::Value *source = popIndex();
  llvm::Value *destination = popIndex();
  checkRange(source, count, state.tableSize(builder, from), TrapKind::TableOutOfBounds);
  checkRange(destination, count, state.tableSize(builder, to), TrapKind::TableOutOfBounds);
  builder.CreateMemMove(elementAddress(to, destination), llvm::MaybeAlign(elementBytes),
                        elementAddress(from, source), llvm::MaybeAlign(elementBytes),
                        builder.CreateMul(count, builder.getInt64(elementBytes)));
}

void FunctionTranslator::tableInit(uint32_t segment, uint32_t table) {
  llvm::Value *count = popIndex();
  llvm::Value *source = popIndex();
  llvm::Value *destination = popIndex();
  // Instantiation drops active and declared segments.
  bool isPassive = module.elements[segment].mode == wasm::SegmentMode::Passive;
  llvm::Value *size = builder.getInt64(0);
  if (isPassive)
    size = builder.CreateLoad(mb.i64, state.elementSize(builder, instanceIndex, segment));
  checkRange(source, count, size, TrapKind::TableOutOfBounds);
  checkRange(destination, count, state.tableSize(builder, table), TrapKind::TableOutOfBounds);
  if (!isPassive)
    return;
  llvm::Value *pointers = state.elementPointers(builder, instanceIndex, segment);
  builder.CreateMemCpy(elementAddress(table, destination), llvm::MaybeAlign(elementBytes),
                       builder.CreateGEP(mb.ptrType, pointers, source),
                       llvm::MaybeAlign(elementBytes),
                       builder.CreateMul(count, builder.getInt64(elementBytes)));
}
