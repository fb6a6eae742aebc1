//===- Float.cpp - Floating-point instructions ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatMath.h"
#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

bool Machine::stepFloat(const Instr &instr) {
  switch (instr.opcode) {
#define BOTH_WIDTHS(P, T)                                                                          \
  case Opcode::P##Eq:                                                                              \
    return binary<T>([](T a, T b) { return a == b; });                                             \
  case Opcode::P##Ne:                                                                              \
    return binary<T>([](T a, T b) { return a != b; });                                             \
  case Opcode::P##Lt:                                                                              \
    return binary<T>([](T a, T b) { return a < b; });                                              \
  case Opcode::P##Gt:                                                                              \
    return binary<T>([](T a, T b) { return a > b; });                                              \
  case Opcode::P##Le:                                                                              \
    return binary<T>([](T a, T b) { return a <= b; });                                             \
  case Opcode::P##Ge:                                                                              \
    return binary<T>([](T a, T b) { return a >= b; });                                             \
  case Opcode::P##Abs:                                                                             \
    return unary<BitsOf<T>>(fabsBits<T>);                                                          \
  case Opcode::P##Neg:                                                                             \
    return unary<BitsOf<T>>(fnegBits<T>);                                                          \
  case Opcode::P##Copysign:                                                                        \
    return binary<BitsOf<T>>(fcopysignBits<T>);                                                    \
  case Opcode::P##Ceil:                                                                            \
    return unary<T>(fceil<T>);                                                                     \
  case Opcode::P##Floor:                                                                           \
    return unary<T>(ffloor<T>);                                                                    \
  case Opcode::P##Trunc:                                                                           \
    return unary<T>(ftrunc<T>);                                                                    \
  case Opcode::P##Nearest:                                                                         \
    return unary<T>(fnearest<T>);                                                                  \
  case Opcode::P##Sqrt:                                                                            \
    return unary<T>(fsqrt<T>);                                                                     \
  case Opcode::P##Add:                                                                             \
    return binary<T>(fadd<T>);                                                                     \
  case Opcode::P##Sub:                                                                             \
    return binary<T>(fsub<T>);                                                                     \
  case Opcode::P##Mul:                                                                             \
    return binary<T>(fmul<T>);                                                                     \
  case Opcode::P##Div:                                                                             \
    return binary<T>(fdiv<T>);                                                                     \
  case Opcode::P##Min:                                                                             \
    return binary<T>(fmin<T>);                                                                     \
  case Opcode::P##Max:                                                                             \
    return binary<T>(fmax<T>);
    BOTH_WIDTHS(F32, float)
    BOTH_WIDTHS(F64, double)
#undef BOTH_WIDTHS
  default:
    return stepConversion(instr);
  }
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// A float to an integer, with traps.
template <typename Int, typename Float> bool Machine::truncate() {
  Float x = pop<Float>();
  if (std::isnan(x))
    return trap(TrapKind::InvalidConversion);
  return truncates<Int>(x) ? push(Int(std::trunc(x))) : trap(TrapKind::IntegerOverflow);
}

bool Machine::stepConversion(const Instr &instr) {
  switch (instr.opcode) {
#define TRUNCATE(Name, Int, Float)                                                                 \
  case Opcode::Name:                                                                               \
    return truncate<Int, Float>();
    TRUNCATE(I32TruncF32S, int32_t, float)
    TRUNCATE(I32TruncF32U, uint32_t, float)
    TRUNCATE(I32TruncF64S, int32_t, double)
    TRUNCATE(I32TruncF64U, uint32_t, double)
    TRUNCATE(I64TruncF32S, int64_t, float)
    TRUNCATE(I64TruncF32U, uint64_t, float)
    TRUNCATE(I64TruncF64S, int64_t, double)
    TRUNCATE(I64TruncF64U, uint64_t, double)
#undef TRUNCATE
#define SATURATE(Name, Int, Float)                                                                 \
  case Opcode::Name:                                                                               \
    return unary<Float>(truncateSaturating<Int, Float>);
    SATURATE(I32TruncSatF32S, int32_t, float)
    SATURATE(I32TruncSatF32U, uint32_t, float)
    SATURATE(I32TruncSatF64S, int32_t, double)
    SATURATE(I32TruncSatF64U, uint32_t, double)
    SATURATE(I64TruncSatF32S, int64_t, float)
    SATURATE(I64TruncSatF32U, uint64_t, float)
    SATURATE(I64TruncSatF64S, int64_t, double)
    SATURATE(I64TruncSatF64U, uint64_t, double)
#undef SATURATE
#define CONVERT(Name, Int, Float)                                                                  \
  case Opcode::Name:                                                                               \
    return unary<Int>([](Int x) { return Float(x); });
    CONVERT(F32ConvertI32S, int32_t, float)
    CONVERT(F32ConvertI32U, uint32_t, float)
    CONVERT(F32ConvertI64S, int64_t, float)
    CONVERT(F32ConvertI64U, uint64_t, float)
    CONVERT(F64ConvertI32S, int32_t, double)
    CONVERT(F64ConvertI32U, uint32_t, double)
    CONVERT(F64ConvertI64S, int64_t, double)
    CONVERT(F64ConvertI64U, uint64_t, double)
#undef CONVERT
  case Opcode::F32DemoteF64:
    return unary<double>([](double x) { return canonical(float(x)); });
  case Opcode::F64PromoteF32:
    return unary<float>([](float x) { return canonical(double(x)); });
  case Opcode::I32ReinterpretF32:
  case Opcode::I64ReinterpretF64:
  case Opcode::F32ReinterpretI32:
  case Opcode::F64ReinterpretI64:
    return true; // a value is its bits
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
