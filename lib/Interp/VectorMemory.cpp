//===- VectorMemory.cpp - Vectors in memory -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Memory Instructions": loads and stores of vectors
// and of lanes.
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// Eight bytes as lanes, each of which becomes twice as wide.
template <typename From, typename To> static Value extendLanes(const uint8_t *from) {
  std::array<From, 8 / sizeof(From)> narrow;
  std::memcpy(narrow.data(), from, 8);
  Lanes<To> wide;
  for (unsigned i = 0; i < numLanes<To>; ++i)
    wide[i] = To(narrow[i]);
  return Value::of(wide);
}

template <typename T> static T readNumber(const uint8_t *from) {
  T number;
  std::memcpy(&number, from, sizeof(T));
  return number;
}

template <typename T> static Value splatNumber(const uint8_t *from) {
  Lanes<T> lanes;
  lanes.fill(readNumber<T>(from));
  return Value::of(lanes);
}

bool Machine::stepVectorMemory(const Instr &instr) {
  switch (instr.opcode) {
    // A load of `size` bytes at `from`, which become `result`.
#define LOAD(Name, size, result)                                                                   \
  case Opcode::Name: {                                                                             \
    const uint8_t *from = access(instr, sp[-1], size);                                             \
    if (!from)                                                                                     \
      return false;                                                                                \
    sp[-1] = result;                                                                               \
    return true;                                                                                   \
  }
    LOAD(V128Load, 16, readNumber<Value>(from))
    LOAD(V128Load8x8S, 8, (extendLanes<int8_t, int16_t>(from)))
    LOAD(V128Load8x8U, 8, (extendLanes<uint8_t, uint16_t>(from)))
    LOAD(V128Load16x4S, 8, (extendLanes<int16_t, int32_t>(from)))
    LOAD(V128Load16x4U, 8, (extendLanes<uint16_t, uint32_t>(from)))
    LOAD(V128Load32x2S, 8, (extendLanes<int32_t, int64_t>(from)))
    LOAD(V128Load32x2U, 8, (extendLanes<uint32_t, uint64_t>(from)))
    LOAD(V128Load8Splat, 1, splatNumber<uint8_t>(from))
    LOAD(V128Load16Splat, 2, splatNumber<uint16_t>(from))
    LOAD(V128Load32Splat, 4, splatNumber<uint32_t>(from))
    LOAD(V128Load64Splat, 8, splatNumber<uint64_t>(from))
    LOAD(V128Load32Zero, 4, Value::of(readNumber<uint32_t>(from)))
    LOAD(V128Load64Zero, 8, Value::of(readNumber<uint64_t>(from)))
#undef LOAD
    // A load of `size` bytes into a lane, and a store of them.
#define LANE(Load, Store, size)                                                                    \
  case Opcode::Load: {                                                                             \
    sp -= 1;                                                                                       \
    const uint8_t *from = access(instr, sp[-1], size);                                             \
    if (!from)                                                                                     \
      return false;                                                                                \
    sp[-1] = sp[0];                                                                                \
    std::memcpy(sp[-1].bytes.data() + instr.lane * size, from, size);                              \
    return true;                                                                                   \
  }                                                                                                \
  case Opcode::Store: {                                                                            \
    sp -= 2;                                                                                       \
    uint8_t *to = access(instr, sp[0], size);                                                      \
    if (to)                                                                                        \
      std::memcpy(to, sp[1].bytes.data() + instr.lane * size, size);                               \
    return to != nullptr;                                                                          \
  }
    LANE(V128Load8Lane, V128Store8Lane, 1)
    LANE(V128Load16Lane, V128Store16Lane, 2)
    LANE(V128Load32Lane, V128Store32Lane, 4)
    LANE(V128Load64Lane, V128Store64Lane, 8)
#undef LANE
  case Opcode::V128Store: {
    sp -= 2;
    uint8_t *to = access(instr, sp[0], 16);
    if (to)
      std::memcpy(to, sp[1].bytes.data(), 16);
    return to != nullptr;
  }
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
