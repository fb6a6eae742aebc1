//===- surrogates.h - Finding ill-formed UTF-16 by vectors ---- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_SURROGATES_H
#define TENON_RUNTIME_SURROGATES_H

#include "vectors.h"

namespace tenon::rt::TENON_LEVEL {

/// All ones where a surrogate stands alone, given the code units one before those of the block: a
/// low one stands behind each high one, and nowhere else.
template <typename Vector> inline Vector loneSurrogates(Vector block, Vector previous) {
  return lanesWhere(((block & 0xfc00) == 0xdc00) ^ ((previous & 0xfc00) == 0xd800));
}

/// Takes a text in blocks of 8 code units and remembers whether a surrogate stood alone.
class SurrogateChecker {
public:
  void add(Units8 block) {
    wrong |= loneSurrogates(block, before<1>(last, block));
    last = block;
  }

  /// Goes on behind what was checked otherwise, and ended with `block`.
  void continueBehind(Units8 block) { last = block; }

  /// A block without surrogates.
  void addPlain() { add(Units8{}); }

  /// Whether the text, with nothing more behind it, is ill-formed.
  bool failed() const {
    return anyBit(wrong | loneSurrogates(Units8{}, before<1>(last, Units8{})));
  }

private:
  Units8 last = {}, wrong = {};
};

template <typename Vector> inline bool anySurrogate(Vector block) {
  return anyBit(lanesWhere((block & 0xf800) == 0xd800));
}

} // namespace tenon::rt::TENON_LEVEL

#endif // TENON_RUNTIME_SURROGATES_H
