//===- trap.h - Leaving a program that cannot go on ----------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_TRAP_H
#define TENON_RUNTIME_TRAP_H

#include "base.h"

namespace tenon::rt {

/// Where something happened: a program counter, and the stack to be searched for a caller in
/// generated code when the counter lies in the runtime.
struct Place {
  uintptr_t pc;
  const uintptr_t *stack;
};

/// The first thread's innermost `tenon_protect` that is running (the stack pointer that it saved);
/// null: none.
extern "C" void *tenon_recovery;

/// Ends the program, or returns from the innermost `tenon_protect`. `detail` may be null.
[[noreturn]] void raiseTrap(uint32_t kind, Place place, const char *detail);

/// Prints where `place` is, in the words of the component: instance, function, code offset.
void printPlace(Place place);

const char *trapText(uint32_t kind);

class Printer;
/// The text of a trap and its detail (which may be null), and a line's end.
void printTrap(Printer &out, uint32_t kind, const char *detail);

/// The detail of the last trap that was survived.
extern const char *trapDetail;

} // namespace tenon::rt

/// Runs `function(context)`: 0 when it returned, else the kind of the trap that ended it.
extern "C" uint32_t tenon_protect(void (*function)(void *), void *context);
/// Makes the innermost `tenon_protect` return `kind`.
extern "C" [[noreturn]] void tenon_recover(uint32_t kind);

#endif // TENON_RUNTIME_TRAP_H
