//===- Choices.h - Decisions of a generator -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a generator decides comes from here: from a seed without end, or from a fuzzer's bytes,
// behind which every choice is the first one. Generators therefore put what is simple and ends
// first.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_DIFFERENTIAL_CHOICES_H
#define TENON_TEST_DIFFERENTIAL_CHOICES_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace tenon::generate {

class Choices {
public:
  explicit Choices(uint64_t seed) : state(seed), isEndless(true) {}
  explicit Choices(llvm::ArrayRef<uint8_t> bytes) : bytes(bytes) {}

  /// Any number of so many bytes.
  uint64_t number(unsigned width) {
    uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
      value = value << 8 | byte();
    return value;
  }
  /// A number below `count`, which is not 0.
  uint32_t below(uint32_t count) {
    return uint32_t(number(count <= 1 ? 0 : count <= 256 && !isEndless ? 1 : 4) % count);
  }
  /// True once in `count` times.
  bool oneIn(uint32_t count) { return below(count) == count - 1; }
  template <typename T> const T &of(llvm::ArrayRef<T> values) {
    return values[below(uint32_t(values.size()))];
  }

private:
  uint64_t state = 0;
  bool isEndless = false;
  llvm::ArrayRef<uint8_t> bytes;

  uint8_t byte() {
    if (!isEndless) {
      if (bytes.empty())
        return 0;
      uint8_t first = bytes.front();
      bytes = bytes.drop_front();
      return first;
    }
    // splitmix64
    state += 0x9e3779b97f4a7c15;
    uint64_t mixed = state;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return uint8_t(mixed >> 56);
  }
};

} // namespace tenon::generate

#endif // TENON_TEST_DIFFERENTIAL_CHOICES_H
