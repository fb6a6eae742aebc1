//===- TranslateWide.cpp - Arithmetic on 128 bits -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The wide-arithmetic proposal: numbers of 128 bits are two i64, the low half first. LLVM's i128 is
// an add with carry and a full multiplication on both targets.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateWide(const Operator &op) {
  auto multiply = [&](llvm::Instruction::CastOps extend) {
    llvm::Type *i128 = builder.getInt128Ty();
    llvm::Value *right = builder.CreateCast(extend, pop(), i128);
    llvm::Value *left = builder.CreateCast(extend, pop(), i128);
    pushWide(builder.CreateMul(left, right));
    return true;
  };
  switch (op.opcode) {
  case Opcode::I64Add128: {
    llvm::Value *right = popWide(), *left = popWide();
    return pushWide(builder.CreateAdd(left, right)), true;
  }
  case Opcode::I64Sub128: {
    llvm::Value *right = popWide(), *left = popWide();
    return pushWide(builder.CreateSub(left, right)), true;
  }
  case Opcode::I64MulWideS:
    return multiply(llvm::Instruction::SExt);
  case Opcode::I64MulWideU:
    return multiply(llvm::Instruction::ZExt);
  default:
    return false;
  }
}

llvm::Value *FunctionTranslator::popWide() {
  llvm::Type *i128 = builder.getInt128Ty();
  llvm::Value *high = builder.CreateShl(builder.CreateZExt(pop(), i128), 64);
  return builder.CreateOr(high, builder.CreateZExt(pop(), i128));
}

void FunctionTranslator::pushWide(llvm::Value *value) {
  push(builder.CreateTrunc(value, mb.i64));
  push(builder.CreateTrunc(builder.CreateLShr(value, 64), mb.i64));
}
