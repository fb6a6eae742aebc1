//===- Numbers.cpp - Number literals --------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding is APFloat's. Exponents are cut to what can matter first, so that `1e999999999999`
// neither overflows a counter nor takes long.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Numbers.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

using namespace tenon::text;
using llvm::StringRef;

/// The magnitude of `num` or `hexnum`, if it is one and 64 bits hold it.
static std::optional<uint64_t> parseMagnitude(StringRef digits) {
  unsigned radix = digits.consume_front("0x") ? 16 : 10;
  if (digits.empty() || digits.front() == '_' || digits.back() == '_' || digits.contains("__"))
    return std::nullopt;
  uint64_t value = 0;
  for (char c : digits) {
    if (c == '_')
      continue;
    uint64_t digit = llvm::hexDigitValue(c);
    if (digit >= radix)
      return std::nullopt;
    if (value > (UINT64_MAX - digit) / radix)
      return std::nullopt;
    value = value * radix + digit;
  }
  return value;
}

std::optional<uint64_t> tenon::text::parseUnsigned(StringRef spelling, unsigned bits) {
  if (spelling.starts_with("+") || spelling.starts_with("-"))
    return std::nullopt;
  std::optional<uint64_t> value = parseMagnitude(spelling);
  if (!value || (bits < 64 && *value >> bits))
    return std::nullopt;
  return value;
}

std::optional<int64_t> tenon::text::parseSigned(StringRef spelling, unsigned bits) {
  bool negative = spelling.consume_front("-");
  if (!negative)
    spelling.consume_front("+");
  std::optional<uint64_t> value = parseMagnitude(spelling);
  uint64_t limit = uint64_t(1) << (bits - 1);
  if (!value || *value > limit - !negative)
    return std::nullopt;
  return int64_t(negative ? 0 - *value : *value);
}

std::optional<uint64_t> tenon::text::parseUninterpreted(StringRef spelling, unsigned bits) {
  if (!spelling.starts_with("+") && !spelling.starts_with("-"))
    return parseUnsigned(spelling, bits);
  std::optional<int64_t> value = parseSigned(spelling, bits);
  if (!value)
    return std::nullopt;
  uint64_t mask = bits < 64 ? (uint64_t(1) << bits) - 1 : UINT64_MAX;
  return uint64_t(*value) & mask;
}

/// The bits of a NaN literal without its sign: `nan` or `nan:0x...`.
static std::optional<uint64_t> parseNaN(StringRef spelling, unsigned mantissaBits,
                                        uint64_t exponentMask) {
  uint64_t payload = uint64_t(1) << (mantissaBits - 1);
  if (spelling.consume_front("nan:")) {
    std::optional<uint64_t> given = parseMagnitude(spelling);
    if (!given || *given == 0 || *given >> mantissaBits)
      return std::nullopt;
    payload = *given;
  }
  return exponentMask | payload;
}

/// `text` as APFloat reads it: no underscores, an exponent that a counter of 32 bits holds, and a
/// hexadecimal number that has one.
static void normalize(StringRef text, llvm::SmallVectorImpl<char> &out) {
  bool hex = text.starts_with("0x");
  size_t exponentAt = text.find_last_of(hex ? "pP" : "eE");
  StringRef mantissa = text.take_front(exponentAt);
  for (char c : mantissa)
    if (c != '_')
      out.push_back(c);
  if (out.back() == '.') // "1." and "0x1."
    out.push_back('0');
  llvm::SmallString<16> digits;
  bool negative = false;
  if (exponentAt != StringRef::npos) {
    for (char c : text.drop_front(exponentAt + 1)) {
      negative |= c == '-';
      if (llvm::isDigit(c) && !(digits.empty() && c == '0'))
        digits.push_back(c);
    }
  } else if (!hex)
    return;
  if (digits.empty())
    digits.push_back('0');
  out.push_back(hex ? 'p' : 'e');
  if (negative)
    out.push_back('-');
  out.append(digits.begin(), digits.end());
}

static bool isZeroMantissa(StringRef text) {
  bool hex = text.consume_front("0x");
  for (char c : text) {
    if (llvm::toLower(c) == (hex ? 'p' : 'e'))
      return true;
    if (c != '0' && c != '.' && c != '_')
      return false;
  }
  return true;
}

/// The magnitude's bits.
static std::optional<uint64_t> parseFinite(StringRef spelling,
                                           const llvm::fltSemantics &semantics) {
  if (isZeroMantissa(spelling))
    return 0;
  llvm::SmallString<64> text;
  normalize(spelling, text);
  // An exponent that overflows any counter decides alone, unless somebody wrote a mantissa of
  // millions of digits against it; there is no need to be kind to that.
  size_t exponentAt = text.str().find_last_of(spelling.starts_with("0x") ? "p" : "e");
  if (exponentAt != StringRef::npos) {
    StringRef exponent = text.str().drop_front(exponentAt + 1);
    bool negative = exponent.consume_front("-");
    if (exponent.size() > 8)
      return negative ? std::optional<uint64_t>(0) : std::nullopt;
  }
  llvm::APFloat value(semantics);
  llvm::Expected<llvm::APFloat::opStatus> status =
      value.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return std::nullopt;
  }
  if (!value.isFinite())
    return std::nullopt;
  return value.bitcastToAPInt().getZExtValue();
}

static std::optional<uint64_t> parseFloat(StringRef spelling, const llvm::fltSemantics &semantics,
                                          unsigned mantissaBits, unsigned width) {
  uint64_t sign = spelling.starts_with("-") ? uint64_t(1) << (width - 1) : 0;
  if (spelling.starts_with("-") || spelling.starts_with("+"))
    spelling = spelling.drop_front();
  uint64_t exponentMask = (uint64_t(1) << (width - 1)) - (uint64_t(1) << mantissaBits);
  std::optional<uint64_t> magnitude;
  if (spelling == "inf")
    magnitude = exponentMask;
  else if (spelling.starts_with("nan"))
    magnitude = parseNaN(spelling, mantissaBits, exponentMask);
  else
    magnitude = parseFinite(spelling, semantics);
  if (!magnitude)
    return std::nullopt;
  return sign | *magnitude;
}

std::optional<uint32_t> tenon::text::parseF32(StringRef spelling) {
  std::optional<uint64_t> bits = parseFloat(spelling, llvm::APFloat::IEEEsingle(), 23, 32);
  if (!bits)
    return std::nullopt;
  return uint32_t(*bits);
}

std::optional<uint64_t> tenon::text::parseF64(StringRef spelling) {
  return parseFloat(spelling, llvm::APFloat::IEEEdouble(), 52, 64);
}
