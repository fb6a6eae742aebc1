//===- fromutf8_avx512.cpp - UTF-8 to UTF-16 and to Latin-1 ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As fromutf8.cpp, 64 bytes at a time: what bytes are is masks of 64 bits, and the processor itself
// squeezes out the lanes that make nothing. The last bytes are loaded and stored under masks, so
// nothing is read behind the source, nor written behind the last code unit.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "latin1prefix.h"
#include "utf8.h"
#include "utf8check.h"

namespace tenon::rt::avx512 {

namespace {

/// What bytes are, bit i: byte i.
struct ByteKinds {
  uint64_t notAscii, makesUnit, three, four;

  explicit ByteKinds(__m512i block)
      : notAscii(_mm512_movepi8_mask(block)),
        makesUnit(_mm512_cmpgt_epi8_mask(block, _mm512_set1_epi8(-65))),
        three(_mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(char(0xe0)))),
        four(_mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(char(0xf0)))) {}

  /// Not zero: a character begins in the block, and does not end in it.
  uint64_t open() const { return (makesUnit & notAscii) >> 63 | three >> 62 | four >> 61; }
};

/// For each of 32 bytes, itself and the next one; and the one behind that, twice.
alignas(64) constexpr uint8_t pairIndices[64] = {
    0,  1,  1,  2,  2,  3,  3,  4,  4,  5,  5,  6,  6,  7,  7,  8,  8,  9,  9,  10, 10, 11,
    11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22,
    22, 23, 23, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 29, 29, 30, 30, 31, 31, 32};
alignas(64) constexpr uint8_t thirdIndices[64] = {
    2,  2,  3,  3,  4,  4,  5,  5,  6,  6,  7,  7,  8,  8,  9,  9,  10, 10, 11, 11, 12, 12,
    13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 22, 23, 23,
    24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 29, 29, 30, 30, 31, 31, 32, 32, 33, 33};

/// What the first 32 of 64 bytes make, a lane each, of themselves and those behind them.
class Lanes32 {
public:
  explicit Lanes32(__m512i bytes)
      : bytes(bytes), pairs(_mm512_permutexvar_epi8(_mm512_load_si512(pairIndices), bytes)),
        // The low five bits of a byte times 64, and the low six of the next.
        joined(_mm512_maddubs_epi16(_mm512_and_si512(pairs, all(0x3f1f)), all(0x0140))) {}

  /// Characters of one or two bytes.
  __m512i upToTwo(uint32_t notAscii) const {
    return _mm512_mask_mov_epi16(_mm512_and_si512(pairs, all(0x00ff)), notAscii, joined);
  }
  __m512i upToThree(uint32_t notAscii, uint32_t three) const {
    __m512i units = orSixBits(_mm512_slli_epi16(joined, 6), third());
    return _mm512_mask_mov_epi16(upToTwo(notAscii), three, units);
  }
  /// `afterFour` are the second bytes of those of four: they make low surrogates.
  __m512i withSurrogates(__m512i units, uint32_t four, uint32_t afterFour) const {
    // Of the third byte, two bits belong to the high surrogate.
    __m512i bits = _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(joined, all(0x01ff)), 2),
                                   _mm512_and_si512(_mm512_srli_epi16(third(), 4), all(3)));
    __m512i high = _mm512_add_epi16(bits, all(0xd7c0));
    __m512i low = orSixBits(_mm512_slli_epi16(_mm512_and_si512(joined, all(0x000f)), 6), third());
    low = _mm512_or_si512(low, all(0xdc00));
    return _mm512_mask_mov_epi16(_mm512_mask_mov_epi16(units, four, high), afterFour, low);
  }

private:
  __m512i bytes, pairs, joined;

  static __m512i all(unsigned value) { return _mm512_set1_epi16(short(value)); }
  __m512i third() const { return _mm512_permutexvar_epi8(_mm512_load_si512(thirdIndices), bytes); }
  static __m512i orSixBits(__m512i bits, __m512i bytes) {
    return _mm512_ternarylogic_epi32(bits, bytes, all(0x003f), 0xf8);
  }
};

/// UTF-8 on its way to UTF-16.
class Converter {
public:
  Converter(uint16_t *to, const uint8_t *from, uint64_t length)
      : out(to), from(from), length(length) {}

  /// Where the next code unit would go; null: the text is ill-formed.
  uint16_t *run() {
    // While so many bytes are left, all that is written behind the last code unit is written over:
    // they make a code unit for each three.
    constexpr uint64_t margin = 64 + 3 * 32;
    for (; i < length; i += 64) {
      uint64_t left = length - i;
      if (left >= 64 && !anySign(loadAt<WideBytes>(from + i)))
        addAscii();
      else if (left >= margin)
        addBlock();
      else
        addPart(left);
    }
    return isWrong || isOpen || anyBit(wrong) ? nullptr : out;
  }

private:
  uint16_t *out;
  const uint8_t *from;
  uint64_t length, i = 0;
  uint64_t fourBefore = 0; ///< 1: the last byte begins a character of four
  uint64_t isOpen = 0; ///< not zero: a character begins in the last block, and does not end there
  uint64_t isWrong = 0;
  WideBytes wrong = {};

