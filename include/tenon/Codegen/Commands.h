//===- Commands.h - A script's commands as data -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test script runs as a program whose entry is a list of commands (tenon-abi/harness.h): data that the
// optimiser never sees beside the code, so nothing of a call can be folded.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_COMMANDS_H
#define TENON_CODEGEN_COMMANDS_H

#include "tenon/Codegen/Codegen.h"

namespace tenon::codegen {

/// A call of an exported symbol (`Program::exports`, `tenon.instantiate.<i>`).
struct Command {
  uint32_t id = 0; ///< comes back with the result
  std::string symbol;
  wasm::FuncType type; ///< of the symbol, in core types
  /// Eight bytes a value, smaller ones zero-extended; sixteen for v128, low half first.
  std::vector<uint64_t> args;
};

/// An object that defines `tenon_commands`.
FailureOr<ObjectFile> emitCommands(llvm::ArrayRef<Command> commands, const CodegenOptions &options,
                                   Diagnostics &diags);

/// An object that defines functions which nobody provides: calling one traps with its name.
FailureOr<ObjectFile> emitAbsentFunctions(llvm::ArrayRef<std::string> symbols,
                                          const CodegenOptions &options, Diagnostics &diags);

} // namespace tenon::codegen

#endif // TENON_CODEGEN_COMMANDS_H
