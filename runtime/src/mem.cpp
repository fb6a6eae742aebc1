//===- mem.cpp - memcpy and its kin ---------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that a compiler calls on its own. Small sizes take two overlapping moves, middle
// ones a loop over vectors, large ones the processor's string instruction where it is made for
// that. Compiled with -fno-builtin, else these loops would become calls of themselves.
//
//===----------------------------------------------------------------------===//

#include "base.h"

namespace {

typedef uint8_t Vector __attribute__((vector_size(16)));

/// From these sizes on the string instruction is not slower (measured on Zen 4).
[[maybe_unused]] constexpr size_t moveThreshold = 768, setThreshold = 2048;

// Unaligned. (An alignment of 1 on a type would be lost where the type is a template's argument.)
template <typename T> inline T load(const uint8_t *at) {
  T value;
  __builtin_memcpy_inline(&value, at, sizeof(T));
  return value;
}
template <typename T> inline void store(uint8_t *at, T value) {
  __builtin_memcpy_inline(at, &value, sizeof(T));
}

/// `size` bytes with `sizeof(T) <= size <= 2 * sizeof(T)`, correct for any overlap.
template <typename T> inline void moveEnds(uint8_t *to, const uint8_t *from, size_t size) {
  T first = load<T>(from), last = load<T>(from + size - sizeof(T));
  store<T>(to, first);
  store<T>(to + size - sizeof(T), last);
}

/// Up to 32 bytes, correct for any overlap.
inline void moveSmall(uint8_t *to, const uint8_t *from, size_t size) {
  if (size >= 16)
    return moveEnds<Vector>(to, from, size);
  if (size >= 8)
    return moveEnds<uint64_t>(to, from, size);
  if (size >= 4)
    return moveEnds<uint32_t>(to, from, size);
  if (size >= 2)
    return moveEnds<uint16_t>(to, from, size);
  if (size)
    *to = *from;
}

/// Whether stores hit, as far as the processor compares addresses at first, what is read next. The
/// string instruction takes up to 20 times as long then (measured on Zen 4).
[[maybe_unused]] inline bool isJustBehind(const uint8_t *to, const uint8_t *from) {
  return ((reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from)) & 4095) - 1 < 15;
}

inline void moveForward(uint8_t *to, const uint8_t *from, size_t size) {
#if defined(__x86_64__)
  if (size >= moveThreshold && !isJustBehind(to, from)) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return;
  }
#endif
  // The last vector is read before anything that overlaps it is written.
  Vector last = load<Vector>(from + size - 16);
  uint8_t *end = to + size - 16;
  while (end - to >= 32) {
    Vector a = load<Vector>(from), b = load<Vector>(from + 16);
    store(to, a);
    store(to + 16, b);
    to += 32;
    from += 32;
  }
  for (; to < end; to += 16, from += 16)
    store(to, load<Vector>(from));
  store(end, last);
}

inline void moveBackward(uint8_t *to, const uint8_t *from, size_t size) {
  Vector first = load<Vector>(from);
  size_t left = size;
  for (; left >= 48; left -= 32) {
    Vector a = load<Vector>(from + left - 16), b = load<Vector>(from + left - 32);
    store(to + left - 16, a);
    store(to + left - 32, b);
  }
  for (; left > 16; left -= 16)
    store(to + left - 16, load<Vector>(from + left - 16));
  store(to, first);
}

} // namespace

extern "C" void *memmove(void *to, const void *from, size_t size) {
  uint8_t *target = static_cast<uint8_t *>(to);
  const uint8_t *source = static_cast<const uint8_t *>(from);
  if (size <= 32)
    moveSmall(target, source, size);
  else if (static_cast<size_t>(target - source) >= size)
    moveForward(target, source, size);
  else
    moveBackward(target, source, size);
  return to;
}

extern "C" void *memcpy(void *to, const void *from, size_t size) {
  uint8_t *target = static_cast<uint8_t *>(to);
  const uint8_t *source = static_cast<const uint8_t *>(from);
  if (size <= 32)
    moveSmall(target, source, size);
  else
    moveForward(target, source, size);
  return to;
}

extern "C" void *memset(void *to, int value, size_t size) {
  uint8_t *target = static_cast<uint8_t *>(to);
  uint8_t byte = static_cast<uint8_t>(value);
  if (size < 16) {
    for (size_t i = 0; i < size; ++i)
      target[i] = byte;
    return to;
  }
#if defined(__x86_64__)
  if (size >= setThreshold) {
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
    return to;
  }
#endif
  Vector all = {};
  all += byte;
  uint8_t *end = target + size - 16;
  for (; target < end; target += 16)
    store(target, all);
  store(end, all);
  return to;
}

extern "C" int memcmp(const void *a, const void *b, size_t size) {
  const uint8_t *left = static_cast<const uint8_t *>(a), *right = static_cast<const uint8_t *>(b);
  for (; size >= 8; left += 8, right += 8, size -= 8) {
    uint64_t x = load<uint64_t>(left), y = load<uint64_t>(right);
    if (x == y)
      continue;
    // Little-endian: the first different byte is the most significant one after a swap.
    return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
  }
  for (; size; ++left, ++right, --size)
    if (*left != *right)
      return *left - *right;
  return 0;
}

extern "C" int bcmp(const void *a, const void *b, size_t size) { return memcmp(a, b, size); }

extern "C" size_t strlen(const char *text) {
  size_t size = 0;
  while (text[size])
    ++size;
  return size;
}
