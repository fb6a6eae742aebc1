//===- strings.cpp - Strings: validation of UTF-8 -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "utf8.h"

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

/// How many bytes at the beginning are well-formed, and whether what follows them is the beginning
/// of a character that the end cuts off.
uint64_t validPrefix(const uint8_t *bytes, uint64_t size, bool &isCut) {
  constexpr uint64_t highBits = 0x8080808080808080ull;
  isCut = false;
  uint64_t i = 0;
  while (i < size) {
    uint64_t word;
    if (size - i >= sizeof(word)) {
      memcpy(&word, bytes + i, sizeof(word));
      if (!(word & highBits)) {
        i += sizeof(word);
        continue;
      }
    }
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    uint8_t low, high;
    unsigned length = sequenceOf(bytes[i], low, high);
    if (!length)
      return i;
    unsigned good = 1;
    while (good < length && i + good < size && bytes[i + good] >= low && bytes[i + good] <= high) {
      low = 0x80;
      high = 0xbf;
      ++good;
    }
    if (good < length) {
      isCut = i + good == size;
      return i;
    }
    i += length;
  }
  return i;
}

} // namespace

extern "C" {

uint32_t tenon_utf8_valid(const uint8_t *bytes, uint64_t size) {
  bool isCut;
  return validPrefix(bytes, size, isCut) == size;
}

[[noreturn]] TENON_COLD void tenon_utf8_trap(const uint8_t *bytes, uint64_t size) {
  bool isCut;
  validPrefix(bytes, size, isCut);
  tenon_trap(isCut ? tenon::rt::IncompleteUTF8 : tenon::rt::InvalidUTF8);
}

} // extern "C"
