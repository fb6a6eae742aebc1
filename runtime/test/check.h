//===- check.h - A test program without a libc ---------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test is a program of the runtime like any other: it defines `tenon_program_info` and calls host
// functions by their names. It ends with the number of failed checks.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_TEST_CHECK_H
#define TENON_RUNTIME_TEST_CHECK_H

#include "../src/print.h"
#include "../src/stat.h"
#include "../src/streams.h"
#include "../src/syscall.h"
#include "../src/wasi.h"
#include "tenon-abi/program.h"

using namespace tenon::rt;

inline int failures = 0;

inline void checkFailed(const char *text, int line, uint64_t left, uint64_t right) {
  ++failures;
  Printer out(2);
  (out << "line ").decimal(static_cast<uint64_t>(line)) << ": " << text << " (";
  (out.decimal(left) << ", ").decimal(right) << ")\n";
}

#define CHECK(condition)                                                                           \
  if (!(condition))                                                                                \
  checkFailed(#condition, __LINE__, 0, 0)
#define CHECK_EQUAL(a, b)                                                                          \
  if (uint64_t left = static_cast<uint64_t>(a), right = static_cast<uint64_t>(b); left != right)   \
  checkFailed(#a " == " #b, __LINE__, left, right)

inline bool equals(Bytes bytes, const char *text) {
  return bytes.size == strlen(text) && !memcmp(bytes.data, text, bytes.size);
}
inline const uint8_t *data(const char *text) { return reinterpret_cast<const uint8_t *>(text); }

/// Declares a host function under the name that generated code uses.
#define HOST_FUNCTION(name, result, function, ...)                                                 \
  extern "C" result function(__VA_ARGS__) __asm__(name)

#endif // TENON_RUNTIME_TEST_CHECK_H
