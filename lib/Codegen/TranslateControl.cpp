//===- TranslateControl.cpp - Blocks, branches, select -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "ValueTypes.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateControl(const Operator &op) {
  switch (op.opcode) {
  case Opcode::Unreachable:
    trap(TrapKind::Unreachable);
    return true;
  case Opcode::Block:
    openFrame(Frame::Block, op.blockType);
    return true;
  case Opcode::Loop:
    openFrame(Frame::Loop, op.blockType);
    return true;
  case Opcode::If:
    openFrame(Frame::If, op.blockType);
    return true;
  case Opcode::Else:
    beginElse();
    return true;
  case Opcode::End:
    closeFrame();
    return true;
  case Opcode::Br:
    branch(op.index);
    return true;
  case Opcode::BrIf:
    branchIf(popCondition(), op.index, weightsOfBranch());
    return true;
  case Opcode::BrTable:
    branchTable(op);
    return true;
  case Opcode::Return:
    emitReturn(popMany(frames.front().results.size()));
    becomeUnreachable();
    return true;
  case Opcode::Select:
  case Opcode::SelectTyped:
    select();
    return true;
  default:
    return false;
  }
}

void FunctionTranslator::openFrame(Frame::Kind kind, const wasm::BlockType &type) {
  llvm::Value *condition = kind == Frame::If ? popCondition() : nullptr;
  Frame frame;
  frame.kind = kind;
  llvm::SmallVector<wasm::ValType, 2> params;
  if (type.kind == wasm::BlockType::Value) {
    frame.results.push_back(type.type);
  } else if (type.kind == wasm::BlockType::TypeIndex) {
    const wasm::FuncType &function = module.types[type.typeIndex];
    params.append(function.params.begin(), function.params.end());
    frame.results.append(function.results.begin(), function.results.end());
  }
  frame.height = stack.size() - params.size();
  frame.labelTypes = kind == Frame::Loop ? params : frame.results;

  if (kind == Frame::Loop) {
    makeLabel(frame);
    addEdge(frame, builder.GetInsertBlock());
    builder.CreateBr(frame.label);
    frame.label->insertInto(function);
    builder.SetInsertPoint(frame.label);
    stack.truncate(frame.height);
    stack.append(frame.phis.begin(), frame.phis.end());
  } else if (kind == Frame::If) {
    frame.params.append(stack.end() - params.size(), stack.end());
    llvm::BasicBlock *then = newBlock();
    frame.elseBlock = newBlock();
    builder.CreateCondBr(condition, then, frame.elseBlock, weightsOfBranch());
    builder.SetInsertPoint(then);
  }
  frames.push_back(std::move(frame));
}

/// From the end of the then-part to the start of the else-part.
void FunctionTranslator::beginElse() {
  Frame &frame = frames.back();
  if (reachable) {
    makeLabel(frame);
    addEdge(frame, builder.GetInsertBlock());
    builder.CreateBr(frame.label);
  }
  builder.SetInsertPoint(frame.elseBlock);
  frame.kind = Frame::Else;
  stack.truncate(frame.height);
  stack.append(frame.params.begin(), frame.params.end());
  reachable = true;
}

void FunctionTranslator::closeFrame() {
  if (frames.back().kind == Frame::If) // no else: the parameters are the results
    beginElse();
  if (frames.back().handler)
    closeTry();
  Frame frame = std::move(frames.back());
  if (frame.kind != Frame::Loop && frame.label) {
    if (reachable) {
      addEdge(frame, builder.GetInsertBlock());
      builder.CreateBr(frame.label);
    }
    frame.label->insertInto(function);
    builder.SetInsertPoint(frame.label);
    stack.truncate(frame.height);
    stack.append(frame.phis.begin(), frame.phis.end());
    reachable = true;
  }
  if (frame.kind == Frame::Function && reachable)
    emitReturn(popMany(frame.results.size()));
  frames.pop_back();
}

void FunctionTranslator::makeLabel(Frame &frame) {
  if (frame.label)
    return;
  frame.label = llvm::BasicBlock::Create(mb.context);
  for (wasm::ValType type : frame.labelTypes) {
    llvm::PHINode *phi = llvm::PHINode::Create(mb.typeOf(type), 2, "", frame.label);
    phi->setDebugLoc(locationOf(*phi));
    noteType(phi, type);
    frame.phis.push_back(phi);
  }
}

