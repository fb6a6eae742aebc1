//===- sizes.cpp - How long a text is in UTF-8 ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops that the compiler makes vector code of. What is ill-formed counts as the kernels that
// convert it write it before they trap: two bytes a surrogate.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include "vectors.h"

namespace tenon::rt::TENON_LEVEL {

/// How many bytes the text takes.
uint64_t utf16_size_in_utf8(const uint16_t *from, uint64_t length) {
  constexpr uint64_t most = 8192; // so that 16 bits hold three times as much
  uint64_t size = length;
  for (uint64_t i = 0; i < length; i += most) {
    uint64_t end = min(length, i + most);
    uint16_t more = 0;
    for (uint64_t k = i; k < end; ++k) {
      uint16_t unit = loadAt<uint16_t>(from + k);
      more += uint16_t((unit >= 0x80) + (unit >= 0x800) - ((unit & 0xf800) == 0xd800));
    }
    size += more;
  }
  return size;
}

uint64_t latin1_size_in_utf8(const uint8_t *from, uint64_t length) {
  constexpr uint64_t most = 128; // so that 8 bits hold it
  uint64_t size = length;
  for (uint64_t i = 0; i < length; i += most) {
    uint64_t end = min(length, i + most);
    uint8_t more = 0;
    for (uint64_t k = i; k < end; ++k)
      more += from[k] >> 7;
    size += more;
  }
  return size;
}

} // namespace tenon::rt::TENON_LEVEL
