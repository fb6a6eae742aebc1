//===- Numbers.h - Number literals ------------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The values of number tokens (core specification, "Text Format / Values"). The spelling is one the
// lexer called Integer or Float; what remains to be checked is the range.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_NUMBERS_H
#define TENON_TEXT_NUMBERS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace tenon::text {

/// `uN`: no sign; nothing when it is out of range. `bits` is at most 64.
std::optional<uint64_t> parseUnsigned(llvm::StringRef spelling, unsigned bits);
/// `sN`: from -2^(bits-1) to 2^(bits-1) - 1.
std::optional<int64_t> parseSigned(llvm::StringRef spelling, unsigned bits);
/// `iN`: signed or unsigned; the value's low `bits` bits.
std::optional<uint64_t> parseUninterpreted(llvm::StringRef spelling, unsigned bits);
/// The bits of an `fN` literal, rounded to nearest; nothing when it overflows, or when a NaN's
/// payload is out of range. An integer token is a float too.
std::optional<uint32_t> parseF32(llvm::StringRef spelling);
std::optional<uint64_t> parseF64(llvm::StringRef spelling);

} // namespace tenon::text

#endif // TENON_TEXT_NUMBERS_H
