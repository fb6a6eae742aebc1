//===- latin1prefix.h - Where Latin-1 ends in UTF-8 ----------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_LATIN1PREFIX_H
#define TENON_RUNTIME_LATIN1PREFIX_H

#include "levels.h"
#include "utf8.h"

namespace tenon::rt::TENON_LEVEL {

/// Two bytes that are a character of Latin-1.
inline bool isLatin1Pair(const uint8_t *at, const uint8_t *end) {
  return (*at & 0xfe) == 0xc2 && end - at >= 2 && (at[1] & 0xc0) == 0x80;
}

/// Goes on character by character, `at` in the text `from` and `out` in `to`, up to the first that
/// is not Latin-1: what tenon_utf8_latin1_prefix gives.
inline uint64_t finishLatin1Prefix(const uint8_t *to, uint8_t *out, const uint8_t *from,
                                   const uint8_t *at, const uint8_t *end) {
  for (; at < end; ++out) {
    if (*at < 0x80) {
      *out = *at++;
    } else if (isLatin1Pair(at, end)) {
      *out = uint8_t(at[0] << 6 | (at[1] & 0x3f));
      at += 2;
    } else if (*at < 0xc4) { // begins no character, or one that does not go on
      tenon_utf8_trap(from, static_cast<uint64_t>(end - from));
    } else {
      break;
    }
  }
  return static_cast<uint64_t>(at - from) << 32 | static_cast<uint64_t>(out - to);
}

} // namespace tenon::rt::TENON_LEVEL

#endif // TENON_RUNTIME_LATIN1PREFIX_H
