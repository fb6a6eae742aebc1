//===- texts.h - What texts are, from character to character --- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference for the kernels for strings: texts in each encoding, and what reading them gives.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_TEST_TEXTS_H
#define TENON_RUNTIME_TEST_TEXTS_H

#include "../src/trap.h"
#include "check.h"

namespace {

enum Encoding { UTF8, UTF16, Latin1 };
constexpr Encoding encodings[] = {UTF8, UTF16, Latin1};
constexpr unsigned mostUnits = 320;

/// A text as code units of 1 or 2 bytes.
struct Text {
  Encoding encoding;
  uint64_t length = 0; ///< code units
  uint8_t bytes[4 * mostUnits] = {};

  unsigned unitBytes() const { return encoding == UTF16 ? 2 : 1; }
  uint64_t size() const { return length * unitBytes(); }
  void unit(uint32_t value) {
    for (unsigned i = 0; i < unitBytes(); ++i)
      bytes[size() + i] = uint8_t(value >> (8 * i));
    ++length;
  }
  uint32_t unitAt(uint64_t i) const {
    return encoding == UTF16 ? bytes[2 * i] | uint32_t(bytes[2 * i + 1]) << 8 : bytes[i];
  }
  void add(uint32_t character) {
    if (encoding == UTF16 && character >= 0x10000) {
      unit(0xd800 + ((character - 0x10000) >> 10));
      unit(0xdc00 + ((character - 0x10000) & 0x3ff));
    } else if (encoding != UTF8 || character < 0x80) {
      unit(character);
    } else {
      unsigned more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
      constexpr uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
      unit(leads[more] | character >> (6 * more));
      for (unsigned i = more; i--;)
        unit(0x80 | (character >> (6 * i) & 0x3f));
    }
  }
};

/// Takes a text apart.
struct Reader {
  const Text &text;
  uint64_t at = 0;
  uint32_t trap = 0; ///< why there is no next character

  bool more() const { return at < text.length && !trap; }
  uint32_t next() {
    uint32_t first = text.unitAt(at);
    if (text.encoding == UTF8)
      return first < 0x80 ? (++at, first) : nextOfUTF8(first);
    if (text.encoding == UTF16 && first >= 0xd800 && first < 0xe000)
      return nextPair(first);
    ++at;
    return first;
  }

private:
  uint32_t nextPair(uint32_t first) {
    uint32_t second = at + 1 < text.length ? text.unitAt(at + 1) : 0;
    if (first >= 0xdc00 || second < 0xdc00 || second >= 0xe000)
      return trap = InvalidUTF16, 0;
    at += 2;
    return 0x10000 + (((first - 0xd800) << 10) | (second - 0xdc00));
  }
  /// A prefix is good if some character begins with it.
  uint32_t nextOfUTF8(uint32_t first) {
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    constexpr uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    trap = InvalidUTF8;
    if (first < 0xc0 || first >= 0xf8)
      return 0;
    uint32_t value = first & (0x3f >> more);
    for (unsigned k = 1; k <= more; ++k) {
      // The characters that begin with what was read are those from here on, so many.
      uint32_t low = value << (6 * (more - k + 1)), count = 1u << (6 * (more - k + 1));
      bool some = low + count > smallest[more] && low <= 0x10ffff &&
                  !(low >= 0xd800 && low + count <= 0xe000);
      if (!some)
        return 0;
      if (at + k == text.length)
        return trap = IncompleteUTF8, 0;
      uint32_t unit = text.unitAt(at + k);
      if (unit >> 6 != 2)
        return 0;
      value = value << 6 | (unit & 0x3f);
    }
    if (value < smallest[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
      return 0;
    trap = 0;
    at += more + 1;
    return value;
  }
};

} // namespace

#endif // TENON_RUNTIME_TEST_TEXTS_H
