//===- TranslateFloat.cpp - Floating-point arithmetic --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's plain operations are IEEE 754's, except that LLVM does not promise to quiet NaNs
// (FloatExactness.h). No fast-math flag is ever set, nothing is contracted.
//
//===----------------------------------------------------------------------===//

#include "FloatExactness.h"
#include "FunctionTranslator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateFloat(const Operator &op) {
  using llvm::CmpInst;
  using llvm::Instruction;
  switch (op.opcode) {
  case Opcode::F32Eq:
  case Opcode::F64Eq:
    return compare(CmpInst::FCMP_OEQ), true;
  case Opcode::F32Ne:
  case Opcode::F64Ne:
    return compare(CmpInst::FCMP_UNE), true;
  case Opcode::F32Lt:
  case Opcode::F64Lt:
    return compare(CmpInst::FCMP_OLT), true;
  case Opcode::F32Gt:
  case Opcode::F64Gt:
    return compare(CmpInst::FCMP_OGT), true;
  case Opcode::F32Le:
  case Opcode::F64Le:
    return compare(CmpInst::FCMP_OLE), true;
  case Opcode::F32Ge:
  case Opcode::F64Ge:
    return compare(CmpInst::FCMP_OGE), true;
  case Opcode::F32Add:
  case Opcode::F64Add:
    return floatBinary(Instruction::FAdd), true;
  case Opcode::F32Sub:
  case Opcode::F64Sub:
    return floatBinary(Instruction::FSub), true;
  case Opcode::F32Mul:
  case Opcode::F64Mul:
    return floatBinary(Instruction::FMul), true;
  case Opcode::F32Div:
  case Opcode::F64Div:
    return floatBinary(Instruction::FDiv), true;
  case Opcode::F32Min:
  case Opcode::F64Min:
    return floatMinMax(llvm::Intrinsic::minimum), true;
  case Opcode::F32Max:
  case Opcode::F64Max:
    return floatMinMax(llvm::Intrinsic::maximum), true;
  case Opcode::F32Ceil:
  case Opcode::F64Ceil:
    return floatUnary(llvm::Intrinsic::ceil), true;
  case Opcode::F32Floor:
  case Opcode::F64Floor:
    return floatUnary(llvm::Intrinsic::floor), true;
  case Opcode::F32Trunc:
  case Opcode::F64Trunc:
    return floatUnary(llvm::Intrinsic::trunc), true;
  case Opcode::F32Nearest:
  case Opcode::F64Nearest:
    return floatUnary(llvm::Intrinsic::roundeven), true;
  case Opcode::F32Sqrt:
  case Opcode::F64Sqrt:
    return floatUnary(llvm::Intrinsic::sqrt), true;
  // These three touch the sign bit alone, of NaNs too.
  case Opcode::F32Abs:
  case Opcode::F64Abs:
    return push(builder.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, pop())), true;
  case Opcode::F32Neg:
  case Opcode::F64Neg:
    return push(builder.CreateFNeg(pop())), true;
  case Opcode::F32Copysign:
  case Opcode::F64Copysign: {
    llvm::Value *sign = pop(), *value = pop();
    return push(builder.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, value, sign)), true;
  }
  default:
    return false;
  }
}

llvm::Value *FunctionTranslator::arithmetic(llvm::Value *value) {
  if (!facts.options.hasCanonicalNaNs())
    return value;
  // Of a root LLVM finds that it is a NaN anyway, and drops ours.
  auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(value);
  if (call && call->getIntrinsicID() == llvm::Intrinsic::sqrt)
    value = builder.CreateArithmeticFence(value, value->getType());
  llvm::Value *isNaN = builder.CreateFCmpUNO(value, value);
  return builder.CreateSelect(isNaN, llvm::ConstantFP::getNaN(value->getType()), value);
}

void FunctionTranslator::floatBinary(llvm::Instruction::BinaryOps op) {
  llvm::Value *right = pop(), *left = pop();
  llvm::Value *exact = foldQuieting(builder, op, left, right);
  pushArithmetic(exact ? exact : builder.CreateBinOp(op, left, right));
}

void FunctionTranslator::floatUnary(llvm::Intrinsic::ID id) {
  pushArithmetic(builder.CreateUnaryIntrinsic(id, pop()));
}

/// core specification, fmin and fmax: a NaN if either is one (the sum is a quiet one), and -0 is
/// less than +0.
void FunctionTranslator::floatMinMax(llvm::Intrinsic::ID id) {
  llvm::Value *right = pop(), *left = pop();
  llvm::CallInst *ordered = builder.CreateIntrinsic(id, {left->getType()}, {left, right});
  ordered->setHasNoNaNs(true);
  llvm::Value *sum = builder.CreateFAdd(left, right);
  llvm::Value *isUnordered = builder.CreateFCmpUNO(left, right);
  pushArithmetic(builder.CreateSelect(isUnordered, sum, ordered));
}
