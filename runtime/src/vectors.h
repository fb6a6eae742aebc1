//===- vectors.h - Vectors ------------------------------------ -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler's own vectors do most of what kernels for strings need, on every architecture. Here
// is the rest: a table lookup, and the signs of lanes as bits. There are vectors of 16 bytes, and
// those that are as wide as the level has them.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_VECTORS_H
#define TENON_RUNTIME_VECTORS_H

#include "levels.h"
#if defined(__aarch64__)
#include <arm_neon.h>
#elif TENON_WIDE > 16
#include <immintrin.h>
#endif

namespace tenon::rt::TENON_LEVEL {

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef int8_t SignedBytes16 __attribute__((vector_size(16)));
typedef uint64_t Words2 __attribute__((vector_size(16)));
typedef uint16_t Units8 __attribute__((vector_size(16)));
typedef uint32_t Words4 __attribute__((vector_size(16)));

constexpr uint64_t wide = TENON_WIDE;
typedef uint8_t WideBytes __attribute__((vector_size(TENON_WIDE)));
typedef uint16_t WideUnits __attribute__((vector_size(TENON_WIDE)));
typedef uint32_t WideWords __attribute__((vector_size(TENON_WIDE)));
typedef uint8_t HalfWideBytes __attribute__((vector_size(TENON_WIDE / 2)));

/// Unaligned, and of any type: memory of guests is bytes.
template <typename T> inline T loadAt(const void *from) {
  T value;
  __builtin_memcpy_inline(&value, from, sizeof(T));
  return value;
}
template <typename T> inline void storeAt(void *to, T value) {
  __builtin_memcpy_inline(to, &value, sizeof(T));
}

template <typename Index, Index... I> struct Lanes {};

template <int N, typename Vector, int... I>
inline Vector beforeLanes(Vector previous, Vector current, Lanes<int, I...>) {
  return __builtin_shufflevector(previous, current, (int(sizeof...(I)) - N + I)...);
}
/// The lanes that come `N` before those of `current`, where `previous` stands before it.
template <int N, typename Vector> inline Vector before(Vector previous, Vector current) {
  constexpr int lanes = sizeof(Vector) / sizeof(current[0]);
  return beforeLanes<N>(previous, current, __make_integer_seq<Lanes, int, lanes>{});
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

#if TENON_WIDE == 32
inline WideBytes lookUp(Bytes16 table, WideBytes index) {
  WideBytes tables =
      __builtin_shufflevector(table, table, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0,
                              1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return reinterpret_cast<WideBytes>(
      _mm256_shuffle_epi8(reinterpret_cast<__m256i>(tables), reinterpret_cast<__m256i>(index)));
}
inline bool anySign(WideBytes bytes) {
  return _mm256_movemask_epi8(reinterpret_cast<__m256i>(bytes)) != 0;
}
inline bool anyBit(WideBytes bytes) {
  return !_mm256_testz_si256(reinterpret_cast<__m256i>(bytes), reinterpret_cast<__m256i>(bytes));
}
#elif TENON_WIDE == 64
inline WideBytes lookUp(Bytes16 table, WideBytes index) {
  __m512i tables = _mm512_broadcast_i32x4(reinterpret_cast<__m128i>(table));
  return reinterpret_cast<WideBytes>(_mm512_shuffle_epi8(tables, reinterpret_cast<__m512i>(index)));
}
/// The first `count` lanes; all if there are not so many.
inline uint64_t firstLanes(uint64_t count) { return count >= 64 ? ~0ull : (1ull << count) - 1; }
inline bool anySign(WideBytes bytes) {
  return _mm512_movepi8_mask(reinterpret_cast<__m512i>(bytes)) != 0;
}
inline bool anyBit(WideBytes bytes) {
  __m512i all = reinterpret_cast<__m512i>(bytes);
  return _mm512_test_epi64_mask(all, all) != 0;
}
#endif

template <typename T> inline bool anyBit(T lanes) {
  if constexpr (sizeof(T) == 16)
    return anyBit(reinterpret_cast<Bytes16>(lanes));
  else
    return anyBit(reinterpret_cast<WideBytes>(lanes));
}

/// What a comparison gives, all bits of the lanes where it holds, as unsigned lanes.
template <typename T> inline auto lanesWhere(T condition) {
  if constexpr (sizeof(condition[0]) == 1 && sizeof(T) == 16)
    return reinterpret_cast<Bytes16>(condition);
  else if constexpr (sizeof(condition[0]) == 1)
    return reinterpret_cast<WideBytes>(condition);
  else if constexpr (sizeof(T) == 16)
    return reinterpret_cast<Units8>(condition);
  else
    return reinterpret_cast<WideUnits>(condition);
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
/// As many bytes as fill a wide vector of code units, as these.
inline WideUnits loadWidened(const uint8_t *from) {
  return __builtin_convertvector(loadAt<HalfWideBytes>(from), WideUnits);
}
/// The low bytes of 16 code units.
inline Bytes16 narrow(Units8 low, Units8 high) {
  return __builtin_shufflevector(reinterpret_cast<Bytes16>(low), reinterpret_cast<Bytes16>(high), 0,
                                 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
/// The same of wide vectors, of code units below 0x100.
#if TENON_WIDE == 32
inline WideBytes narrow(WideUnits low, WideUnits high) {
  __m256i packed =
      _mm256_packus_epi16(reinterpret_cast<__m256i>(low), reinterpret_cast<__m256i>(high));
  return reinterpret_cast<WideBytes>(_mm256_permute4x64_epi64(packed, 0xd8));
}
#elif TENON_WIDE == 64
inline WideBytes narrow(WideUnits low, WideUnits high) {
  __m256i first = _mm512_cvtepi16_epi8(reinterpret_cast<__m512i>(low));
  __m256i second = _mm512_cvtepi16_epi8(reinterpret_cast<__m512i>(high));
  return reinterpret_cast<WideBytes>(_mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1));
}
#endif

} // namespace tenon::rt::TENON_LEVEL

#endif // TENON_RUNTIME_VECTORS_H
