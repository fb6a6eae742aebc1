//===- FloatMath.h - Floating-point operators -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Numerics / Floating-Point Operations" and "Conversions", for
// scalars and lanes. Rounding is to nearest, ties to even, as the host starts with. A NaN that an
// operator makes is the canonical one, positive.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_INTERP_FLOATMATH_H
#define TENON_LIB_INTERP_FLOATMATH_H

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace tenon::interp {

template <typename T> using BitsOf = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
template <typename T> constexpr BitsOf<T> signBit = BitsOf<T>(1) << (sizeof(T) * 8 - 1);

template <typename T> T canonical(T x) {
  constexpr BitsOf<T> nan = sizeof(T) == 4 ? 0x7fc00000 : BitsOf<T>(0x7ff8000000000000);
  return std::isnan(x) ? std::bit_cast<T>(nan) : x;
}

// The sign of a NaN is a bit like any other: abs, neg and copysign work on bits.
template <typename T> BitsOf<T> fabsBits(BitsOf<T> x) { return x & ~signBit<T>; }
template <typename T> BitsOf<T> fnegBits(BitsOf<T> x) { return x ^ signBit<T>; }
template <typename T> BitsOf<T> fcopysignBits(BitsOf<T> x, BitsOf<T> y) {
  return (x & ~signBit<T>) | (y & signBit<T>);
}

template <typename T> T fadd(T x, T y) { return canonical(x + y); }
template <typename T> T fsub(T x, T y) { return canonical(x - y); }
template <typename T> T fmul(T x, T y) { return canonical(x * y); }
template <typename T> T fdiv(T x, T y) { return canonical(x / y); }
template <typename T> T fsqrt(T x) { return canonical(std::sqrt(x)); }
template <typename T> T fceil(T x) { return canonical(std::ceil(x)); }
template <typename T> T ffloor(T x) { return canonical(std::floor(x)); }
template <typename T> T ftrunc(T x) { return canonical(std::trunc(x)); }
template <typename T> T fnearest(T x) { return canonical(std::nearbyint(x)); }

template <typename T> T fmin(T x, T y) {
  if (std::isnan(x) || std::isnan(y))
    return canonical(std::numeric_limits<T>::quiet_NaN());
  if (x == y) // equal, or zeros of any sign: the minus wins
    return std::bit_cast<T>(std::bit_cast<BitsOf<T>>(x) | std::bit_cast<BitsOf<T>>(y));
  return x < y ? x : y;
}
template <typename T> T fmax(T x, T y) {
  if (std::isnan(x) || std::isnan(y))
    return canonical(std::numeric_limits<T>::quiet_NaN());
  if (x == y)
    return std::bit_cast<T>(std::bit_cast<BitsOf<T>>(x) & std::bit_cast<BitsOf<T>>(y));
  return x > y ? x : y;
}

/// Whether `trunc(x)` is a number of type Int. Both bounds are exact: powers of two, or 0.
template <typename Int, typename Float> bool truncates(Float x) {
  Float whole = std::trunc(x);
  return whole >= Float(std::numeric_limits<Int>::min()) &&
         whole < std::ldexp(Float(1), std::numeric_limits<Int>::digits);
}

/// trunc_sat: out of range gives the nearest number, NaN gives 0.
template <typename Int, typename Float> Int truncateSaturating(Float x) {
  if (std::isnan(x))
    return 0;
  if (truncates<Int>(x))
    return Int(std::trunc(x));
  return x < 0 ? std::numeric_limits<Int>::min() : std::numeric_limits<Int>::max();
}

} // namespace tenon::interp

#endif // TENON_LIB_INTERP_FLOATMATH_H
