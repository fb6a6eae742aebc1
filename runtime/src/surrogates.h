//===- surrogates.h - Finding ill-formed UTF-16 by vectors ---- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_SURROGATES_H
#define TENON_RUNTIME_SURROGATES_H

#include "vectors.h"

namespace tenon::rt {

/// Takes a text in blocks of 8 code units and remembers whether a surrogate stood alone: a low one
/// stands behind each high one, and nowhere else.
class SurrogateChecker {
public:
  void add(Units8 block) {
    Units8 isHigh = lanesWhere((block & 0xfc00) == 0xd800);
    Units8 isLow = lanesWhere((block & 0xfc00) == 0xdc00);
    wrong |= isLow ^ unitBefore(lastHigh, isHigh);
    lastHigh = isHigh;
  }

  /// A block without surrogates.
  void addPlain() {
    wrong |= unitBefore(lastHigh, Units8{});
    lastHigh = Units8{};
  }

  /// Whether the text, with nothing more behind it, is ill-formed.
  bool failed() const { return anyBit(wrong | unitBefore(lastHigh, Units8{})); }

private:
  Units8 lastHigh = {}, wrong = {};
};

inline bool anySurrogate(Units8 block) { return anyBit(lanesWhere((block & 0xf800) == 0xd800)); }

} // namespace tenon::rt

#endif // TENON_RUNTIME_SURROGATES_H
