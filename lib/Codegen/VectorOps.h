//===- VectorOps.h - Lane operations that targets do differently -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_VECTOROPS_H
#define TENON_LIB_CODEGEN_VECTOROPS_H

#include "llvm/IR/IRBuilder.h"

namespace tenon::codegen {

/// Operations on lanes that one instruction of the target does, or a few, and that LLVM doesn't
/// find in generic IR; on x86-64 mostly. Everything else is generic IR, which LLVM selects well and
/// understands. (core specification, "Numerics / Vector Operations")
class VectorOps {
public:
  explicit VectorOps(llvm::IRBuilderBase &builder);

  const bool isX86;

  /// <16 x i8>: the byte at each index; 0 where the index is out of range.
  llvm::Value *swizzle(llvm::Value *bytes, llvm::Value *indices);
  /// The same for indices that are in range or negative; other indices give 0 or the byte at the
  /// index modulo 16.
  llvm::Value *lookUp(llvm::Value *bytes, llvm::Value *indices);

  /// <8 x i16>: rounding Q15 product; -1 * -1 gives the greatest value.
  llvm::Value *multiplyQ15(llvm::Value *left, llvm::Value *right);
  /// The same, but -1 * -1 may give the least value.
  llvm::Value *multiplyQ15Relaxed(llvm::Value *left, llvm::Value *right);

  /// <8 x i16> to <4 x i32>: sums of neighbouring products.
  llvm::Value *dot(llvm::Value *left, llvm::Value *right);
  /// <16 x i8> to <8 x i16>: saturated sums of neighbouring products, all signed.
  llvm::Value *dotBytes(llvm::Value *left, llvm::Value *right);
  /// The same; lanes of `right` that are negative may be taken for unsigned.
  llvm::Value *dotBytesRelaxed(llvm::Value *left, llvm::Value *right);
  /// Half as many lanes, each the sum of two neighbours.
  llvm::Value *addPairs(llvm::Value *value, bool isSigned);

  /// `left` where it is less (greater), else `right`: minps, maxps.
  llvm::Value *minOf(llvm::Value *left, llvm::Value *right);
  llvm::Value *maxOf(llvm::Value *left, llvm::Value *right);
  /// fmin and fmax of floats; a NaN is quiet, and canonical where it has to be.
  llvm::Value *minMax(llvm::Value *left, llvm::Value *right, bool isMax);

  /// <4 x float>, or <2 x double> with two zero lanes behind, to <4 x i32>; saturating, NaN is 0.
  llvm::Value *truncateSaturating(llvm::Value *value, bool isSigned);
  /// The same; what does not fit, NaN too, gives anything (but for equal lanes the same).
  llvm::Value *truncateRelaxed(llvm::Value *value, bool isSigned);

private:
  llvm::IRBuilderBase &builder;

  llvm::Value *truncateFloats(llvm::Value *value, bool isSigned);
  llvm::Value *truncateDoubles(llvm::Value *value, bool isSigned);
  llvm::Value *lanesOf(llvm::CmpInst::Predicate predicate, llvm::Value *left, llvm::Value *right);
};

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_VECTOROPS_H
