//===- VectorInteger.cpp - Integer lanes ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Numerics / Integer Operations", lane by lane. `U` and `S` are
// the lane without and with sign.
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "Machine.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

template <typename T> static Value shiftLeft(const Value &x, uint32_t by) {
  return mapLanes<T>(x, [&](T a) { return T(a << by % (sizeof(T) * 8)); });
}
template <typename T> static Value shiftRight(const Value &x, uint32_t by) {
  return mapLanes<T>(x, [&](T a) { return T(a >> by % (sizeof(T) * 8)); });
}

/// Unsigned arithmetic: the same for both signs, and it wraps.
template <typename U> static U add(U a, U b) { return U(a + b); }
template <typename U> static U sub(U a, U b) { return U(a - b); }
/// Through 64 bits: two lanes of 16 bits would be multiplied as `int`.
template <typename U> static U mul(U a, U b) { return U(uint64_t(a) * b); }
template <typename U> static U neg(U a) { return U(0 - a); }
template <typename U> static U abs(U a) { return std::make_signed_t<U>(a) < 0 ? neg(a) : a; }
template <typename U> static U avgr(U a, U b) { return U((uint32_t(a) + b + 1) / 2); }

template <typename T> static T addSat(T a, T b) { return saturate<T>(int32_t(a) + int32_t(b)); }
template <typename T> static T subSat(T a, T b) { return saturate<T>(int32_t(a) - int32_t(b)); }

static int16_t q15mulrSat(int16_t a, int16_t b) {
  return saturate<int16_t>((int32_t(a) * b + 0x4000) >> 15);
}

template <typename U> static bool allTrue(const Value &x) {
  return llvm::all_of(x.as<Lanes<U>>(), [](U lane) { return lane != 0; });
}

/// Bit i is the sign of lane i.
template <typename U> static uint32_t bitmask(const Value &x) {
  Lanes<U> lanes = x.as<Lanes<U>>();
  uint32_t mask = 0;
  for (unsigned i = 0; i < numLanes<U>; ++i)
    mask |= uint32_t(lanes[i] >> (sizeof(U) * 8 - 1)) << i;
  return mask;
}

bool Machine::stepVectorInteger(const Instr &instr) {
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
#define ALL_SHAPES(P, U, S)                                                                        \
  COMPARE(P##Eq, U, ==)                                                                            \
  COMPARE(P##Ne, U, !=)                                                                            \
  COMPARE(P##LtS, S, <)                                                                            \
  COMPARE(P##GtS, S, >)                                                                            \
  COMPARE(P##LeS, S, <=)                                                                           \
  COMPARE(P##GeS, S, >=)                                                                           \
  UNARY(P##Abs, U, abs<U>)                                                                         \
  UNARY(P##Neg, U, neg<U>)                                                                         \
  BINARY(P##Add, U, add<U>)                                                                        \
  BINARY(P##Sub, U, sub<U>)                                                                        \
  case Opcode::P##AllTrue:                                                                         \
    return replace(1, Value::of(allTrue<U>(top)));                                                 \
  case Opcode::P##Bitmask:                                                                         \
    return replace(1, Value::of(bitmask<U>(top)));                                                 \
  case Opcode::P##Shl:                                                                             \
    return replace(2, shiftLeft<U>(second, top.as<uint32_t>()));                                   \
  case Opcode::P##ShrS:                                                                            \
    return replace(2, shiftRight<S>(second, top.as<uint32_t>()));                                  \
  case Opcode::P##ShrU:                                                                            \
    return replace(2, shiftRight<U>(second, top.as<uint32_t>()));
#define ALL_BUT_I64X2(P, U, S)                                                                     \
  COMPARE(P##LtU, U, <)                                                                            \
  COMPARE(P##GtU, U, >)                                                                            \
  COMPARE(P##LeU, U, <=)                                                                           \
  COMPARE(P##GeU, U, >=)                                                                           \
  BINARY(P##MinS, S, [](S a, S b) { return std::min(a, b); })                                      \
  BINARY(P##MinU, U, [](U a, U b) { return std::min(a, b); })                                      \
  BINARY(P##MaxS, S, [](S a, S b) { return std::max(a, b); })                                      \
  BINARY(P##MaxU, U, [](U a, U b) { return std::max(a, b); })
#define NARROW_SHAPES(P, U, S)                                                                     \
  BINARY(P##AddSatS, S, addSat<S>)                                                                 \
  BINARY(P##AddSatU, U, addSat<U>)                                                                 \
  BINARY(P##SubSatS, S, subSat<S>)                                                                 \
  BINARY(P##SubSatU, U, subSat<U>)                                                                 \
  BINARY(P##AvgrU, U, avgr<U>)
    ALL_SHAPES(I8x16, uint8_t, int8_t)
    ALL_SHAPES(I16x8, uint16_t, int16_t)
    ALL_SHAPES(I32x4, uint32_t, int32_t)
    ALL_SHAPES(I64x2, uint64_t, int64_t)
    ALL_BUT_I64X2(I8x16, uint8_t, int8_t)
    ALL_BUT_I64X2(I16x8, uint16_t, int16_t)
    ALL_BUT_I64X2(I32x4, uint32_t, int32_t)
    NARROW_SHAPES(I8x16, uint8_t, int8_t)
    NARROW_SHAPES(I16x8, uint16_t, int16_t)
    UNARY(I8x16Popcnt, uint8_t, [](uint8_t a) { return std::popcount(a); })
    BINARY(I16x8Mul, uint16_t, mul<uint16_t>)
    BINARY(I32x4Mul, uint32_t, mul<uint32_t>)
    BINARY(I64x2Mul, uint64_t, mul<uint64_t>)
    BINARY(I16x8Q15mulrSatS, int16_t, q15mulrSat)
    BINARY(I16x8RelaxedQ15mulrS, int16_t, q15mulrSat)
#undef COMPARE
#undef UNARY
#undef BINARY
#undef ALL_SHAPES
#undef ALL_BUT_I64X2
#undef NARROW_SHAPES
  default:
    return stepVectorWidening(instr);
  }
}