void FunctionTranslator::addEdge(Frame &frame, llvm::BasicBlock *from) {
  size_t first = stack.size() - frame.phis.size();
  for (auto [i, phi] : llvm::enumerate(frame.phis))
    phi->addIncoming(stack[first + i], from);
}

void FunctionTranslator::branch(uint32_t depth) {
  Frame &frame = frameAt(depth);
  makeLabel(frame);
  addEdge(frame, builder.GetInsertBlock());
  builder.CreateBr(frame.label);
  becomeUnreachable();
}

llvm::MDNode *FunctionTranslator::weightsOfBranch() {
  if (mb.optLevel == 0 || body.branchHints.empty())
    return nullptr;
  const wasm::BranchHint *hint = body.findBranchHint(offset);
  if (!hint)
    return nullptr;
  return hint->isLikely ? mb.likely : mb.unlikely;
}

void FunctionTranslator::branchIf(llvm::Value *condition, uint32_t depth, llvm::MDNode *weights) {
  Frame &frame = frameAt(depth);
  makeLabel(frame);
  addEdge(frame, builder.GetInsertBlock());
  llvm::BasicBlock *going = newBlock();
  builder.CreateCondBr(condition, frame.label, going, weights);
  builder.SetInsertPoint(going);
}

/// A label with operands is reached through one block of its own, so that a long table costs its
/// phis one entry.
void FunctionTranslator::branchTable(const Operator &op) {
  llvm::Value *index = pop();
  llvm::BasicBlock *from = builder.GetInsertBlock();
  llvm::SmallDenseMap<uint32_t, llvm::BasicBlock *, 8> targets;
  auto targetOf = [&](uint32_t depth) {
    llvm::BasicBlock *&target = targets[depth];
    if (target)
      return target;
    Frame &frame = frameAt(depth);
    makeLabel(frame);
    target = frame.label;
    if (!frame.phis.empty()) {
      target = newBlock();
      builder.SetInsertPoint(target);
      addEdge(frame, target);
      builder.CreateBr(frame.label);
      builder.SetInsertPoint(from);
    }
    return target;
  };
  llvm::BasicBlock *otherwise = targetOf(op.index);
  llvm::SwitchInst *table = builder.CreateSwitch(index, otherwise, op.labels.size());
  for (uint32_t i = 0; i < op.labels.size(); ++i)
    if (llvm::BasicBlock *target = targetOf(op.labels[i]); target != otherwise)
      table->addCase(builder.getInt32(i), target);
  becomeUnreachable();
}

void FunctionTranslator::select() {
  llvm::Value *condition = popCondition();
  llvm::Value *right = pop(), *left = pop();
  push(builder.CreateSelect(condition, left, right));
}

llvm::Value *FunctionTranslator::comparisonOf(llvm::Value *value) {
  auto *extension = llvm::dyn_cast<llvm::ZExtInst>(value);
  if (!extension || !extension->getSrcTy()->isIntegerTy(1))
    return nullptr;
  widened.insert(extension);
  return extension->getOperand(0);
}

llvm::Value *FunctionTranslator::popCondition() {
  llvm::Value *value = pop();
  llvm::Value *comparison = comparisonOf(value);
  return comparison ? comparison : builder.CreateIsNotNull(value);
}

/// Only now: what is no operand of an instruction could stand on the operand stack or be a local's
/// value before.
void FunctionTranslator::eraseUnusedConditions() {
  for (llvm::Instruction *extension : llvm::reverse(widened)) {
    if (!extension->use_empty())
      continue;
    auto *comparison = llvm::dyn_cast<llvm::Instruction>(extension->getOperand(0));
    extension->eraseFromParent();
    if (comparison && comparison->use_empty() && !comparison->mayHaveSideEffects())
      comparison->eraseFromParent();
  }
}

void FunctionTranslator::emitReturn(llvm::ArrayRef<llvm::Value *> results) {
  const wasm::FuncType &type = module.typeOfFunc(functionIndex);
  if (returnsInMemory(type)) {
    llvm::StructType *area = llvmResultStruct(mb.context, type);
    for (auto [i, result] : llvm::enumerate(results))
      builder.CreateStore(result, builder.CreateStructGEP(area, resultArea(), i));
    builder.CreateRetVoid();
  } else if (results.empty()) {
    builder.CreateRetVoid();
  } else if (results.size() == 1) {
    builder.CreateRet(results.front());
  } else {
    builder.CreateAggregateRet(results.data(), results.size());
  }
}
