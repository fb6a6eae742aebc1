//===- harness.h - A list of commands to be run one by one ------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test script becomes a program with a list of commands instead of an entry. The harness
// (`tenon_start_harness`) runs each one, survives its trap, and prints one line for each; whoever
// made the list compares. It knows nothing of what was expected.
//
//   <id> ok <value in hex>...      the command returned (v128: two values, low one first)
//   <id> trap <kind> <text>        it trapped
//   <id> unlinked <check>          it was not run: the check of that number failed
//
// Commands run one after the other. Each belongs to a thread; the first thread is number 0, another
// is started by a command, and then runs its own commands in turn.
//
// The host functions stay available; their output may share the file with these lines, each of
// which therefore starts with the byte 0x1e (record separator).
//
// A program that is no script but one call has the same list: the lines then go to a file of their
// own, and a trap is reported and ends the program as in any other.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_HARNESS_H
#define TENON_ABI_HARNESS_H

#include <stdint.h>

/// A condition on the program's state: `*value >= least`. A memory that another module has grown
/// may be imported where at first it was too small.
struct tenon_check {
  const uint64_t *value;
  uint64_t least;
};

struct tenon_command {
  /// Reads its arguments from `slots` (which no optimiser can see through), calls, writes the
  /// results to `slots`. Smaller values are zero-extended.
  void (*run)(uint64_t *slots);
  uint64_t *slots; ///< may be null when both counts are 0
  uint32_t result_count;
  uint32_t id; ///< for the output: the line of the script, or any number
  /// Not 0: after a result the harness waits for a byte of its input (or its end), so that
  /// whoever made the list can read the program's memory.
  uint32_t waits;
  uint32_t thread; ///< that runs it
  uint32_t starts; ///< not 0: the thread that it starts
  uint32_t joins;  ///< not 0: the thread for whose end it waits
  uint64_t check_count;
  const struct tenon_check *checks; ///< all must hold, else the command is not run
  uint64_t *marks;                  ///< not null: becomes 1 when all checks hold
};

struct tenon_command_list {
  uint64_t count;
  const struct tenon_command *commands;
  int32_t output;          ///< file descriptor that the lines are printed to
  int32_t input;           ///< that `waits` reads from
  uint32_t ends_with_trap; ///< a trap ends the program
};

/// Defined by the generated program when it is linked with `tenon_start_harness`.
extern const struct tenon_command_list tenon_commands;

#endif // TENON_ABI_HARNESS_H
