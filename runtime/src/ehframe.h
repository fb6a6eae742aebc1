//===- ehframe.h - The unwind tables of the program ----------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_EHFRAME_H
#define TENON_RUNTIME_EHFRAME_H

#include "registers.h"

namespace tenon::rt {

/// What the tables say about a call.
struct CallSite {
  enum Kind : uint8_t {
    Boundary, ///< no exception may leave the call
    Passes,   ///< it goes on to the caller of the function
    Handled   ///< it goes on at `handler`
  };
  static constexpr int32_t unsaved = INT32_MIN;

  uintptr_t pc = 0; ///< the call's return address
  uintptr_t handler = 0;
  Kind kind = Boundary;
  uint8_t cfaSlot = 0;
  int32_t cfaOffset = 0;
  int32_t pushedBytes = 0; ///< arguments that the call's frame still has on the stack
  /// Where the function saved a register, from its CFA; `unsaved`: it still has the caller's value.
  int32_t saved[NumSlots] = {};
};

/// Reads what the tables say about the call that returns to `pc`.
CallSite findCallSite(uintptr_t pc);

} // namespace tenon::rt

#endif // TENON_RUNTIME_EHFRAME_H
