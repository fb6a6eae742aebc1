//===- Value.h - Values of the interpreter ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value is sixteen bytes without a type: validation knows the types, so nothing at run time needs
// them. Numbers stand in the low bytes, little-endian, with zeros above; so an i32 read as 64 bits
// is its zero-extension, which is what addresses of either width want.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_INTERP_VALUE_H
#define TENON_INTERP_VALUE_H

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tenon::interp {

static_assert(std::endian::native == std::endian::little, "values are little-endian bytes");

/// A reference: 0 is null. To a function or an exception: its number in the store plus one. To
/// something of the host: any other number that the host chose.
using Ref = uint64_t;

/// A vector as lanes, lane 0 first.
template <typename T> using Lanes = std::array<T, 16 / sizeof(T)>;

struct alignas(16) Value {
  std::array<uint8_t, 16> bytes;

  /// A number, a reference or the lanes of a vector.
  template <typename T> static Value of(T number) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);
    Value value = {};
    std::memcpy(value.bytes.data(), &number, sizeof(T));
    return value;
  }
  template <typename T> T as() const {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);
    T number;
    std::memcpy(&number, bytes.data(), sizeof(T));
    return number;
  }
  bool operator==(const Value &other) const = default;
};

} // namespace tenon::interp

#endif // TENON_INTERP_VALUE_H
