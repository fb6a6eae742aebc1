//===- TranslateInteger.cpp - Integer arithmetic -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "llvm/IR/Intrinsics.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateInteger(const Operator &op) {
  using llvm::CmpInst;
  using llvm::Instruction;
  switch (op.opcode) {
  case Opcode::I32Add:
  case Opcode::I64Add:
    return binary(Instruction::Add), true;
  case Opcode::I32Sub:
  case Opcode::I64Sub:
    return binary(Instruction::Sub), true;
  case Opcode::I32Mul:
  case Opcode::I64Mul:
    return binary(Instruction::Mul), true;
  case Opcode::I32And:
  case Opcode::I64And:
    return binary(Instruction::And), true;
  case Opcode::I32Or:
  case Opcode::I64Or:
    return binary(Instruction::Or), true;
  case Opcode::I32Xor:
  case Opcode::I64Xor:
    return binary(Instruction::Xor), true;
  case Opcode::I32DivS:
  case Opcode::I64DivS:
    return divide(/*isSigned=*/true), true;
  case Opcode::I32DivU:
  case Opcode::I64DivU:
    return divide(/*isSigned=*/false), true;
  case Opcode::I32RemS:
  case Opcode::I64RemS:
    return remainder(/*isSigned=*/true), true;
  case Opcode::I32RemU:
  case Opcode::I64RemU:
    return remainder(/*isSigned=*/false), true;
  case Opcode::I32Shl:
  case Opcode::I64Shl:
    return shift(Instruction::Shl), true;
  case Opcode::I32ShrS:
  case Opcode::I64ShrS:
    return shift(Instruction::AShr), true;
  case Opcode::I32ShrU:
  case Opcode::I64ShrU:
    return shift(Instruction::LShr), true;
  case Opcode::I32Rotl:
  case Opcode::I64Rotl:
    return rotate(llvm::Intrinsic::fshl), true;
  case Opcode::I32Rotr:
  case Opcode::I64Rotr:
    return rotate(llvm::Intrinsic::fshr), true;
  case Opcode::I32Clz:
  case Opcode::I64Clz:
    return unaryIntrinsic(llvm::Intrinsic::ctlz, /*hasPoisonFlag=*/true), true;
  case Opcode::I32Ctz:
  case Opcode::I64Ctz:
    return unaryIntrinsic(llvm::Intrinsic::cttz, /*hasPoisonFlag=*/true), true;
  case Opcode::I32Popcnt:
  case Opcode::I64Popcnt:
    return unaryIntrinsic(llvm::Intrinsic::ctpop, /*hasPoisonFlag=*/false), true;
  case Opcode::I32Eqz:
  case Opcode::I64Eqz:
    return equalsZero(), true;
  case Opcode::I32Eq:
  case Opcode::I64Eq:
    return compare(CmpInst::ICMP_EQ), true;
  case Opcode::I32Ne:
  case Opcode::I64Ne:
    return compare(CmpInst::ICMP_NE), true;
  case Opcode::I32LtS:
  case Opcode::I64LtS:
    return compare(CmpInst::ICMP_SLT), true;
  case Opcode::I32LtU:
  case Opcode::I64LtU:
    return compare(CmpInst::ICMP_ULT), true;
  case Opcode::I32GtS:
  case Opcode::I64GtS:
    return compare(CmpInst::ICMP_SGT), true;
  case Opcode::I32GtU:
  case Opcode::I64GtU:
    return compare(CmpInst::ICMP_UGT), true;
  case Opcode::I32LeS:
  case Opcode::I64LeS:
    return compare(CmpInst::ICMP_SLE), true;
  case Opcode::I32LeU:
  case Opcode::I64LeU:
    return compare(CmpInst::ICMP_ULE), true;
  case Opcode::I32GeS:
  case Opcode::I64GeS:
    return compare(CmpInst::ICMP_SGE), true;
  case Opcode::I32GeU:
  case Opcode::I64GeU:
    return compare(CmpInst::ICMP_UGE), true;
  case Opcode::I32Extend8S:
  case Opcode::I64Extend8S:
    return signExtend(8), true;
  case Opcode::I32Extend16S:
  case Opcode::I64Extend16S:
    return signExtend(16), true;
  case Opcode::I64Extend32S:
    return signExtend(32), true;
  default:
    return false;
  }
}

