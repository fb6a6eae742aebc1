//===- toutf8_avx512.cpp - UTF-16 and Latin-1 to UTF-8 --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As toutf8.cpp, 32 code units at a time. The processor itself squeezes out the bytes that are not
// needed: those are zero where bytes of longer characters have the sign bit. The last code units
// are loaded and stored under masks, so nothing is read behind the source, nor written behind the
// last byte.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "vectors.h"

namespace tenon::rt::avx512 {

namespace {

__m512i all16(unsigned value) { return _mm512_set1_epi16(short(value)); }
__m512i all32(unsigned value) { return _mm512_set1_epi32(int(value)); }
__m512i both(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }
__m512i either(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }

/// Where bytes go. While `Exact`, none behind the last is written; else up to 64.
struct Output {
  uint8_t *at;

  template <bool Exact> void addSqueezed(uint64_t kept, __m512i bytes) {
    unsigned count = unsigned(__builtin_popcountll(kept));
    __m512i squeezed = _mm512_maskz_compress_epi8(kept, bytes);
    if constexpr (Exact)
      _mm512_mask_storeu_epi8(at, firstLanes(count), squeezed);
    else
      _mm512_storeu_si512(at, squeezed);
    at += count;
  }
};

/// In each byte the 8 bits from one of 64 on: `bits` says for the bytes of a lane from which of its
/// bits.
template <typename Bits> __m512i picked(__m512i lanes, Bits bitsOfLane) {
  uint64_t bits = 0;
  constexpr unsigned width = 8 * sizeof(Bits);
  for (unsigned lane = 0; lane < 64; lane += width)
    for (unsigned i = 0; i < width; i += 8)
      bits |= uint64_t((bitsOfLane >> i & 0xff) + lane) << (lane + i);
  return _mm512_multishift_epi64_epi8(_mm512_set1_epi64(static_cast<long long>(bits)), lanes);
}
/// The bits in `mask`, and those of the leading bytes.
__m512i marked(__m512i bytes, __m512i mask, __m512i marks) {
  return _mm512_ternarylogic_epi32(bytes, mask, marks, 0xea);
}

/// Code units below 0x800: one or two bytes each. Only the lanes in `there` count.
template <bool Exact> void addOneOrTwo(Output &out, __m512i units, uint32_t there) {
  uint32_t notAscii = _mm512_cmpge_epu16_mask(units, all16(0x80));
  __m512i two = marked(picked(units, uint16_t(0x0006)), all16(0x3f1f), all16(0x80c0));
  __m512i bytes = _mm512_mask_mov_epi16(units, notAscii, two);
  uint64_t kept = 0x5555555555555555 | _mm512_movepi8_mask(bytes);
  if constexpr (Exact)
    kept &= _mm512_movepi8_mask(_mm512_maskz_set1_epi16(there, -1));
  out.addSqueezed<Exact>(kept, bytes);
}

/// What code units are, bit i: unit i.
struct UnitKinds {
  uint32_t there, notAscii, three, high, low;

  UnitKinds(__m512i units, uint32_t there)
      : there(there), notAscii(_mm512_cmpge_epu16_mask(units, all16(0x80))),
        three(_mm512_cmpge_epu16_mask(units, all16(0x800))),
        high(_mm512_cmpeq_epi16_mask(both(units, all16(0xfc00)), all16(0xd800))),
        low(_mm512_cmpeq_epi16_mask(both(units, all16(0xfc00)), all16(0xdc00))) {}

