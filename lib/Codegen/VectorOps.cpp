//===- VectorOps.cpp - Lane operations that targets do differently ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x86-64 has SSE4.2 at least (Target.cpp). Its conversions of floats to integers give the least
// integer for what does not fit, and its minps and maxps the second operand when one is a NaN or
// both are zeros; `a < b ? a : b` is how IR says minps.
//
//===----------------------------------------------------------------------===//

#include "VectorOps.h"
#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/Module.h"

using namespace tenon::codegen;
using llvm::FixedVectorType;
using llvm::Value;
using llvm::Intrinsic::ID;
namespace Intrinsic = llvm::Intrinsic;

VectorOps::VectorOps(llvm::IRBuilderBase &builder)
    : isX86(builder.GetInsertBlock()->getModule()->getTargetTriple().isX86()), builder(builder) {}

static llvm::Constant *integers(llvm::Type *type, uint64_t value) {
  return llvm::ConstantInt::get(type, value);
}

/// A comparison as lanes of all ones and all zeros.
Value *VectorOps::lanesOf(llvm::CmpInst::Predicate predicate, Value *left, Value *right) {
  auto *type = llvm::cast<FixedVectorType>(left->getType());
  return builder.CreateSExt(builder.CreateCmp(predicate, left, right),
                            FixedVectorType::getInteger(type));
}

/// An index from 16 on becomes one with its sign bit set, for which pshufb gives 0.
Value *VectorOps::swizzle(Value *bytes, Value *indices) {
  if (isX86)
    indices = builder.CreateBinaryIntrinsic(Intrinsic::uadd_sat, indices,
                                            integers(indices->getType(), 0x70));
  return lookUp(bytes, indices);
}

Value *VectorOps::lookUp(Value *bytes, Value *indices) {
  if (isX86)
    return builder.CreateIntrinsic(Intrinsic::x86_ssse3_pshuf_b_128, {bytes, indices});
  return builder.CreateIntrinsic(Intrinsic::aarch64_neon_tbl1, {bytes->getType()},
                                 {bytes, indices});
}

/// pmulhrsw wraps where it has to saturate: there alone it gives the least value.
Value *VectorOps::multiplyQ15(Value *left, Value *right) {
  Value *product = multiplyQ15Relaxed(left, right);
  if (!isX86)
    return product;
  Value *wraps = lanesOf(llvm::CmpInst::ICMP_EQ, product, integers(product->getType(), 0x8000));
  return builder.CreateXor(product, wraps);
}

Value *VectorOps::multiplyQ15Relaxed(Value *left, Value *right) {
  if (isX86)
    return builder.CreateIntrinsic(Intrinsic::x86_ssse3_pmul_hr_sw_128, {left, right});
  return builder.CreateIntrinsic(Intrinsic::aarch64_neon_sqrdmulh, {left->getType()},
                                 {left, right});
}

/// Every second lane, from `first` on.
static Value *everySecond(llvm::IRBuilderBase &builder, Value *value, unsigned first) {
  unsigned count = llvm::cast<FixedVectorType>(value->getType())->getNumElements() / 2;
  llvm::SmallVector<int, 8> mask;
  for (unsigned i = 0; i < count; ++i)
    mask.push_back(first + 2 * i);
  return builder.CreateShuffleVector(value, mask);
}

Value *VectorOps::dot(Value *left, Value *right) {
  if (isX86)
    return builder.CreateIntrinsic(Intrinsic::x86_sse2_pmadd_wd, {left, right});
  llvm::Type *wide = FixedVectorType::get(builder.getInt32Ty(), 8);
  Value *products =
      builder.CreateMul(builder.CreateSExt(left, wide), builder.CreateSExt(right, wide));
  return builder.CreateAdd(everySecond(builder, products, 0), everySecond(builder, products, 1));
}

Value *VectorOps::dotBytes(Value *left, Value *right) {
  llvm::Type *wide = FixedVectorType::get(builder.getInt16Ty(), 16);
  Value *products =
      builder.CreateMul(builder.CreateSExt(left, wide), builder.CreateSExt(right, wide));
  return builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, everySecond(builder, products, 0),
                                       everySecond(builder, products, 1));
}

/// pmaddubsw takes its first operand for unsigned.
Value *VectorOps::dotBytesRelaxed(Value *left, Value *right) {
  if (isX86)
    return builder.CreateIntrinsic(Intrinsic::x86_ssse3_pmadd_ub_sw_128, {right, left});
  return dotBytes(left, right);
}

/// On x86-64 a dot product with ones, where there is one.
Value *VectorOps::addPairs(Value *value, bool isSigned) {
  auto *type = llvm::cast<FixedVectorType>(value->getType());
  unsigned bits = type->getScalarSizeInBits();
  auto *wide = FixedVectorType::get(builder.getIntNTy(2 * bits), type->getNumElements() / 2);
  if (!isX86)
    return builder.CreateIntrinsic(isSigned ? Intrinsic::aarch64_neon_saddlp
                                            : Intrinsic::aarch64_neon_uaddlp,
                                   {wide, type}, {value});
  Value *ones = integers(type, 1);
  if (bits == 8)
    return builder.CreateIntrinsic(Intrinsic::x86_ssse3_pmadd_ub_sw_128,
                                   isSigned ? llvm::ArrayRef<Value *>{ones, value}
                                            : llvm::ArrayRef<Value *>{value, ones});
  if (isSigned)
    return dot(value, ones);
  Value *pairs = builder.CreateBitCast(value, wide);
  return builder.CreateAdd(builder.CreateAnd(pairs, 0xffff), builder.CreateLShr(pairs, 16));
}

