//===- StraightenThrows.cpp - Throws that became local --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When a function that throws is inlined into a try block, its call of the unwinder becomes an
// invoke, whose landing pad is known. The unwinder would only find it again: what it is given is
// what the landing pad brings. So the block behind the landing pad gets a second way in. LLVM then
// sees the exception being written and read.
//
//===----------------------------------------------------------------------===//

#include "StraightenThrows.h"
#include "tenon-abi/exception.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

constexpr llvm::StringLiteral throwName = "tenon_throw", throwOnName = "tenon_throw_on";

bool isThrow(const llvm::InvokeInst &invoke) {
  const llvm::Function *callee = invoke.getCalledFunction();
  return callee && (callee->getName() == throwName || callee->getName() == throwOnName);
}

/// A landing pad that traps tells where the exception was thrown: the unwinder knows, a branch does
/// not.
bool isTrap(const llvm::BasicBlock &landing) {
  return llvm::any_of(landing, [](const llvm::Instruction &inst) {
    auto *call = llvm::dyn_cast<llvm::CallInst>(&inst);
    const llvm::Function *callee = call ? call->getCalledFunction() : nullptr;
    return callee && callee->getName() == "tenon_uncaught";
  });
}

bool isExceptionOf(const llvm::User *user) {
  auto *extract = llvm::dyn_cast<llvm::ExtractValueInst>(user);
  return extract && extract->getIndices() == llvm::ArrayRef<unsigned>(0);
}

/// The block behind a landing pad, with a phi for each value that the landing pad's block defines.
class Continuation {
public:
  /// All that anybody wants of the landing pad must be the exception.
  static bool isPossible(const llvm::BasicBlock &landing) {
    return !isTrap(landing) && llvm::all_of(landing.getLandingPadInst()->users(), isExceptionOf);
  }

  explicit Continuation(llvm::BasicBlock &landing) {
    llvm::LandingPadInst *pad = landing.getLandingPadInst();
    llvm::IRBuilder<> atPad(pad->getNextNode());
    atPad.SetCurrentDebugLocation(pad->getDebugLoc());
    llvm::SmallVector<llvm::Instruction *, 2> extracts;
    for (llvm::User *user : pad->users())
      extracts.push_back(llvm::cast<llvm::Instruction>(user));
    auto *brought = llvm::cast<llvm::Instruction>(atPad.CreateExtractValue(pad, 0));
    block = landing.splitBasicBlock(brought->getNextNode());
    llvm::IRBuilder<> builder(block, block->begin());
    builder.SetCurrentDebugLocation(pad->getDebugLoc());
    exception = builder.CreatePHI(brought->getType(), 2);
    exception->addIncoming(brought, &landing);
    for (llvm::PHINode &phi : landing.phis()) {
      llvm::PHINode *copy = builder.CreatePHI(phi.getType(), 2);
      phi.replaceAllUsesWith(copy);
      copy->addIncoming(&phi, &landing);
      phis.insert({&phi, copy});
    }
    for (llvm::Instruction *extract : extracts) {
      extract->replaceAllUsesWith(exception);
      extract->eraseFromParent();
    }
  }

  void addBranch(llvm::InvokeInst &invoke) {
    llvm::BasicBlock *from = invoke.getParent();
    llvm::BasicBlock *landing = invoke.getUnwindDest();
    llvm::IRBuilder<> builder(&invoke);
    if (invoke.getCalledFunction()->getName() == throwName)
      forgetOrigin(builder);
    exception->addIncoming(invoke.getArgOperand(0), from);
    for (auto [phi, copy] : phis)
      copy->addIncoming(phi->getIncomingValueForBlock(from), from);
    builder.CreateBr(block);
    landing->removePredecessor(from, /*KeepOneInputPHIs=*/true);
    invoke.getNormalDest()->removePredecessor(from);
    invoke.eraseFromParent();
  }

private:
  llvm::BasicBlock *block;
  llvm::PHINode *exception;
  llvm::MapVector<llvm::PHINode *, llvm::PHINode *> phis; ///< of the landing pad's block, and ours

  /// An exception that a branch brings has none (tenon-abi/exception.h).
  void forgetOrigin(llvm::IRBuilder<> &builder) {
    llvm::Type *i8 = builder.getInt8Ty();
    auto *thrown = llvm::cast<llvm::GlobalVariable>(block->getModule()->getOrInsertGlobal(
        "tenon_thrown", llvm::ArrayType::get(i8, sizeof(tenon_exception_in_flight))));
    thrown->setVisibility(llvm::GlobalValue::HiddenVisibility);
    thrown->setDSOLocal(true);
    builder.CreateStore(llvm::ConstantPointerNull::get(builder.getPtrTy()),
                        builder.CreateConstGEP1_64(i8, thrown, offsetof(tenon_exception, origin)));
  }
};

} // namespace

bool codegen::straightenThrows(llvm::Function &function) {
  llvm::MapVector<llvm::BasicBlock *, llvm::SmallVector<llvm::InvokeInst *, 2>> throws;
  for (llvm::BasicBlock &block : function)
    if (auto *invoke = llvm::dyn_cast<llvm::InvokeInst>(block.getTerminator()))
      if (isThrow(*invoke) && Continuation::isPossible(*invoke->getUnwindDest()))
        throws[invoke->getUnwindDest()].push_back(invoke);
  for (auto &[landing, invokes] : throws) {
    Continuation continuation(*landing);
    for (llvm::InvokeInst *invoke : invokes)
      continuation.addBranch(*invoke);
  }
  return !throws.empty();
}
