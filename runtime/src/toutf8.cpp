//===- toutf8.cpp - UTF-16 and Latin-1 to UTF-8 ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text is taken 8 code units at a time, wherever characters begin. Each code unit makes up to
// three bytes, of itself and the one before it: a high surrogate makes the first two bytes of four,
// a low one the last two. So every lane is computed alike, and the bytes that are not needed are
// squeezed out by tables.
//
// Nothing is read behind the source, nor written behind the last byte: the last code units are
// worked on in buffers.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "squeeze.h"
#include "surrogates.h"

namespace tenon::rt::TENON_LEVEL {

namespace {

/// Bit i: lane i is all ones.
uint32_t bitsOf(Units8 lanes) { return signsOf(narrow(lanes, Units8{})) & 0xff; }

/// Lanes below 0x80 in `isAscii`, the others below 0x800: their one or two bytes each.
Units8 firstTwoBytes(Units8 units, Units8 isAscii) {
  Units8 two = 0x80c0 | units >> 6 | (units & 0x3f) << 8;
  return (units & isAscii) | (two & ~isAscii);
}

/// Up to 16 bytes; where the next go.
uint8_t *storeOneOrTwo(uint8_t *to, Units8 units) {
  Units8 isAscii = lanesWhere(units < 0x80);
  uint32_t two = bitsOf(~isAscii);
  Bytes16 bytes = reinterpret_cast<Bytes16>(firstTwoBytes(units, isAscii));
  storeAt(to, lookUp(bytes, loadAt<Bytes16>(oneOrTwoTable.shuffles[two])));
  return to + 8 + __builtin_popcount(two);
}

uint8_t *storeFour(uint8_t *to, Units8 pairs, uint32_t set) {
  Bytes16 shuffle = loadAt<Bytes16>(upToThreeTable.shuffles[set]);
  storeAt(to, lookUp(reinterpret_cast<Bytes16>(pairs), shuffle));
  return to + 4 + __builtin_popcount(set);
}

/// Up to 24 bytes, and as much again of nothing up to 28; where the next go.
uint8_t *storeUpToThree(uint8_t *to, Units8 previous, Units8 units) {
  Units8 isAscii = lanesWhere(units < 0x80), isTwo = lanesWhere(units < 0x800) & ~isAscii;
  Units8 isHigh = lanesWhere((units & 0xfc00) == 0xd800);
  Units8 isLow = lanesWhere((units & 0xfc00) == 0xdc00);
  Units8 isThree = ~(isAscii | isTwo | isHigh | isLow);

  Units8 three = 0x80e0 | units >> 12 | (units >> 6 & 0x3f) << 8;
  Units8 plane = (units & 0x3ff) + 0x40;
  Units8 high = 0x80f0 | plane >> 8 | (plane >> 2 & 0x3f) << 8;
  Units8 low =
      0x8080 | (before<1>(previous, units) & 3) << 4 | (units >> 6 & 0x0f) | (units & 0x3f) << 8;
  Units8 firstTwo = (firstTwoBytes(units, isAscii) & (isAscii | isTwo)) | (three & isThree) |
                    (high & isHigh) | (low & isLow);
  Units8 third = 0x80 | (units & 0x3f);

  // Bits 2 i and 2 i + 1 of lane i: a second byte, a third one.
  uint32_t set = signsOf(reinterpret_cast<Bytes16>((~isAscii & 0x00ff) | (isThree & 0xff00)));
  Units8 lowPairs = __builtin_shufflevector(firstTwo, third, 0, 8, 1, 9, 2, 10, 3, 11);
  Units8 highPairs = __builtin_shufflevector(firstTwo, third, 4, 12, 5, 13, 6, 14, 7, 15);
  to = storeFour(to, lowPairs, set & 0xff);
  return storeFour(to, highPairs, set >> 8);
}

/// While so many code units are left, all that is written behind the last byte is written over.
constexpr uint64_t margin = 8 + 16;

/// The last code units, fewer than `margin`.
uint8_t *storeRest(uint8_t *to, Units8 previous, const Units8 *blocks, uint64_t count) {
  uint8_t out[3 * margin + 16];
  uint8_t *at = out;
  for (uint64_t i = 0; i < count; i += 8) {
    at = storeUpToThree(at, previous, blocks[i / 8]);
    previous = blocks[i / 8];
  }
  at -= alignTo(count, 8) - count; // each of the zeros has become a byte
  memcpy(to, out, static_cast<uint64_t>(at - out));
  return to + (at - out);
}

} // namespace

uint64_t utf16_to_utf8(uint8_t *to, const uint16_t *from, uint64_t length) {
  SurrogateChecker checker;
  Units8 previous = {};
  uint8_t *out = to;
  uint64_t i = 0;
  while (length - i >= margin) {
    Units8 units = loadAt<Units8>(from + i), following = loadAt<Units8>(from + i + 8);
    if (!anyBit((units | following) & 0xff80)) {
      storeAt(out, narrow(units, following));
      out += 16;
      checker.addPlain();
      previous = following;
      i += 16;
      continue;
    }
    if (!anyBit(units & 0xf800)) {
      out = storeOneOrTwo(out, units);
      checker.addPlain();
    } else {
      out = storeUpToThree(out, previous, units);
      checker.add(units);
    }
    previous = units;
    i += 8;
  }
  Units8 rest[margin / 8 + 1] = {};
  memcpy(rest, from + i, 2 * (length - i));
  for (Units8 block : rest)
    checker.add(block);
  if (checker.failed())
    tenon_trap(InvalidUTF16);
  out = storeRest(out, previous, rest, length - i);
  return static_cast<uint64_t>(out - to);
}

uint64_t latin1_to_utf8(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint8_t *out = to;
  uint64_t i = 0;
  while (length - i >= margin + 8) {
    Bytes16 block = loadAt<Bytes16>(from + i);
    if (!anySign(block)) {
      storeAt(out, block);
      out += 16;
    } else {
      out = storeOneOrTwo(out, widenLow(block));
      out = storeOneOrTwo(out, widenHigh(block));
    }
    i += 16;
  }
  while (length - i >= margin) {
    Bytes16 block = loadPart(from + i, 8);
    out = storeOneOrTwo(out, widenLow(block));
    i += 8;
  }
  uint8_t bytes[margin + 24] = {};
  Units8 rest[margin / 8 + 1];
  memcpy(bytes, from + i, length - i);
  for (unsigned k = 0; k < margin / 8 + 1; ++k)
    rest[k] = widenLow(loadAt<Bytes16>(bytes + 8 * k));
  out = storeRest(out, Units8{}, rest, length - i);
  return static_cast<uint64_t>(out - to);
}

} // namespace tenon::rt::TENON_LEVEL
