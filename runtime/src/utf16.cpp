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

#include "surrogates.h"

using namespace tenon::rt;

namespace {

const uint8_t *bytesAt(const uint16_t *units) { return reinterpret_cast<const uint8_t *>(units); }
uint8_t *bytesAt(uint16_t *units) { return reinterpret_cast<uint8_t *>(units); }

/// Fewer than 8 code units, and zeros.
Units8 loadUnits(const uint16_t *from, size_t count) {
  return reinterpret_cast<Units8>(loadPart(bytesAt(from), 2 * count));
}

/// Copies; traps when ill-formed; the bits that any code unit has.
Units8 copyWellFormed(uint16_t *to, const uint16_t *from, uint64_t length) {
  SurrogateChecker checker;
  Units8 bits = {};
  const uint16_t *end = from + length;
  for (; end - from >= 32; from += 32, to += 32) {
    Units8 blocks[4];
    for (unsigned i = 0; i < 4; ++i)
      blocks[i] = loadAt<Units8>(from + 8 * i);
    Units8 surrogates = {};
    for (unsigned i = 0; i < 4; ++i) {
      storeAt(to + 8 * i, blocks[i]);
      bits |= blocks[i];
      surrogates |= lanesWhere((blocks[i] & 0xf800) == 0xd800);
    }
    if (!anyBit(surrogates)) {
      checker.addPlain();
      continue;
    }
    for (Units8 block : blocks)
      checker.add(block);
  }
  for (; end - from >= 8; from += 8, to += 8) {
    Units8 block = loadAt<Units8>(from);
    storeAt(to, block);
    bits |= block;
    checker.add(block);
  }
  size_t left = static_cast<size_t>(end - from);
  Units8 rest = loadUnits(from, left);
  storePart(bytesAt(to), reinterpret_cast<Bytes16>(rest), 2 * left);
  bits |= rest;
  checker.add(rest);
  if (checker.failed())
    tenon_trap(InvalidUTF16);
  return bits;
}

/// Narrows up to the first code unit that has one of these bits; how many.
uint64_t narrowPrefix(uint8_t *to, const uint16_t *from, uint64_t length, uint16_t bits) {
  uint64_t i = 0;
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

extern "C" {

void tenon_utf16_copy(uint16_t *to, const uint16_t *from, uint64_t length) {
  copyWellFormed(to, from, length);
}

uint32_t tenon_utf16_copy_narrow(uint16_t *to, const uint16_t *from, uint64_t length) {
  if (anyBit(copyWellFormed(to, from, length) & 0xff00))
    return 0;
  // Code unit i is read from byte 2 i on, before anything is written there.
  narrowPrefix(bytesAt(to), to, length, 0xff00);
  return 1;
}

uint64_t tenon_utf16_ascii_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  return narrowPrefix(to, from, length, 0xff80);
}

uint64_t tenon_utf16_latin1_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  return narrowPrefix(to, from, length, 0xff00);
}

uint64_t tenon_latin1_ascii_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
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

void tenon_latin1_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
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
void tenon_latin1_inflate(uint8_t *bytes, uint64_t length) {
  for (; length >= 16; length -= 16)
    storeWide(bytes + 2 * (length - 16), loadAt<Bytes16>(bytes + length - 16));
  Bytes16 rest = loadPart(bytes, length);
  uint8_t copy[16];
  storeAt(copy, rest);
  tenon_latin1_to_utf16(reinterpret_cast<uint16_t *>(bytes), copy, length);
}

} // extern "C"
