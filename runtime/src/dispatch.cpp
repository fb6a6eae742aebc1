//===- dispatch.cpp - Kernels for the processor at hand -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A branch on one byte; no pointers to functions, so nothing to be set before the program starts,
// and the linker leaves out what is not called.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"

using namespace tenon::rt;

#if defined(__x86_64__)

/// Below, wider vectors gain nothing.
static constexpr uint64_t leastWide = 128;

static inline Level currentLevel(uint64_t length) {
  uint8_t level = __atomic_load_n(&tenon_vector_level, __ATOMIC_RELAXED);
  return level ? static_cast<Level>(level) : levelFor(length);
}

#define KERNEL(result, name, parameters, arguments)                                                \
  extern "C" result tenon_##name parameters {                                                      \
    if (length < leastWide)                                                                        \
      return baseline::name arguments;                                                             \
    switch (currentLevel(length)) {                                                                \
    case Level::Avx512:                                                                            \
      return avx512::name arguments;                                                               \
    case Level::Avx2:                                                                              \
      return avx2::name arguments;                                                                 \
    case Level::Unknown:                                                                           \
    case Level::Baseline:                                                                          \
      break;                                                                                       \
    }                                                                                              \
    return baseline::name arguments;                                                               \
  }

#else

#define KERNEL(result, name, parameters, arguments)                                                \
  extern "C" result tenon_##name parameters { return baseline::name arguments; }

#endif

#include "kernels.def"
