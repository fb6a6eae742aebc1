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
  Impl(ScriptPlan &plan, FileStore &files, Frontend &frontend, Diagnostics &diags,
       RefusedModules &refused)
      : plan(plan), modules(files, frontend, diags, refused) {}

  void planDirective(const Directive &directive);

  ScriptPlan &plan;
  ScriptModules modules;

private:
  using Result = std::optional<std::string>; ///< why it failed

  Result decide(const Directive &directive);
  Result planModule(const Directive &directive);
  Result planAction(const Directive &directive, PlannedCommand::Expectation expectation);
  Result planTrap(const Directive &directive);
  Result planRejected(const Directive &directive);
  Result planUnlinkable(const Directive &directive);
  Result addCoreArguments(const ScriptAction &action, PlannedCommand &planned);
  void addChecks(const ScriptInstance &instance, PlannedCommand::Expectation expectation);
  void addInstantiation(const ScriptInstance &instance, const Directive &directive,
                        PlannedCommand::Expectation expectation);
  void addCommand(PlannedCommand planned);
};

/// Adds a command of the directive at hand, which is the last one.
void ScriptPlan::Impl::addCommand(PlannedCommand planned) {
  planned.command.id = plan.commands.size();
  planned.directive = plan.directives.size() - 1;
  plan.directives.back().commands++;
  plan.commands.push_back(std::move(planned));
}

/// Asks for the sizes of what the instance imports, where they decide whether it can be linked.
void ScriptPlan::Impl::addChecks(const ScriptInstance &instance,
                                 PlannedCommand::Expectation expectation) {
  for (const SizeCheck &check : instance.checks) {
    PlannedCommand planned;
    planned.command.symbols = {check.size.symbol};
    planned.coreType = planned.command.type = check.size.coreType;
    planned.expectation = expectation;
    planned.size = check.min;
    addCommand(std::move(planned));
  }
}

void ScriptPlan::Impl::addInstantiation(const ScriptInstance &instance, const Directive &directive,
                                        PlannedCommand::Expectation expectation) {
  addChecks(instance, PlannedCommand::AnswersAtLeast);
  PlannedCommand planned;
  planned.command.symbols = instance.instantiate;
  planned.expectation = expectation;
  planned.message = directive.message;
  planned.component = instance.component ? &instance : nullptr;
  addCommand(std::move(planned));
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

ScriptPlan::Impl::Result ScriptPlan::Impl::addCoreArguments(const ScriptAction &action,
                                                            PlannedCommand &planned) {
  if (action.arguments.size() != planned.coreType.params.size())
    return "wrong number of arguments";
  for (auto [value, type] : llvm::zip_equal(action.arguments, planned.coreType.params)) {
    if (!fitsCore(value, type))
      return "an argument is not of the function's type";
    std::optional<llvm::SmallVector<uint64_t, 2>> slots = encodeCore(value);
    if (!slots)
      return "an argument of this kind is not supported yet";
    llvm::append_range(planned.command.args, *slots);
  }
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
  planned.message = directive.message;
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
    if (Result unfit = addCoreArguments(action, planned))
      return unfit;
  }
  addCommand(std::move(planned));
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planTrap(const Directive &directive) {
  if (directive.action)
    return planAction(directive, PlannedCommand::Traps);
  std::string why;
  const ScriptInstance *instance =
      modules.instantiate(*directive.module, why, ScriptModules::Unnamed);
  if (!instance)
    return why;
  addInstantiation(*instance, directive, PlannedCommand::Traps);
  return std::nullopt;
}

/// What was refused because it is not supported yet was not refused for the reason that a script
/// expects.
static bool isUnsupported(llvm::StringRef why) { return why.contains("not supported yet"); }

/// assert_invalid and assert_malformed: encoding, reading or validating must fail.
ScriptPlan::Impl::Result ScriptPlan::Impl::planRejected(const Directive &directive) {
  std::string why;
  if (modules.isValid(*directive.module, why))
    return "accepted, expected: " + directive.message;
  return isUnsupported(why) ? Result(why) : Result();
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planUnlinkable(const Directive &directive) {
  std::string why;
  if (!modules.isValid(*directive.module, why))
    return why;
  const ScriptInstance *instance =
      modules.instantiate(*directive.module, why, ScriptModules::Discarded);
  if (!instance)
    return isUnsupported(why) ? Result(why) : Result();
  if (instance->checks.empty())
    return "linked, expected: " + directive.message;
  if (instance->checks.size() > 1)
    return "several imports of sizes that only the run can tell are not supported yet";
  addChecks(*instance, PlannedCommand::AnswersLess);
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::decide(const Directive &directive) {
  switch (directive.kind) {
  case Directive::Module:
  case Directive::ModuleDefinition:
  case Directive::ModuleInstance:
    return planModule(directive);
  case Directive::Register:
    return modules.registerAs(directive.name, directive.id) ? Result() : Result("unknown module");
  case Directive::Action:
  case Directive::AssertReturn:
    return planAction(directive, PlannedCommand::Returns);
  case Directive::AssertTrap:
    return planTrap(directive);
  case Directive::AssertExhaustion:
    return planAction(directive, PlannedCommand::Exhausts);
  case Directive::AssertException:
    return planAction(directive, PlannedCommand::Throws);
  case Directive::AssertInvalid:
  case Directive::AssertMalformed:
  case Directive::AssertInvalidCustom:
  case Directive::AssertMalformedCustom:
    return planRejected(directive);
  case Directive::AssertUnlinkable:
    return planUnlinkable(directive);
  case Directive::AssertSuspension:
  case Directive::Thread:
  case Directive::Wait:
    return "this directive is not supported yet";
  }
  llvm_unreachable("a directive of no kind");
}

void ScriptPlan::Impl::planDirective(const Directive &directive) {
  plan.directives.push_back({&directive, 0, std::nullopt});
  plan.directives.back().failure = decide(directive);
  for (const Directive &inner : directive.thread)
    plan.directives.push_back({&inner, 0, "threads are not supported yet"});
}

ScriptPlan::ScriptPlan(FileStore &files, Frontend &frontend, Diagnostics &diags,
                       RefusedModules &refused)
    : impl(std::make_unique<Impl>(*this, files, frontend, diags, refused)) {}

ScriptPlan::~ScriptPlan() = default;

void ScriptPlan::plan(const text::Script &script) {
  for (const Directive &directive : script.directives)
    impl->planDirective(directive);
}

const std::map<std::string, uint64_t, std::less<>> &ScriptPlan::getAskers() const {
  return impl->modules.getAskers();
}

FailureOr<codegen::Program> ScriptPlan::makeProgram(llvm::StringRef triple) {
  return impl->modules.makeProgram(triple, commands);
}
