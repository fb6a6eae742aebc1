//===- utf8trap.cpp - What is wrong with UTF-8 -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asked when the program is going to trap, so it goes from character to character.
//
//===----------------------------------------------------------------------===//

#include "utf8.h"

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

} // namespace

extern "C" [[noreturn]] TENON_COLD void tenon_utf8_trap(const uint8_t *bytes, uint64_t size) {
  tenon_trap(isCutOff(bytes, size) ? IncompleteUTF8 : InvalidUTF8);
}
