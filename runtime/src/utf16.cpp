//===- utf16.cpp - UTF-16 and Latin-1, one to the other -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Widening and narrowing, and copies of UTF-16 that find surrogates that stand alone.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "surrogates.h"

namespace tenon::rt::TENON_LEVEL {

namespace {

constexpr uint64_t wideUnits = wide / 2;

const uint8_t *bytesAt(const uint16_t *units) { return reinterpret_cast<const uint8_t *>(units); }
uint8_t *bytesAt(uint16_t *units) { return reinterpret_cast<uint8_t *>(units); }

/// Fewer than 8 code units, and zeros.
Units8 loadUnits(const uint16_t *from, size_t count) {
  return reinterpret_cast<Units8>(loadPart(bytesAt(from), 2 * count));
}

/// Copies blocks of four vectors and finds surrogates that stand alone.
struct BlockCopy {
  WideUnits wrong = {}, bits = {};
  bool isCut = false; ///< a high surrogate stood at the end of a block, before one without

  /// How many code units.
  uint64_t run(uint16_t *to, const uint16_t *from, uint64_t length) {
    uint64_t i = 0;
    for (; length - i >= 4 * wideUnits; i += 4 * wideUnits) {
      WideUnits blocks[4], surrogates = {};
      for (unsigned k = 0; k < 4; ++k)
        blocks[k] = loadAt<WideUnits>(from + i + k * wideUnits);
      for (unsigned k = 0; k < 4; ++k) {
        bits |= blocks[k];
        surrogates |= lanesWhere((blocks[k] & 0xf800) == 0xd800);
        storeAt(to + i + k * wideUnits, blocks[k]);
      }
      if (anyBit(surrogates))
        check(blocks, from + i, i == 0);
      else if (i)
        isCut |= (loadAt<uint16_t>(from + i - 1) & 0xfc00) == 0xd800;
    }
    return i;
  }

private:
  void check(const WideUnits (&blocks)[4], const uint16_t *at, bool isFirst) {
    WideUnits previous = isFirst ? before<1>(WideUnits{}, blocks[0]) : loadAt<WideUnits>(at - 1);
    wrong |= loneSurrogates(blocks[0], previous);
    for (unsigned k = 1; k < 4; ++k)
      wrong |= loneSurrogates(blocks[k], loadAt<WideUnits>(at + k * wideUnits - 1));
  }
};

/// Copies; traps when ill-formed; the bits that any code unit has.
uint16_t copyWellFormed(uint16_t *to, const uint16_t *from, uint64_t length) {
  BlockCopy copy;
  uint64_t i = copy.run(to, from, length);
  SurrogateChecker checker;
  if (i)
    checker.continueBehind(loadAt<Units8>(from + i - 8));
  Units8 bits = {};
  for (; length - i >= 8; i += 8) {
    Units8 block = loadAt<Units8>(from + i);
    storeAt(to + i, block);
    bits |= block;
    checker.add(block);
  }
  Units8 rest = loadUnits(from + i, length - i);
  storePart(bytesAt(to + i), reinterpret_cast<Bytes16>(rest), 2 * (length - i));
  checker.add(rest);
  if (checker.failed() || copy.isCut || anyBit(copy.wrong))
    tenon_trap(InvalidUTF16);
  return uint16_t(__builtin_reduce_or(copy.bits) | __builtin_reduce_or(bits | rest));
}

/// Narrows up to the first code unit that has one of these bits; how many.
uint64_t narrowPrefix(uint8_t *to, const uint16_t *from, uint64_t length, uint16_t bits) {
  uint64_t i = 0;
  for (; length - i >= 2 * wideUnits; i += 2 * wideUnits) {
    WideUnits low = loadAt<WideUnits>(from + i), high = loadAt<WideUnits>(from + i + wideUnits);
    if (anyBit((low | high) & bits))
      break;
    storeAt(to + i, narrow(low, high));
  }
  for (; length - i >= 16; i += 16) {
    Units8 low = loadAt<Units8>(from + i), high = loadAt<Units8>(from + i + 8);
    if (anyBit((low | high) & bits))
      break;
    storeAt(to + i, narrow(low, high));
  }
  if (length - i >= 8) {
    Units8 units = loadAt<Units8>(from + i), none = {};
    if (!anyBit(units & bits)) {
      storePart(to + i, narrow(units, none), 8);
      i += 8;
    }
  }
  for (; i < length; ++i) {
    uint16_t unit = loadAt<uint16_t>(from + i);
    if (unit & bits)
      break;
    to[i] = uint8_t(unit);
  }
  return i;
}

} // namespace

void utf16_copy(uint16_t *to, const uint16_t *from, uint64_t length) {
  copyWellFormed(to, from, length);
}

uint32_t utf16_copy_narrow(uint16_t *to, const uint16_t *from, uint64_t length) {
  if (copyWellFormed(to, from, length) & 0xff00)
    return 0;
  // Code unit i is read from byte 2 i on, before anything is written there.
  narrowPrefix(bytesAt(to), to, length, 0xff00);
  return 1;
}

uint64_t utf16_ascii_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  return narrowPrefix(to, from, length, 0xff80);
}

