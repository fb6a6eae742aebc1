//===- levels.h - Instruction sets that kernels are compiled for -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels are compiled once for what programs are compiled for and, on x86-64, once more for each
// level that a processor may have beyond that; all give the same results. Whatever such a file
// defines stands in the namespace of its level, headers included: nothing of it may be taken by the
// linker for code that runs everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_LEVELS_H
#define TENON_RUNTIME_LEVELS_H

#include "base.h"

/// The level that a file is being compiled for, and the bytes of its vectors.
#if defined(__AVX512VBMI2__)
#define TENON_LEVEL avx512
#define TENON_WIDE 64
#elif defined(__AVX2__)
#define TENON_LEVEL avx2
#define TENON_WIDE 32
#else
#define TENON_LEVEL baseline
#define TENON_WIDE 16
#endif

namespace tenon::rt {

/// Each includes those before it. Avx512 is what processors since Ice Lake and Zen 4 have of it: F,
/// BW, VL, VBMI and VBMI2.
enum class Level : uint8_t { Unknown, Baseline, Avx2, Avx512 };

/// Asks the processor, and whether the operating system keeps these registers; remembers the
/// answer.
[[gnu::cold]] Level findLevel();
/// What to call for so many elements as long as nobody has asked: asks when it has become worth it.
[[gnu::cold]] Level levelFor(uint64_t length);

} // namespace tenon::rt

/// The level that kernels are called for, a `Level`; tests set it to one that is there. Threads
/// that ask at the same time find the same.
extern "C" uint8_t tenon_vector_level;

#endif // TENON_RUNTIME_LEVELS_H
