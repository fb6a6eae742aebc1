//===- lists.cpp - Lists whose elements are checked -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is stored was looked at in the same register. There is no way out before the end: a trap
// takes the instance with it, so nobody sees what was written by then.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "vectors.h"

namespace tenon::rt::TENON_LEVEL {

/// Vectors that are loaded before any of them is stored. Beyond the first cache eight are up to a
/// tenth faster than four, and sixteen no more.
constexpr unsigned atOnce = 8;

/// CanonicalABI.md#loading, `convert_int_to_bool`.
void list_bool(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; length - i >= atOnce * wide; i += atOnce * wide) {
    WideBytes blocks[atOnce];
    for (unsigned k = 0; k < atOnce; ++k)
      blocks[k] = loadAt<WideBytes>(from + i + k * wide);
    for (unsigned k = 0; k < atOnce; ++k)
      storeAt(to + i + k * wide, __builtin_elementwise_min(blocks[k], WideBytes{} + 1));
  }
  for (; length - i >= wide; i += wide)
    storeAt(to + i, __builtin_elementwise_min(loadAt<WideBytes>(from + i), WideBytes{} + 1));
  for (; length - i >= 16; i += 16)
    storeAt(to + i, __builtin_elementwise_min(loadAt<Bytes16>(from + i), Bytes16{} + 1));
  Bytes16 rest = __builtin_elementwise_min(loadPart(from + i, length - i), Bytes16{} + 1);
  storePart(to + i, rest, length - i);
}

/// Surrogates come last of all that a char can be, so one comparison finds them and what is too
/// large.
template <typename Words> static inline Words chars(Words values) {
  return (values ^ 0xd800) - 0x800;
}

/// CanonicalABI.md#loading, `convert_i32_to_char`.
void list_char(uint32_t *to, const uint32_t *from, uint64_t length) {
  constexpr uint64_t each = wide / 4;
  constexpr uint32_t end = 0x110000 - 0x800;
  WideWords most[2] = {};
  uint64_t i = 0;
  for (; length - i >= atOnce * each; i += atOnce * each) {
    WideWords blocks[atOnce];
    for (unsigned k = 0; k < atOnce; ++k)
      blocks[k] = loadAt<WideWords>(from + i + k * each);
    for (unsigned k = 0; k < atOnce; ++k) {
      most[k % 2] = __builtin_elementwise_max(most[k % 2], chars(blocks[k]));
      storeAt(to + i + k * each, blocks[k]);
    }
  }
  for (; length - i >= each; i += each) {
    WideWords block = loadAt<WideWords>(from + i);
    most[0] = __builtin_elementwise_max(most[0], chars(block));
    storeAt(to + i, block);
  }
  Words4 mostOfRest = {};
  for (; length - i >= 4; i += 4) {
    Words4 block = loadAt<Words4>(from + i);
    mostOfRest = __builtin_elementwise_max(mostOfRest, chars(block));
    storeAt(to + i, block);
  }
  size_t bytes = 4 * (length - i);
  Bytes16 rest = loadPart(reinterpret_cast<const uint8_t *>(from + i), bytes);
  storePart(reinterpret_cast<uint8_t *>(to + i), rest, bytes);
  mostOfRest = __builtin_elementwise_max(mostOfRest, chars(reinterpret_cast<Words4>(rest)));
  WideWords mostOfAll = __builtin_elementwise_max(most[0], most[1]);
  if (max(__builtin_reduce_max(mostOfAll), __builtin_reduce_max(mostOfRest)) >= end)
    tenon_trap(InvalidChar);
}

} // namespace tenon::rt::TENON_LEVEL
