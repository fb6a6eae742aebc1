//===- TranslateVectorRelaxed.cpp - Relaxed instructions ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The core specification leaves the results of these to the implementation, for some operands
// ("Numerics / Relaxed Operations"). A choice holds for the whole program, here for the target: the
// fastest one. With CodegenOptions::deterministic it is what the deterministic profile prescribes.
//
//   instruction        parameter    x86-64            AArch64          deterministic
//   swizzle            swizzle      pshufb: 1         tbl: 0           0: index out of range is 0
//   trunc, signed      trunc_s      cvttps2dq: 1      fcvtzs: 0        0: saturates, NaN is 0
//   trunc, unsigned    trunc_u      saturates: 0      fcvtzu: 0        0: saturates, NaN is 0
//   madd, nmadd        fmadd        1 with FMA, or 0  fmla: 1          0: rounds twice
//   laneselect         laneselect   blend: 1          bsl: 0           0: bit by bit
//   min, max           fmin, fmax   minps: 2          fmin: 0          0: min, max
//   q15mulr            iq15mulr     pmulhrsw: 1       sqrdmulh: 0      0: saturates
//   dot                idot         pmaddubsw: 1      smull, sqadd: 0  0: both signed
//
// The baseline of x86-64 has no FMA; a cpu or feature that has it makes madd fuse. (i8x16 alone has
// a blend of its own; in other shapes the sign of a lane selects.)
//
//===----------------------------------------------------------------------===//

#include "FloatExactness.h"
#include "FunctionTranslator.h"
#include "VectorOps.h"
#include "llvm/IR/Intrinsics.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateVectorRelaxed(const Operator &op) {
  VectorOps ops(builder);
  bool isExact = facts.options.deterministic;
  switch (op.opcode) {
  case Opcode::I8x16RelaxedSwizzle: {
    llvm::Value *indices = popLanes(intShape(8)), *bytes = popLanes(intShape(8));
    return pushLanes(isExact ? ops.swizzle(bytes, indices) : ops.lookUp(bytes, indices)), true;
  }
  case Opcode::I32x4RelaxedTruncF32x4S:
    return relaxedTruncate(floatShape(32), /*isSigned=*/true), true;
  case Opcode::I32x4RelaxedTruncF32x4U:
    return relaxedTruncate(floatShape(32), /*isSigned=*/false), true;
  case Opcode::I32x4RelaxedTruncF64x2SZero:
    return relaxedTruncate(floatShape(64), /*isSigned=*/true), true;
  case Opcode::I32x4RelaxedTruncF64x2UZero:
    return relaxedTruncate(floatShape(64), /*isSigned=*/false), true;
  case Opcode::F32x4RelaxedMadd:
  case Opcode::F64x2RelaxedMadd:
    return relaxedMultiplyAdd(shapeOf(op), /*isNegated=*/false), true;
  case Opcode::F32x4RelaxedNmadd:
  case Opcode::F64x2RelaxedNmadd:
    return relaxedMultiplyAdd(shapeOf(op), /*isNegated=*/true), true;
  case Opcode::I8x16RelaxedLaneselect:
  case Opcode::I16x8RelaxedLaneselect:
  case Opcode::I32x4RelaxedLaneselect:
  case Opcode::I64x2RelaxedLaneselect:
    return relaxedSelect(shapeOf(op)), true;
  case Opcode::F32x4RelaxedMin:
  case Opcode::F64x2RelaxedMin:
    return relaxedMinMax(shapeOf(op), /*isMax=*/false), true;
  case Opcode::F32x4RelaxedMax:
  case Opcode::F64x2RelaxedMax:
    return relaxedMinMax(shapeOf(op), /*isMax=*/true), true;
  case Opcode::I16x8RelaxedQ15mulrS: {
    llvm::Value *right = popLanes(intShape(16)), *left = popLanes(intShape(16));
    return pushLanes(isExact ? ops.multiplyQ15(left, right) : ops.multiplyQ15Relaxed(left, right)),
           true;
  }
  case Opcode::I16x8RelaxedDotI8x16I7x16S:
    return pushLanes(popRelaxedDot()), true;
  case Opcode::I32x4RelaxedDotI8x16I7x16AddS: {
    llvm::Value *addend = popLanes(intShape(32));
    return pushLanes(builder.CreateAdd(ops.addPairs(popRelaxedDot(), /*isSigned=*/true), addend)),
           true;
  }
  default:
    return false;
  }
}

void FunctionTranslator::relaxedTruncate(Shape *shape, bool isSigned) {
  VectorOps ops(builder);
  llvm::Value *value = popLanes(shape);
  pushLanes(facts.options.deterministic ? ops.truncateSaturating(value, isSigned)
                                        : ops.truncateRelaxed(value, isSigned));
}

/// core specification, frelaxed_nmadd: of the negated first operand.
void FunctionTranslator::relaxedMultiplyAdd(Shape *shape, bool isNegated) {
  llvm::Value *addend = popLanes(shape), *right = popLanes(shape), *left = popLanes(shape);
  if (isNegated)
    left = builder.CreateFNeg(left);
  if (mb.hasFusedMultiplyAdd && !facts.options.deterministic) {
    left = quietFactor(builder, left, right, addend);
    right = quietFactor(builder, right, left, addend);
    return pushLanes(
        arithmetic(builder.CreateIntrinsic(llvm::Intrinsic::fma, {shape}, {left, right, addend})));
  }
  llvm::Value *product = quietingBinary(llvm::Instruction::FMul, left, right);
  pushLanes(arithmetic(quietingBinary(llvm::Instruction::FAdd, product, addend)));
}

void FunctionTranslator::relaxedSelect(Shape *shape) {
  llvm::Value *mask = popLanes(shape), *right = popLanes(shape), *left = popLanes(shape);
  if (!facts.options.deterministic && VectorOps(builder).isX86)
    return pushLanes(builder.CreateSelect(builder.CreateIsNeg(mask), left, right));
  pushLanes(builder.CreateOr(builder.CreateAnd(left, mask),
                             builder.CreateAnd(right, builder.CreateNot(mask))));
}

void FunctionTranslator::relaxedMinMax(Shape *shape, bool isMax) {
  VectorOps ops(builder);
  if (facts.options.deterministic || !ops.isX86)
    return vectorMinMax(shape, isMax);
  llvm::Value *right = popLanes(shape), *left = popLanes(shape);
  pushLanes(isMax ? ops.maxOf(left, right) : ops.minOf(left, right));
}

llvm::Value *FunctionTranslator::popRelaxedDot() {
  VectorOps ops(builder);
  llvm::Value *right = popLanes(intShape(8)), *left = popLanes(intShape(8));
  return facts.options.deterministic ? ops.dotBytes(left, right) : ops.dotBytesRelaxed(left, right);
}