uint64_t utf16_latin1_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  return narrowPrefix(to, from, length, 0xff00);
}

uint64_t latin1_ascii_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; length - i >= 2 * wide; i += 2 * wide) {
    WideBytes low = loadAt<WideBytes>(from + i), high = loadAt<WideBytes>(from + i + wide);
    if (anySign(low | high))
      break;
    storeAt(to + i, low);
    storeAt(to + i + wide, high);
  }
  for (; length - i >= 16; i += 16) {
    Bytes16 block = loadAt<Bytes16>(from + i);
    uint32_t signs = signsOf(block);
    if (signs) {
      unsigned ascii = static_cast<unsigned>(__builtin_ctz(signs));
      storePart(to + i, block, ascii);
      return i + ascii;
    }
    storeAt(to + i, block);
  }
  Bytes16 rest = loadPart(from + i, length - i);
  uint32_t signs = signsOf(rest) | 1u << (length - i);
  unsigned ascii = static_cast<unsigned>(__builtin_ctz(signs));
  storePart(to + i, rest, ascii);
  return i + ascii;
}

void latin1_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; length - i >= 2 * wide; i += 2 * wide)
    for (unsigned k = 0; k < 4; ++k)
      storeAt(to + i + k * wideUnits, loadWidened(from + i + k * wideUnits));
  for (; length - i >= 16; i += 16)
    storeWide(to + i, loadAt<Bytes16>(from + i));
  Bytes16 rest = loadPart(from + i, length - i);
  uint64_t left = length - i;
  if (left >= 8) {
    storeAt(to + i, widenLow(rest));
    storePart(bytesAt(to + i + 8), reinterpret_cast<Bytes16>(widenHigh(rest)), 2 * (left - 8));
  } else {
    storePart(bytesAt(to + i), reinterpret_cast<Bytes16>(widenLow(rest)), 2 * left);
  }
}

/// From the end: what is written has been read, or stands behind what is still to be read.
void latin1_inflate(uint8_t *bytes, uint64_t length) {
  for (; length >= wide; length -= wide) {
    WideUnits low = loadWidened(bytes + length - wide);
    WideUnits high = loadWidened(bytes + length - wideUnits);
    storeAt(bytes + 2 * (length - wide), low);
    storeAt(bytes + 2 * (length - wideUnits), high);
  }
  for (; length >= 16; length -= 16)
    storeWide(bytes + 2 * (length - 16), loadAt<Bytes16>(bytes + length - 16));
  Bytes16 rest = loadPart(bytes, length);
  uint8_t copy[16];
  storeAt(copy, rest);
  latin1_to_utf16(reinterpret_cast<uint16_t *>(bytes), copy, length);
}

} // namespace tenon::rt::TENON_LEVEL
