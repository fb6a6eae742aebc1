//===- threads.cpp - Threads beside the first one -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For test scripts: programs do not start threads. A thread is one mapping, from low to high the
// stack's guard, its stack, the stack of fault handlers, and its record. It stays mapped when the
// thread has ended, since others may be looking through the list.
//
//===----------------------------------------------------------------------===//

#include "threads.h"
#include "futex.h"
#include "process.h"
#include "tenon-abi/program.h"

using namespace tenon::rt;

namespace {

constexpr uint64_t handlerBytes = 64 << 10;
enum : uint64_t {
  CloneMemory = 0x100,
  CloneFilesystem = 0x200,
  CloneFiles = 0x400,
  CloneHandlers = 0x800,
  CloneThread = 0x10000,
  CloneSemaphores = 0x40000,
  CloneStoreId = 0x100000,
  CloneClearId = 0x200000,
};

[[noreturn]] void runThread(Thread *thread) {
  useHandlerStack(reinterpret_cast<uint8_t *>(thread) - handlerBytes, handlerBytes);
  thread->body(thread->argument);
  for (;;)
    syscall(SysExit, 0);
}

/// The new thread begins with an empty stack; negative: -errno.
long clone(Thread *thread, uint8_t *stackTop) {
  constexpr uint64_t flags = CloneMemory | CloneFilesystem | CloneFiles | CloneHandlers |
                             CloneThread | CloneSemaphores | CloneStoreId | CloneClearId;
#if defined(__x86_64__)
  long result;
  register long clear __asm__("r10") = address(&thread->kernelId);
  __asm__ volatile("syscall\n\t"
                   "testq %%rax, %%rax\n\t"
                   "jnz 1f\n\t"
                   "xorl %%ebp, %%ebp\n\t"
                   "movq %[thread], %%rdi\n\t"
                   "call *%[run]\n\t"
                   "hlt\n"
                   "1:"
                   : "=a"(result)
                   : "a"(SysClone), "D"(flags), "S"(stackTop), "d"(&thread->kernelId),
                     "r"(clear), [thread] "r"(thread), [run] "r"(runThread)
                   : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = SysClone;
  register long x0 __asm__("x0") = static_cast<long>(flags);
  register long x1 __asm__("x1") = address(stackTop);
  register long x2 __asm__("x2") = address(&thread->kernelId);
  register long x3 __asm__("x3") = 0;
  register long x4 __asm__("x4") = address(&thread->kernelId);
  __asm__ volatile("svc 0\n\t"
                   "cbnz x0, 1f\n\t"
                   "mov x29, xzr\n\t"
                   "mov x30, xzr\n\t"
                   "mov x0, %[thread]\n\t"
                   "blr %[run]\n\t"
                   "brk #1\n"
                   "1:"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3),
                     "r"(x4), [thread] "r"(thread), [run] "r"(runThread)
                   : "memory");
  return x0;
#endif
}

/// The mapping of a new thread, with its record at the end; null if there is no room for it.
Thread *mapThread() {
  uint64_t stack = static_cast<uint64_t>(process.stackTop - process.stackLow);
  uint64_t used = stack + handlerBytes + process.pageSize;
  long guard =
      mmap(nullptr, stackGuardBytes + used, ProtNone, MapPrivate | MapAnonymous | MapNoReserve);
  if (isError(guard))
    return nullptr;
  uint8_t *low = reinterpret_cast<uint8_t *>(guard) + stackGuardBytes;
  if (isError(syscall(SysMprotect, address(low), static_cast<long>(used), ProtReadWrite)))
    return nullptr;
  Thread *thread = reinterpret_cast<Thread *>(low + stack + handlerBytes);
  thread->guard = reinterpret_cast<uint8_t *>(guard);
  thread->stackLow = low;
  thread->end = low + used;
  return thread;
}

void join(Thread *thread) {
  while (uint32_t id = __atomic_load_n(&thread->kernelId, __ATOMIC_ACQUIRE))
    // The kernel's wake is not a private one.
    syscall(SysFutex, address(&thread->kernelId), FutexWaitBitset, id, 0, 0, futexAnyBit);
}

} // namespace

bool tenon::rt::startThread(uint32_t number, void (*body)(void *), void *argument) {
  Thread *thread = mapThread();
  if (!thread)
    return false;
  thread->number = number;
  thread->body = body;
  thread->argument = argument;
  thread->next = __atomic_load_n(&tenon_threads, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(&tenon_threads, &thread->next, thread, false,
                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    ;
  uint8_t *stackTop = reinterpret_cast<uint8_t *>(thread) - handlerBytes;
  return !isError(clone(thread, stackTop));
}

void tenon::rt::joinThread(uint32_t number) {
  for (Thread *thread = tenon_threads; thread; thread = thread->next)
    if (thread->number == number)
      join(thread);
}

void tenon::rt::joinThreads() {
  for (Thread *thread = tenon_threads; thread; thread = thread->next)
    join(thread);
}
