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
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace tenon;
using namespace tenon::codegen;

/// Of half a vector, which instruction selection can't do alone, through a whole one.
static llvm::Value *canonicalize(llvm::IRBuilderBase &builder, llvm::Value *value) {
  if (value->getType() == llvm::FixedVectorType::get(builder.getFloatTy(), 2)) {
    llvm::Value *whole = builder.CreateShuffleVector(value, {0, 1, -1, -1});
    return builder.CreateShuffleVector(canonicalize(builder, whole), {0, 1});
  }
  return builder.CreateUnaryIntrinsic(llvm::Intrinsic::canonicalize, value);
}

static bool isCanonicalized(llvm::Value *value) {
  auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(value);
  return call && call->getIntrinsicID() == llvm::Intrinsic::canonicalize;
}

namespace {
/// What LLVM folds an operation with a constant to.
enum class Folded { No, ToOperand, ToNegatedOperand };
} // namespace

static Folded foldedTo(llvm::Instruction::BinaryOps op, const llvm::APFloat &constant,
                       bool isConstantLeft) {
  bool isOne = constant.isExactlyValue(1.0), isMinusOne = constant.isExactlyValue(-1.0);
  switch (op) {
  case llvm::Instruction::FDiv:
    if (isConstantLeft)
      return Folded::No;
    [[fallthrough]];
  case llvm::Instruction::FMul:
    return isOne ? Folded::ToOperand : isMinusOne ? Folded::ToNegatedOperand : Folded::No;
  case llvm::Instruction::FSub:
    if (isConstantLeft)
      return constant.isNegZero() ? Folded::ToNegatedOperand : Folded::No;
    return constant.isPosZero() ? Folded::ToOperand : Folded::No;
  case llvm::Instruction::FAdd:
    return constant.isNegZero() ? Folded::ToOperand : Folded::No;
  default:
    return Folded::No;
  }
}

/// The float that `constant` is, or that all its lanes are.
static const llvm::APFloat *floatOf(llvm::Constant *constant) {
  if (llvm::isa<llvm::VectorType>(constant->getType()))
    constant = constant->getSplatValue();
  auto *value = llvm::dyn_cast_or_null<llvm::ConstantFP>(constant);
  return value ? &value->getValueAPF() : nullptr;
}

/// Whether the operation is folded in one of the lanes, once LLVM looks at that lane alone.
static bool isLaneFolded(llvm::Instruction::BinaryOps op, llvm::Constant *constant,
                         bool isConstantLeft) {
  auto *type = llvm::dyn_cast<llvm::FixedVectorType>(constant->getType());
  for (unsigned i = 0; type && i < type->getNumElements(); ++i) {
    llvm::Constant *lane = constant->getAggregateElement(i);
    const llvm::APFloat *value = lane ? floatOf(lane) : nullptr;
    if (value && foldedTo(op, *value, isConstantLeft) != Folded::No)
      return true;
  }
  return false;
}

llvm::Value *codegen::foldQuieting(llvm::IRBuilderBase &builder, llvm::Instruction::BinaryOps op,
                                   llvm::Value *left, llvm::Value *right) {
  auto *constant = llvm::dyn_cast<llvm::Constant>(left);
  bool isConstantLeft = constant != nullptr;
  if (!constant)
    constant = llvm::dyn_cast<llvm::Constant>(right);
  llvm::Value *operand = isConstantLeft ? right : left;
  if (!constant || llvm::isa<llvm::Constant>(operand)) // of two it is folded as it should be
    return nullptr;
  if (const llvm::APFloat *value = floatOf(constant)) {
    Folded folded = foldedTo(op, *value, isConstantLeft);
    if (folded == Folded::No)
      return nullptr;
    bool isNegated = folded == Folded::ToNegatedOperand;
    return canonicalize(builder, isNegated ? builder.CreateFNeg(operand) : operand);
  }
  if (isCanonicalized(operand) || !isLaneFolded(op, constant, isConstantLeft))
    return nullptr;
  operand = canonicalize(builder, operand);
  return isConstantLeft ? builder.CreateBinOp(op, constant, operand)
                        : builder.CreateBinOp(op, operand, constant);
}

llvm::Value *codegen::quietFactor(llvm::IRBuilderBase &builder, llvm::Value *factor,
                                  llvm::Value *other, llvm::Value *addend) {
  if (llvm::isa<llvm::Constant>(factor) || isCanonicalized(factor) ||
      !llvm::isa<llvm::Constant>(other) || !llvm::isa<llvm::Constant>(addend))
    return factor;
  return canonicalize(builder, factor);
}

llvm::Value *codegen::foldQuietingDemotion(llvm::IRBuilderBase &builder, llvm::Value *value) {
  auto *promotion = llvm::dyn_cast<llvm::FPExtInst>(value);
  return promotion ? canonicalize(builder, promotion->getOperand(0)) : nullptr;
}

/// What an instruction that only moves bits of a vector gives, if that is known: locals of type
/// v128 are cast and splat on the way.
static llvm::Value *foldLanes(llvm::Instruction &inst, const llvm::DataLayout &layout) {
  if (!llvm::isa<llvm::BitCastInst, llvm::InsertElementInst, llvm::ShuffleVectorInst>(inst))
    return nullptr;
  auto *inner = llvm::dyn_cast<llvm::BitCastInst>(inst.getOperand(0));
  if (llvm::isa<llvm::BitCastInst>(inst) && inner &&
      inner->getOperand(0)->getType() == inst.getType())
    return inner->getOperand(0);
  return llvm::ConstantFoldInstruction(&inst, layout);
}

static llvm::Value *makeExact(llvm::Instruction &inst, const llvm::DataLayout &layout) {
  llvm::IRBuilder<> builder(&inst);
  if (!inst.getType()->isFPOrFPVectorTy())
    return foldLanes(inst, layout);
  if (auto *binary = llvm::dyn_cast<llvm::BinaryOperator>(&inst))
    return foldQuieting(builder, binary->getOpcode(), inst.getOperand(0), inst.getOperand(1));
  if (llvm::isa<llvm::FPTruncInst>(inst))
    return foldQuietingDemotion(builder, inst.getOperand(0));
  auto *fused = llvm::dyn_cast<llvm::IntrinsicInst>(&inst);
  if (fused && fused->getIntrinsicID() == llvm::Intrinsic::fma) {
    for (unsigned i : {0, 1})
      inst.setOperand(
          i, quietFactor(builder, inst.getOperand(i), inst.getOperand(1 - i), inst.getOperand(2)));
    return nullptr;
  }
  return foldLanes(inst, layout);
}

bool codegen::makeFloatsExact(llvm::Function &function) {
  bool hasChanged = false;
  const llvm::DataLayout &layout = function.getDataLayout();
  for (llvm::Instruction &inst : llvm::make_early_inc_range(llvm::instructions(function))) {
    llvm::Value *exact = makeExact(inst, layout);
    if (!exact)
      continue;
    inst.replaceAllUsesWith(exact);
    inst.eraseFromParent();
    hasChanged = true;
  }
  return hasChanged;
}
