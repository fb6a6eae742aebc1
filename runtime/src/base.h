//===- base.h - Words shared by the whole runtime ------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime is freestanding: no libc, no static constructors, no thread-local storage, one
// thread. Its functions may be inlined into generated code (they also ship as bitcode), so whatever
// a host function refers to has external linkage: no `static` data, no anonymous namespaces around
// it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_BASE_H
#define TENON_RUNTIME_BASE_H

#include <stddef.h>
#include <stdint.h>

/// The rarely taken half of a host function: never inlined, laid out away from the rest.
#define TENON_COLD [[gnu::noinline, gnu::cold]]

/// Defines a host function under its WASI name (docs/Architecture.md, "The boundary to the host").
/// It is inlined into the adapters that call it, which offer the inliner a large budget; slow
/// halves are TENON_COLD, so that what is inlined stays small.
#define TENON_HOST(name, result, function, ...)                                                    \
  extern "C" result function(__VA_ARGS__) __asm__(name);                                           \
  extern "C" result function(__VA_ARGS__)

extern "C" {
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
[[noreturn]] void tenon_trap(uint32_t kind);
}

namespace tenon::rt {

enum Trap : uint32_t {
#define TRAP(name, code, text) name = code,
#include "tenon-abi/traps.def"
#undef TRAP
};

/// `list<u8>` and `string` as the boundary passes them.
struct Bytes {
  const uint8_t *data;
  uint64_t size;
};

template <typename T> inline T min(T a, T b) { return a < b ? a : b; }
template <typename T> inline T max(T a, T b) { return a > b ? a : b; }

inline uint64_t alignTo(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/// Prints a message about the program's surroundings and ends it with status 1.
[[noreturn, gnu::cold]] void fatal(const char *what, const char *which = nullptr, int error = 0);

} // namespace tenon::rt

#endif // TENON_RUNTIME_BASE_H
