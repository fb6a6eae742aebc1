//===- trap.cpp - Traps: report and exit, or recover ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In an executable a trap is reported and ends the process with status 134, as `abort` would. In a
// test harness it returns to the innermost `tenon_protect`: registers are restored from that
// function's frame, no signal mask is touched (handlers run with SA_NODEFER, so none is blocked).
//
//===----------------------------------------------------------------------===//

#include "trap.h"
#include "handles.h"
#include "print.h"
#include "process.h"
#include "threads.h"

using namespace tenon::rt;

namespace {
constexpr int trapStatus = 134;
} // namespace

extern "C" void *tenon_recovery = nullptr;
extern "C" Thread *tenon_threads;
constinit const char *tenon::rt::trapDetail = nullptr;
Thread *tenon_threads = nullptr;

/// Where the calling thread keeps the frame that it recovers to.
static void **recoverySlot() {
  Thread *thread = threadAt(reinterpret_cast<uintptr_t>(__builtin_frame_address(0)));
  return thread ? &thread->recovery : &tenon_recovery;
}

const char *tenon::rt::trapText(uint32_t kind) {
  switch (kind) {
#define TRAP(name, code, text)                                                                     \
  case code:                                                                                       \
    return text;
#include "tenon-abi/traps.def"
#undef TRAP
  }
  return "unknown trap";
}

/// What a trap was about, for the report.
static void printDetail(Printer &out, uint32_t kind, const char *detail) {
  switch (kind) {
  case AsyncNotSupported:
    out << " (" << detail << ')';
    return;
  case UnknownHandle:
    out << ' ' << detail;
    return;
  default:
    out << ": " << detail;
  }
}

void tenon::rt::printTrap(Printer &out, uint32_t kind, const char *detail) {
  if (detail && kind == HandleTypeMismatch) {
    out << "handle index " << detail << " used with the wrong type\n";
    return;
  }
  out << trapText(kind);
  if (detail)
    printDetail(out, kind, detail);
  out << '\n';
}

void tenon::rt::raiseTrap(uint32_t kind, Place place, const char *detail) {
  if (*recoverySlot()) {
    trapDetail = detail;
    tenon_recover(kind);
  }
  {
    Printer out(2);
    out << "trap: ";
    printTrap(out, kind, detail);
  }
  printPlace(place);
  exitProcess(trapStatus);
}

/// A call's return address belongs to the next instruction; the byte before it to the call.
#define TENON_CALLER                                                                               \
  Place {                                                                                          \
    reinterpret_cast<uintptr_t>(__builtin_return_address(0)) - 1,                                  \
        static_cast<const uintptr_t *>(__builtin_frame_address(0))                                 \
  }

extern "C" [[gnu::noinline]] void tenon_trap(uint32_t kind) {
  raiseTrap(kind, TENON_CALLER, nullptr);
}

extern "C" [[noreturn, gnu::noinline, gnu::cold]] void tenon_trap_missing(const char *name) {
  raiseTrap(MissingImport, TENON_CALLER, name);
}

/// The index of the handle that a trap was about, in decimal.
static constinit char handleText[11] = "";

extern "C" void tenon_trap_handle(uint32_t kind, uint32_t handle) {
  char *digit = handleText + sizeof(handleText) - 1;
  do
    *--digit = static_cast<char>('0' + handle % 10);
  while (handle /= 10);
  raiseTrap(kind, TENON_CALLER, digit);
}

static const char *nameOfAsync(uint32_t code) {
  switch (code) {
#define ASYNC(name, code, text)                                                                    \
  case code:                                                                                       \
    return text;
#include "tenon-abi/async.def"
#undef ASYNC
  }
  return nullptr;
}

extern "C" [[noreturn, gnu::noinline, gnu::cold]] void tenon_async_unsupported(uint32_t what) {
  raiseTrap(AsyncNotSupported, TENON_CALLER, nameOfAsync(what));
}

void tenon::rt::fatal(const char *what, const char *which, int error) {
  {
    Printer out(2);
    out << "error: " << what;
    if (which)
      out << " '" << which << '\'';
    if (error)
      (out << " (error ").decimal(static_cast<uint64_t>(error)) << ')';
    out << '\n';
  }
  exitProcess(1);
}

