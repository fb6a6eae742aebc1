//===- Lanes.h - Lane loops -------------------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A vector instruction is a scalar one for each lane. Where a lane's type is narrower than `int`,
// the result is cut to the lane.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_INTERP_LANES_H
#define TENON_LIB_INTERP_LANES_H

#include "FloatMath.h"
#include "tenon/Interp/Value.h"

namespace tenon::interp {

template <typename T> constexpr unsigned numLanes = 16 / sizeof(T);

/// The unsigned integer of a lane's width.
template <typename T>
using LaneBits =
    std::conditional_t<sizeof(T) == 1, uint8_t,
                       std::conditional_t<sizeof(T) == 2, uint16_t,
                                          std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;

/// To and From have the same number of lanes, or what is too much is zero.
template <typename From, typename To = From, typename F> Value mapLanes(const Value &x, F f) {
  Lanes<From> from = x.as<Lanes<From>>();
  Lanes<To> to = {};
  for (unsigned i = 0; i < numLanes<From> && i < numLanes<To>; ++i)
    to[i] = To(f(from[i]));
  return Value::of(to);
}

template <typename T, typename F> Value zipLanes(const Value &x, const Value &y, F f) {
  Lanes<T> left = x.as<Lanes<T>>(), right = y.as<Lanes<T>>(), result;
  for (unsigned i = 0; i < numLanes<T>; ++i)
    result[i] = T(f(left[i], right[i]));
  return Value::of(result);
}

/// All bits of a lane are the answer.
template <typename T, typename F> Value compareLanes(const Value &x, const Value &y, F f) {
  Lanes<T> left = x.as<Lanes<T>>(), right = y.as<Lanes<T>>();
  Lanes<LaneBits<T>> result;
  for (unsigned i = 0; i < numLanes<T>; ++i)
    result[i] = f(left[i], right[i]) ? LaneBits<T>(-1) : LaneBits<T>(0);
  return Value::of(result);
}

/// The nearest number of type T.
template <typename T, typename Wide> T saturate(Wide x) {
  constexpr Wide low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  return T(x < low ? low : x > high ? high : x);
}

} // namespace tenon::interp

#endif // TENON_LIB_INTERP_LANES_H
