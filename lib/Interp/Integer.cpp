//===- Integer.cpp - Integer instructions ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Numerics / Integer Operations"; wide arithmetic proposal.
// Arithmetic is done on unsigned numbers, where C++ wraps as wasm does; a shift is taken modulo
// the width.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include <limits>

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// div and rem, which trap. T has the signedness of the instruction.
template <typename T> bool Machine::divide(const Instr &instr) {
  T divisor = pop<T>(), dividend = pop<T>();
  if (divisor == 0)
    return trap(TrapKind::IntegerDivideByZero);
  bool overflows =
      std::is_signed_v<T> && divisor == T(-1) && dividend == std::numeric_limits<T>::min();
  switch (instr.opcode) {
  case Opcode::I32RemS:
  case Opcode::I32RemU:
  case Opcode::I64RemS:
  case Opcode::I64RemU:
    return push(overflows ? T(0) : T(dividend % divisor));
  default:
    return overflows ? trap(TrapKind::IntegerOverflow) : push(T(dividend / divisor));
  }
}

using u128 = unsigned __int128;
using s128 = __int128;

/// i64.add128, i64.sub128, i64.mul_wide_s, i64.mul_wide_u: the low half is below the high half.
bool Machine::stepWide(const Instr &instr) {
  auto popPair = [&] {
    uint64_t high = pop<uint64_t>(), low = pop<uint64_t>();
    return u128(high) << 64 | low;
  };
  u128 result;
  switch (instr.opcode) {
  case Opcode::I64Add128: {
    u128 right = popPair(), left = popPair();
    result = left + right;
    break;
  }
  case Opcode::I64Sub128: {
    u128 right = popPair(), left = popPair();
    result = left - right;
    break;
  }
  case Opcode::I64MulWideS: {
    s128 right = pop<int64_t>(), left = pop<int64_t>();
    result = u128(left * right);
    break;
  }
  default: {
    u128 right = pop<uint64_t>(), left = pop<uint64_t>();
    result = left * right;
    break;
  }
  }
  push(uint64_t(result));
  return push(uint64_t(result >> 64));
}

bool Machine::stepInteger(const Instr &instr) {
  switch (instr.opcode) {
    // The same for both widths: `U` and `S` are the type, without and with sign.
#define BOTH_WIDTHS(P, U, S)                                                                       \
  case Opcode::P##Eqz:                                                                             \
    return unary<U>([](U a) { return a == 0; });                                                   \
  case Opcode::P##Eq:                                                                              \
    return binary<U>([](U a, U b) { return a == b; });                                             \
  case Opcode::P##Ne:                                                                              \
    return binary<U>([](U a, U b) { return a != b; });                                             \
  case Opcode::P##LtS:                                                                             \
    return binary<S>([](S a, S b) { return a < b; });                                              \
  case Opcode::P##LtU:                                                                             \
    return binary<U>([](U a, U b) { return a < b; });                                              \
  case Opcode::P##GtS:                                                                             \
    return binary<S>([](S a, S b) { return a > b; });                                              \
  case Opcode::P##GtU:                                                                             \
    return binary<U>([](U a, U b) { return a > b; });                                              \
  case Opcode::P##LeS:                                                                             \
    return binary<S>([](S a, S b) { return a <= b; });                                             \
  case Opcode::P##LeU:                                                                             \
    return binary<U>([](U a, U b) { return a <= b; });                                             \
  case Opcode::P##GeS:                                                                             \
    return binary<S>([](S a, S b) { return a >= b; });                                             \
  case Opcode::P##GeU:                                                                             \
    return binary<U>([](U a, U b) { return a >= b; });                                             \
  case Opcode::P##Clz:                                                                             \
    return unary<U>([](U a) { return U(std::countl_zero(a)); });                                   \
  case Opcode::P##Ctz:                                                                             \
    return unary<U>([](U a) { return U(std::countr_zero(a)); });                                   \
  case Opcode::P##Popcnt:                                                                          \
    return unary<U>([](U a) { return U(std::popcount(a)); });                                      \
  case Opcode::P##Add:                                                                             \
    return binary<U>([](U a, U b) { return a + b; });                                              \
  case Opcode::P##Sub:                                                                             \
    return binary<U>([](U a, U b) { return a - b; });                                              \
  case Opcode::P##Mul:                                                                             \
    return binary<U>([](U a, U b) { return a * b; });                                              \
  case Opcode::P##DivS:                                                                            \
  case Opcode::P##RemS:                                                                            \
    return divide<S>(instr);                                                                       \
  case Opcode::P##DivU:                                                                            \
  case Opcode::P##RemU:                                                                            \
    return divide<U>(instr);                                                                       \
  case Opcode::P##And:                                                                             \
    return binary<U>([](U a, U b) { return a & b; });                                              \
  case Opcode::P##Or:                                                                              \
    return binary<U>([](U a, U b) { return a | b; });                                              \
  case Opcode::P##Xor:                                                                             \
    return binary<U>([](U a, U b) { return a ^ b; });                                              \
  case Opcode::P##Shl:                                                                             \
    return binary<U>([](U a, U b) { return a << b % (sizeof(U) * 8); });                           \
  case Opcode::P##ShrS:                                                                            \
    return binary<S>([](S a, S b) { return a >> U(b) % (sizeof(U) * 8); });                        \
  case Opcode::P##ShrU:                                                                            \
    return binary<U>([](U a, U b) { return a >> b % (sizeof(U) * 8); });                           \
  case Opcode::P##Rotl:                                                                            \
    return binary<U>([](U a, U b) { return std::rotl(a, int(b % (sizeof(U) * 8))); });             \
  case Opcode::P##Rotr:                                                                            \
    return binary<U>([](U a, U b) { return std::rotr(a, int(b % (sizeof(U) * 8))); });
    BOTH_WIDTHS(I32, uint32_t, int32_t)
    BOTH_WIDTHS(I64, uint64_t, int64_t)
#undef BOTH_WIDTHS
  case Opcode::I32WrapI64:
    return unary<uint64_t>([](uint64_t a) { return uint32_t(a); });
  case Opcode::I64ExtendI32S:
    return unary<int32_t>([](int32_t a) { return int64_t(a); });
  case Opcode::I64ExtendI32U:
    return unary<uint32_t>([](uint32_t a) { return uint64_t(a); });
  case Opcode::I32Extend8S:
    return unary<int8_t>([](int8_t a) { return int32_t(a); });
  case Opcode::I32Extend16S:
    return unary<int16_t>([](int16_t a) { return int32_t(a); });
  case Opcode::I64Extend8S:
    return unary<int8_t>([](int8_t a) { return int64_t(a); });
  case Opcode::I64Extend16S:
    return unary<int16_t>([](int16_t a) { return int64_t(a); });
  case Opcode::I64Extend32S:
    return unary<int32_t>([](int32_t a) { return int64_t(a); });
  case Opcode::I64Add128:
  case Opcode::I64Sub128:
  case Opcode::I64MulWideS:
  case Opcode::I64MulWideU:
    return stepWide(instr);
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