Value *VectorOps::minOf(Value *left, Value *right) {
  return builder.CreateSelect(builder.CreateFCmpOLT(left, right), left, right);
}

Value *VectorOps::maxOf(Value *left, Value *right) {
  return builder.CreateSelect(builder.CreateFCmpOGT(left, right), left, right);
}

/// Both orders of minps give the same but for zeros of different sign, of which `or` makes the
/// negative one, and for NaNs. (maxps: `and`, the positive one.)
Value *VectorOps::minMax(Value *left, Value *right, bool isMax) {
  llvm::Type *type = left->getType();
  if (!isX86)
    return builder.CreateIntrinsic(
        isMax ? Intrinsic::aarch64_neon_fmax : Intrinsic::aarch64_neon_fmin, {type}, {left, right});
  Value *one = isMax ? maxOf(left, right) : minOf(left, right);
  Value *other = isMax ? maxOf(right, left) : minOf(right, left);
  llvm::Type *bits = FixedVectorType::getInteger(llvm::cast<FixedVectorType>(type));
  Value *ordered =
      builder.CreateBinOp(isMax ? llvm::Instruction::And : llvm::Instruction::Or,
                          builder.CreateBitCast(one, bits), builder.CreateBitCast(other, bits));
  return builder.CreateSelect(builder.CreateFCmpUNO(left, right), llvm::ConstantFP::getNaN(type),
                              builder.CreateBitCast(ordered, type));
}

/// Two i32 and two zeros, of two i64 that fit.
static Value *lowWords(llvm::IRBuilderBase &builder, Value *value) {
  auto *half = FixedVectorType::get(builder.getInt32Ty(), 2);
  return builder.CreateShuffleVector(builder.CreateTrunc(value, half),
                                     llvm::Constant::getNullValue(half), {0, 1, 2, 3});
}

Value *VectorOps::truncateSaturating(Value *value, bool isSigned) {
  bool isF32 = value->getType()->getScalarType()->isFloatTy();
  if (isX86)
    return isF32 ? truncateFloats(value, isSigned) : truncateDoubles(value, isSigned);
  ID id = isSigned ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat;
  auto *type = FixedVectorType::getInteger(llvm::cast<FixedVectorType>(value->getType()));
  Value *result = builder.CreateIntrinsic(id, {type, value->getType()}, {value});
  if (isF32)
    return result;
  if (isSigned)
    result = builder.CreateBinaryIntrinsic(Intrinsic::smax, result, integers(type, INT32_MIN));
  result = builder.CreateBinaryIntrinsic(isSigned ? Intrinsic::smin : Intrinsic::umin, result,
                                         integers(type, isSigned ? INT32_MAX : UINT32_MAX));
  return lowWords(builder, result);
}

Value *VectorOps::truncateFloats(Value *value, bool isSigned) {
  llvm::Type *type = value->getType();
  llvm::Constant *limit = llvm::ConstantFP::get(type, 0x1p31);
  auto convert = [&](Value *floats) -> Value * {
    return builder.CreateIntrinsic(Intrinsic::x86_sse2_cvttps2dq, {floats});
  };
  llvm::Constant *zero = llvm::Constant::getNullValue(type);
  if (isSigned) {
    value = builder.CreateSelect(builder.CreateFCmpORD(value, value), value, zero);
    return builder.CreateXor(convert(value), lanesOf(llvm::CmpInst::FCMP_OGE, value, limit));
  }
  // Below 2^31 the first conversion is right; above, it gives 2^31, and the second one the rest.
  value = maxOf(value, zero);
  Value *rest = builder.CreateFSub(value, limit);
  Value *words = builder.CreateXor(convert(rest), lanesOf(llvm::CmpInst::FCMP_OGE, rest, limit));
  words = builder.CreateBinaryIntrinsic(Intrinsic::smax, words,
                                        llvm::Constant::getNullValue(words->getType()));
  return builder.CreateAdd(convert(value), words);
}

/// The low words of the sums with 2^52, whose last digit is worth 1.
static Value *wordsOfWholeDoubles(llvm::IRBuilderBase &builder, Value *value) {
  Value *sum = builder.CreateFAdd(value, llvm::ConstantFP::get(value->getType(), 0x1p52));
  auto *words = FixedVectorType::get(builder.getInt32Ty(), 4);
  return builder.CreateShuffleVector(builder.CreateBitCast(sum, words),
                                     llvm::Constant::getNullValue(words), {0, 2, 4, 5});
}

Value *VectorOps::truncateDoubles(Value *value, bool isSigned) {
  llvm::Type *type = value->getType();
  llvm::Constant *zero = llvm::Constant::getNullValue(type);
  llvm::Constant *limit = llvm::ConstantFP::get(type, isSigned ? 0x1p31 - 1 : 0x1p32 - 1);
  if (!isSigned) {
    value = minOf(maxOf(value, zero), limit);
    return wordsOfWholeDoubles(builder, builder.CreateUnaryIntrinsic(Intrinsic::trunc, value));
  }
  // Of a NaN minpd gives the second operand, zero.
  Value *bound = builder.CreateSelect(builder.CreateFCmpORD(value, value), limit, zero);
  return builder.CreateIntrinsic(Intrinsic::x86_sse2_cvttpd2dq, {minOf(value, bound)});
}

Value *VectorOps::truncateRelaxed(Value *value, bool isSigned) {
  if (!isX86)
    return truncateSaturating(value, isSigned);
  bool isF32 = value->getType()->getScalarType()->isFloatTy();
  if (isSigned)
    return builder.CreateIntrinsic(
        isF32 ? Intrinsic::x86_sse2_cvttps2dq : Intrinsic::x86_sse2_cvttpd2dq, {value});
  return truncateSaturating(value, isSigned);
}
