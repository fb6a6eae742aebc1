//===- ScriptPlan.cpp - A script as one program ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptPlan.h"
#include "HostValues.h"
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
  Impl(ScriptPlan &plan, FileStore &files, Frontend &frontend, const component::Features &features,
       Diagnostics &diags, RefusedModules &refused)
      : plan(plan), modules(files, frontend, features, diags, refused) {}

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
  bool addComponentArguments(const ScriptAction &action, PlannedCommand &planned);
  void addInstantiation(const ScriptInstance &instance, const Directive &directive,
                        PlannedCommand::Expectation expectation);
  void addCommand(PlannedCommand planned);
  Result planThread(const Directive &directive);
  Result planWait(const Directive &directive);
  void planInThread(const Directive &directive);

  uint32_t thread = 0; ///< whose directives are planned
  uint32_t lastThread = 0;
  std::map<std::string, uint32_t, std::less<>> threadsById;
};

/// Adds a command of the directive at hand, which is the last one.
void ScriptPlan::Impl::addCommand(PlannedCommand planned) {
  planned.command.id = plan.commands.size();
  planned.command.thread = thread;
  planned.directive = plan.directives.size() - 1;
  plan.directives.back().commands++;
  plan.commands.push_back(std::move(planned));
}

void ScriptPlan::Impl::addInstantiation(const ScriptInstance &instance, const Directive &directive,
                                        PlannedCommand::Expectation expectation) {
  PlannedCommand planned;
  planned.command.symbols = instance.instantiate;
  planned.command.checks = instance.checks;
  planned.command.marks = instance.mark;
  planned.dependences = instance.dependences;
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

bool ScriptPlan::Impl::addComponentArguments(const ScriptAction &action, PlannedCommand &planned) {
  const component::FuncType &type = *planned.componentType;
  if (action.arguments.size() != type.params.size())
    return false;
  std::vector<component::Val> values;
  for (auto [value, param] : llvm::zip_equal(action.arguments, type.params)) {
    std::optional<component::Val> typed = typeValue(modules.getArena(), value, param.type);
    if (!typed)
      return false;
    values.push_back(std::move(*typed));
  }
  encodeArguments(modules.getArena(), type, values, planned.command);
  return true;
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
  if (!function->mark.empty())
    planned.command.checks = {{function->mark, 0, 1}};
  planned.dependences = planned.command.checks.size();
  planned.componentType = function->componentType;
  if (function->componentType) {
    if (!addComponentArguments(action, planned))
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
  PlannedCommand planned;
  planned.command.checks = instance->checks;
  planned.dependences = instance->dependences;
  planned.expectation = PlannedCommand::Unlinkable;
  planned.message = directive.message;
  addCommand(std::move(planned));
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
  case Directive::Thread:
    return planThread(directive);
  case Directive::Wait:
    return planWait(directive);
  case Directive::AssertSuspension:
    return "this directive is not supported yet";
  }
  llvm_unreachable("a directive of no kind");
}

/// The command that starts it; its own directives follow.
ScriptPlan::Impl::Result ScriptPlan::Impl::planThread(const Directive &directive) {
  PlannedCommand planned;
  planned.command.starts = ++lastThread;
  threadsById[directive.id] = lastThread;
  addCommand(std::move(planned));
  return std::nullopt;
}

ScriptPlan::Impl::Result ScriptPlan::Impl::planWait(const Directive &directive) {
  auto found = threadsById.find(directive.id);
  if (found == threadsById.end())
    return "unknown thread";
  PlannedCommand planned;
  planned.command.joins = found->second;
  addCommand(std::move(planned));
  return std::nullopt;
}

void ScriptPlan::Impl::planInThread(const Directive &directive) {
  std::string why;
  bool isKnown = modules.enterThread(directive.shared, why);
  thread = lastThread;
  for (const Directive &inner : directive.thread) {
    // Adapters, handle tables and the host belong to the first thread.
    bool hasComponent = inner.isComponent || (inner.module && inner.module->isComponent);
    if (isKnown && !hasComponent)
      planDirective(inner);
    else
      plan.directives.push_back(
          {&inner, 0, isKnown ? "components in threads are not supported yet" : why});
  }
  thread = 0;
  if (isKnown)
    modules.leaveThread();
}

void ScriptPlan::Impl::planDirective(const Directive &directive) {
  size_t index = plan.directives.size();
  plan.directives.push_back({&directive, 0, std::nullopt});
  Result failure = decide(directive);
  plan.directives[index].failure = std::move(failure);
  if (directive.kind == Directive::Thread)
    planInThread(directive);
}

ScriptPlan::ScriptPlan(FileStore &files, Frontend &frontend, const component::Features &features,
                       Diagnostics &diags, RefusedModules &refused)
    : impl(std::make_unique<Impl>(*this, files, frontend, features, diags, refused)) {}

ScriptPlan::~ScriptPlan() = default;

void ScriptPlan::plan(const text::Script &script) {
  for (const Directive &directive : script.directives)
    impl->planDirective(directive);
}

const std::map<std::string, uint64_t, std::less<>> &ScriptPlan::getAskers() const {
  return impl->modules.getAskers();
}

llvm::ArrayRef<std::string> ScriptPlan::getAbsentFunctions() const {
  return impl->modules.getAbsentFunctions();
}

FailureOr<codegen::Program> ScriptPlan::makeProgram(llvm::StringRef triple) {
  return impl->modules.makeProgram(triple, commands);
}
