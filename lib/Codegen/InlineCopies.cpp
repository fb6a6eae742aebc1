//===- InlineCopies.cpp - Copies of lists without a call ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way from one instance to the next, down to the host, shall contain no call. What would be
// left of it is memcpy, once for each memory that a list crosses. After the last pass that can make
// something better of such a copy it becomes `rep movsb`, which costs no registers that a call
// would. Measured on Zen 4 in ns, against the runtime's memcpy: 3.8 to 1.5 for 32 bytes, 3.8 to 3.0
// for 96, 8.4 to 3.2 for 128, 11.4 to 8.7 for 512, and no slower from 768 on.
//
//===----------------------------------------------------------------------===//

#include "InlineCopies.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace tenon;

static constexpr llvm::StringLiteral mark = "tenon-list-copy";

void codegen::markCopies(llvm::Function &adapter) {
  for (llvm::Instruction &instruction : llvm::instructions(adapter))
    if (auto *copy = llvm::dyn_cast<llvm::MemCpyInst>(&instruction))
      copy->addFnAttr(llvm::Attribute::get(adapter.getContext(), mark));
}

bool codegen::inlineCopies(llvm::Function &function) {
  if (function.getParent()->getTargetTriple().getArch() != llvm::Triple::x86_64)
    return false;
  bool hasChanged = false;
  for (llvm::Instruction &instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
    auto *copy = llvm::dyn_cast<llvm::MemCpyInst>(&instruction);
    if (!copy || !copy->hasFnAttr(mark) || llvm::isa<llvm::ConstantInt>(copy->getLength()))
      continue;
    llvm::IRBuilder<> builder(copy);
    llvm::Type *pointer = builder.getPtrTy();
    llvm::Value *length = builder.CreateZExtOrTrunc(copy->getLength(), builder.getInt64Ty());
    llvm::FunctionType *type =
        llvm::FunctionType::get(llvm::StructType::get(pointer, pointer, builder.getInt64Ty()),
                                {pointer, pointer, builder.getInt64Ty()}, false);
    llvm::InlineAsm *move = llvm::InlineAsm::get(
        type, "rep movsb", "={di},={si},={cx},0,1,2,~{memory},~{dirflag},~{fpsr},~{flags}",
        /*hasSideEffects=*/true);
    builder.CreateCall(move, {copy->getDest(), copy->getSource(), length})->setDoesNotThrow();
    copy->eraseFromParent();
    hasChanged = true;
  }
  return hasChanged;
}
