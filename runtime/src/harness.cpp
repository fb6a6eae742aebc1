//===- harness.cpp - Runs a list of commands, trap by trap ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The other entry of the runtime (tenon-abi/harness.h): for test scripts, whose programs go on
// after a trap.
//
//===----------------------------------------------------------------------===//

#include "tenon-abi/harness.h"
#include "print.h"
#include "process.h"
#include "syscall.h"
#include "tenon-abi/program.h"
#include "trap.h"

using namespace tenon::rt;

namespace {

constexpr char recordSeparator = 0x1e;

void runCommand(void *context) {
  const tenon_command &command = *static_cast<const tenon_command *>(context);
  command.run(command.slots);
}

void printOutcome(const tenon_command &command, uint32_t trap) {
  Printer out(1);
  (out << recordSeparator).decimal(command.id);
  if (trap) {
    (out << " trap ").decimal(trap) << ' ' << trapText(trap) << '\n';
    return;
  }
  out << " ok";
  for (uint32_t i = 0; i < command.result_count; ++i)
    (out << ' ').hex(command.slots[i]);
  out << '\n';
}

void waitForByte() {
  char byte;
  while (tenon::rt::read(0, &byte, 1) == -eINTR)
    ;
}

void runCommands() {
  if (tenon_program_info.instantiate)
    tenon_program_info.instantiate();
  for (uint64_t i = 0; i < tenon_commands.count; ++i) {
    const tenon_command &command = tenon_commands.commands[i];
    void *context = const_cast<tenon_command *>(&command);
    uint32_t trap = tenon_protect(runCommand, context);
    printOutcome(command, trap);
    if (command.waits && !trap)
      waitForByte();
  }
  exitProcess(0);
}

} // namespace

extern "C" [[noreturn, gnu::used]] void tenon_start_commands(const uintptr_t *initial) {
  startProcess(initial, runCommands);
}

#if defined(__x86_64__)
extern "C" [[gnu::naked, gnu::used]] void tenon_start_harness() {
  __asm__("xorl %ebp, %ebp\n\t"
          "movq %rsp, %rdi\n\t"
          "andq $-16, %rsp\n\t"
          "call tenon_start_commands");
}
#else
extern "C" [[gnu::naked, gnu::used]] void tenon_start_harness() {
  __asm__("mov x29, xzr\n\t"
          "mov x30, xzr\n\t"
          "mov x0, sp\n\t"
          "bl tenon_start_commands");
}
#endif