  UnitKinds upperHalf() const {
    UnitKinds upper = *this;
    upper.there >>= 16;
    upper.notAscii >>= 16;
    upper.three >>= 16;
    upper.high >>= 16;
    upper.low >>= 16;
    return upper;
  }
};

/// 16 code units, as lanes of 32 bits, up to three bytes each: a high surrogate makes the first two
/// bytes of four, a low one the last two. `previous` are those one before.
template <bool Exact>
void addUpToThree(Output &out, __m512i previous, __m512i units, UnitKinds kinds) {
  __m512i two = marked(picked(units, 0x10100006u), all32(0x3f1f), all32(0x80c0));
  __m512i three = marked(picked(units, 0x1000060cu), all32(0x3f3f0f), all32(0x8080e0));
  __m512i bytes = _mm512_mask_mov_epi32(units, uint16_t(kinds.notAscii), two);
  bytes = _mm512_mask_mov_epi32(bytes, uint16_t(kinds.three), three);
  if (uint16_t(kinds.high | kinds.low)) {
    __m512i plane = _mm512_add_epi32(both(units, all32(0x3ff)), all32(0x40));
    __m512i high = marked(picked(plane, 0x10100208u), all32(0x3f07), all32(0x80f0));
    __m512i low = either(marked(picked(units, 0x10100006u), all32(0x3f0f), all32(0x8080)),
                         _mm512_slli_epi32(both(previous, all32(3)), 4));
    bytes = _mm512_mask_mov_epi32(bytes, uint16_t(kinds.high), high);
    bytes = _mm512_mask_mov_epi32(bytes, uint16_t(kinds.low), low);
  }
  uint64_t kept = 0x1111111111111111 | _mm512_movepi8_mask(bytes);
  if constexpr (Exact)
    kept &= _mm512_movepi8_mask(_mm512_maskz_set1_epi32(uint16_t(kinds.there), -1));
  out.addSqueezed<Exact>(kept, bytes);
}

__m512i widen(__m256i units) { return _mm512_cvtepu16_epi32(units); }
__m512i lowHalf(__m512i units) { return widen(_mm512_castsi512_si256(units)); }
__m512i highHalf(__m512i units) { return widen(_mm512_extracti64x4_epi64(units, 1)); }

/// Zero, and all code units but the last. (What is left out by a mask costs a hundred nanoseconds
/// when it lies in a page that is not there.)
__m512i behindNothing(__m512i units) { return _mm512_maskz_expand_epi16(~1u, units); }

/// UTF-16 on its way.
struct Converter {
  Output out;
  uint32_t wrong = 0;
  uint32_t highBefore = 0; ///< 1: the last code unit was a high surrogate

  /// 64 code units, if they are ASCII.
  bool addAscii(const uint16_t *from) {
    WideUnits low = loadAt<WideUnits>(from), high = loadAt<WideUnits>(from + 32);
    if (anyBit((low | high) & 0xff80))
      return false;
    storeAt(out.at, narrow(low, high));
    out.at += 64;
    wrong |= highBefore;
    highBefore = 0;
    return true;
  }

  /// 32 code units behind `previous`.
  template <bool Exact> void add(__m512i previous, __m512i units, uint32_t there) {
    if (!_mm512_test_epi16_mask(units, all16(0xf800))) {
      wrong |= highBefore;
      highBefore = 0;
      return addOneOrTwo<Exact>(out, units, there);
    }
    UnitKinds kinds(units, there);
    wrong |= kinds.low ^ (kinds.high << 1 | highBefore);
    highBefore = kinds.high >> 31;
    addUpToThree<Exact>(out, lowHalf(previous), lowHalf(units), kinds);
    addUpToThree<Exact>(out, highHalf(previous), highHalf(units), kinds.upperHalf());
  }
};

} // namespace

uint64_t utf16_to_utf8(uint8_t *to, const uint16_t *from, uint64_t length) {
  // While so many code units are left, what is written behind the last byte is written over.
  constexpr uint64_t margin = 64 + 64;
  Converter converter = {{to}};
  uint64_t i = 0;
  while (i < length) {
    uint64_t left = length - i;
    if (left >= 64 && converter.addAscii(from + i)) {
      i += 64;
      continue;
    }
    if (left >= margin) {
      __m512i units = _mm512_loadu_si512(from + i);
      __m512i previous = i ? _mm512_loadu_si512(from + i - 1) : behindNothing(units);
      converter.add<false>(previous, units, ~0u);
    } else {
      uint32_t there = uint32_t(firstLanes(left));
      __m512i units = _mm512_maskz_loadu_epi16(there, from + i);
      __m512i previous =
          i ? _mm512_maskz_loadu_epi16(there << 1 | 1, from + i - 1) : behindNothing(units);
      converter.add<true>(previous, units, there);
    }
    i += 32;
  }
  if (converter.wrong | converter.highBefore)
    tenon_trap(InvalidUTF16);
  return static_cast<uint64_t>(converter.out.at - to);
}

uint64_t latin1_to_utf8(uint8_t *to, const uint8_t *from, uint64_t length) {
  constexpr uint64_t margin = 64 + 64;
  Output out = {to};
  uint64_t i = 0;
  for (; length - i >= margin; i += 64) {
    WideBytes block = loadAt<WideBytes>(from + i);
    if (!anySign(block)) {
      storeAt(out.at, block);
      out.at += 64;
      continue;
    }
    addOneOrTwo<false>(out, reinterpret_cast<__m512i>(loadWidened(from + i)), ~0u);
    addOneOrTwo<false>(out, reinterpret_cast<__m512i>(loadWidened(from + i + 32)), ~0u);
  }
  for (; i < length; i += 32) {
    uint32_t there = uint32_t(firstLanes(length - i));
    __m256i block = _mm256_maskz_loadu_epi8(there, from + i);
    addOneOrTwo<true>(out, _mm512_cvtepu8_epi16(block), there);
  }
  return static_cast<uint64_t>(out.at - to);
}

} // namespace tenon::rt::avx512
