//===- strings.cpp - Well-formed UTF-8 ------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of four vectors are looked at for ASCII, and checked only where they are not. What does
// not fill 16 bytes is taken as a block that ends in zeros, so a character that is cut off is seen
// like any other mistake. What exactly is wrong is asked when the program is going to trap.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "utf8.h"
#include "utf8check.h"

namespace tenon::rt::TENON_LEVEL {

namespace {

/// As much of a text as fills blocks of `Count` vectors, from byte `i` on; where the rest begins.
template <unsigned Count, bool Copies>
uint64_t checkBlocks(uint8_t *to, const uint8_t *from, uint64_t size, uint64_t i, WideBytes &wrong,
                     Bytes16 &wrongBefore) {
  for (; size - i >= Count * wide; i += Count * wide) {
    WideBytes blocks[Count];
    for (unsigned k = 0; k < Count; ++k)
      blocks[k] = loadAt<WideBytes>(from + i + k * wide);
    WideBytes all = blocks[0];
    for (unsigned k = 1; k < Count; ++k)
      all |= blocks[k];
    if (!anySign(all)) {
      if (i)
        wrongBefore |= cutOff(loadAt<Bytes16>(from + i - 16));
    } else {
      wrong |= i ? mistakesAt(from + i, blocks[0]) : mistakesAtBegin(blocks[0]);
      for (unsigned k = 1; k < Count; ++k)
        wrong |= mistakesAt(from + i + k * wide, blocks[k]);
    }
    if constexpr (Copies)
      for (unsigned k = 0; k < Count; ++k)
        storeAt(to + i + k * wide, blocks[k]);
  }
  return i;
}

/// Goes through a text; `Copies`: what was read is written.
template <bool Copies> bool isWellFormed(uint8_t *to, const uint8_t *from, uint64_t size) {
  WideBytes wrong = {};
  Bytes16 wrongBefore = {};
  uint64_t i =
      checkBlocks < 128 / wide<4 ? 4 : 128 / wide, Copies>(to, from, size, 0, wrong, wrongBefore);
  i = checkBlocks<1, Copies>(to, from, size, i, wrong, wrongBefore);
  Utf8Checker checker;
  if (i)
    checker.continueBehind(loadAt<Bytes16>(from + i - 16));
  for (; size - i >= 16; i += 16) {
    Bytes16 block = loadAt<Bytes16>(from + i);
    if constexpr (Copies)
      storeAt(to + i, block);
    checker.add(block);
  }
  Bytes16 rest = loadPart(from + i, size - i);
  if constexpr (Copies)
    storePart(to + i, rest, size - i);
  checker.add(rest);
  return !checker.failed() && !anyBit(wrong) && !anyBit(wrongBefore);
}

} // namespace

uint32_t utf8_valid(const uint8_t *from, uint64_t length) {
  return isWellFormed<false>(nullptr, from, length);
}

void utf8_check(const uint8_t *from, uint64_t length) {
  if (!isWellFormed<false>(nullptr, from, length))
    tenon_utf8_trap(from, length);
}

void utf8_copy(uint8_t *to, const uint8_t *from, uint64_t length) {
  if (!isWellFormed<true>(to, from, length))
    tenon_utf8_trap(from, length);
}

} // namespace tenon::rt::TENON_LEVEL
