//===- start.cpp - From the kernel to the guest ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `_start` finds arguments, environment and auxiliary vector on the initial stack, maps the
// program's memories, and goes on on a stack of the size that the program asked for, below which a
// guard turns endless recursion into a trap. The initial stack is not used for it: its size is the
// user's `ulimit`.
//
//===----------------------------------------------------------------------===//

#include "process.h"
#include "syscall.h"
#include "tenon-abi/program.h"

using namespace tenon::rt;

namespace tenon::rt {
Process process;
} // namespace tenon::rt

namespace {

constexpr uint64_t defaultStack = 8ull << 20;

enum AuxiliaryTag : uint64_t { AuxPageSize = 6, AuxVdso = 33 };

void readInitialStack(const uintptr_t *initial) {
  process.argc = initial[0];
  process.argv = reinterpret_cast<const char *const *>(initial + 1);
  process.envp = process.argv + process.argc + 1;
  process.pageSize = 4096;
  const char *const *end = process.envp;
  while (*end)
    ++end;
  const uintptr_t *aux = reinterpret_cast<const uintptr_t *>(end + 1);
  for (; aux[0]; aux += 2) {
    if (aux[0] == AuxPageSize)
      process.pageSize = aux[1];
    if (aux[0] == AuxVdso)
      process.vdso = reinterpret_cast<const uint8_t *>(aux[1]);
  }
}

void mapGuestStack(uint64_t bytes) {
  bytes = alignTo(bytes ? bytes : defaultStack, process.pageSize);
  long guard =
      mmap(nullptr, stackGuardBytes + bytes, ProtNone, MapPrivate | MapAnonymous | MapNoReserve);
  if (isError(guard))
    fatal("cannot reserve the stack", nullptr, static_cast<int>(-guard));
  process.stackGuard = reinterpret_cast<uint8_t *>(guard);
  process.stackLow = process.stackGuard + stackGuardBytes;
  process.stackTop = process.stackLow + bytes;
  if (isError(
          syscall(SysMprotect, address(process.stackLow), static_cast<long>(bytes), ProtReadWrite)))
    fatal("cannot map the stack");
}

/// Runs `body` on the stack that ends at `top`; it never returns.
[[noreturn]] void runOnStack(ProgramBody body, uint8_t *top) {
#if defined(__x86_64__)
  __asm__ volatile("xorl %%ebp, %%ebp\n\t"
                   "movq %1, %%rsp\n\t"
                   "call *%0\n\t"
                   "hlt"
                   :
                   : "r"(body), "r"(top)
                   : "memory");
#else
  __asm__ volatile("mov x29, xzr\n\t"
                   "mov sp, %1\n\t"
                   "blr %0\n\t"
                   "brk #1"
                   :
                   : "r"(body), "r"(top)
                   : "memory");
#endif
  __builtin_unreachable();
}

void runProgram() {
  if (tenon_program_info.instantiate)
    tenon_program_info.instantiate();
  uint32_t result = tenon_program_info.run ? tenon_program_info.run() : 0;
  exitProcess(result ? 1 : 0);
}

} // namespace

void tenon::rt::startProcess(const uintptr_t *initial, ProgramBody body) {
  readInitialStack(initial);
  if (tenon_program_info.version != TENON_ABI_VERSION)
    fatal("the program was made for another version of the runtime");
  installFaultHandlers();
  mapMemories();
  mapGuestStack(tenon_program_info.stack_bytes);
  runOnStack(body, process.stackTop);
}

extern "C" [[noreturn, gnu::used]] void tenon_start_program(const uintptr_t *initial) {
  startProcess(initial, runProgram);
}

#if defined(__x86_64__)
extern "C" [[gnu::naked, gnu::used]] void _start() {
  __asm__("xorl %ebp, %ebp\n\t"
          "movq %rsp, %rdi\n\t"
          "andq $-16, %rsp\n\t"
          "call tenon_start_program");
}
#else
extern "C" [[gnu::naked, gnu::used]] void _start() {
  __asm__("mov x29, xzr\n\t"
          "mov x30, xzr\n\t"
          "mov x0, sp\n\t"
          "bl tenon_start_program");
}
#endif
