//===- strings.cpp - Well-formed UTF-8 ------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of 128 bytes are looked at for ASCII, and checked only where they are not. What does not
// fill a block of 16 is taken as one that ends in zeros, so a character that is cut off is seen
// like any other mistake. What exactly is wrong is asked when the program is going to trap.
//
//===----------------------------------------------------------------------===//

#include "utf8.h"
#include "utf8check.h"

using namespace tenon::rt;

namespace {

/// How many bytes a character takes that starts with `first`, and the range of its second byte
/// (Unicode, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF). 0: none starts
/// so.
unsigned sequenceOf(uint8_t first, uint8_t &low, uint8_t &high) {
  low = 0x80;
  high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf)
    return 2;
  if (first >= 0xe0 && first <= 0xef) {
    low = first == 0xe0 ? 0xa0 : low;
    high = first == 0xed ? 0x9f : high;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    low = first == 0xf0 ? 0x90 : low;
    high = first == 0xf4 ? 0x8f : high;
    return 4;
  }
  return 0;
}

/// Whether the end cuts off the first character of the text that is ill-formed.
bool isCutOff(const uint8_t *bytes, uint64_t size) {
  uint64_t i = 0;
  while (i < size) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    uint8_t low, high;
    unsigned length = sequenceOf(bytes[i], low, high);
    unsigned good = 1;
    while (good < length && i + good < size && bytes[i + good] >= low && bytes[i + good] <= high) {
      low = 0x80;
      high = 0xbf;
      ++good;
    }
    if (good < length)
      return i + good == size;
    if (!length)
      return false;
    i += length;
  }
  return false;
}

/// How many bytes at the beginning are ASCII, in whole blocks of 128; with `Copies` they are
/// written.
template <bool Copies> uint64_t asciiBlocks(uint8_t *to, const uint8_t *from, uint64_t size) {
  uint64_t done = 0;
  for (; size - done >= 128; done += 128) {
    Bytes16 blocks[8];
    for (unsigned i = 0; i < 8; ++i)
      blocks[i] = loadAt<Bytes16>(from + done + 16 * i);
    Bytes16 low = (blocks[0] | blocks[1]) | (blocks[2] | blocks[3]);
    Bytes16 high = (blocks[4] | blocks[5]) | (blocks[6] | blocks[7]);
    if (anySign(low | high))
      break;
    if constexpr (Copies)
      for (unsigned i = 0; i < 8; ++i)
        storeAt(to + done + 16 * i, blocks[i]);
  }
  return done;
}

/// Goes through a text; `Copies`: what was read is written.
template <bool Copies> bool isWellFormed(uint8_t *to, const uint8_t *from, uint64_t size) {
  Utf8Checker checker;
  const uint8_t *end = from + size;
  while (end - from >= 128) {
    uint64_t ascii = asciiBlocks<Copies>(to, from, static_cast<uint64_t>(end - from));
    if (ascii) {
      checker.addAscii(Bytes16{}); // any
      from += ascii;
      to += Copies ? ascii : 0;
      continue;
    }
    for (const uint8_t *last = from + 128; from < last; from += 16) {
      Bytes16 block = loadAt<Bytes16>(from);
      if constexpr (Copies) {
        storeAt(to, block);
        to += 16;
      }
      checker.add(block);
    }
  }
  for (; end - from >= 16; from += 16) {
    Bytes16 block = loadAt<Bytes16>(from);
    if constexpr (Copies) {
      storeAt(to, block);
      to += 16;
    }
    checker.add(block);
  }
  Bytes16 rest = loadPart(from, static_cast<size_t>(end - from));
  if constexpr (Copies)
    storePart(to, rest, static_cast<size_t>(end - from));
  checker.add(rest);
  return !checker.failed();
}

} // namespace

extern "C" {

uint32_t tenon_utf8_valid(const uint8_t *bytes, uint64_t size) {
  return isWellFormed<false>(nullptr, bytes, size);
}

void tenon_utf8_check(const uint8_t *from, uint64_t length) {
  if (!isWellFormed<false>(nullptr, from, length))
    tenon_utf8_trap(from, length);
}

void tenon_utf8_copy(uint8_t *to, const uint8_t *from, uint64_t length) {
  if (!isWellFormed<true>(to, from, length))
    tenon_utf8_trap(from, length);
}

[[noreturn]] TENON_COLD void tenon_utf8_trap(const uint8_t *bytes, uint64_t size) {
  tenon_trap(isCutOff(bytes, size) ? IncompleteUTF8 : InvalidUTF8);
}

} // extern "C"
