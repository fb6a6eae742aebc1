//===- transcode.cpp - Strings from one encoding to another ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "base.h"
#include "utf8.h"

extern "C" void *tenon_arena_alloc(uint64_t size, uint64_t alignment);

using namespace tenon::rt;

namespace {

[[noreturn]] void trapUTF16() { tenon_trap(InvalidUTF16); }

uint32_t decodeUTF8(const uint8_t *&at) {
  uint32_t first = *at++;
  if (first < 0x80)
    return first;
  unsigned rest = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  uint32_t value = first & (0x3f >> rest);
  while (rest--)
    value = value << 6 | (*at++ & 0x3f);
  return value;
}

uint32_t decodeUTF16(const uint16_t *&at, const uint16_t *end) {
  uint32_t unit = *at++;
  if (unit < 0xd800 || unit >= 0xe000)
    return unit;
  if (unit >= 0xdc00 || at == end || (*at & 0xfc00) != 0xdc00)
    trapUTF16();
  return 0x10000 + ((unit & 0x3ff) << 10 | (*at++ & 0x3ff));
}

uint8_t *encodeUTF8(uint8_t *to, uint32_t value) {
  if (value < 0x80) {
    *to++ = uint8_t(value);
    return to;
  }
  unsigned rest = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  *to++ = uint8_t(~(0x7f >> rest) | value >> (6 * rest));
  while (rest--)
    *to++ = uint8_t(0x80 | (value >> (6 * rest) & 0x3f));
  return to;
}

} // namespace

extern "C" {

void tenon_utf8_check(const uint8_t *from, uint64_t length) {
  if (!tenon_utf8_valid(from, length))
    tenon_utf8_trap(from, length);
}

void tenon_utf8_copy(uint8_t *to, const uint8_t *from, uint64_t length) {
  tenon_utf8_check(from, length);
  memcpy(to, from, length);
}

void tenon_utf16_copy(uint16_t *to, const uint16_t *from, uint64_t length) {
  for (const uint16_t *at = from, *end = from + length; at < end;)
    decodeUTF16(at, end);
  memcpy(to, from, 2 * length);
}

void tenon_latin1_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  for (uint64_t i = 0; i < length; ++i)
    to[i] = from[i];
}

uint64_t tenon_utf8_to_utf16(uint16_t *to, const uint8_t *from, uint64_t length) {
  tenon_utf8_check(from, length);
  uint16_t *out = to;
  for (const uint8_t *end = from + length; from < end;) {
    uint32_t value = decodeUTF8(from);
    if (value >= 0x10000) {
      *out++ = uint16_t(0xd7c0 + (value >> 10));
      *out++ = uint16_t(0xdc00 | (value & 0x3ff));
    } else {
      *out++ = uint16_t(value);
    }
  }
  return uint64_t(out - to);
}

uint64_t tenon_utf16_to_utf8(uint8_t *to, const uint16_t *from, uint64_t length) {
  uint8_t *out = to;
  for (const uint16_t *end = from + length; from < end;)
    out = encodeUTF8(out, decodeUTF16(from, end));
  return uint64_t(out - to);
}

uint64_t tenon_latin1_to_utf8(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint8_t *out = to;
  for (uint64_t i = 0; i < length; ++i)
    out = encodeUTF8(out, from[i]);
  return uint64_t(out - to);
}

uint64_t tenon_latin1_ascii_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; i < length && from[i] < 0x80; ++i)
    to[i] = from[i];
  return i;
}

uint64_t tenon_utf16_ascii_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; i < length && from[i] < 0x80; ++i)
    to[i] = uint8_t(from[i]);
  return i;
}

uint64_t tenon_utf16_latin1_prefix(uint8_t *to, const uint16_t *from, uint64_t length) {
  uint64_t i = 0;
  for (; i < length && from[i] < 0x100; ++i)
    to[i] = uint8_t(from[i]);
  return i;
}

uint64_t tenon_utf8_latin1_prefix(uint8_t *to, const uint8_t *from, uint64_t length) {
  tenon_utf8_check(from, length);
  uint64_t written = 0, i = 0;
  while (i < length && from[i] < 0xc4) {
    const uint8_t *at = from + i;
    to[written++] = uint8_t(decodeUTF8(at));
    i = uint64_t(at - from);
  }
  return i << 32 | written;
}

void tenon_latin1_inflate(uint8_t *bytes, uint64_t length) {
  for (uint64_t i = length; i--;) {
    bytes[2 * i] = bytes[i];
    bytes[2 * i + 1] = 0;
  }
}

uint32_t tenon_utf16_copy_narrow(uint16_t *to, const uint16_t *from, uint64_t length) {
  tenon_utf16_copy(to, from, length);
  uint16_t all = 0;
  for (uint64_t i = 0; i < length; ++i)
    all |= to[i];
  if (all >= 0x100)
    return 0;
  uint8_t *bytes = reinterpret_cast<uint8_t *>(to);
  for (uint64_t i = 0; i < length; ++i)
    bytes[i] = bytes[2 * i];
  return 1;
}

uint8_t *tenon_utf16_to_native(const uint16_t *from, uint64_t length, uint64_t *size) {
  uint8_t *to = static_cast<uint8_t *>(tenon_arena_alloc(3 * length, 1));
  *size = tenon_utf16_to_utf8(to, from, length);
  return to;
}

uint8_t *tenon_latin1_to_native(const uint8_t *from, uint64_t length, uint64_t *size) {
  uint8_t *to = static_cast<uint8_t *>(tenon_arena_alloc(2 * length, 1));
  *size = tenon_latin1_to_utf8(to, from, length);
  return to;
}

} // extern "C"
