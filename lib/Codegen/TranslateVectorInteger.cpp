//===- TranslateVectorInteger.cpp - Integer lanes ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "VectorOps.h"
#include "llvm/IR/Intrinsics.h"
#include <numeric>

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateVectorInteger(const Operator &op) {
  using llvm::CmpInst;
  using llvm::Instruction;
  namespace Intrinsic = llvm::Intrinsic;
  switch (op.opcode) {
  case Opcode::I8x16Add:
  case Opcode::I16x8Add:
  case Opcode::I32x4Add:
  case Opcode::I64x2Add:
    return vectorBinary(shapeOf(op), Instruction::Add), true;
  case Opcode::I8x16Sub:
  case Opcode::I16x8Sub:
  case Opcode::I32x4Sub:
  case Opcode::I64x2Sub:
    return vectorBinary(shapeOf(op), Instruction::Sub), true;
  case Opcode::I16x8Mul:
  case Opcode::I32x4Mul:
  case Opcode::I64x2Mul:
    return vectorBinary(shapeOf(op), Instruction::Mul), true;
  case Opcode::I8x16AddSatS:
  case Opcode::I16x8AddSatS:
    return vectorIntrinsic(shapeOf(op), Intrinsic::sadd_sat), true;
  case Opcode::I8x16AddSatU:
  case Opcode::I16x8AddSatU:
    return vectorIntrinsic(shapeOf(op), Intrinsic::uadd_sat), true;
  case Opcode::I8x16SubSatS:
  case Opcode::I16x8SubSatS:
    return vectorIntrinsic(shapeOf(op), Intrinsic::ssub_sat), true;
  case Opcode::I8x16SubSatU:
  case Opcode::I16x8SubSatU:
    return vectorIntrinsic(shapeOf(op), Intrinsic::usub_sat), true;
  case Opcode::I8x16MinS:
  case Opcode::I16x8MinS:
  case Opcode::I32x4MinS:
    return vectorIntrinsic(shapeOf(op), Intrinsic::smin), true;
  case Opcode::I8x16MinU:
  case Opcode::I16x8MinU:
  case Opcode::I32x4MinU:
    return vectorIntrinsic(shapeOf(op), Intrinsic::umin), true;
  case Opcode::I8x16MaxS:
  case Opcode::I16x8MaxS:
  case Opcode::I32x4MaxS:
    return vectorIntrinsic(shapeOf(op), Intrinsic::smax), true;
  case Opcode::I8x16MaxU:
  case Opcode::I16x8MaxU:
  case Opcode::I32x4MaxU:
    return vectorIntrinsic(shapeOf(op), Intrinsic::umax), true;
  case Opcode::I8x16AvgrU:
  case Opcode::I16x8AvgrU:
    return average(shapeOf(op)), true;
  case Opcode::I8x16Abs:
  case Opcode::I16x8Abs:
  case Opcode::I32x4Abs:
  case Opcode::I64x2Abs:
    return pushLanes(builder.CreateBinaryIntrinsic(Intrinsic::abs, popLanes(shapeOf(op)),
                                                   builder.getFalse())),
           true;
  case Opcode::I8x16Neg:
  case Opcode::I16x8Neg:
  case Opcode::I32x4Neg:
  case Opcode::I64x2Neg:
    return pushLanes(builder.CreateNeg(popLanes(shapeOf(op)))), true;
  case Opcode::I8x16Popcnt:
    return pushLanes(builder.CreateUnaryIntrinsic(Intrinsic::ctpop, popLanes(shapeOf(op)))), true;
  case Opcode::I8x16Shl:
  case Opcode::I16x8Shl:
  case Opcode::I32x4Shl:
  case Opcode::I64x2Shl:
    return vectorShift(shapeOf(op), Instruction::Shl), true;
  case Opcode::I8x16ShrS:
  case Opcode::I16x8ShrS:
  case Opcode::I32x4ShrS:
  case Opcode::I64x2ShrS:
    return vectorShift(shapeOf(op), Instruction::AShr), true;
  case Opcode::I8x16ShrU:
  case Opcode::I16x8ShrU:
  case Opcode::I32x4ShrU:
  case Opcode::I64x2ShrU:
    return vectorShift(shapeOf(op), Instruction::LShr), true;
  case Opcode::I8x16Eq:
  case Opcode::I16x8Eq:
  case Opcode::I32x4Eq:
  case Opcode::I64x2Eq:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_EQ), true;
  case Opcode::I8x16Ne:
  case Opcode::I16x8Ne:
  case Opcode::I32x4Ne:
  case Opcode::I64x2Ne:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_NE), true;
  case Opcode::I8x16LtS:
  case Opcode::I16x8LtS:
  case Opcode::I32x4LtS:
  case Opcode::I64x2LtS:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_SLT), true;
  case Opcode::I8x16LtU:
  case Opcode::I16x8LtU:
  case Opcode::I32x4LtU:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_ULT), true;
  case Opcode::I8x16GtS:
  case Opcode::I16x8GtS:
  case Opcode::I32x4GtS:
  case Opcode::I64x2GtS:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_SGT), true;
  case Opcode::I8x16GtU:
  case Opcode::I16x8GtU:
  case Opcode::I32x4GtU:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_UGT), true;
  case Opcode::I8x16LeS:
  case Opcode::I16x8LeS:
  case Opcode::I32x4LeS:
  case Opcode::I64x2LeS:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_SLE), true;
  case Opcode::I8x16LeU:
  case Opcode::I16x8LeU:
  case Opcode::I32x4LeU:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_ULE), true;
  case Opcode::I8x16GeS:
  case Opcode::I16x8GeS:
  case Opcode::I32x4GeS:
  case Opcode::I64x2GeS:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_SGE), true;
  case Opcode::I8x16GeU:
  case Opcode::I16x8GeU:
  case Opcode::I32x4GeU:
    return vectorCompare(shapeOf(op), CmpInst::ICMP_UGE), true;
  default:
    return false;
  }
}