  void addAscii() {
    __m512i bytes = _mm512_loadu_si512(from + i);
    _mm512_storeu_si512(out, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bytes)));
    _mm512_storeu_si512(out + 32, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(bytes, 1)));
    out += 64;
    isWrong |= isOpen;
    isOpen = fourBefore = 0;
  }

  void addBlock() {
    WideBytes block = loadAt<WideBytes>(from + i);
    wrong |= i ? mistakesAt(from + i, block) : mistakesAtBegin(block);
    ByteKinds kinds(reinterpret_cast<__m512i>(block));
    isOpen = kinds.open();
    uint64_t afterFour = kinds.four << 1 | fourBefore;
    fourBefore = kinds.four >> 63;
    for (unsigned half = 0; half < 64; half += 32) {
      __m512i units = unitsOf(Lanes32(_mm512_loadu_si512(from + i + half)), kinds, afterFour, half);
      uint32_t kept = uint32_t((kinds.makesUnit | afterFour) >> half);
      _mm512_storeu_si512(out, _mm512_maskz_compress_epi16(kept, units));
      out += __builtin_popcount(kept);
    }
  }

  /// The same where there may not be so many bytes.
  void addPart(uint64_t left) {
    uint64_t there = firstLanes(left);
    const uint8_t *at = from + i;
    __m512i block = _mm512_maskz_loadu_epi8(there, at);
    auto before = [&](unsigned count) {
      uint64_t lanes = there << count | firstLanes(count);
      return reinterpret_cast<WideBytes>(i ? _mm512_maskz_loadu_epi8(lanes, at - count)
                                           : _mm512_maskz_expand_epi8(~0ull << count, block));
    };
    wrong |= mistakesIn(reinterpret_cast<WideBytes>(block), before(1), before(2), before(3));
    ByteKinds kinds(block);
    isOpen = kinds.open();
    uint64_t afterFour = kinds.four << 1 | fourBefore;
    fourBefore = kinds.four >> 63;
    for (unsigned half = 0; half < 64; half += 32) {
      __m512i units = unitsOf(
          Lanes32(_mm512_maskz_loadu_epi8(firstLanes(left > half ? left - half : 0), at + half)),
          kinds, afterFour, half);
      uint32_t kept = uint32_t(((kinds.makesUnit | afterFour) & there) >> half);
      unsigned count = unsigned(__builtin_popcount(kept));
      _mm512_mask_storeu_epi16(out, uint32_t(firstLanes(count)),
                               _mm512_maskz_compress_epi16(kept, units));
      out += count;
    }
  }

  static __m512i unitsOf(const Lanes32 &lanes, const ByteKinds &kinds, uint64_t afterFour,
                         unsigned half) {
    uint32_t notAscii = uint32_t(kinds.notAscii >> half);
    if (!(kinds.three | afterFour))
      return lanes.upToTwo(notAscii);
    __m512i units = lanes.upToThree(notAscii, uint32_t(kinds.three >> half));
    if (!(kinds.four | afterFour))
      return units;
    return lanes.withSurrogates(units, uint32_t(kinds.four >> half), uint32_t(afterFour >> half));
  }
};

} // namespace

uint64_t utf8_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  uint16_t *end = Converter(to, from, length).run();
  if (!end)
    tenon_utf8_trap(from, length);
  return static_cast<uint64_t>(end - to);
}

/// A block counts when all of it is Latin-1, its last character included, which may end behind it.
uint64_t utf8_latin1_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  const uint8_t *at = from, *end = from + length;
  uint8_t *out = to;
  uint64_t goesOn = 0; // 1: the character before the block ends in it
  while (at < end) {
    uint64_t left = static_cast<uint64_t>(end - at), there = firstLanes(left);
    __m512i block = _mm512_maskz_loadu_epi8(there, at);
    uint64_t ascii = ~_mm512_movepi8_mask(block);
    if (!~ascii && !goesOn) {
      uint64_t count = min<uint64_t>(left, 64);
      _mm512_mask_storeu_epi8(out, there, block);
      out += count;
      at += count;
      for (; end - at >= 128; at += 128, out += 128) {
        WideBytes low = loadAt<WideBytes>(at), high = loadAt<WideBytes>(at + 64);
        if (anySign(low | high))
          break;
        storeAt(out, low);
        storeAt(out + 64, high);
      }
      continue;
    }
    __m512i next = _mm512_maskz_loadu_epi8(left > 64 ? ~0ull : there >> 1, at + 1);
    uint64_t leadC2 = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(char(0xc2)));
    uint64_t leadC3 = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(char(0xc3)));
    uint64_t lead = leadC2 | leadC3;
    uint64_t continues = ~_mm512_cmpgt_epi8_mask(block, _mm512_set1_epi8(-65));
    uint64_t nextContinues = ~_mm512_cmpgt_epi8_mask(next, _mm512_set1_epi8(-65));
    bool allFit = continues == (lead << 1 | goesOn) && !(lead & ~nextContinues) &&
                  !~(ascii | lead | continues);
    if (!allFit)
      break;
    // A byte behind 0xc2 is its character, one behind 0xc3 lacks 0x40.
    __m512i values = _mm512_mask_mov_epi8(block, lead, next);
    values = _mm512_mask_add_epi8(values, leadC3, values, _mm512_set1_epi8(0x40));
    uint64_t kept = ~continues & there;
    unsigned count = unsigned(__builtin_popcountll(kept));
    _mm512_mask_storeu_epi8(out, firstLanes(count), _mm512_maskz_compress_epi8(kept, values));
    out += count;
    goesOn = lead >> 63;
    at += min<uint64_t>(left, 64);
  }
  at += at < end ? goesOn : 0;
  return finishLatin1Prefix(to, out, from, at, end);
}

} // namespace tenon::rt::avx512
