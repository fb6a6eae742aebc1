//===- vectors.h - Vectors of 16 bytes ------------------------ -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler's own vectors do most of what kernels for strings need, on every architecture. Here
// is the rest: a table lookup, and the signs of lanes as bits.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_VECTORS_H
#define TENON_RUNTIME_VECTORS_H

#include "base.h"
#if defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace tenon::rt {

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef int8_t SignedBytes16 __attribute__((vector_size(16)));
typedef uint64_t Words2 __attribute__((vector_size(16)));
typedef uint16_t Units8 __attribute__((vector_size(16)));

/// Unaligned, and of any type: memory of guests is bytes.
template <typename T> inline T loadAt(const void *from) {
  T value;
  __builtin_memcpy_inline(&value, from, sizeof(T));
  return value;
}
template <typename T> inline void storeAt(void *to, T value) {
  __builtin_memcpy_inline(to, &value, sizeof(T));
}

/// The lanes that come `N` before those of `current`, where `previous` stands before it.
template <int N> inline Bytes16 before(Bytes16 previous, Bytes16 current) {
  return __builtin_shufflevector(previous, current, 16 - N, 17 - N, 18 - N, 19 - N, 20 - N, 21 - N,
                                 22 - N, 23 - N, 24 - N, 25 - N, 26 - N, 27 - N, 28 - N, 29 - N,
                                 30 - N, 31 - N);
}

/// `table[index]` in each lane; 0 where the index is 0x80 or more. Between 16 and 0x7f it is not
/// defined.
inline Bytes16 lookUp(Bytes16 table, Bytes16 index) {
#if defined(__x86_64__)
  typedef char Chars16 __attribute__((vector_size(16)));
  return reinterpret_cast<Bytes16>(
      __builtin_ia32_pshufb128(reinterpret_cast<Chars16>(table), reinterpret_cast<Chars16>(index)));
#elif defined(__aarch64__)
  return vqtbl1q_u8(table, index);
#endif
}

/// Bit i: the sign bit of lane i.
inline uint32_t signsOf(Bytes16 bytes) {
#if defined(__x86_64__)
  typedef char Chars16 __attribute__((vector_size(16)));
  return static_cast<uint32_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<Chars16>(bytes)));
#elif defined(__aarch64__)
  constexpr Bytes16 bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  Bytes16 picked = reinterpret_cast<Bytes16>(reinterpret_cast<SignedBytes16>(bytes) < 0) & bits;
  return vaddv_u8(vget_low_u8(picked)) | uint32_t(vaddv_u8(vget_high_u8(picked))) << 8;
#endif
}

inline bool anySign(Bytes16 bytes) {
#if defined(__aarch64__)
  return vmaxvq_u8(bytes) >= 0x80;
#else
  return signsOf(bytes) != 0;
#endif
}

inline bool anyBit(Bytes16 bytes) {
  Words2 words = reinterpret_cast<Words2>(bytes);
  return (words[0] | words[1]) != 0;
}
template <typename T> inline bool anyBit(T lanes) {
  return anyBit(reinterpret_cast<Bytes16>(lanes));
}

/// What a comparison gives, all bits of the lanes where it holds, as unsigned lanes.
template <typename T> inline auto lanesWhere(T condition) {
  if constexpr (sizeof(condition[0]) == 1)
    return reinterpret_cast<Bytes16>(condition);
  else
    return reinterpret_cast<Units8>(condition);
}

/// The first `size` bytes, at most 15, and zeros; reads nothing behind them.
inline Bytes16 loadPart(const uint8_t *from, size_t size) {
  uint64_t words[2] = {0, 0};
  if (size >= 8) {
    words[0] = loadAt<uint64_t>(from);
    if (size > 8)
      words[1] = loadAt<uint64_t>(from + size - 8) >> (8 * (16 - size));
  } else if (size >= 4) {
    words[0] = loadAt<uint32_t>(from) | uint64_t(loadAt<uint32_t>(from + size - 4))
                                            << (8 * (size - 4));
  } else if (size) {
    words[0] = from[0] | uint64_t(from[size / 2]) << (8 * (size / 2)) |
               uint64_t(from[size - 1]) << (8 * (size - 1));
  }
  return loadAt<Bytes16>(words);
}

/// Writes the first `size` bytes of two words, at most 15.
inline void storePart(uint8_t *to, uint64_t low, uint64_t high, size_t size) {
  if (size >= 8) {
    storeAt(to, low);
    if (size > 8)
      storeAt(to + size - 8, low >> (8 * (size - 8)) | high << (8 * (16 - size)));
  } else if (size >= 4) {
    storeAt(to, uint32_t(low));
    storeAt(to + size - 4, uint32_t(low >> (8 * (size - 4))));
  } else if (size) {
    to[0] = uint8_t(low);
    to[size / 2] = uint8_t(low >> (8 * (size / 2)));
    to[size - 1] = uint8_t(low >> (8 * (size - 1)));
  }
}
inline void storePart(uint8_t *to, Bytes16 bytes, size_t size) {
  Words2 words = reinterpret_cast<Words2>(bytes);
  storePart(to, words[0], words[1], size);
}

/// The first 8 bytes, and the others, as code units.
inline Units8 widenLow(Bytes16 bytes) {
  return reinterpret_cast<Units8>(__builtin_shufflevector(bytes, Bytes16{}, 0, 16, 1, 16, 2, 16, 3,
                                                          16, 4, 16, 5, 16, 6, 16, 7, 16));
}
inline Units8 widenHigh(Bytes16 bytes) {
  return reinterpret_cast<Units8>(__builtin_shufflevector(bytes, Bytes16{}, 8, 16, 9, 16, 10, 16,
                                                          11, 16, 12, 16, 13, 16, 14, 16, 15, 16));
}
/// Stores 16 bytes as code units.
inline void storeWide(void *to, Bytes16 bytes) {
  storeAt(to, widenLow(bytes));
  storeAt(static_cast<uint8_t *>(to) + 16, widenHigh(bytes));
}
/// The low bytes of 16 code units.
inline Bytes16 narrow(Units8 low, Units8 high) {
  return __builtin_shufflevector(reinterpret_cast<Bytes16>(low), reinterpret_cast<Bytes16>(high), 0,
                                 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
/// The lanes that come one before those of `current`.
inline Units8 unitBefore(Units8 previous, Units8 current) {
  return __builtin_shufflevector(previous, current, 7, 8, 9, 10, 11, 12, 13, 14);
}

} // namespace tenon::rt

#endif // TENON_RUNTIME_VECTORS_H
