//===- levels.cpp - What the processor has --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Under a hypervisor each CPUID costs some microseconds (7 were measured): so it is not asked
// before about as much time could have been saved.
//
//===----------------------------------------------------------------------===//

#include "levels.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace tenon::rt;

constinit uint8_t tenon_vector_level = static_cast<uint8_t>(Level::Unknown);

namespace {

/// So many elements go through the baseline's kernels first: they would have saved a nanosecond for
/// each 10 to 100.
constexpr uint64_t worthAsking = 128 << 10;
constinit uint64_t elements = 0;

#if defined(__x86_64__)
/// The registers that the operating system saves and restores (XCR0).
uint64_t savedRegisters() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

bool hasAll(uint64_t bits, uint64_t wanted) { return (bits & wanted) == wanted; }

Level askProcessor() {
  constexpr uint64_t sseAndAvx = 0x6, masksAndZmm = 0xe0;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !hasAll(c, bit_OSXSAVE | bit_AVX | bit_FMA | bit_F16C))
    return Level::Baseline;
  uint64_t saved = savedRegisters();
  if (!hasAll(saved, sseAndAvx) || !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !hasAll(b, bit_AVX2))
    return Level::Baseline;
  bool hasAvx512 = hasAll(saved, masksAndZmm) &&
                   hasAll(b, uint64_t{bit_AVX512F} | bit_AVX512BW | bit_AVX512VL) &&
                   hasAll(c, bit_AVX512VBMI | bit_AVX512VBMI2);
  return hasAvx512 ? Level::Avx512 : Level::Avx2;
}
#else
Level askProcessor() { return Level::Baseline; }
#endif

} // namespace

Level tenon::rt::findLevel() {
  Level level = askProcessor();
  __atomic_store_n(&tenon_vector_level, static_cast<uint8_t>(level), __ATOMIC_RELAXED);
  return level;
}

/// Threads may lose some of each other's count.
Level tenon::rt::levelFor(uint64_t length) {
  uint64_t seen = __atomic_load_n(&elements, __ATOMIC_RELAXED);
  if (length >= worthAsking - seen)
    return findLevel();
  __atomic_store_n(&elements, seen + length, __ATOMIC_RELAXED);
  return Level::Baseline;
}
