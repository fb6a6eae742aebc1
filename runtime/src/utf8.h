//===- utf8.h - Strings that come from the host --------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_UTF8_H
#define TENON_RUNTIME_UTF8_H

#include "base.h"

extern "C" {
/// Whether `size` bytes at `bytes` are well-formed UTF-8.
uint32_t tenon_utf8_valid(const uint8_t *bytes, uint64_t size);
/// Traps because they are not: says whether they would be with more bytes at their end.
[[noreturn]] void tenon_utf8_trap(const uint8_t *bytes, uint64_t size);
}

namespace tenon::rt {

/// Whether the host's bytes can be a string of the component's.
inline bool isUtf8(Bytes text) { return tenon_utf8_valid(text.data, text.size); }

} // namespace tenon::rt

#endif // TENON_RUNTIME_UTF8_H
