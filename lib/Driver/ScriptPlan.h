//===- ScriptPlan.h - A script as one program -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All modules and components of a script become one program; what the script does with them becomes
// a list of commands, run one after the other. What can be decided without running (invalid,
// malformed and unlinkable modules) is decided here.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTPLAN_H
#define TENON_DRIVER_SCRIPTPLAN_H

#include "Frontend.h"
#include "tenon/Codegen/Commands.h"
#include "tenon/Driver/ScriptRunner.h"
#include "tenon/Text/Script.h"

namespace tenon::driver {

/// A command and what it must do.
struct PlannedCommand {
  enum Expectation : uint8_t { Returns, Traps, Exhausts, Anything };
  codegen::Command command;
  Expectation expectation = Returns;
  std::vector<text::ScriptValue> results;
  /// The command is an assertion that counts when it passes.
  bool counts = false;
  bool comparesResults = false;
  std::string message; ///< of the trap
  wasm::FuncType coreType;
  const component::FuncType *componentType = nullptr;
  Location location;
};

class ScriptPlan {
public:
  ScriptPlan(FileStore &files, Frontend &frontend, Diagnostics &diags);
  ~ScriptPlan();

  /// Plans every directive. `outcome` takes what was decided without running.
  LogicalResult plan(const text::Script &script, ScriptOutcome &outcome);

  /// The program; commands are numbered by their position.
  FailureOr<codegen::Program> makeProgram(llvm::StringRef triple);
  std::vector<PlannedCommand> commands;

private:
  class Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTPLAN_H
