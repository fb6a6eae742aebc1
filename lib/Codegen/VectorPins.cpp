//===- VectorPins.cpp - Which pins of vectors are needed ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorPins.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace tenon;
using namespace tenon::codegen;

bool codegen::becomesLanes(const llvm::Value *loaded) {
  if (loaded->getType()->isVectorTy())
    return true;
  return llvm::isa<llvm::Instruction>(loaded) &&
         llvm::any_of(loaded->users(), [](const llvm::User *user) {
           return llvm::isa<llvm::InsertElementInst>(user) ||
                  (llvm::isa<llvm::BitCastInst>(user) && user->getType()->isVectorTy());
         });
}

/// Whether all lanes of operand `value`, or the one that it has, are lanes of the result.
static bool keepsLanes(const llvm::ShuffleVectorInst &shuffle, const llvm::Value *value) {
  int count = llvm::cast<llvm::FixedVectorType>(value->getType())->getNumElements();
  int first = shuffle.getOperand(0) == value ? 0 : count;
  auto hasLane = [&](int lane) {
    return llvm::is_contained(shuffle.getShuffleMask(), first + lane);
  };
  auto *insert = llvm::dyn_cast<llvm::InsertElementInst>(value);
  if (insert && llvm::isa<llvm::PoisonValue>(insert->getOperand(0)))
    if (auto *lane = llvm::dyn_cast<llvm::ConstantInt>(insert->getOperand(2)))
      return hasLane(lane->getZExtValue());
  return llvm::all_of(llvm::seq(count), hasLane);
}

/// Whether LLVM knows nothing of the lanes: no zeros in some of them.
static bool isOpaque(const llvm::Value *value) {
  while (auto *cast = llvm::dyn_cast<llvm::BitCastInst>(value))
    value = cast->getOperand(0);
  return llvm::isa<llvm::LoadInst, llvm::PHINode, llvm::Argument>(value);
}

/// Whether the result depends on every byte of `value`: of `and`, `mul` and the like only if the
/// other operands are opaque.
static bool passesOn(const llvm::Instruction &inst, const llvm::Value *value) {
  if (!inst.getType()->isVectorTy())
    return false;
  switch (inst.getOpcode()) {
  case llvm::Instruction::BitCast:
  case llvm::Instruction::ZExt:
  case llvm::Instruction::SExt:
  case llvm::Instruction::FPExt:
  case llvm::Instruction::FPTrunc:
  case llvm::Instruction::SIToFP:
  case llvm::Instruction::UIToFP:
  case llvm::Instruction::FNeg:
  case llvm::Instruction::Add:
  case llvm::Instruction::Sub:
  case llvm::Instruction::Xor:
  case llvm::Instruction::FAdd:
  case llvm::Instruction::FSub:
  case llvm::Instruction::FMul:
  case llvm::Instruction::FDiv:
    return true;
  case llvm::Instruction::And:
  case llvm::Instruction::Or:
  case llvm::Instruction::Mul:
    return isOpaque(inst.getOperand(inst.getOperand(0) == value));
  case llvm::Instruction::Call:
    return llvm::isa<llvm::IntrinsicInst>(inst) && !inst.mayHaveSideEffects() &&
           llvm::all_of(llvm::cast<llvm::CallInst>(inst).args(), [&](const llvm::Use &arg) {
             return arg == value || isOpaque(arg) || arg->getType()->isIntegerTy(1);
           });
  case llvm::Instruction::InsertElement:
    return inst.getOperand(1) == value;
  case llvm::Instruction::ShuffleVector:
    return keepsLanes(llvm::cast<llvm::ShuffleVectorInst>(inst), value);
  default:
    return false;
  }
}

static bool stays(const llvm::Instruction &inst, const llvm::Value *value) {
  if (auto *store = llvm::dyn_cast<llvm::StoreInst>(&inst))
    return store->getValueOperand() == value;
  if (auto *call = llvm::dyn_cast<llvm::CallInst>(&inst))
    return !call->isInlineAsm() && !call->getIntrinsicID();
  return llvm::isa<llvm::ReturnInst>(inst);
}

/// Whether a loop that is one block carries `value` around, and what is behind it uses that.
static bool isReduction(const llvm::PHINode &phi, const llvm::Value *value) {
  const llvm::BasicBlock *loop = phi.getParent();
  return llvm::any_of(value->users(), [&](const llvm::User *user) {
    return llvm::cast<llvm::Instruction>(user)->getParent() != loop;
  });
}

bool codegen::isKeptWhole(const llvm::Value *loaded) {
  constexpr unsigned maxVisited = 32;
  auto *load = llvm::dyn_cast<llvm::LoadInst>(loaded);
  if (!load)
    return false;
  llvm::SmallVector<const llvm::Value *, 8> worklist = {loaded};
  llvm::SmallPtrSet<const llvm::Value *, 32> visited = {loaded};
  while (!worklist.empty() && visited.size() < maxVisited) {
    const llvm::Value *value = worklist.pop_back_val();
    for (const llvm::User *user : value->users()) {
      auto *inst = llvm::cast<llvm::Instruction>(user);
      if (inst->getParent() != load->getParent())
        continue;
      auto *phi = llvm::dyn_cast<llvm::PHINode>(inst);
      if (phi ? isReduction(*phi, value) : stays(*inst, value))
        return true;
      if (!phi && passesOn(*inst, value) && visited.insert(inst).second)
        worklist.push_back(inst);
    }
  }
  return false;
}
