//===- lists.cpp - Lists whose elements are checked -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops that the compiler makes vector code of: no way out of them before their end.
//
//===----------------------------------------------------------------------===//

#include "base.h"

using namespace tenon::rt;

extern "C" {

/// CanonicalABI.md#loading, `convert_int_to_bool`.
void tenon_list_bool(uint8_t *__restrict to, const uint8_t *__restrict from, uint64_t length) {
  for (uint64_t i = 0; i < length; ++i)
    to[i] = from[i] != 0;
}

/// CanonicalABI.md#loading, `convert_i32_to_char`.
void tenon_list_char(uint32_t *__restrict to, const uint32_t *__restrict from, uint64_t length) {
  uint32_t wrong = 0;
  for (uint64_t i = 0; i < length; ++i) {
    uint32_t value = from[i];
    to[i] = value;
    wrong |= uint32_t(value > 0x10ffff) | uint32_t(value >> 11 == 0xd800 >> 11);
  }
  if (wrong)
    tenon_trap(InvalidChar);
}

} // extern "C"
