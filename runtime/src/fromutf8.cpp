//===- fromutf8.cpp - UTF-8 to UTF-16 and to Latin-1 ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text is taken 16 bytes at a time, wherever characters begin. Each byte makes at most one code
// unit, of itself and its neighbours: a leading byte makes its character, or the high surrogate of
// it; the second byte of four makes the low surrogate. So every lane is computed alike, and the
// lanes that make nothing are squeezed out by a table.
//
// Nothing is read behind the source, nor written behind the last code unit: the last bytes are
// worked on in buffers.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "latin1prefix.h"
#include "squeeze.h"
#include "utf8.h"
#include "utf8check.h"

namespace tenon::rt::TENON_LEVEL {

namespace {

/// What the bytes of half a block make: `here` are they, `next` and `nextButOne` those behind them.
struct HalfBlock {
  Units8 here, next, nextButOne;
};

/// Characters of up to three bytes.
Units8 unitsOf(HalfBlock b) {
  Units8 second = b.next & 0x3f;
  Units8 two = (b.here & 0x1f) << 6 | second;
  Units8 three = b.here << 12 | second << 6 | (b.nextButOne & 0x3f);
  Units8 isAscii = lanesWhere(b.here < 0x80), isThree = lanesWhere(b.here >= 0xe0);
  return (b.here & isAscii) | (three & isThree) | (two & ~(isAscii | isThree));
}

/// The same where characters of four bytes are among them: `afterFour` are the second bytes of
/// those.
Units8 unitsWithSurrogates(HalfBlock b, Units8 afterFour) {
  Units8 isFour = lanesWhere(b.here >= 0xf0);
  Units8 high = 0xd7c0 + ((b.here & 7) << 8 | (b.next & 0x3f) << 2 | (b.nextButOne >> 4 & 3));
  Units8 low = 0xdc00 | (b.next & 0x0f) << 6 | (b.nextButOne & 0x3f);
  return (high & isFour) | (low & afterFour) | (unitsOf(b) & ~(isFour | afterFour));
}

/// Writes what a block makes, up to 16 code units and as much again of nothing; only lanes in
/// `wanted` count. The bytes before the block are the last of `previous`, those behind it stand
/// behind `at`.
uint16_t *storeBlock(uint16_t *to, Bytes16 previous, const uint8_t *at, uint32_t wanted) {
  Bytes16 block = loadAt<Bytes16>(at);
  Bytes16 next = loadAt<Bytes16>(at + 1), nextButOne = loadAt<Bytes16>(at + 2);
  HalfBlock low = {widenLow(block), widenLow(next), widenLow(nextButOne)};
  HalfBlock high = {widenHigh(block), widenHigh(next), widenHigh(nextButOne)};
  Bytes16 makesUnit = lanesWhere(reinterpret_cast<SignedBytes16>(block) >= -64);
  Bytes16 afterFour = lanesWhere(before<1>(previous, block) >= 0xf0);
  uint32_t kept = signsOf(makesUnit | afterFour) & wanted;
  if (!anySign(lanesWhere(block >= 0xf0) | afterFour)) {
    to = storeSqueezed(to, unitsOf(low), kept & 0xff);
    return storeSqueezed(to, unitsOf(high), kept >> 8);
  }
  Bytes16 zeros = {};
  Units8 afterLow = reinterpret_cast<Units8>(
      __builtin_shufflevector(afterFour, zeros, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
  Units8 afterHigh = reinterpret_cast<Units8>(__builtin_shufflevector(
      afterFour, zeros, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15));
  to = storeSqueezed(to, unitsWithSurrogates(low, afterLow), kept & 0xff);
  return storeSqueezed(to, unitsWithSurrogates(high, afterHigh), kept >> 8);
}

/// How many bytes at the beginning are ASCII, in whole blocks of two wide vectors; each is given to
/// `store`.
template <typename Store>
uint64_t asciiBlocks(const uint8_t *from, const uint8_t *end, Store store) {
  const uint8_t *at = from;
  for (; static_cast<uint64_t>(end - at) >= 2 * wide; at += 2 * wide) {
    if (anySign(loadAt<WideBytes>(at) | loadAt<WideBytes>(at + wide)))
      break;
    store(at);
  }
  return static_cast<uint64_t>(at - from);
}

/// While so many bytes are left, all that is written behind the last code unit is written over:
/// they make a code unit for each three.
constexpr uint64_t margin = 16 + 3 * 8;

/// The last bytes, fewer than `margin`.
uint16_t *storeRest(uint16_t *to, const uint8_t *from, uint64_t size, Utf8Checker &checker) {
  uint8_t in[margin + 32] = {};
  uint16_t out[margin + 16];
  uint16_t *at = out;
  memcpy(in, from, size);
  for (uint64_t i = 0; i < size; i += 16) {
    uint32_t wanted = size - i >= 16 ? 0xffff : (1u << (size - i)) - 1;
    Bytes16 previous = checker.lastBlock();
    checker.add(loadAt<Bytes16>(in + i));
    at = storeBlock(at, previous, in + i, wanted);
  }
  memcpy(to, out, sizeof(uint16_t) * static_cast<uint64_t>(at - out));
  return to + (at - out);
}

} // namespace

uint64_t utf8_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  Utf8Checker checker;
  const uint8_t *at = from, *end = from + length;
  uint16_t *out = to;
  while (static_cast<uint64_t>(end - at) >= margin) {
    Bytes16 block = loadAt<Bytes16>(at), previous = checker.lastBlock();
    if (!anySign(block)) {
      checker.addAscii(block);
      storeWide(out, block);
      out += 16;
      at += 16;
      uint64_t ascii = asciiBlocks(at, end, [&](const uint8_t *from) {
        for (unsigned k = 0; k < 4; ++k, out += wide / 2)
          storeAt(out, loadWidened(from + k * wide / 2));
      });
      at += ascii;
      continue; // what ended in ASCII ends in it still
    }
    checker.add(block);
    out = storeBlock(out, previous, at, 0xffff);
    at += 16;
  }
  out = storeRest(out, at, static_cast<uint64_t>(end - at), checker);
  if (checker.failed())
    tenon_utf8_trap(from, length);
  return static_cast<uint64_t>(out - to);
}

/// A block counts when all of it is Latin-1, its last character included, which may end behind it.
uint64_t utf8_latin1_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  const uint8_t *at = from, *end = from + length;
  uint8_t *out = to;
  Bytes16 lead = {};
  while (end - at > 16) {
    Bytes16 block = loadAt<Bytes16>(at), next = loadAt<Bytes16>(at + 1);
    if (!anySign(block)) {
      storeAt(out, block);
      out += 16;
      at += 16;
      lead = Bytes16{};
      at += asciiBlocks(at, end, [&](const uint8_t *from) {
        storeAt(out, loadAt<WideBytes>(from));
        storeAt(out + wide, loadAt<WideBytes>(from + wide));
        out += 2 * wide;
      });
      continue;
    }
    Bytes16 previous = lead;
    lead = lanesWhere((block & 0xfe) == 0xc2);
    Bytes16 continues = lanesWhere((block & 0xc0) == 0x80);
    Bytes16 goesOn = lanesWhere((next & 0xc0) == 0x80);
    Bytes16 isAscii = lanesWhere(block < 0x80);
    bool allFit = !anyBit((continues ^ before<1>(previous, lead)) | (lead & ~goesOn) |
                          ~(isAscii | lead | continues));
    if (!allFit) {
      at += previous[15] & 1;
      lead = previous = Bytes16{};
      break;
    }
    Bytes16 values = (block & ~lead) | (((block << 6) | (next & 0x3f)) & lead);
    out = storeSqueezedBytes(out, values, signsOf(~continues));
    at += 16;
  }
  at += lead[15] & 1;
  return finishLatin1Prefix(to, out, from, at, end);
}

} // namespace tenon::rt::TENON_LEVEL
