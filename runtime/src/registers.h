//===- registers.h - What a frame keeps for its caller -------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Unwinding restores the registers that a function preserves, and no others. They have slots here;
// DWARF has numbers of its own for them (System V ABI, AMD64, figure 3.36; DWARF for the Arm 64-bit
// architecture, 4.1).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_REGISTERS_H
#define TENON_RUNTIME_REGISTERS_H

#include "base.h"

namespace tenon::rt {

#if defined(__x86_64__)

// The assembly in exception.cpp knows this order.
enum RegisterSlot : uint8_t { SlotRbx, SlotRbp, SlotR12, SlotR13, SlotR14, SlotR15, NumPreserved };
/// The return address, which is no register here, and the stack pointer.
enum : uint8_t { SlotReturn = NumPreserved, SlotStack, NumSlots, NoSlot = 0xff };

inline uint8_t slotOfDwarf(uint64_t number) {
  switch (number) {
  case 3:
    return SlotRbx;
  case 6:
    return SlotRbp;
  case 7:
    return SlotStack;
  case 12:
  case 13:
  case 14:
  case 15:
    return static_cast<uint8_t>(SlotR12 + (number - 12));
  case 16:
    return SlotReturn;
  }
  return NoSlot;
}

#else

// The assembly in exception.cpp knows this order: x19 to x29, d8 to d15.
enum RegisterSlot : uint8_t { SlotX19 = 0, SlotD8 = 11, NumPreserved = 19 };
/// x30, and the stack pointer.
enum : uint8_t { SlotReturn = NumPreserved, SlotStack, NumSlots, NoSlot = 0xff };

inline uint8_t slotOfDwarf(uint64_t number) {
  if (number >= 19 && number <= 29)
    return static_cast<uint8_t>(SlotX19 + (number - 19));
  if (number >= 72 && number <= 79)
    return static_cast<uint8_t>(SlotD8 + (number - 72));
  return number == 30 ? uint8_t(SlotReturn) : number == 31 ? uint8_t(SlotStack) : uint8_t(NoSlot);
}

#endif

/// The state of a frame behind a call that it made: where it goes on, its stack pointer, what it
/// preserves.
struct Registers {
  uintptr_t slots[NumSlots];
  uintptr_t pc() const { return slots[SlotReturn]; }
  uintptr_t stack() const { return slots[SlotStack]; }
};

} // namespace tenon::rt

#endif // TENON_RUNTIME_REGISTERS_H
