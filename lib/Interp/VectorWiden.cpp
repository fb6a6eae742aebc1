//===- VectorWiden.cpp - Lanes that change their width --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Numerics / Vector Operations": extend, narrow, extmul, extadd,
// dot. Products and sums are made in lanes of the result's width, where they fit; dot products add
// two of them and wrap.
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// The lanes of half a vector, each twice as wide.
template <typename From, typename To> static Lanes<To> extendHalf(const Value &x, bool high) {
  Lanes<From> from = x.as<Lanes<From>>();
  Lanes<To> to;
  for (unsigned i = 0; i < numLanes<To>; ++i)
    to[i] = To(from[i + (high ? numLanes<To> : 0)]);
  return to;
}

template <typename From, typename To>
static Value extmul(const Value &x, const Value &y, bool high) {
  Lanes<To> left = extendHalf<From, To>(x, high), right = extendHalf<From, To>(y, high), result;
  for (unsigned i = 0; i < numLanes<To>; ++i)
    result[i] = To(left[i] * right[i]);
  return Value::of(result);
}

/// Lanes of both vectors, half as wide, x's first.
template <typename From, typename To> static Value narrow(const Value &x, const Value &y) {
  Lanes<From> left = x.as<Lanes<From>>(), right = y.as<Lanes<From>>();
  Lanes<To> result;
  for (unsigned i = 0; i < numLanes<From>; ++i) {
    result[i] = saturate<To>(left[i]);
    result[i + numLanes<From>] = saturate<To>(right[i]);
  }
  return Value::of(result);
}

/// Sums of two neighbours, twice as wide.
template <typename From, typename To> static Value extaddPairwise(const Value &x) {
  Lanes<From> from = x.as<Lanes<From>>();
  Lanes<To> to;
  for (unsigned i = 0; i < numLanes<To>; ++i)
    to[i] = To(To(from[2 * i]) + To(from[2 * i + 1]));
  return Value::of(to);
}

/// Sums of two neighbouring products; the one sum that overflows wraps.
static Value dotI16x8(const Value &x, const Value &y) {
  Lanes<int16_t> left = x.as<Lanes<int16_t>>(), right = y.as<Lanes<int16_t>>();
  Lanes<uint32_t> result;
  for (unsigned i = 0; i < 4; ++i)
    result[i] = uint32_t(left[2 * i] * right[2 * i]) + uint32_t(left[2 * i + 1] * right[2 * i + 1]);
  return Value::of(result);
}

/// relaxed_dot_i8x16_i7x16_s under the deterministic profile: both operands are signed, the sum
/// saturates.
static Value dotI8x16(const Value &x, const Value &y) {
  Lanes<int8_t> left = x.as<Lanes<int8_t>>(), right = y.as<Lanes<int8_t>>();
  Lanes<int16_t> result;
  for (unsigned i = 0; i < 8; ++i)
    result[i] = saturate<int16_t>(left[2 * i] * right[2 * i] + left[2 * i + 1] * right[2 * i + 1]);
  return Value::of(result);
}

static Value dotI8x16Add(const Value &x, const Value &y, const Value &addend) {
  Value sums = extaddPairwise<int16_t, int32_t>(dotI8x16(x, y));
  return zipLanes<uint32_t>(sums, addend, [](uint32_t a, uint32_t b) { return a + b; });
}

bool Machine::stepVectorWidening(const Instr &instr) {
  // Operands, as far as there are.
  Value &top = sp[-1], &second = sp[-2];
  switch (instr.opcode) {
#define WIDEN(Wide, Narrow, Sign, To, From)                                                        \
  case Opcode::Wide##ExtendLow##Narrow##Sign:                                                      \
    return replace(1, Value::of(extendHalf<From, To>(top, false)));                                \
  case Opcode::Wide##ExtendHigh##Narrow##Sign:                                                     \
    return replace(1, Value::of(extendHalf<From, To>(top, true)));                                 \
  case Opcode::Wide##ExtmulLow##Narrow##Sign:                                                      \
    return replace(2, extmul<From, To>(second, top, false));                                       \
  case Opcode::Wide##ExtmulHigh##Narrow##Sign:                                                     \
    return replace(2, extmul<From, To>(second, top, true));
    WIDEN(I16x8, I8x16, S, int16_t, int8_t)
    WIDEN(I16x8, I8x16, U, uint16_t, uint8_t)
    WIDEN(I32x4, I16x8, S, int32_t, int16_t)
    WIDEN(I32x4, I16x8, U, uint32_t, uint16_t)
    WIDEN(I64x2, I32x4, S, int64_t, int32_t)
    WIDEN(I64x2, I32x4, U, uint64_t, uint32_t)
#undef WIDEN
  case Opcode::I8x16NarrowI16x8S:
    return replace(2, narrow<int16_t, int8_t>(second, top));
  case Opcode::I8x16NarrowI16x8U:
    return replace(2, narrow<int16_t, uint8_t>(second, top));
  case Opcode::I16x8NarrowI32x4S:
    return replace(2, narrow<int32_t, int16_t>(second, top));
  case Opcode::I16x8NarrowI32x4U:
    return replace(2, narrow<int32_t, uint16_t>(second, top));
  case Opcode::I16x8ExtaddPairwiseI8x16S:
    return replace(1, extaddPairwise<int8_t, int16_t>(top));
  case Opcode::I16x8ExtaddPairwiseI8x16U:
    return replace(1, extaddPairwise<uint8_t, uint16_t>(top));
  case Opcode::I32x4ExtaddPairwiseI16x8S:
    return replace(1, extaddPairwise<int16_t, int32_t>(top));
  case Opcode::I32x4ExtaddPairwiseI16x8U:
    return replace(1, extaddPairwise<uint16_t, uint32_t>(top));
  case Opcode::I32x4DotI16x8S:
    return replace(2, dotI16x8(second, top));
  case Opcode::I16x8RelaxedDotI8x16I7x16S:
    return replace(2, dotI8x16(second, top));
  case Opcode::I32x4RelaxedDotI8x16I7x16AddS:
    sp[-3] = dotI8x16Add(sp[-3], second, top);
    sp -= 2;
    return true;
  default:
    return stepVectorFloat(instr);
  }
}