// The saved frame: registers, where its address is kept, and what was there before.
extern "C" {
uint32_t tenon_protect_in(void (*function)(void *), void *context, void **slot);
[[noreturn]] void tenon_recover_in(uint32_t kind, void **slot);
}

#if defined(__x86_64__)
extern "C" [[gnu::naked]] uint32_t tenon_protect_in(void (*)(void *), void *, void **) {
  __asm__("pushq %rbp\n\t"
          "pushq %rbx\n\t"
          "pushq %r12\n\t"
          "pushq %r13\n\t"
          "pushq %r14\n\t"
          "pushq %r15\n\t"
          "pushq %rdx\n\t"
          "pushq %rdx\n\t"
          "pushq (%rdx)\n\t"
          "movq %rsp, (%rdx)\n\t"
          "movq %rdi, %rax\n\t"
          "movq %rsi, %rdi\n\t"
          "call *%rax\n\t"
          "xorl %edi, %edi\n\t"
          "movq 8(%rsp), %rsi\n\t"
          "jmp tenon_recover_in");
}

extern "C" [[gnu::naked, noreturn]] void tenon_recover_in(uint32_t, void **) {
  __asm__("movl %edi, %eax\n\t"
          "movq (%rsi), %rsp\n\t"
          "cld\n\t"
          "popq (%rsi)\n\t"
          "addq $16, %rsp\n\t"
          "popq %r15\n\t"
          "popq %r14\n\t"
          "popq %r13\n\t"
          "popq %r12\n\t"
          "popq %rbx\n\t"
          "popq %rbp\n\t"
          "ret");
}
#else
extern "C" [[gnu::naked]] uint32_t tenon_protect_in(void (*)(void *), void *, void **) {
  __asm__("sub sp, sp, #176\n\t"
          "stp x29, x30, [sp, #0]\n\t"
          "stp x19, x20, [sp, #16]\n\t"
          "stp x21, x22, [sp, #32]\n\t"
          "stp x23, x24, [sp, #48]\n\t"
          "stp x25, x26, [sp, #64]\n\t"
          "stp x27, x28, [sp, #80]\n\t"
          "stp d8, d9, [sp, #96]\n\t"
          "stp d10, d11, [sp, #112]\n\t"
          "stp d12, d13, [sp, #128]\n\t"
          "stp d14, d15, [sp, #144]\n\t"
          "ldr x10, [x2]\n\t"
          "stp x10, x2, [sp, #160]\n\t"
          "mov x10, sp\n\t"
          "str x10, [x2]\n\t"
          "mov x9, x0\n\t"
          "mov x0, x1\n\t"
          "blr x9\n\t"
          "mov w0, wzr\n\t"
          "ldr x1, [sp, #168]\n\t"
          "b tenon_recover_in");
}

extern "C" [[gnu::naked, noreturn]] void tenon_recover_in(uint32_t, void **) {
  __asm__("ldr x10, [x1]\n\t"
          "mov sp, x10\n\t"
          "ldr x10, [sp, #160]\n\t"
          "str x10, [x1]\n\t"
          "ldp x29, x30, [sp, #0]\n\t"
          "ldp x19, x20, [sp, #16]\n\t"
          "ldp x21, x22, [sp, #32]\n\t"
          "ldp x23, x24, [sp, #48]\n\t"
          "ldp x25, x26, [sp, #64]\n\t"
          "ldp x27, x28, [sp, #80]\n\t"
          "ldp d8, d9, [sp, #96]\n\t"
          "ldp d10, d11, [sp, #112]\n\t"
          "ldp d12, d13, [sp, #128]\n\t"
          "ldp d14, d15, [sp, #144]\n\t"
          "add sp, sp, #176\n\t"
          "ret");
}
#endif

extern "C" uint32_t tenon_protect(void (*function)(void *), void *context) {
  return tenon_protect_in(function, context, recoverySlot());
}

extern "C" void tenon_recover(uint32_t kind) { tenon_recover_in(kind, recoverySlot()); }
