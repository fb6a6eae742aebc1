//===- unwind.cpp - From a throw to its handler ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Search and unwinding are one walk: it changes a copy of the registers, and nothing of the program
// until it has found a handler. Handlers are entered for every exception; one that has no clause
// for it throws it on. A call in a function without tables, or a call that its tables do not list,
// is what no exception may leave (the entry of the program, adapters, the runtime).
//
// What the tables say about a call is remembered: a program throws from few places to few.
//
//===----------------------------------------------------------------------===//

#include "ehframe.h"
#include "exception.h"
#include "trap.h"

using namespace tenon::rt;

extern "C" [[noreturn]] void tenon_enter_handler(const tenon_exception *, const Registers *);

namespace {

constexpr uint64_t cacheSize = 256;
constinit CallSite cache[cacheSize] = {};

const CallSite &callSiteOf(uintptr_t pc) {
  CallSite &entry = cache[(pc ^ pc >> 8) % cacheSize];
  if (entry.pc != pc)
    entry = findCallSite(pc);
  return entry;
}

/// From the frame behind `site` to its caller's.
void step(const CallSite &site, Registers &registers) {
  uintptr_t cfa = registers.slots[site.cfaSlot] + static_cast<uintptr_t>(long(site.cfaOffset));
  if (cfa <= registers.stack())
    fatal("the program's unwind tables are wrong");
  for (uint8_t i = 0; i < SlotStack; ++i)
    if (site.saved[i] != CallSite::unsaved)
      registers.slots[i] =
          *reinterpret_cast<const uintptr_t *>(cfa + static_cast<uintptr_t>(long(site.saved[i])));
  registers.slots[SlotStack] = cfa;
}

} // namespace

void tenon::rt::unwind(const tenon_exception *exception, Registers &registers) {
  for (;;) {
    const CallSite &site = callSiteOf(registers.pc());
    if (site.kind == CallSite::Boundary)
      tenon_uncaught(exception);
    if (site.kind == CallSite::Handled) {
      registers.slots[SlotReturn] = site.handler;
      registers.slots[SlotStack] += static_cast<uintptr_t>(long(site.pushedBytes));
      tenon_enter_handler(exception, &registers);
    }
    step(site, registers);
  }
}

extern "C" [[noreturn]] void tenon_uncaught(const tenon_exception *) {
  uintptr_t origin = reinterpret_cast<uintptr_t>(tenon_thrown.head.origin);
  Place place = {origin ? origin - 1 : reinterpret_cast<uintptr_t>(__builtin_return_address(0)) - 1,
                 static_cast<const uintptr_t *>(__builtin_frame_address(0))};
  raiseTrap(UncaughtException, place, nullptr);
}