void FunctionTranslator::vectorBinary(Shape *shape, llvm::Instruction::BinaryOps op) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(builder.CreateBinOp(op, left, right));
}

void FunctionTranslator::vectorIntrinsic(Shape *shape, llvm::Intrinsic::ID id) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(builder.CreateBinaryIntrinsic(id, left, right));
}

/// Of integers and floats alike: a lane of the result is all ones or all zeros.
void FunctionTranslator::vectorCompare(Shape *shape, llvm::CmpInst::Predicate predicate) {
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(
      builder.CreateSExt(builder.CreateCmp(predicate, left, right), Shape::getInteger(shape)));
}

/// core specification: the count, one for all lanes, is taken modulo the width of a lane.
void FunctionTranslator::vectorShift(Shape *shape, llvm::Instruction::BinaryOps op) {
  llvm::Type *lane = shape->getElementType();
  llvm::Value *count = builder.CreateAnd(pop(), lane->getIntegerBitWidth() - 1);
  count =
      builder.CreateVectorSplat(shape->getNumElements(), builder.CreateZExtOrTrunc(count, lane));
  pushLanes(builder.CreateBinOp(op, popLanes(shape), count));
}

/// core specification, iavgr: rounds up.
void FunctionTranslator::average(Shape *shape) {
  llvm::Type *wide = Shape::getExtendedElementVectorType(shape);
  llvm::Value *right = builder.CreateZExt(popLanes(shape), wide);
  llvm::Value *sum = builder.CreateAdd(builder.CreateZExt(popLanes(shape), wide), right);
  llvm::Value *half =
      builder.CreateLShr(builder.CreateAdd(sum, llvm::ConstantInt::get(wide, 1)), 1);
  pushLanes(builder.CreateTrunc(half, shape));
}

