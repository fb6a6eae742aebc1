//===- offsets.h - Where functions begin in their modules -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines of the line table count bytes from the start of a function's body, plus one. The section
// `.tenon.offsets`, which is not loaded, has where each body begins in its module's code section:
// an array of `tenon_code_offset` in no particular order. Only trap reports read it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_OFFSETS_H
#define TENON_ABI_OFFSETS_H

#include <stdint.h>

#define TENON_OFFSETS_SECTION ".tenon.offsets"
#define TENON_OFFSETS_HASH_START 0xcbf29ce484222325u

struct tenon_code_offset {
  uint64_t symbol; ///< hash of the function's symbol
  uint64_t offset;
};

/// FNV-1a, continued from `hash`. A guest can make two symbols with the same hash; it gains a wrong
/// offset in the report of its own trap.
static inline uint64_t tenon_hash_symbol(uint64_t hash, const char *text, uint64_t size) {
  for (uint64_t i = 0; i < size; ++i)
    hash = (hash ^ (uint8_t)text[i]) * 0x100000001b3u;
  return hash;
}

#endif // TENON_ABI_OFFSETS_H
