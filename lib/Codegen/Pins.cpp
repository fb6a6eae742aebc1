//===- Pins.cpp - Exact traps of plain loads -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pins.h"
#include "VectorPins.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/DemandedBits.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace tenon;
using namespace tenon::codegen;

void codegen::emitPin(llvm::IRBuilderBase &builder, llvm::Value *loaded) {
  llvm::Type *type = loaded->getType();
  bool isGeneral = type->isIntegerTy() || type->isPointerTy();
  const llvm::Triple &triple = builder.GetInsertBlock()->getModule()->getTargetTriple();
  const char *constraint = isGeneral ? "r" : triple.isAArch64() ? "w" : "x";
  llvm::FunctionType *asmType = llvm::FunctionType::get(builder.getVoidTy(), {type}, false);
  llvm::InlineAsm *code = llvm::InlineAsm::get(asmType, "", constraint, /*hasSideEffects=*/true);
  llvm::CallInst *pin = builder.CreateCall(code, {loaded});
  pin->setMemoryEffects(llvm::MemoryEffects::inaccessibleMemOnly());
  pin->setDoesNotThrow();
  pin->addFnAttr(llvm::Attribute::WillReturn);
  pin->addFnAttr(llvm::Attribute::NoSync);
  pin->addFnAttr(llvm::Attribute::NoCallback);
}

/// The value that a pin keeps; null if `inst` is not a pin. The runtime has empty inline assembly
/// of its own, as barriers; it may have a result, and touches more than a pin does.
static llvm::Value *pinnedValue(llvm::Instruction &inst) {
  auto *call = llvm::dyn_cast<llvm::CallInst>(&inst);
  if (!call || !call->isInlineAsm() || call->arg_size() != 1 || !call->getType()->isVoidTy() ||
      !call->onlyAccessesInaccessibleMemory())
    return nullptr;
  auto *code = llvm::cast<llvm::InlineAsm>(call->getCalledOperand());
  return code->getAsmString().empty() ? call->getArgOperand(0) : nullptr;
}

/// Whether what a phi of a loop carries is wanted behind the loop, or by something that stays.
static bool isReductionUsed(llvm::PHINode *phi, llvm::BasicBlock *loop) {
  for (llvm::User *user : phi->users())
    if (llvm::cast<llvm::Instruction>(user)->getParent() != loop)
      return true;
  return false;
}

static bool isPinned(llvm::Value *value) {
  return llvm::any_of(value->users(), [&](llvm::User *user) {
    return pinnedValue(*llvm::cast<llvm::Instruction>(user)) == value;
  });
}

/// Whether the value of `load` reaches, in its own block, something that keeps the load where it
/// is. `branchesStay` says that no later pass finds that all ways from a branch lead to the same,
/// as when it deletes a loop.
static bool isAnchored(llvm::Value *load, bool branchesStay) {
  constexpr unsigned maxVisited = 32;
  auto *first = llvm::dyn_cast<llvm::Instruction>(load);
  if (!first)
    return false;
  llvm::BasicBlock *block = first->getParent();
  llvm::SmallVector<llvm::Instruction *, 16> worklist = {first};
  llvm::SmallPtrSet<llvm::Instruction *, 32> visited = {first};
  while (!worklist.empty() && visited.size() < maxVisited) {
    llvm::Instruction *current = worklist.pop_back_val();
    for (llvm::User *user : current->users()) {
      auto *inst = llvm::cast<llvm::Instruction>(user);
      if (auto *phi = llvm::dyn_cast<llvm::PHINode>(inst)) {
        // A sum over the block's own loop: wanted if the loop's last value is.
        bool isLoop = phi->getParent() == block;
        if (isLoop && (isReductionUsed(phi, block) || inst != current))
          for (llvm::User *outside : current->users())
            if (llvm::cast<llvm::Instruction>(outside)->getParent() != block)
              return true;
        continue;
      }
      if (inst->getParent() != block || pinnedValue(*inst))
        continue;
      // The back end makes a branch of a select, and sinks what one side alone needs.
      auto *select = llvm::dyn_cast<llvm::SelectInst>(inst);
      if (select && select->getCondition() != current)
        continue;
      if (llvm::isa<llvm::StoreInst, llvm::ReturnInst>(inst) ||
          (llvm::isa<llvm::LoadInst>(inst) && isPinned(inst)) ||
          (branchesStay && inst->isTerminator()))
        return true;
      if (auto *call = llvm::dyn_cast<llvm::CallInst>(inst); call && call->mayHaveSideEffects())
        return true;
      if (visited.insert(inst).second)
        worklist.push_back(inst);
    }
  }
  return false;
}