/// Instructions whose results have wider or narrower lanes than their operands.
bool FunctionTranslator::translateVectorWidening(const Operator &op) {
  switch (op.opcode) {
  case Opcode::I16x8ExtendLowI8x16S:
  case Opcode::I32x4ExtendLowI16x8S:
  case Opcode::I64x2ExtendLowI32x4S:
    return extend(shapeOf(op), /*isHigh=*/false, /*isSigned=*/true), true;
  case Opcode::I16x8ExtendHighI8x16S:
  case Opcode::I32x4ExtendHighI16x8S:
  case Opcode::I64x2ExtendHighI32x4S:
    return extend(shapeOf(op), /*isHigh=*/true, /*isSigned=*/true), true;
  case Opcode::I16x8ExtendLowI8x16U:
  case Opcode::I32x4ExtendLowI16x8U:
  case Opcode::I64x2ExtendLowI32x4U:
    return extend(shapeOf(op), /*isHigh=*/false, /*isSigned=*/false), true;
  case Opcode::I16x8ExtendHighI8x16U:
  case Opcode::I32x4ExtendHighI16x8U:
  case Opcode::I64x2ExtendHighI32x4U:
    return extend(shapeOf(op), /*isHigh=*/true, /*isSigned=*/false), true;
  case Opcode::I16x8ExtmulLowI8x16S:
  case Opcode::I32x4ExtmulLowI16x8S:
  case Opcode::I64x2ExtmulLowI32x4S:
    return extendedMultiply(shapeOf(op), /*isHigh=*/false, /*isSigned=*/true), true;
  case Opcode::I16x8ExtmulHighI8x16S:
  case Opcode::I32x4ExtmulHighI16x8S:
  case Opcode::I64x2ExtmulHighI32x4S:
    return extendedMultiply(shapeOf(op), /*isHigh=*/true, /*isSigned=*/true), true;
  case Opcode::I16x8ExtmulLowI8x16U:
  case Opcode::I32x4ExtmulLowI16x8U:
  case Opcode::I64x2ExtmulLowI32x4U:
    return extendedMultiply(shapeOf(op), /*isHigh=*/false, /*isSigned=*/false), true;
  case Opcode::I16x8ExtmulHighI8x16U:
  case Opcode::I32x4ExtmulHighI16x8U:
  case Opcode::I64x2ExtmulHighI32x4U:
    return extendedMultiply(shapeOf(op), /*isHigh=*/true, /*isSigned=*/false), true;
  case Opcode::I16x8ExtaddPairwiseI8x16S:
    return pushLanes(VectorOps(builder).addPairs(popLanes(intShape(8)), /*isSigned=*/true)), true;
  case Opcode::I16x8ExtaddPairwiseI8x16U:
    return pushLanes(VectorOps(builder).addPairs(popLanes(intShape(8)), /*isSigned=*/false)), true;
  case Opcode::I32x4ExtaddPairwiseI16x8S:
    return pushLanes(VectorOps(builder).addPairs(popLanes(intShape(16)), /*isSigned=*/true)), true;
  case Opcode::I32x4ExtaddPairwiseI16x8U:
    return pushLanes(VectorOps(builder).addPairs(popLanes(intShape(16)), /*isSigned=*/false)), true;
  case Opcode::I32x4DotI16x8S: {
    llvm::Value *right = popLanes(intShape(16)), *left = popLanes(intShape(16));
    return pushLanes(VectorOps(builder).dot(left, right)), true;
  }
  case Opcode::I16x8Q15mulrSatS: {
    llvm::Value *right = popLanes(intShape(16)), *left = popLanes(intShape(16));
    return pushLanes(VectorOps(builder).multiplyQ15(left, right)), true;
  }
  case Opcode::I8x16NarrowI16x8S:
  case Opcode::I16x8NarrowI32x4S:
    return narrow(shapeOf(op), /*isSigned=*/true), true;
  case Opcode::I8x16NarrowI16x8U:
  case Opcode::I16x8NarrowI32x4U:
    return narrow(shapeOf(op), /*isSigned=*/false), true;
  default:
    return false;
  }
}

/// Pops a v128, one half of whose lanes, extended, are the lanes of `wide`.
llvm::Value *FunctionTranslator::popExtended(Shape *wide, bool isHigh, bool isSigned) {
  unsigned count = wide->getNumElements();
  llvm::SmallVector<int, 8> mask;
  for (unsigned i = 0; i < count; ++i)
    mask.push_back(isHigh ? count + i : i);
  llvm::Value *value = popLanes(intShape(wide->getScalarSizeInBits() / 2));
  llvm::Value *half = builder.CreateShuffleVector(value, mask);
  return isSigned ? builder.CreateSExt(half, wide) : builder.CreateZExt(half, wide);
}

void FunctionTranslator::extend(Shape *wide, bool isHigh, bool isSigned) {
  pushLanes(popExtended(wide, isHigh, isSigned));
}

void FunctionTranslator::extendedMultiply(Shape *wide, bool isHigh, bool isSigned) {
  llvm::Value *right = popExtended(wide, isHigh, isSigned);
  pushLanes(builder.CreateMul(popExtended(wide, isHigh, isSigned), right));
}

/// core specification, narrow: the operands are signed, the result saturates.
void FunctionTranslator::narrow(Shape *shape, bool isSigned) {
  Shape *wide = intShape(2 * shape->getScalarSizeInBits());
  llvm::Value *right = popLanes(wide), *left = popLanes(wide);
  llvm::SmallVector<int, 16> mask(shape->getNumElements());
  std::iota(mask.begin(), mask.end(), 0);
  llvm::Value *both = builder.CreateShuffleVector(left, right, mask);
  unsigned bits = shape->getScalarSizeInBits(), wideBits = 2 * bits;
  llvm::APInt least = isSigned ? llvm::APInt::getSignedMinValue(bits).sext(wideBits)
                               : llvm::APInt::getZero(wideBits);
  llvm::APInt most = isSigned ? llvm::APInt::getSignedMaxValue(bits).sext(wideBits)
                              : llvm::APInt::getMaxValue(bits).zext(wideBits);
  auto limit = [&](const llvm::APInt &value) {
    return llvm::ConstantInt::get(both->getType(), value);
  };
  both = builder.CreateBinaryIntrinsic(llvm::Intrinsic::smax, both, limit(least));
  both = builder.CreateBinaryIntrinsic(llvm::Intrinsic::smin, both, limit(most));
  pushLanes(builder.CreateTrunc(both, shape));
}
