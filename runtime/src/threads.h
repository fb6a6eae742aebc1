//===- threads.h - Threads beside the first one -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread has a stack of its own, a stack for fault handlers, and a place to recover from traps.
// There is no thread pointer: whose state is wanted is told by the stack it is asked on, so that a
// program of one thread has nothing to set up, and asks nothing on any fast path.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_THREADS_H
#define TENON_RUNTIME_THREADS_H

#include "base.h"

namespace tenon::rt {

struct Thread {
  Thread *next;      ///< started before this one
  uint8_t *guard;    ///< [guard, stackLow) is never accessible
  uint8_t *stackLow; ///< [stackLow, end) holds the stack, the handlers' stack and this record
  uint8_t *end;
  void *recovery;    ///< as tenon_recovery
  uint32_t kernelId; ///< the kernel clears it, and wakes who waits on it, when the thread has ended
  uint32_t number;   ///< whoever started it says
  void (*body)(void *);
  void *argument;
};

/// The thread started last; null: there is only the first.
extern "C" Thread *tenon_threads;

/// The thread with that address on one of its stacks; null: the first one.
inline Thread *threadAt(uintptr_t address) {
  Thread *thread = __atomic_load_n(&tenon_threads, __ATOMIC_ACQUIRE);
  while (thread && address - reinterpret_cast<uintptr_t>(thread->guard) >=
                       static_cast<uintptr_t>(thread->end - thread->guard))
    thread = thread->next;
  return thread;
}

/// Runs `body` in a thread of its own; false if the kernel refuses.
bool startThread(uint32_t number, void (*body)(void *), void *argument);
/// Waits until the thread of that number has ended, if there is one.
void joinThread(uint32_t number);
/// The same for all.
void joinThreads();

} // namespace tenon::rt

#endif // TENON_RUNTIME_THREADS_H
