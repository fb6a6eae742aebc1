//===- utf8check.h - Finding ill-formed UTF-8 by vectors ------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The method of Keiser and Lemire ("Validating UTF-8 in less than one instruction per byte", 2021).
// Whatever is wrong with two bytes in a row shows in the first byte and the upper half of the
// second. Each kind of mistake has a bit; three tables, one for each half byte, have it set where
// that half byte could be part of it; it is one where all three say so. What is left is whether the
// third and fourth bytes of characters are there, which the bytes two and three before a
// continuation say.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_UTF8CHECK_H
#define TENON_RUNTIME_UTF8CHECK_H

#include "vectors.h"

namespace tenon::rt::TENON_LEVEL {

/// Sets of half bytes, as bits, that together are a mistake.
struct Utf8Mistake {
  uint16_t firstHigh, firstLow, secondHigh;
};

constexpr uint16_t halves(unsigned from, unsigned to) {
  return uint16_t((1u << (to + 1)) - (1u << from));
}

inline constexpr uint16_t anyHalf = halves(0, 15), asciiHalf = halves(0, 7),
                          contHalf = halves(8, 11);

/// The mistake with the bit 0x80, two continuations in a row, is none where a character goes on.
inline constexpr Utf8Mistake utf8Mistakes[8] = {
    {halves(12, 15), anyHalf, uint16_t(asciiHalf | halves(12, 15))}, // a character is cut off
    {asciiHalf, anyHalf, contHalf},                                  // one continues that is over
    {halves(14, 14), halves(0, 0), halves(8, 9)},                    // overlong, three bytes
    {halves(14, 14), halves(13, 13), halves(10, 11)},                // a surrogate
    {halves(12, 12), halves(0, 1), contHalf},                        // overlong, two bytes
    {halves(15, 15), halves(4, 15), halves(9, 11)},                  // above U+10FFFF
    {halves(15, 15), uint16_t(halves(0, 0) | halves(5, 15)), halves(8, 8)}, // overlong; or above
    {contHalf, anyHalf, contHalf},
};

/// For each half byte the mistakes that it can be part of, at this place.
constexpr Bytes16 mistakeTable(uint16_t Utf8Mistake::*place) {
  uint8_t table[16] = {};
  for (unsigned half = 0; half < 16; ++half)
    for (unsigned mistake = 0; mistake < 8; ++mistake)
      if (utf8Mistakes[mistake].*place >> half & 1)
        table[half] |= uint8_t(1u << mistake);
  return Bytes16{table[0],  table[1],  table[2],  table[3], table[4],  table[5],
                 table[6],  table[7],  table[8],  table[9], table[10], table[11],
                 table[12], table[13], table[14], table[15]};
}

/// The mistakes in a block, whose `first` bytes are those one before, and so on.
template <typename Vector>
inline Vector mistakesIn(Vector block, Vector first, Vector twoBefore, Vector threeBefore) {
  constexpr Bytes16 firstHigh = mistakeTable(&Utf8Mistake::firstHigh);
  constexpr Bytes16 firstLow = mistakeTable(&Utf8Mistake::firstLow);
  constexpr Bytes16 secondHigh = mistakeTable(&Utf8Mistake::secondHigh);
  Vector mistakes = lookUp(firstHigh, first >> 4) & lookUp(firstLow, first & 0x0f) &
                    lookUp(secondHigh, block >> 4);
  // The sign is set from 0xe0, and from 0xf0, on.
  Vector continues = __builtin_elementwise_sub_sat(twoBefore, Vector{} + (0xe0 - 0x80)) |
                     __builtin_elementwise_sub_sat(threeBefore, Vector{} + (0xf0 - 0x80));
  return mistakes ^ (continues & 0x80);
}

/// The same where the bytes before it are in memory: loads cost less than shuffles.
inline WideBytes mistakesAt(const uint8_t *at, WideBytes block) {
  return mistakesIn(block, loadAt<WideBytes>(at - 1), loadAt<WideBytes>(at - 2),
                    loadAt<WideBytes>(at - 3));
}
/// And where nothing is before it.
inline WideBytes mistakesAtBegin(WideBytes block) {
  WideBytes none = {};
  return mistakesIn(block, before<1>(none, block), before<2>(none, block), before<3>(none, block));
}

/// Not zero where the block begins a character that does not end in it.
inline Bytes16 cutOff(Bytes16 block) {
  constexpr Bytes16 most = {255, 255, 255, 255, 255, 255,  255,  255,
                            255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};
  return __builtin_elementwise_sub_sat(block, most);
}

/// Takes a text in blocks of 16 bytes and remembers whether something was wrong.
class Utf8Checker {
public:
  void add(Bytes16 block) {
    if (!anySign(block))
      return addAscii(block);
    wrong |=
        mistakesIn(block, before<1>(last, block), before<2>(last, block), before<3>(last, block));
    last = block;
  }

  /// A block in which no byte is above 0x7f.
  void addAscii(Bytes16 block) {
    wrong |= cutOff(last);
    last = block;
  }

  /// Goes on behind what was checked otherwise, and ended with `block`.
  void continueBehind(Bytes16 block) { last = block; }

  /// Whether the text, with nothing more behind it, is ill-formed.
  bool failed() const { return anyBit(wrong | cutOff(last)); }

  Bytes16 lastBlock() const { return last; }

private:
  Bytes16 last = {}, wrong = {};
};

} // namespace tenon::rt::TENON_LEVEL

#endif // TENON_RUNTIME_UTF8CHECK_H
