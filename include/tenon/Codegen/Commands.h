//===- Commands.h - A list of commands as data ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test script, or a single call, runs as a program whose entry is a list of commands
// (tenon-abi/harness.h): data that the optimiser never sees beside the code, so nothing of a call
// can be folded.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_COMMANDS_H
#define TENON_CODEGEN_COMMANDS_H

#include "tenon/Codegen/Codegen.h"

namespace tenon::codegen {

/// A pointer somewhere in a command's data, to piece `target` of its memory. `at` is an offset in
/// bytes (in a piece) or the number of a slot (in the arguments).
struct CommandPointer {
  uint32_t at = 0;
  uint32_t target = 0;
};

/// A piece of memory that arguments point to.
struct CommandMemory {
  std::vector<uint8_t> bytes;
  std::vector<CommandPointer> pointers;
};

/// What must hold for a command to be run: the 64-bit number at `symbol` + `offset` is `least` or
/// more.
struct CommandCheck {
  std::string symbol;
  uint64_t offset = 0;
  uint64_t least = 0;
};

/// A call of an exported symbol (`Program::exports`), or of several without arguments or results,
/// one after the other (`tenon.instantiate.<i>`).
struct Command {
  uint32_t id = 0; ///< comes back with the result
  std::vector<std::string> symbols;
  wasm::FuncType type; ///< of the symbol, in core types; a pointer is an externref
  /// Eight bytes a value, smaller ones zero-extended; sixteen for v128, low half first.
  std::vector<uint64_t> args;
  std::vector<CommandPointer> pointers; ///< into `args`
  std::vector<CommandMemory> memory;
  /// Not 0: the symbol takes the address of a result area of that size as its last parameter, and
  /// the command's result is that address.
  uint64_t areaBytes = 0;
  /// After the command the program waits for a byte of its input, so that its memory can
  /// be read.
  bool waits = false;
  uint32_t thread = 0; ///< that runs it; 0: the first
  uint32_t starts = 0; ///< not 0: the thread that it starts
  uint32_t joins = 0;  ///< not 0: the thread for whose end it waits
  std::vector<CommandCheck> checks;
  /// Not empty: the name of a number, made with the commands, that becomes 1 when the checks hold.
  std::string marks;
};

/// How a program with commands talks with whoever started it.
struct Harness {
  int output = 1; ///< file descriptor for outcomes
  int input = 0;  ///< and for the byte that lets a waiting command go on
  bool endsWithTrap = false;
};

/// An object that defines `tenon_commands`.
FailureOr<ObjectFile> emitCommands(llvm::ArrayRef<Command> commands, const Harness &harness,
                                   const CodegenOptions &options, Diagnostics &diags);

/// An object that defines functions which nobody provides: calling one traps with its name.
FailureOr<ObjectFile> emitAbsentFunctions(llvm::ArrayRef<std::string> symbols,
                                          const CodegenOptions &options, Diagnostics &diags);

} // namespace tenon::codegen

#endif // TENON_CODEGEN_COMMANDS_H
