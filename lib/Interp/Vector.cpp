//===- Vector.cpp - Vectors as bits and as lanes --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Vector Instructions": what moves lanes and bits
// without computing with them.
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "Machine.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

using Bytes = Lanes<uint8_t>;
using Words = Lanes<uint64_t>;

template <typename T, typename Scalar> static Value splat(const Value &x) {
  Lanes<T> result;
  result.fill(T(x.as<Scalar>()));
  return Value::of(result);
}

template <typename T, typename Scalar> static Value extractLane(const Value &x, uint8_t lane) {
  return Value::of(Scalar(x.as<Lanes<T>>()[lane]));
}

template <typename T> static Value replaceLane(const Value &x, uint8_t lane, const Value &y) {
  Lanes<T> lanes = x.as<Lanes<T>>();
  lanes[lane] = y.as<T>();
  return Value::of(lanes);
}

/// Lane i of the result is byte `order[i]` of both vectors, the second after the first.
static Value shuffle(const Value &x, const Value &y, const Value &order) {
  Bytes result;
  for (unsigned i = 0; i < 16; ++i) {
    uint8_t from = order.bytes[i];
    result[i] = from < 16 ? x.bytes[from] : y.bytes[from - 16];
  }
  return Value::of(result);
}

static Value swizzle(const Value &x, const Value &order) {
  return mapLanes<uint8_t>(order, [&](uint8_t i) { return i < 16 ? x.bytes[i] : uint8_t(0); });
}

/// Bits of x where the mask is set, bits of y elsewhere.
static Value bitselect(const Value &x, const Value &y, const Value &mask) {
  Words a = x.as<Words>(), b = y.as<Words>(), m = mask.as<Words>();
  return Value::of(Words{(a[0] & m[0]) | (b[0] & ~m[0]), (a[1] & m[1]) | (b[1] & ~m[1])});
}

bool Machine::stepVector(const Instr &instr) {
  // Operands, as far as there are.
  Value &top = sp[-1], &second = sp[-2];
  auto bitwise = [&](auto f) { return replace(2, zipLanes<uint64_t>(second, top, f)); };
  switch (instr.opcode) {
#define LANES(P, T, Scalar)                                                                        \
  case Opcode::P##Splat:                                                                           \
    top = splat<T, Scalar>(top);                                                                   \
    return true;                                                                                   \
  case Opcode::P##ReplaceLane:                                                                     \
    return replace(2, replaceLane<T>(second, instr.lane, top));
#define EXTRACT(Name, T, Scalar)                                                                   \
  case Opcode::Name:                                                                               \
    top = extractLane<T, Scalar>(top, instr.lane);                                                 \
    return true;
    // Lanes of floats are moved as bits.
    LANES(I8x16, uint8_t, uint32_t)
    LANES(I16x8, uint16_t, uint32_t)
    LANES(I32x4, uint32_t, uint32_t)
    LANES(I64x2, uint64_t, uint64_t)
    LANES(F32x4, uint32_t, uint32_t)
    LANES(F64x2, uint64_t, uint64_t)
    EXTRACT(I8x16ExtractLaneS, int8_t, int32_t)
    EXTRACT(I8x16ExtractLaneU, uint8_t, uint32_t)
    EXTRACT(I16x8ExtractLaneS, int16_t, int32_t)
    EXTRACT(I16x8ExtractLaneU, uint16_t, uint32_t)
    EXTRACT(I32x4ExtractLane, uint32_t, uint32_t)
    EXTRACT(I64x2ExtractLane, uint64_t, uint64_t)
    EXTRACT(F32x4ExtractLane, uint32_t, uint32_t)
    EXTRACT(F64x2ExtractLane, uint64_t, uint64_t)
#undef LANES
#undef EXTRACT
  case Opcode::I8x16Shuffle:
    return replace(2, shuffle(second, top, code->vectors[instr.index]));
  case Opcode::I8x16Swizzle:
  case Opcode::I8x16RelaxedSwizzle:
    return replace(2, swizzle(second, top));
  case Opcode::V128Not:
    top = mapLanes<uint64_t>(top, [](uint64_t a) { return ~a; });
    return true;
  case Opcode::V128And:
    return bitwise([](uint64_t a, uint64_t b) { return a & b; });
  case Opcode::V128Andnot:
    return bitwise([](uint64_t a, uint64_t b) { return a & ~b; });
  case Opcode::V128Or:
    return bitwise([](uint64_t a, uint64_t b) { return a | b; });
  case Opcode::V128Xor:
    return bitwise([](uint64_t a, uint64_t b) { return a ^ b; });
  case Opcode::V128Bitselect:
  case Opcode::I8x16RelaxedLaneselect:
  case Opcode::I16x8RelaxedLaneselect:
  case Opcode::I32x4RelaxedLaneselect:
  case Opcode::I64x2RelaxedLaneselect:
    sp[-3] = bitselect(sp[-3], second, top);
    sp -= 2;
    return true;
  case Opcode::V128AnyTrue:
    return unary<Words>([](Words words) { return (words[0] | words[1]) != 0; });
  default:
    return stepVectorInteger(instr);
  }
}