void FunctionTranslator::binary(llvm::Instruction::BinaryOps op) {
  llvm::Value *right = pop(), *left = pop();
  push(builder.CreateBinOp(op, left, right));
}

/// Of integers and floats alike: the result is an i32.
void FunctionTranslator::compare(llvm::CmpInst::Predicate predicate) {
  llvm::Value *right = pop(), *left = pop();
  push(builder.CreateZExt(builder.CreateCmp(predicate, left, right), mb.i32));
}

/// Of a comparison's result: the opposite comparison.
void FunctionTranslator::equalsZero() {
  llvm::Value *value = pop();
  llvm::Value *comparison = comparisonOf(value);
  llvm::Value *opposite;
  if (auto *known = llvm::dyn_cast_or_null<llvm::CmpInst>(comparison))
    opposite =
        builder.CreateCmp(known->getInversePredicate(), known->getOperand(0), known->getOperand(1));
  else
    opposite = comparison ? builder.CreateNot(comparison) : builder.CreateIsNull(value);
  push(builder.CreateZExt(opposite, mb.i32));
}

/// core specification: the count is taken modulo the width.
void FunctionTranslator::shift(llvm::Instruction::BinaryOps op) {
  llvm::Value *count = pop(), *value = pop();
  uint64_t mask = value->getType()->getIntegerBitWidth() - 1;
  push(builder.CreateBinOp(op, value, builder.CreateAnd(count, mask)));
}

void FunctionTranslator::rotate(llvm::Intrinsic::ID id) {
  llvm::Value *count = pop(), *value = pop();
  push(builder.CreateIntrinsic(id, {value->getType()}, {value, value, count}));
}

void FunctionTranslator::unaryIntrinsic(llvm::Intrinsic::ID id, bool hasPoisonFlag) {
  llvm::Value *value = pop();
  llvm::SmallVector<llvm::Value *, 2> args = {value};
  if (hasPoisonFlag)
    args.push_back(builder.getFalse());
  push(builder.CreateIntrinsic(id, {value->getType()}, args));
}

void FunctionTranslator::divide(bool isSigned) {
  llvm::Value *right = pop(), *left = pop();
  trapIf(builder.CreateIsNull(right), TrapKind::IntegerDivideByZero);
  if (!isSigned)
    return push(builder.CreateUDiv(left, right));
  llvm::Type *type = left->getType();
  llvm::Value *least =
      llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getIntegerBitWidth()));
  trapIf(builder.CreateAnd(builder.CreateICmpEQ(left, least),
                           builder.CreateICmpEQ(right, llvm::Constant::getAllOnesValue(type))),
         TrapKind::IntegerOverflow);
  push(builder.CreateSDiv(left, right));
}

/// The least integer modulo -1 is 0, but undefined in LLVM: any integer modulo 1 is 0 as well.
void FunctionTranslator::remainder(bool isSigned) {
  llvm::Value *right = pop(), *left = pop();
  trapIf(builder.CreateIsNull(right), TrapKind::IntegerDivideByZero);
  if (!isSigned)
    return push(builder.CreateURem(left, right));
  llvm::Type *type = left->getType();
  llvm::Value *isMinusOne = builder.CreateICmpEQ(right, llvm::Constant::getAllOnesValue(type));
  llvm::Value *divisor = builder.CreateSelect(isMinusOne, llvm::ConstantInt::get(type, 1), right);
  push(builder.CreateSRem(left, divisor));
}

void FunctionTranslator::signExtend(unsigned bits) {
  llvm::Value *value = pop();
  llvm::Value *narrow = builder.CreateTrunc(value, builder.getIntNTy(bits));
  push(builder.CreateSExt(narrow, value->getType()));
}