bool codegen::liftAnchoredPins(llvm::Function &function) {
  bool hasChanged = false;
  for (llvm::Instruction &inst : llvm::make_early_inc_range(llvm::instructions(function))) {
    llvm::Value *value = pinnedValue(inst);
    if (!value || !(becomesLanes(value) ? isKeptWhole(value)
                                        : isAnchored(value, /*branchesStay=*/false)))
      continue;
    inst.eraseFromParent();
    hasChanged = true;
  }
  return hasChanged;
}

bool codegen::gatherPins(llvm::Function &function) {
  bool hasChanged = false;
  llvm::SmallPtrSet<llvm::Value *, 16> gathered;
  for (llvm::Instruction &inst : llvm::make_early_inc_range(llvm::instructions(function))) {
    auto *value = llvm::dyn_cast_or_null<llvm::Instruction>(pinnedValue(inst));
    if (!value)
      continue;
    std::optional<llvm::BasicBlock::iterator> place = value->getInsertionPointAfterDef();
    if (!place || &**place == &inst)
      continue;
    if (gathered.insert(value).second)
      inst.moveBefore(*place);
    else
      inst.eraseFromParent();
    hasChanged = true;
  }
  return hasChanged;
}

/// Whether the back end could load fewer bytes for a use of `value`, directly or behind an
/// instruction that only passes it on: one that keeps a part of it.
static bool hasNarrowingUse(llvm::Value *value) {
  constexpr unsigned maxVisited = 16;
  llvm::SmallVector<llvm::Value *, 8> worklist = {value};
  llvm::SmallPtrSet<llvm::Value *, 16> visited = {value};
  while (!worklist.empty()) {
    for (llvm::User *user : worklist.pop_back_val()->users()) {
      if (llvm::isa<llvm::TruncInst>(user))
        return true;
      auto *binary = llvm::dyn_cast<llvm::BinaryOperator>(user);
      if (binary && (binary->isBitwiseLogicOp() || binary->isShift()) &&
          llvm::isa<llvm::ConstantInt>(binary->getOperand(1)))
        return true;
      bool passesOn = llvm::isa<llvm::ZExtInst, llvm::SExtInst, llvm::BitCastInst, llvm::FreezeInst,
                                llvm::SelectInst, llvm::PHINode>(user);
      if (passesOn && visited.insert(user).second)
        worklist.push_back(user);
      if (visited.size() > maxVisited)
        return true;
    }
  }
  return false;
}

/// Whether the back end could load fewer bytes than `load` says. `demanded` sees through whole
/// expressions, but not what a store back to the same place needs: `x ^ 128` wants all of `x`.
static bool canBeNarrowed(llvm::LoadInst &load, llvm::DemandedBits &demanded) {
  llvm::Type *type = load.getType();
  if (load.isVolatile() || type->isIntegerTy(8))
    return false;
  if (type->isFloatingPointTy())
    return llvm::any_of(load.users(), [](llvm::User *user) {
      return llvm::isa<llvm::BitCastInst>(user) && hasNarrowingUse(user);
    });
  return type->isIntegerTy() &&
         (!demanded.getDemandedBits(&load).isAllOnes() || hasNarrowingUse(&load));
}

bool codegen::settlePins(llvm::Function &function) {
  bool hasChanged = false;
  llvm::DominatorTree dominators(function);
  llvm::AssumptionCache assumptions(function);
  llvm::DemandedBits demanded(function, assumptions, dominators);
  llvm::SmallVector<llvm::LoadInst *, 32> narrowed;
  for (llvm::Instruction &inst : llvm::make_early_inc_range(llvm::instructions(function))) {
    if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&inst)) {
      if (canBeNarrowed(*load, demanded))
        narrowed.push_back(load);
      continue;
    }
    llvm::Value *value = pinnedValue(inst);
    if (!value)
      continue;
    if (!becomesLanes(value) || !isKeptWhole(value)) {
      llvm::IRBuilder<> builder(&inst);
      builder.CreateIntrinsic(builder.getVoidTy(), llvm::Intrinsic::fake_use, {value});
    }
    inst.eraseFromParent();
    hasChanged = true;
  }
  for (llvm::LoadInst *load : narrowed) {
    llvm::IRBuilder<> builder(load->getNextNode());
    builder.SetCurrentDebugLocation(load->getDebugLoc());
    emitPin(builder, load);
    hasChanged = true;
  }
  return hasChanged;
}
