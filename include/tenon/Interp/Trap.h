//===- Trap.h - How the interpreter ends a program --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_INTERP_TRAP_H
#define TENON_INTERP_TRAP_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace tenon::interp {

/// The kinds of traps that compiled programs have, under the same codes, and what only an
/// interpreter has.
enum class TrapKind : uint32_t {
  None = 0,
#define TRAP(name, code, text) name = code,
#include "tenon-abi/traps.def"
#undef TRAP
  OutOfFuel = 1000,
  Deadlock,    ///< a wait that nobody can end
  UnsharedWait ///< a wait on a memory that is not shared
};

/// The text by which reports and the test suites call a trap.
llvm::StringRef trapText(TrapKind kind);

} // namespace tenon::interp

#endif // TENON_INTERP_TRAP_H
