//===- FloatExactness.cpp - What LLVM folds although it quiets a NaN -----===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `llvm.canonicalize` is one multiplication by 1.0 that LLVM does not remove.
//
//===----------------------------------------------------------------------===//

#include "FloatExactness.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace tenon;
using namespace tenon::codegen;

static llvm::Value *canonicalize(llvm::IRBuilderBase &builder, llvm::Value *value) {
  return builder.CreateUnaryIntrinsic(llvm::Intrinsic::canonicalize, value);
}

static const llvm::APFloat *constantOf(llvm::Value *value) {
  auto *constant = llvm::dyn_cast<llvm::ConstantFP>(value);
  return constant ? &constant->getValueAPF() : nullptr;
}

static bool isOne(const llvm::APFloat *value) { return value && value->isExactlyValue(1.0); }
static bool isMinusOne(const llvm::APFloat *value) { return value && value->isExactlyValue(-1.0); }

llvm::Value *codegen::foldQuieting(llvm::IRBuilderBase &builder, llvm::Instruction::BinaryOps op,
                                   llvm::Value *left, llvm::Value *right) {
  const llvm::APFloat *l = constantOf(left), *r = constantOf(right);
  if (l && r)
    return nullptr; // folded as the specification says
  switch (op) {
  case llvm::Instruction::FMul:
    if (isOne(l) || isOne(r))
      return canonicalize(builder, l ? right : left);
    if (isMinusOne(l) || isMinusOne(r))
      return canonicalize(builder, builder.CreateFNeg(l ? right : left));
    return nullptr;
  case llvm::Instruction::FDiv:
    if (isOne(r))
      return canonicalize(builder, left);
    return isMinusOne(r) ? canonicalize(builder, builder.CreateFNeg(left)) : nullptr;
  case llvm::Instruction::FSub:
    if (r && r->isPosZero())
      return canonicalize(builder, left);
    return l && l->isNegZero() ? canonicalize(builder, builder.CreateFNeg(right)) : nullptr;
  case llvm::Instruction::FAdd:
    if ((l && l->isNegZero()) || (r && r->isNegZero()))
      return canonicalize(builder, l ? right : left);
    return nullptr;
  default:
    return nullptr;
  }
}

llvm::Value *codegen::foldQuietingDemotion(llvm::IRBuilderBase &builder, llvm::Value *value) {
  auto *promotion = llvm::dyn_cast<llvm::FPExtInst>(value);
  return promotion ? canonicalize(builder, promotion->getOperand(0)) : nullptr;
}

bool codegen::makeFloatsExact(llvm::Function &function) {
  bool hasChanged = false;
  for (llvm::Instruction &inst : llvm::make_early_inc_range(llvm::instructions(function))) {
    if (!inst.getType()->isFloatingPointTy())
      continue;
    llvm::IRBuilder<> builder(&inst);
    llvm::Value *exact = nullptr;
    if (auto *binary = llvm::dyn_cast<llvm::BinaryOperator>(&inst))
      exact = foldQuieting(builder, binary->getOpcode(), inst.getOperand(0), inst.getOperand(1));
    else if (llvm::isa<llvm::FPTruncInst>(inst))
      exact = foldQuietingDemotion(builder, inst.getOperand(0));
    if (!exact)
      continue;
    inst.replaceAllUsesWith(exact);
    inst.eraseFromParent();
    hasChanged = true;
  }
  return hasChanged;
}
