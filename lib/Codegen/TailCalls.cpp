//===- TailCalls.cpp - Tail calls for the back end ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions say `disable-tail-calls`, so that endless recursion exhausts the stack. The back end
// would heed that for these calls as well: here the attribute goes, and what it stood for is said
// of each call.
//
//===----------------------------------------------------------------------===//

#include "TailCalls.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace tenon;

static bool makesTailCalls(const llvm::Function &function) {
  return llvm::any_of(function, [](const llvm::BasicBlock &block) {
    return block.getTerminatingMustTailCall() != nullptr;
  });
}

void codegen::settleTailCalls(llvm::Module &module) {
  for (llvm::Function &function : module) {
    if (!makesTailCalls(function))
      continue;
    function.removeFnAttr("disable-tail-calls");
    for (llvm::Instruction &inst : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::CallInst>(&inst))
        call->setTailCallKind(call->isMustTailCall() ? llvm::CallInst::TCK_Tail
                                                     : llvm::CallInst::TCK_NoTail);
  }
}
