//===- math.cpp - Roundings that a processor may lack ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without SSE4.1 the code generator turns wasm's floor, ceil, trunc and nearest into calls of the C
// functions. A quiet NaN comes out of every one of them, as wasm asks.
//
//===----------------------------------------------------------------------===//

#include "base.h"

namespace {

inline uint64_t bitsOf(double value) { return __builtin_bit_cast(uint64_t, value); }
inline uint32_t bitsOf(float value) { return __builtin_bit_cast(uint32_t, value); }

/// What is different in the two formats.
template <typename T> struct Format;
template <> struct Format<double> {
  using Bits = uint64_t;
  static constexpr int mantissa = 52, bias = 1023, width = 64;
};
template <> struct Format<float> {
  using Bits = uint32_t;
  static constexpr int mantissa = 23, bias = 127, width = 32;
};

template <typename T> using BitsOf = typename Format<T>::Bits;

template <typename T> constexpr BitsOf<T> signBit = BitsOf<T>(1) << (Format<T>::width - 1);

/// The exponent, unbiased.
template <typename T> inline int exponentOf(T value) {
  constexpr int exponentBits = Format<T>::width - 1 - Format<T>::mantissa;
  return static_cast<int>((bitsOf(value) >> Format<T>::mantissa) & ((1 << exponentBits) - 1)) -
         Format<T>::bias;
}

/// Towards zero. Infinities and large numbers stay; adding quiets a NaN.
template <typename T> inline T truncate(T value) {
  int exponent = exponentOf(value);
  if (exponent >= Format<T>::mantissa)
    return value == value ? value : value + value;
  if (exponent < 0)
    return __builtin_bit_cast(T, static_cast<BitsOf<T>>(bitsOf(value) & signBit<T>));
  BitsOf<T> fraction = (BitsOf<T>(1) << (Format<T>::mantissa - exponent)) - 1;
  return __builtin_bit_cast(T, static_cast<BitsOf<T>>(bitsOf(value) & ~fraction));
}

template <typename T> inline T withSignOf(T magnitude, T sign) {
  return __builtin_bit_cast(
      T, static_cast<BitsOf<T>>((bitsOf(magnitude) & ~signBit<T>) | (bitsOf(sign) & signBit<T>)));
}

template <typename T> inline T roundDown(T value) {
  T whole = truncate(value);
  return whole > value ? whole - 1 : whole;
}

template <typename T> inline T roundUp(T value) {
  T whole = truncate(value);
  return whole < value ? withSignOf(whole + 1, value) : whole;
}

/// To nearest, ties to even: adding and subtracting 2^mantissa lets the hardware round.
template <typename T> inline T roundToEven(T value) {
  if (exponentOf(value) >= Format<T>::mantissa)
    return value == value ? value : value + value;
  volatile T magic = static_cast<T>(BitsOf<T>(1) << Format<T>::mantissa);
  T magnitude = withSignOf(value, T(1));
  volatile T shifted = magnitude + magic;
  return withSignOf(static_cast<T>(shifted - magic), value);
}

} // namespace

extern "C" {
double floor(double value) { return roundDown(value); }
float floorf(float value) { return roundDown(value); }
double ceil(double value) { return roundUp(value); }
float ceilf(float value) { return roundUp(value); }
double trunc(double value) { return truncate(value); }
float truncf(float value) { return truncate(value); }
double rint(double value) { return roundToEven(value); }
float rintf(float value) { return roundToEven(value); }
double nearbyint(double value) { return roundToEven(value); }
float nearbyintf(float value) { return roundToEven(value); }
double roundeven(double value) { return roundToEven(value); }
float roundevenf(float value) { return roundToEven(value); }
}
