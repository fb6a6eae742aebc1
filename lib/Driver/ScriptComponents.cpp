//===- ScriptComponents.cpp - The components of a script, interpreted -----===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptComponents.h"
#include "Invocation.h"
#include "ScriptInterpreter.h"
#include "ScriptValues.h"
#include "tenon/Component/Reader.h"
#include "tenon/Component/Validator.h"

using namespace tenon;
using namespace tenon::driver;
using text::Directive;

const component::Component *ScriptComponents::define(const text::ScriptModule &module,
                                                     std::string &why) {
  if (!module.isEncoded()) {
    why = module.errors.front().message;
    return nullptr;
  }
  Diagnostics diags([&](const Diagnostic &one) {
    if (why.empty() && one.severity == Severity::Error)
      why = one.message;
  });
  FailureOr<std::unique_ptr<component::Component>> component =
      component::readComponent(module.bytes, module.binaryStart, diags);
  component::ValidatorOptions options;
  options.features = features;
  if (failed(component) || failed(component::validateComponent(**component, arena, diags, options)))
    return nullptr;
  definitions.push_back(std::move(*component));
  return definitions.back().get();
}

ScriptComponents::Instance ScriptComponents::instantiate(const component::Component &component) {
  Instance instance;
  Diagnostics diags([&](const Diagnostic &one) {
    if (instance.why.empty())
      instance.why = one.message;
  });
  FailureOr<interp::ComponentStore::Instantiated> made = components.instantiate(component, diags);
  if (succeeded(made)) {
    instance.exports = made->exports;
    instance.trap = made->trap;
    instance.trapText = made->trapText;
  }
  return instance;
}

Verdict ScriptComponents::act(const Directive &directive, const interp::ComponentExports &exports) {
  const text::ScriptAction &action = *directive.action;
  if (action.kind == text::ScriptAction::Get) {
    const interp::ComponentValue *value = components.findValue(exports, action.name);
    if (!value)
      return Verdict::failed("unknown value " + action.name);
    // As if it were the result of a function without parameters.
    component::TypeId type = arena.makeFunc({}, components.typeOf(*value), /*isAsync=*/false);
    return judge(directive, arena.getFunc(type), components.take(*value));
  }
  const interp::LiftedFunction *function = components.findFunction(exports, action.name);
  if (!function)
    return Verdict::failed("unknown function " + action.name);
  const component::FuncType &type = components.typeOf(*function);
  if (action.arguments.size() != type.params.size())
    return Verdict::failed("wrong number of arguments");
  std::vector<component::Val> args;
  for (auto [argument, param] : llvm::zip_equal(action.arguments, type.params)) {
    std::optional<component::Val> value = typeValue(arena, argument, param.type);
    if (!value)
      return Verdict::failed("the arguments do not fit the function's type");
    args.push_back(std::move(*value));
  }
  return judge(directive, type, components.invoke(*function, args));
}

Verdict ScriptComponents::judge(const Directive &directive, const component::FuncType &type,
                                const interp::ComponentStore::CallOutcome &outcome) {
  std::string trap = "trapped: " + outcome.trapText;
  if (outcome.trap == interp::TrapKind::NotSupported)
    return Verdict::skipped("async is not interpreted");
  if (directive.kind == Directive::AssertTrap || directive.kind == Directive::AssertExhaustion) {
    if (outcome.trap == interp::TrapKind::None)
      return Verdict::failed("no trap, expected: " + directive.message);
    return matchesMessage(directive.message, outcome.trapText)
               ? Verdict::passed()
               : Verdict::failed(trap + ", expected: " + directive.message);
  }
  if (directive.kind != Directive::AssertReturn) {
    bool isTrap = outcome.trap != interp::TrapKind::None;
    Verdict verdict = isTrap ? Verdict::failed(trap) : Verdict::passed();
    verdict.outcome =
        isTrap ? trap : describeReturn(arena, type, outcome.result ? &*outcome.result : nullptr);
    return verdict;
  }
  if (outcome.trap != interp::TrapKind::None)
    return Verdict::failed(trap);
  bool matches = directive.results.empty() ? !type.result
                                           : outcome.result && directive.results.size() == 1 &&
                                                 matchesComponent(arena, directive.results.front(),
                                                                  *type.result, *outcome.result);
  return matches ? Verdict::passed() : Verdict::failed("unexpected result");
}
