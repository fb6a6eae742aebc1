//===- HoistChecks.cpp - Checks of handles out of loops ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HoistChecks.h"
#include "Pins.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopSimplifyCFG.h"
#include "llvm/Transforms/Scalar/SimpleLoopUnswitch.h"

using namespace tenon;
using namespace tenon::codegen;

/// The number of branches in loops that decide about a trap of handles. (The trap itself is not in
/// the loop.)
static unsigned countChecks(llvm::Function &function, llvm::LoopInfo &loops) {
  llvm::Function *trap = function.getParent()->getFunction("tenon_trap_handle");
  unsigned count = 0;
  if (!trap || loops.empty())
    return count;
  for (llvm::User *user : trap->users()) {
    auto *call = llvm::dyn_cast<llvm::CallInst>(user);
    if (!call || call->getFunction() != &function)
      continue;
    for (llvm::BasicBlock *before : llvm::predecessors(call->getParent()))
      count += loops.getLoopFor(before) != nullptr;
  }
  return count;
}

llvm::PreservedAnalyses HoistChecksPass::run(llvm::Function &function,
                                             llvm::FunctionAnalysisManager &analyses) {
  constexpr unsigned maxRounds = 64; // two a virtualizer
  llvm::PreservedAnalyses preserved = llvm::PreservedAnalyses::all();
  unsigned count = countChecks(function, analyses.getResult<llvm::LoopAnalysis>(function));
  for (unsigned round = 0; count != 0 && round < maxRounds; ++round) {
    llvm::LoopPassManager hoist;
    hoist.addPass(llvm::LoopSimplifyCFGPass()); // else a jump hides the next check
    hoist.addPass(llvm::LICMPass(llvm::LICMOptions()));
    hoist.addPass(llvm::SimpleLoopUnswitchPass(/*NonTrivial=*/false));
    auto pass = llvm::createFunctionToLoopPassAdaptor(std::move(hoist), /*UseMemorySSA=*/true);
    if (gatherPins(function)) {
      llvm::PreservedAnalyses onlyControlFlow;
      onlyControlFlow.preserveSet<llvm::CFGAnalyses>();
      analyses.invalidate(function, onlyControlFlow);
      preserved.intersect(onlyControlFlow);
    }
    llvm::PreservedAnalyses kept = pass.run(function, analyses);
    analyses.invalidate(function, kept);
    preserved.intersect(kept);
    unsigned left = countChecks(function, analyses.getResult<llvm::LoopAnalysis>(function));
    if (left == count)
      break;
    count = left;
  }
  return preserved;
}
