//===- ScriptPlan.cpp - A script as one program ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptPlan.h"
#include "ScriptModules.h"
#include "ScriptValues.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::driver;
using text::Directive;
using text::ScriptAction;
using text::ScriptModule;

/// The planner: one method for each kind of directive.
class ScriptPlan::Impl {
public:
  Impl(ScriptPlan &plan, FileStore &files, Frontend &frontend, Diagnostics &diags)
      : plan(plan), modules(files, frontend, diags) {}

  void planDirective(const Directive &directive, ScriptOutcome &outcome);

  ScriptPlan &plan;
  ScriptModules modules;

private:
  using Result = std::optional<std::string>; ///< why it failed

  Result planModule(const Directive &directive);
  Result planAction(const Directive &directive, PlannedCommand::Expectation expectation);
  Result planTrap(const Directive &directive);
  Result planRejected(const Directive &directive);
  Result planUnlinkable(const Directive &directive);
  void addInstantiation(const ScriptInstance &instance, const Directive &directive,
                        PlannedCommand::Expectation expectation);
};

void ScriptPlan::Impl::addInstantiation(const ScriptInstance &instance, const Directive &directive,
                                        PlannedCommand::Expectation expectation) {
  PlannedCommand planned;
  planned.command.symbols = instance.instantiate;
  planned.expectation = expectation;
  planned.counts = expectation == PlannedCommand::Traps;
  planned.message = directive.message;
  planned.location = directive.location;
  plan.commands.push_back(std::move(planned));
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planModule(const Directive &directive) {
  std::string why;
  if (directive.kind == Directive::ModuleDefinition)
    return modules.define(*directive.module, why) ? Result() : Result(why);
  const ScriptInstance *instance =
      directive.kind == Directive::ModuleInstance
          ? modules.instantiateDefinition(directive.definition, directive.id, why)
          : modules.instantiate(*directive.module, why);
  if (!instance)
    return why;
  addInstantiation(*instance, directive, PlannedCommand::Returns);
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planAction(const Directive &directive,
                                                      PlannedCommand::Expectation expectation) {
  const ScriptAction &action = *directive.action;
  std::string why;
  std::optional<ScriptFunction> function = modules.findFunction(action, why);
  if (!function)
    return why;
  PlannedCommand planned;
  planned.expectation = expectation;
  planned.results = directive.results;
  planned.comparesResults = directive.kind == Directive::AssertReturn;
  planned.counts = directive.kind != Directive::Action;
  planned.message = directive.message;
  planned.location = directive.location;
  planned.command.symbols = {function->symbol};
  planned.componentType = function->componentType;
  if (function->componentType) {
    if (failed(encodeArguments(modules.getArena(), *function->componentType, action.arguments,
                               planned.command)))
      return "the arguments do not fit the function's type";
    planned.command.waits = planned.command.areaBytes != 0;
    planned.coreType = planned.command.type;
  } else {
    planned.coreType = planned.command.type = function->coreType;
    for (const text::ScriptValue &value : action.arguments) {
      std::optional<llvm::SmallVector<uint64_t, 2>> slots = encodeCore(value);
      if (!slots)
        return "an argument of this kind is not supported yet";
      llvm::append_range(planned.command.args, *slots);
    }
    if (action.arguments.size() != function->coreType.params.size())
      return "wrong number of arguments";
  }
  plan.commands.push_back(std::move(planned));
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planTrap(const Directive &directive) {
  if (directive.action)
    return planAction(directive, PlannedCommand::Traps);
  std::string why;
  const ScriptInstance *instance = modules.instantiate(*directive.module, why);
  if (!instance)
    return why;
  addInstantiation(*instance, directive, PlannedCommand::Traps);
  return std::nullopt;
}

/// assert_invalid and assert_malformed: encoding, reading or validating must fail, for another
/// reason than that something is not supported.
ScriptPlan::Impl::Result ScriptPlan::Impl::planRejected(const Directive &directive) {
  std::string why;
  if (modules.isValid(*directive.module, why))
    return "accepted, expected: " + directive.message;
  if (llvm::StringRef(why).contains("not supported yet"))
    return why;
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planUnlinkable(const Directive &directive) {
  std::string why;
  if (!modules.isValid(*directive.module, why))
    return why;
  if (modules.instantiate(*directive.module, why, /*keep=*/false))
    return "linked, expected: " + directive.message;
  return std::nullopt;
}

void ScriptPlan::Impl::planDirective(const Directive &directive, ScriptOutcome &outcome) {
  Result why;
  bool decided = false;
  switch (directive.kind) {
  case Directive::Module:
  case Directive::ModuleDefinition:
  case Directive::ModuleInstance:
    why = planModule(directive);
    break;
  case Directive::Register:
    if (!modules.registerAs(directive.name, directive.id))
      why = "unknown module";
    break;
  case Directive::Action:
  case Directive::AssertReturn:
    why = planAction(directive, PlannedCommand::Returns);
    break;
  case Directive::AssertTrap:
    why = planTrap(directive);
    break;
  case Directive::AssertExhaustion:
    why = planAction(directive, PlannedCommand::Exhausts);
    break;
  case Directive::AssertInvalid:
  case Directive::AssertMalformed:
    why = planRejected(directive);
    decided = true;
    break;
  case Directive::AssertUnlinkable:
    why = planUnlinkable(directive);
    decided = true;
    break;
  case Directive::AssertException:
  case Directive::AssertSuspension:
  case Directive::AssertInvalidCustom:
  case Directive::AssertMalformedCustom:
  case Directive::Thread:
  case Directive::Wait:
    why = "this directive is not supported yet";
    break;
  }
  if (why)
    outcome.failures.push_back({directive.location, *why});
  else if (decided)
    ++outcome.passed;
}

ScriptPlan::ScriptPlan(FileStore &files, Frontend &frontend, Diagnostics &diags)
    : impl(std::make_unique<Impl>(*this, files, frontend, diags)) {}

ScriptPlan::~ScriptPlan() = default;

LogicalResult ScriptPlan::plan(const text::Script &script, ScriptOutcome &outcome) {
  for (const Directive &directive : script.directives)
    impl->planDirective(directive, outcome);
  for (auto [index, planned] : llvm::enumerate(commands))
    planned.command.id = index;
  return success();
}

FailureOr<codegen::Program> ScriptPlan::makeProgram(llvm::StringRef triple) {
  return impl->modules.makeProgram(triple, commands);
}
