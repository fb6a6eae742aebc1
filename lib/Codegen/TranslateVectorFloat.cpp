//===- TranslateVectorFloat.cpp - Float lanes ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatExactness.h"
#include "FunctionTranslator.h"
#include "VectorOps.h"
#include "llvm/IR/Intrinsics.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateVectorFloat(const Operator &op) {
  using llvm::CmpInst;
  using llvm::Instruction;
  namespace Intrinsic = llvm::Intrinsic;
  switch (op.opcode) {
  case Opcode::F32x4Eq:
  case Opcode::F64x2Eq:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_OEQ), true;
  case Opcode::F32x4Ne:
  case Opcode::F64x2Ne:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_UNE), true;
  case Opcode::F32x4Lt:
  case Opcode::F64x2Lt:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_OLT), true;
  case Opcode::F32x4Gt:
  case Opcode::F64x2Gt:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_OGT), true;
  case Opcode::F32x4Le:
  case Opcode::F64x2Le:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_OLE), true;
  case Opcode::F32x4Ge:
  case Opcode::F64x2Ge:
    return vectorCompare(shapeOf(op), CmpInst::FCMP_OGE), true;
  case Opcode::F32x4Add:
  case Opcode::F64x2Add:
    return vectorFloatBinary(shapeOf(op), Instruction::FAdd), true;
  case Opcode::F32x4Sub:
  case Opcode::F64x2Sub:
    return vectorFloatBinary(shapeOf(op), Instruction::FSub), true;
  case Opcode::F32x4Mul:
  case Opcode::F64x2Mul:
    return vectorFloatBinary(shapeOf(op), Instruction::FMul), true;
  case Opcode::F32x4Div:
  case Opcode::F64x2Div:
    return vectorFloatBinary(shapeOf(op), Instruction::FDiv), true;
  case Opcode::F32x4Min:
  case Opcode::F64x2Min:
    return vectorMinMax(shapeOf(op), /*isMax=*/false), true;
  case Opcode::F32x4Max:
  case Opcode::F64x2Max:
    return vectorMinMax(shapeOf(op), /*isMax=*/true), true;
  case Opcode::F32x4Pmin:
  case Opcode::F64x2Pmin:
    return pseudoMinMax(shapeOf(op), /*isMax=*/false), true;
  case Opcode::F32x4Pmax:
  case Opcode::F64x2Pmax:
    return pseudoMinMax(shapeOf(op), /*isMax=*/true), true;
  case Opcode::F32x4Ceil:
  case Opcode::F64x2Ceil:
    return vectorFloatUnary(shapeOf(op), Intrinsic::ceil), true;
  case Opcode::F32x4Floor:
  case Opcode::F64x2Floor:
    return vectorFloatUnary(shapeOf(op), Intrinsic::floor), true;
  case Opcode::F32x4Trunc:
  case Opcode::F64x2Trunc:
    return vectorFloatUnary(shapeOf(op), Intrinsic::trunc), true;
  case Opcode::F32x4Nearest:
  case Opcode::F64x2Nearest:
    return vectorFloatUnary(shapeOf(op), Intrinsic::roundeven), true;
  case Opcode::F32x4Sqrt:
  case Opcode::F64x2Sqrt:
    return vectorFloatUnary(shapeOf(op), Intrinsic::sqrt), true;
  // These two touch the sign bit alone, of NaNs too.
  case Opcode::F32x4Abs:
  case Opcode::F64x2Abs:
    return pushLanes(builder.CreateUnaryIntrinsic(Intrinsic::fabs, popLanes(shapeOf(op)))), true;
  case Opcode::F32x4Neg:
  case Opcode::F64x2Neg:
    return pushLanes(builder.CreateFNeg(popLanes(shapeOf(op)))), true;
  default:
    return false;
  }
}

llvm::Value *FunctionTranslator::quietingBinary(llvm::Instruction::BinaryOps op, llvm::Value *left,
                                                llvm::Value *right) {
  llvm::Value *exact = foldQuieting(builder, op, left, right);
  return exact ? exact : builder.CreateBinOp(op, left, right);
}

void FunctionTranslator::vectorFloatBinary(Shape *shape, llvm::Instruction::BinaryOps op) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(arithmetic(quietingBinary(op, left, right)));
}

void FunctionTranslator::vectorFloatUnary(Shape *shape, llvm::Intrinsic::ID id) {
  pushLanes(arithmetic(builder.CreateUnaryIntrinsic(id, popLanes(shape))));
}

void FunctionTranslator::vectorMinMax(Shape *shape, bool isMax) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(arithmetic(VectorOps(builder).minMax(left, right, isMax)));
}

/// core specification, fpmin and fpmax: one of the operands as it is.
void FunctionTranslator::pseudoMinMax(Shape *shape, bool isMax) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  llvm::Value *takesRight =
      isMax ? builder.CreateFCmpOLT(left, right) : builder.CreateFCmpOLT(right, left);
  pushLanes(builder.CreateSelect(takesRight, right, left));
}

bool FunctionTranslator::translateVectorConversion(const Operator &op) {
  Shape *f32x4 = floatShape(32), *f64x2 = floatShape(64), *i32x4 = intShape(32);
  auto popLowHalf = [&](Shape *shape) {
    return builder.CreateShuffleVector(popLanes(shape), {0, 1});
  };
  switch (op.opcode) {
  case Opcode::F32x4ConvertI32x4S:
    return pushLanes(builder.CreateSIToFP(popLanes(i32x4), f32x4)), true;
  case Opcode::F32x4ConvertI32x4U:
    return pushLanes(builder.CreateUIToFP(popLanes(i32x4), f32x4)), true;
  case Opcode::F64x2ConvertLowI32x4S:
    return pushLanes(builder.CreateSIToFP(popLowHalf(i32x4), f64x2)), true;
  case Opcode::F64x2ConvertLowI32x4U:
    return pushLanes(builder.CreateUIToFP(popLowHalf(i32x4), f64x2)), true;
  case Opcode::F64x2PromoteLowF32x4:
    return pushLanes(arithmetic(builder.CreateFPExt(popLowHalf(f32x4), f64x2))), true;
  case Opcode::F32x4DemoteF64x2Zero: {
    llvm::Value *value = popLanes(f64x2);
    llvm::Value *exact = foldQuietingDemotion(builder, value);
    Shape *half = Shape::get(builder.getFloatTy(), 2);
    llvm::Value *demoted = arithmetic(exact ? exact : builder.CreateFPTrunc(value, half));
    return pushLanes(builder.CreateShuffleVector(demoted, llvm::Constant::getNullValue(half),
                                                 {0, 1, 2, 3})),
           true;
  }
  case Opcode::I32x4TruncSatF32x4S:
    return pushLanes(VectorOps(builder).truncateSaturating(popLanes(f32x4), true)), true;
  case Opcode::I32x4TruncSatF32x4U:
    return pushLanes(VectorOps(builder).truncateSaturating(popLanes(f32x4), false)), true;
  case Opcode::I32x4TruncSatF64x2SZero:
    return pushLanes(VectorOps(builder).truncateSaturating(popLanes(f64x2), true)), true;
  case Opcode::I32x4TruncSatF64x2UZero:
    return pushLanes(VectorOps(builder).truncateSaturating(popLanes(f64x2), false)), true;
  default:
    return false;
  }
}
