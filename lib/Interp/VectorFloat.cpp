//===- VectorFloat.cpp - Lanes of floats ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Numerics / Floating-Point Operations" and "Conversions", lane by
// lane; relaxed instructions under the deterministic profile.
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// x * y + z, rounded twice.
template <typename T> static Value multiplyAdd(const Value &x, const Value &y, const Value &z) {
  return zipLanes<T>(zipLanes<T>(x, y, fmul<T>), z, fadd<T>);
}

template <typename T> static Value negate(const Value &x) {
  return mapLanes<BitsOf<T>>(x, fnegBits<T>);
}

/// pmin and pmax: y where `takesRight`, x elsewhere, with all its bits.
template <typename T, typename F>
static Value pseudo(const Value &x, const Value &y, F takesRight) {
  Lanes<T> left = x.as<Lanes<T>>(), right = y.as<Lanes<T>>();
  Lanes<BitsOf<T>> result = x.as<Lanes<BitsOf<T>>>(), other = y.as<Lanes<BitsOf<T>>>();
  for (unsigned i = 0; i < numLanes<T>; ++i)
    if (takesRight(left[i], right[i]))
      result[i] = other[i];
  return Value::of(result);
}

bool Machine::stepVectorFloat(const Instr &instr) {
  // Operands, as far as there are.
  Value &top = sp[-1], &second = sp[-2];
  switch (instr.opcode) {
#define COMPARE(Name, T, op)                                                                       \
  case Opcode::Name:                                                                               \
    return replace(2, compareLanes<T>(second, top, [](T a, T b) { return a op b; }));
#define UNARY(Name, T, f)                                                                          \
  case Opcode::Name:                                                                               \
    return replace(1, mapLanes<T>(top, f));
#define BINARY(Name, T, f)                                                                         \
  case Opcode::Name:                                                                               \
    return replace(2, zipLanes<T>(second, top, f));
#define BOTH_SHAPES(P, T)                                                                          \
  COMPARE(P##Eq, T, ==)                                                                            \
  COMPARE(P##Ne, T, !=)                                                                            \
  COMPARE(P##Lt, T, <)                                                                             \
  COMPARE(P##Gt, T, >)                                                                             \
  COMPARE(P##Le, T, <=)                                                                            \
  COMPARE(P##Ge, T, >=)                                                                            \
  UNARY(P##Abs, BitsOf<T>, fabsBits<T>)                                                            \
  UNARY(P##Neg, BitsOf<T>, fnegBits<T>)                                                            \
  UNARY(P##Ceil, T, fceil<T>)                                                                      \
  UNARY(P##Floor, T, ffloor<T>)                                                                    \
  UNARY(P##Trunc, T, ftrunc<T>)                                                                    \
  UNARY(P##Nearest, T, fnearest<T>)                                                                \
  UNARY(P##Sqrt, T, fsqrt<T>)                                                                      \
  BINARY(P##Add, T, fadd<T>)                                                                       \
  BINARY(P##Sub, T, fsub<T>)                                                                       \
  BINARY(P##Mul, T, fmul<T>)                                                                       \
  BINARY(P##Div, T, fdiv<T>)                                                                       \
  BINARY(P##Min, T, fmin<T>)                                                                       \
  BINARY(P##Max, T, fmax<T>)                                                                       \
  BINARY(P##RelaxedMin, T, fmin<T>)                                                                \
  BINARY(P##RelaxedMax, T, fmax<T>)                                                                \
  case Opcode::P##Pmin:                                                                            \
    return replace(2, pseudo<T>(second, top, [](T a, T b) { return b < a; }));                     \
  case Opcode::P##Pmax:                                                                            \
    return replace(2, pseudo<T>(second, top, [](T a, T b) { return a < b; }));                     \
  case Opcode::P##RelaxedMadd:                                                                     \
    return replace(3, multiplyAdd<T>(sp[-3], second, top));                                        \
  case Opcode::P##RelaxedNmadd:                                                                    \
    return replace(3, multiplyAdd<T>(negate<T>(sp[-3]), second, top));
    BOTH_SHAPES(F32x4, float)
    BOTH_SHAPES(F64x2, double)
#undef COMPARE
#undef UNARY
#undef BINARY
#undef BOTH_SHAPES
#define CONVERT(Name, From, To, f)                                                                 \
  case Opcode::Name:                                                                               \
    return replace(1, mapLanes<From, To>(top, f));
    CONVERT(I32x4TruncSatF32x4S, float, int32_t, (truncateSaturating<int32_t, float>))
    CONVERT(I32x4TruncSatF32x4U, float, uint32_t, (truncateSaturating<uint32_t, float>))
    CONVERT(I32x4TruncSatF64x2SZero, double, int32_t, (truncateSaturating<int32_t, double>))
    CONVERT(I32x4TruncSatF64x2UZero, double, uint32_t, (truncateSaturating<uint32_t, double>))
    CONVERT(I32x4RelaxedTruncF32x4S, float, int32_t, (truncateSaturating<int32_t, float>))
    CONVERT(I32x4RelaxedTruncF32x4U, float, uint32_t, (truncateSaturating<uint32_t, float>))
    CONVERT(I32x4RelaxedTruncF64x2SZero, double, int32_t, (truncateSaturating<int32_t, double>))
    CONVERT(I32x4RelaxedTruncF64x2UZero, double, uint32_t, (truncateSaturating<uint32_t, double>))
    CONVERT(F32x4ConvertI32x4S, int32_t, float, [](int32_t x) { return float(x); })
    CONVERT(F32x4ConvertI32x4U, uint32_t, float, [](uint32_t x) { return float(x); })
    CONVERT(F64x2ConvertLowI32x4S, int32_t, double, [](int32_t x) { return double(x); })
    CONVERT(F64x2ConvertLowI32x4U, uint32_t, double, [](uint32_t x) { return double(x); })
    CONVERT(F32x4DemoteF64x2Zero, double, float, [](double x) { return canonical(float(x)); })
    CONVERT(F64x2PromoteLowF32x4, float, double, [](float x) { return canonical(double(x)); })
#undef CONVERT
  default:
    llvm_unreachable("every vector instruction is in one of the four files");
  }
}
