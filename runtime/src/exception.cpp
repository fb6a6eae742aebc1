//===- exception.cpp - Throwing, and what is in flight --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A throw saves the registers that its caller preserves; the walk over the frames (unwind.cpp)
// changes that copy, and what it has become in the frame with the handler is loaded.
//
//===----------------------------------------------------------------------===//

#include "exception.h"

using namespace tenon::rt;

alignas(16) constinit tenon_exception_in_flight tenon_thrown = {};

extern "C" [[noreturn, gnu::used]] void tenon_start_throw(const tenon_exception *exception,
                                                          Registers *registers) {
  tenon_thrown.head.origin = reinterpret_cast<void *>(registers->pc());
  unwind(exception, *registers);
}

extern "C" [[noreturn, gnu::used]] void tenon_start_throw_on(const tenon_exception *exception,
                                                             Registers *registers) {
  if (!tenon_thrown.head.origin)
    tenon_thrown.head.origin = reinterpret_cast<void *>(registers->pc());
  unwind(exception, *registers);
}

#if defined(__x86_64__)

/// The registers as an array on the stack: what the call left in them, where it returns to, and the
/// stack pointer behind it.
#define TENON_SAVE_AND(function)                                                                   \
  __asm__("leaq 8(%rsp), %rax\n\t"                                                                 \
          "movq (%rsp), %rdx\n\t"                                                                  \
          "pushq %rax\n\t"                                                                         \
          "pushq %rdx\n\t"                                                                         \
          "pushq %r15\n\t"                                                                         \
          "pushq %r14\n\t"                                                                         \
          "pushq %r13\n\t"                                                                         \
          "pushq %r12\n\t"                                                                         \
          "pushq %rbp\n\t"                                                                         \
          "pushq %rbx\n\t"                                                                         \
          "movq %rsp, %rsi\n\t"                                                                    \
          "subq $8, %rsp\n\t"                                                                      \
          "call " function)

/// The handler finds the exception in rax, and nothing of use in rdx.
extern "C" [[gnu::naked, noreturn]] void tenon_enter_handler(const tenon_exception *exception,
                                                             const Registers *registers) {
  __asm__("movq %rdi, %rax\n\t"
          "xorl %edx, %edx\n\t"
          "movq (%rsi), %rbx\n\t"
          "movq 8(%rsi), %rbp\n\t"
          "movq 16(%rsi), %r12\n\t"
          "movq 24(%rsi), %r13\n\t"
          "movq 32(%rsi), %r14\n\t"
          "movq 40(%rsi), %r15\n\t"
          "movq 48(%rsi), %rcx\n\t"
          "movq 56(%rsi), %rsp\n\t"
          "jmp *%rcx");
}

#else

#define TENON_SAVE_AND(function)                                                                   \
  __asm__("mov x9, sp\n\t"                                                                         \
          "sub sp, sp, #176\n\t"                                                                   \
          "stp x19, x20, [sp, #0]\n\t"                                                             \
          "stp x21, x22, [sp, #16]\n\t"                                                            \
          "stp x23, x24, [sp, #32]\n\t"                                                            \
          "stp x25, x26, [sp, #48]\n\t"                                                            \
          "stp x27, x28, [sp, #64]\n\t"                                                            \
          "str x29, [sp, #80]\n\t"                                                                 \
          "stp d8, d9, [sp, #88]\n\t"                                                              \
          "stp d10, d11, [sp, #104]\n\t"                                                           \
          "stp d12, d13, [sp, #120]\n\t"                                                           \
          "stp d14, d15, [sp, #136]\n\t"                                                           \
          "stp x30, x9, [sp, #152]\n\t"                                                            \
          "mov x1, sp\n\t"                                                                         \
          "bl " function)

/// The handler finds the exception in x0, and nothing of use in x1.
extern "C" [[gnu::naked, noreturn]] void tenon_enter_handler(const tenon_exception *exception,
                                                             const Registers *registers) {
  __asm__("ldp x19, x20, [x1, #0]\n\t"
          "ldp x21, x22, [x1, #16]\n\t"
          "ldp x23, x24, [x1, #32]\n\t"
          "ldp x25, x26, [x1, #48]\n\t"
          "ldp x27, x28, [x1, #64]\n\t"
          "ldr x29, [x1, #80]\n\t"
          "ldp d8, d9, [x1, #88]\n\t"
          "ldp d10, d11, [x1, #104]\n\t"
          "ldp d12, d13, [x1, #120]\n\t"
          "ldp d14, d15, [x1, #136]\n\t"
          "ldp x9, x10, [x1, #152]\n\t"
          "mov sp, x10\n\t"
          "mov x1, xzr\n\t"
          "br x9");
}

#endif

extern "C" [[gnu::naked, noreturn]] void tenon_throw(const tenon_exception *) {
  TENON_SAVE_AND("tenon_start_throw");
}

extern "C" [[gnu::naked, noreturn]] void tenon_throw_on(const tenon_exception *) {
  TENON_SAVE_AND("tenon_start_throw_on");
}

/// The tables name a personality routine. Ours are read by one unwinder, which has no use for one.
extern "C" [[gnu::used]] void tenon_personality() { __builtin_trap(); }
