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
// Code generation may refuse a module that is valid (it is not supported yet). The script is then
// planned again without it (`RefusedModules`).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTPLAN_H
#define TENON_DRIVER_SCRIPTPLAN_H

#include "Frontend.h"
#include "ScriptModules.h"
#include "tenon/Codegen/Commands.h"
#include "tenon/Text/Script.h"

namespace tenon::driver {

/// A command and what it must do. A directive has no command, or one, or several, all of which must
/// do what they must.
struct PlannedCommand {
  enum Expectation : uint8_t {
    Returns,
    Traps,
    Exhausts,
    Throws,
    Unlinkable ///< a check of its own fails
  };
  codegen::Command command;
  Expectation expectation = Returns;
  uint32_t directive = 0; ///< index in `ScriptPlan::directives`
  std::vector<text::ScriptValue> results;
  bool comparesResults = false;
  /// The first of the command's checks: whether modules were linked that it depends on.
  unsigned dependences = 0;
  std::string message; ///< of the trap
  wasm::FuncType coreType;
  const component::FuncType *componentType = nullptr;
  /// The component instance that it makes; its symbols are known when the program is made.
  const ScriptInstance *component = nullptr;
};

/// A directive, and what was decided about it without running.
struct PlannedDirective {
  const text::Directive *directive = nullptr;
  unsigned commands = 0;
  std::optional<std::string> failure;
};

class ScriptPlan {
public:
  ScriptPlan(FileStore &files, Frontend &frontend, const component::Features &features,
             Diagnostics &diags, RefusedModules &refused);
  ~ScriptPlan();

  /// Plans every directive.
  void plan(const text::Script &script);

  const std::map<std::string, uint64_t, std::less<>> &getAskers() const;

  /// The program; commands are numbered by their position.
  FailureOr<codegen::Program> makeProgram(llvm::StringRef triple);
  /// After that: functions of the host that it does not have yet.
  llvm::ArrayRef<std::string> getAbsentFunctions() const;

  std::vector<PlannedDirective> directives; ///< those inside of a thread follow it
  std::vector<PlannedCommand> commands;

private:
  class Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTPLAN_H
