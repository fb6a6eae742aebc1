//===- TranslateConversion.cpp - From one number type to another ---------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatExactness.h"
#include "FunctionTranslator.h"
#include "llvm/IR/Intrinsics.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateConversion(const Operator &op) {
  using llvm::Instruction;
  llvm::Type *f32 = builder.getFloatTy(), *f64 = builder.getDoubleTy();
  switch (op.opcode) {
  case Opcode::I32WrapI64:
    return convert(Instruction::Trunc, mb.i32), true;
  case Opcode::I64ExtendI32S:
    return convert(Instruction::SExt, mb.i64), true;
  case Opcode::I64ExtendI32U:
    return convert(Instruction::ZExt, mb.i64), true;
  case Opcode::I32ReinterpretF32:
    return convert(Instruction::BitCast, mb.i32), true;
  case Opcode::I64ReinterpretF64:
    return convert(Instruction::BitCast, mb.i64), true;
  case Opcode::F32ReinterpretI32:
    return convert(Instruction::BitCast, f32), true;
  case Opcode::F64ReinterpretI64:
    return convert(Instruction::BitCast, f64), true;
  case Opcode::F32ConvertI32S:
  case Opcode::F32ConvertI64S:
    return convert(Instruction::SIToFP, f32), true;
  case Opcode::F32ConvertI32U:
  case Opcode::F32ConvertI64U:
    return convert(Instruction::UIToFP, f32), true;
  case Opcode::F64ConvertI32S:
  case Opcode::F64ConvertI64S:
    return convert(Instruction::SIToFP, f64), true;
  case Opcode::F64ConvertI32U:
  case Opcode::F64ConvertI64U:
    return convert(Instruction::UIToFP, f64), true;
  case Opcode::F32DemoteF64: {
    llvm::Value *value = pop();
    llvm::Value *exact = foldQuietingDemotion(builder, value);
    return pushArithmetic(exact ? exact : builder.CreateFPTrunc(value, f32)), true;
  }
  case Opcode::F64PromoteF32:
    return pushArithmetic(builder.CreateFPExt(pop(), f64)), true;
  case Opcode::I32TruncF32S:
  case Opcode::I32TruncF64S:
    return truncate(32, /*isSigned=*/true), true;
  case Opcode::I32TruncF32U:
  case Opcode::I32TruncF64U:
    return truncate(32, /*isSigned=*/false), true;
  case Opcode::I64TruncF32S:
  case Opcode::I64TruncF64S:
    return truncate(64, /*isSigned=*/true), true;
  case Opcode::I64TruncF32U:
  case Opcode::I64TruncF64U:
    return truncate(64, /*isSigned=*/false), true;
  case Opcode::I32TruncSatF32S:
  case Opcode::I32TruncSatF64S:
    return truncateSaturating(32, /*isSigned=*/true), true;
  case Opcode::I32TruncSatF32U:
  case Opcode::I32TruncSatF64U:
    return truncateSaturating(32, /*isSigned=*/false), true;
  case Opcode::I64TruncSatF32S:
  case Opcode::I64TruncSatF64S:
    return truncateSaturating(64, /*isSigned=*/true), true;
  case Opcode::I64TruncSatF32U:
  case Opcode::I64TruncSatF64U:
    return truncateSaturating(64, /*isSigned=*/false), true;
  default:
    return false;
  }
}

void FunctionTranslator::convert(llvm::Instruction::CastOps op, llvm::Type *to) {
  push(builder.CreateCast(op, pop(), to));
}

/// core specification, trunc: NaN and what does not fit are undefined, that is, traps. Both bounds
/// are exact: the least float that does not fit above, and below either the least that fits (when
/// the next one down is further away than 1) or the greatest that does not.
void FunctionTranslator::truncate(unsigned bits, bool isSigned) {
  llvm::Value *value = pop();
  llvm::Type *type = value->getType();
  unsigned precision = type->isFloatTy() ? 24 : 53;
  double limit = isSigned ? __builtin_ldexp(1.0, int(bits) - 1) : __builtin_ldexp(1.0, int(bits));
  llvm::Value *isAbove;
  if (isSigned && bits > precision)
    isAbove = builder.CreateFCmpOGE(value, llvm::ConstantFP::get(type, -limit));
  else
    isAbove = builder.CreateFCmpOGT(value, llvm::ConstantFP::get(type, isSigned ? -limit - 1 : -1));
  llvm::Value *isBelow = builder.CreateFCmpOLT(value, llvm::ConstantFP::get(type, limit));
  trapIf(builder.CreateNot(builder.CreateAnd(isAbove, isBelow)), [&] {
    return builder.CreateSelect(builder.CreateFCmpUNO(value, value),
                                builder.getInt32(uint32_t(TrapKind::InvalidConversion)),
                                builder.getInt32(uint32_t(TrapKind::IntegerOverflow)));
  });
  llvm::Type *to = builder.getIntNTy(bits);
  push(isSigned ? builder.CreateFPToSI(value, to) : builder.CreateFPToUI(value, to));
}

void FunctionTranslator::truncateSaturating(unsigned bits, bool isSigned) {
  llvm::Value *value = pop();
  llvm::Intrinsic::ID id = isSigned ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
  push(builder.CreateIntrinsic(id, {builder.getIntNTy(bits), value->getType()}, {value}));
}
