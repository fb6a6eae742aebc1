//===- process.h - What the kernel gave the process, and its stacks - -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_PROCESS_H
#define TENON_RUNTIME_PROCESS_H

#include "base.h"

namespace tenon::rt {

/// The initial stack, in parts, and the stack that the guest runs on.
struct Process {
  uint64_t argc;
  const char *const *argv;
  const char *const *envp;
  uint64_t pageSize;
  const uint8_t *vdso; ///< ELF header of the kernel's vDSO; null: none
  uint8_t *stackGuard; ///< [stackGuard, stackLow) is never accessible
  uint8_t *stackLow;
  uint8_t *stackTop;
};
extern Process process;

/// What a program does once its memories are mapped and it stands on the guest's stack.
using ProgramBody = void (*)();
/// Sets up everything and runs `body` on the guest's stack; `initial` is the stack pointer that the
/// kernel started the process with.
[[noreturn]] void startProcess(const uintptr_t *initial, ProgramBody body);

/// What lies below a stack and is never accessible. Larger than any frame that a function can have:
/// 50,000 locals of 16 bytes and what spills beside them.
constexpr uint64_t stackGuardBytes = 64ull << 20;

/// Handlers for faults, on a stack of their own.
void installFaultHandlers();
/// Where the calling thread's fault handlers run.
void useHandlerStack(void *base, uint64_t bytes);

/// Reserves and maps every memory of the program.
void mapMemories();

} // namespace tenon::rt

#endif // TENON_RUNTIME_PROCESS_H
