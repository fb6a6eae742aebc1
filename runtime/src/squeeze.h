//===- squeeze.h - Squeezing lanes out of vectors ------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shuffles by table, for the kernels in which lanes make different numbers of bytes. The tables are
// computed by the compiler; all levels share them.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_SQUEEZE_H
#define TENON_RUNTIME_SQUEEZE_H

#include "vectors.h"

namespace tenon::rt {

struct ShuffleTable {
  uint8_t shuffles[256][16];
};

/// For each set of 8 lanes of two bytes: their bytes, one behind the other.
constexpr ShuffleTable makeSqueezeTable() {
  ShuffleTable table = {};
  for (unsigned set = 0; set < 256; ++set) {
    unsigned at = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      if (set >> lane & 1) {
        table.shuffles[set][at++] = uint8_t(2 * lane);
        table.shuffles[set][at++] = uint8_t(2 * lane + 1);
      }
    }
    while (at < 16)
      table.shuffles[set][at++] = 0x80;
  }
  return table;
}

inline constexpr ShuffleTable squeezeTable = makeSqueezeTable();

/// For each set of 8 lanes of two bytes: the first byte of all, and the second of those in the set.
constexpr ShuffleTable makeOneOrTwoTable() {
  ShuffleTable table = {};
  for (unsigned set = 0; set < 256; ++set) {
    unsigned at = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      table.shuffles[set][at++] = uint8_t(2 * lane);
      if (set >> lane & 1)
        table.shuffles[set][at++] = uint8_t(2 * lane + 1);
    }
    while (at < 16)
      table.shuffles[set][at++] = 0x80;
  }
  return table;
}

/// For 4 lanes of four bytes: the first byte of all; the second of those whose even bit (2 i) is
/// set, the third of those whose odd bit (2 i + 1) is.
constexpr ShuffleTable makeUpToThreeTable() {
  ShuffleTable table = {};
  for (unsigned set = 0; set < 256; ++set) {
    unsigned at = 0;
    for (unsigned lane = 0; lane < 4; ++lane) {
      table.shuffles[set][at++] = uint8_t(4 * lane);
      if (set >> (2 * lane) & 1)
        table.shuffles[set][at++] = uint8_t(4 * lane + 1);
      if (set >> (2 * lane + 1) & 1)
        table.shuffles[set][at++] = uint8_t(4 * lane + 2);
    }
    while (at < 16)
      table.shuffles[set][at++] = 0x80;
  }
  return table;
}

inline constexpr ShuffleTable oneOrTwoTable = makeOneOrTwoTable();
inline constexpr ShuffleTable upToThreeTable = makeUpToThreeTable();

} // namespace tenon::rt

namespace tenon::rt::TENON_LEVEL {

inline Units8 squeeze(Units8 units, uint32_t kept) {
  Bytes16 shuffle = loadAt<Bytes16>(squeezeTable.shuffles[kept]);
  return reinterpret_cast<Units8>(lookUp(reinterpret_cast<Bytes16>(units), shuffle));
}

/// Stores the lanes in `kept`, one behind the other, and anything up to 8; where the next go.
inline uint16_t *storeSqueezed(uint16_t *to, Units8 units, uint32_t kept) {
  storeAt(to, squeeze(units, kept));
  return to + __builtin_popcount(kept);
}

/// Stores the bytes in `kept`, one behind the other, and nothing else; where the next go.
inline uint8_t *storeSqueezedBytes(uint8_t *to, Bytes16 bytes, uint32_t kept) {
  auto firstWord = [](Units8 units) {
    return reinterpret_cast<Words2>(narrow(units, Units8{}))[0];
  };
  unsigned lowCount = static_cast<unsigned>(__builtin_popcount(kept & 0xff));
  unsigned count = static_cast<unsigned>(__builtin_popcount(kept));
  typedef unsigned __int128 Word128;
  Word128 all = Word128(firstWord(squeeze(widenHigh(bytes), kept >> 8))) << (8 * lowCount) |
                firstWord(squeeze(widenLow(bytes), kept & 0xff));
  if (count == 16)
    storeAt(to, all);
  else
    storePart(to, uint64_t(all), uint64_t(all >> 64), count);
  return to + count;
}

} // namespace tenon::rt::TENON_LEVEL

#endif // TENON_RUNTIME_SQUEEZE_H
