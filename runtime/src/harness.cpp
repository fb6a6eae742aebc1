//===- harness.cpp - Runs a list of commands, trap by trap ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The other entry of the runtime (tenon-abi/harness.h): for test scripts, whose programs go on
// after a trap, and for single calls.
//
//===----------------------------------------------------------------------===//

#include "tenon-abi/harness.h"
#include "futex.h"
#include "print.h"
#include "process.h"
#include "syscall.h"
#include "tenon-abi/program.h"
#include "threads.h"
#include "trap.h"

using namespace tenon::rt;

namespace {

constexpr char recordSeparator = 0x1e;

/// Outcomes are printed one at a time.
Lock printing;

void runCommand(void *context) {
  const tenon_command &command = *static_cast<const tenon_command *>(context);
  command.run(command.slots);
}

void printOutcome(const tenon_command &command, uint32_t trap) {
  LockHolder holder(printing);
  Printer out(tenon_commands.output);
  (out << recordSeparator).decimal(command.id);
  if (trap) {
    (out << " trap ").decimal(trap) << ' ';
    printTrap(out, trap, trapDetail);
    return;
  }
  out << " ok";
  for (uint32_t i = 0; i < command.result_count; ++i)
    (out << ' ').hex(command.slots[i]);
  out << '\n';
}

/// Whether all checks hold; if not, says so.
bool mayRun(const tenon_command &command) {
  for (uint64_t i = 0; i < command.check_count; ++i) {
    const tenon_check &check = command.checks[i];
    if (__atomic_load_n(check.value, __ATOMIC_ACQUIRE) >= check.least)
      continue;
    LockHolder holder(printing);
    Printer out(tenon_commands.output);
    (out << recordSeparator).decimal(command.id);
    (out << " unlinked ").decimal(i) << '\n';
    return false;
  }
  if (command.marks)
    *command.marks = 1;
  return true;
}

void waitForByte() {
  char byte;
  while (tenon::rt::read(tenon_commands.input, &byte, 1) == -eINTR)
    ;
}

void runThread(void *command);

/// Returns the kind of the trap that ended it, or 0.
uint32_t runProtected(void *command) {
  if (!tenon_commands.ends_with_trap)
    return tenon_protect(runCommand, command);
  runCommand(command);
  return 0;
}

void run(const tenon_command &command) {
  if (!mayRun(command))
    return;
  void *context = const_cast<tenon_command *>(&command);
  trapDetail = nullptr;
  uint32_t trap = runProtected(context);
  if (command.starts && !startThread(command.starts, runThread, context))
    trap = HostExhausted;
  if (command.joins)
    joinThread(command.joins);
  printOutcome(command, trap);
  if (command.waits && !trap)
    waitForByte();
}

/// Runs the commands of a thread that come behind the one that starts it.
void runThread(void *starting) {
  const tenon_command *command = static_cast<const tenon_command *>(starting);
  const tenon_command *end = tenon_commands.commands + tenon_commands.count;
  for (uint32_t thread = command->starts; command != end; ++command)
    if (command->thread == thread)
      run(*command);
}

void runCommands() {
  if (tenon_program_info.instantiate)
    tenon_program_info.instantiate();
  for (uint64_t i = 0; i < tenon_commands.count; ++i)
    if (!tenon_commands.commands[i].thread)
      run(tenon_commands.commands[i]);
  joinThreads();
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
