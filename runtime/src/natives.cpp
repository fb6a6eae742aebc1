//===- natives.cpp - Strings for the host ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"

extern "C" {

void *tenon_arena_alloc(uint64_t size, uint64_t alignment);

uint8_t *tenon_utf16_to_native(const uint16_t *from, uint64_t length, uint64_t *size) {
  uint64_t room = tenon_utf16_size_in_utf8(from, length);
  uint8_t *to = static_cast<uint8_t *>(tenon_arena_alloc(room, 1));
  *size = tenon_utf16_to_utf8(to, from, length);
  return to;
}

uint8_t *tenon_latin1_to_native(const uint8_t *from, uint64_t length, uint64_t *size) {
  uint64_t room = tenon_latin1_size_in_utf8(from, length);
  uint8_t *to = static_cast<uint8_t *>(tenon_arena_alloc(room, 1));
  *size = tenon_latin1_to_utf8(to, from, length);
  return to;
}

} // extern "C"
