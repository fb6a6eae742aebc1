//===- faults.cpp - Faults become traps, by address -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fault inside a memory's reservation is an access out of bounds, one in the guard below the
// guest's stack is an exhausted stack, whoever the culprit is: generated code or a memcpy of the
// runtime. Anything else is our bug and is called so.
//
//===----------------------------------------------------------------------===//

#include "print.h"
#include "process.h"
#include "syscall.h"
#include "tenon-abi/program.h"
#include "threads.h"
#include "trap.h"

using namespace tenon::rt;

namespace {

enum Signal {
  SignalIllegal = 4,
  SignalBus = 7,
  SignalFloat = 8,
  SignalSegmentation = 11,
  SignalPipe = 13
};
enum : uint64_t {
  ActionInfo = 0x4,
  ActionOnStack = 0x08000000,
  ActionRestorer = 0x04000000,
  ActionNoDefer = 0x40000000,
};
constexpr int faultStatus = 139;

/// The kernel's `struct sigaction`.
struct Action {
  uintptr_t handler;
  uint64_t flags;
  void (*restorer)();
  uint64_t mask;
};

/// The part of the kernel's `siginfo_t` that faults use.
struct SignalInfo {
  int number, error, code, pad;
  uintptr_t faultAddress;
};

struct AlternateStack {
  void *base;
  int flags;
  uint64_t size;
};

alignas(16) uint8_t handlerStack[64 << 10];

#if defined(__x86_64__)
/// `ucontext_t` up to the registers: flags, link, stack (3 words), then r8 to r15, rdi, rsi, rbp,
/// rbx, rdx, rax, rcx, rsp, rip.
Place placeOf(const uintptr_t *context) {
  return {context[5 + 16], reinterpret_cast<const uintptr_t *>(context[5 + 15])};
}

[[gnu::naked]] void restore() {
  __asm__("movl $15, %eax\n\t"
          "syscall");
}
#else
/// `ucontext_t`: flags, link, stack (3 words), signal mask (128 bytes), then aligned to 16 the
/// fault address, x0 to x30, sp, pc.
Place placeOf(const uintptr_t *context) {
  const uintptr_t *registers = context + 22;
  return {registers[1 + 32], reinterpret_cast<const uintptr_t *>(registers[1 + 31])};
}
#endif

bool isInMemory(uintptr_t at) {
  for (uint32_t i = 0; i < tenon_program_info.memory_count; ++i) {
    const tenon_memory &memory = *tenon_program_info.memories[i].memory;
    if (at - reinterpret_cast<uintptr_t>(memory.base) < memory.reserved)
      return true;
  }
  return false;
}

bool isInStackGuard(uintptr_t at) {
  if (Thread *thread = threadAt(at))
    return at < reinterpret_cast<uintptr_t>(thread->stackLow);
  return at >= reinterpret_cast<uintptr_t>(process.stackGuard) &&
         at < reinterpret_cast<uintptr_t>(process.stackLow);
}

[[noreturn]] void reportInternalFault(int number, uintptr_t at, Place place) {
  {
    Printer out(2);
    (out << "internal fault: signal ").decimal(static_cast<uint64_t>(number)) << " at address 0x";
    (out.hex(at) << ", program counter 0x").hex(place.pc) << '\n';
  }
  printPlace(place);
  exitProcess(faultStatus);
}

void handleFault(int number, SignalInfo *info, void *context) {
  Place place = placeOf(static_cast<const uintptr_t *>(context));
  bool isAccess = number == SignalSegmentation || number == SignalBus;
  if (isAccess && isInStackGuard(info->faultAddress))
    raiseTrap(StackExhausted, place, nullptr);
  if (isAccess && isInMemory(info->faultAddress))
    raiseTrap(MemoryOutOfBounds, place, nullptr);
  reportInternalFault(number, info->faultAddress, place);
}

void setAction(Signal number, uintptr_t handler) {
  Action action = {handler, 0, nullptr, 0};
  if (handler > 1)
    action.flags = ActionInfo | ActionOnStack | ActionNoDefer;
#if defined(__x86_64__)
  action.flags |= ActionRestorer;
  action.restorer = restore;
#endif
  syscall(SysSigaction, number, address(&action), 0, sizeof(action.mask));
}

} // namespace

void tenon::rt::useHandlerStack(void *base, uint64_t bytes) {
  AlternateStack stack = {base, 0, bytes};
  syscall(SysSigaltstack, address(&stack), 0);
}

void tenon::rt::installFaultHandlers() {
  useHandlerStack(handlerStack, sizeof(handlerStack));
  uintptr_t handler = reinterpret_cast<uintptr_t>(&handleFault);
  setAction(SignalSegmentation, handler);
  setAction(SignalBus, handler);
  setAction(SignalIllegal, handler);
  setAction(SignalFloat, handler);
  // A closed pipe is an error of the write, not the end of the program.
  constexpr uintptr_t ignore = 1;
  setAction(SignalPipe, ignore);
}
