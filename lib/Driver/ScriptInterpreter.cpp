//===- ScriptInterpreter.cpp - Scripts, interpreted -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptInterpreter.h"
#include "ScriptModules.h"
#include "ScriptValues.h"
#include "tenon/Text/Text.h"
#include "tenon/Wasm/Reader.h"
#include "llvm/Support/Format.h"

using namespace tenon;
using namespace tenon::driver;
using interp::Outcome;
using interp::Value;
using text::Directive;
using text::ScriptAction;

/// A thread's turn, in instructions. What never waits is interrupted all the same.
constexpr uint64_t turnLength = 1'000'000;
/// What an action may cost; nothing in a test suite comes near it.
constexpr uint64_t fuelOfAction = 20'000'000'000;

//===----------------------------------------------------------------------===//
// Values and outcomes
//===----------------------------------------------------------------------===//

static Value toValue(llvm::ArrayRef<uint64_t> slots) {
  return slots.size() == 1 ? Value::of(slots[0])
                           : Value::of(interp::Lanes<uint64_t>{slots[0], slots[1]});
}

static llvm::SmallVector<uint64_t, 8> toSlots(llvm::ArrayRef<wasm::ValType> types,
                                              llvm::ArrayRef<Value> values) {
  llvm::SmallVector<uint64_t, 8> result;
  for (auto [type, value] : llvm::zip_equal(types, values)) {
    interp::Lanes<uint64_t> slots = value.as<interp::Lanes<uint64_t>>();
    result.append(slots.begin(), slots.begin() + (type.getKind() == wasm::ValType::V128 ? 2 : 1));
  }
  return result;
}

static Verdict compareResults(const Directive &directive, llvm::ArrayRef<wasm::ValType> types,
                              llvm::ArrayRef<Value> results) {
  bool matches = directive.results.size() == results.size();
  for (size_t i = 0; matches && i < results.size(); ++i)
    matches = matchesCore(directive.results[i], types[i], results[i].as<interp::Lanes<uint64_t>>());
  return matches ? Verdict::passed()
                 : Verdict::failed("unexpected result:" +
                                   printCoreResults(types, toSlots(types, results)));
}

static std::string howEnded(const Outcome &outcome) {
  return outcome.kind == Outcome::Trapped ? "trapped: " + interp::trapText(outcome.trap).str()
         : outcome.kind == Outcome::Threw ? "threw an exception"
                                          : "returned";
}

/// What a call or an instantiation that ended says about its directive.
static Verdict judge(const Directive &directive, const Outcome &outcome,
                     llvm::ArrayRef<wasm::ValType> types) {
  std::string how = howEnded(outcome);
  switch (directive.kind) {
  case Directive::AssertTrap:
  case Directive::AssertExhaustion:
    if (outcome.kind == Outcome::Trapped &&
        matchesMessage(directive.message, interp::trapText(outcome.trap)))
      return Verdict::passed();
    return Verdict::failed(how + ", expected: " + directive.message);
  case Directive::AssertException:
    return outcome.kind == Outcome::Threw ? Verdict::passed()
                                          : Verdict::failed(how + ", expected an exception");
  case Directive::AssertReturn:
    if (outcome.returned())
      return compareResults(directive, types, outcome.results);
    return Verdict::failed(how);
  default:
    return outcome.returned() ? Verdict::passed() : Verdict::failed(how);
  }
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

const wasm::Module *ScriptInterpreter::define(const text::ScriptModule &module, std::string &why) {
  std::unique_ptr<wasm::Module> read = readScriptModule(module, why);
  if (!read)
    return nullptr;
  modules.push_back(std::move(read));
  return modules.back().get();
}

/// The script's own module, made when somebody asks for it.
void ScriptInterpreter::addSpectest(ScriptThread &thread) {
  if (!thread.registeredNames.insert("spectest").second)
    return;
  Diagnostics diags;
  SourceFile file("<spectest>", spectestText());
  FailureOr<std::vector<uint8_t>> bytes = text::encode(file, diags);
  assert(succeeded(bytes) && "the text is ours");
  spectestBytes = std::move(*bytes);
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(spectestBytes, Location(), diags);
  bool isValid = succeeded(module) && succeeded(wasm::validateModule(**module, diags));
  assert(isValid && "the module is ours");
  (void)isValid;
  modules.push_back(std::move(*module));
  FailureOr<interp::Instance *> instance = store.allocate(*modules.back(), {}, diags);
  assert(succeeded(instance) && "it imports nothing");
  thread.registered.define("spectest", **instance);
}

/// Links a module with what is registered. Null, with the reason in `why`, when it can't be. What
/// depends on a refused module is refused like it, which is not the reason for which a script
/// expects a module to be unlinkable.
interp::Instance *ScriptInterpreter::allocate(ScriptThread &thread, const wasm::Module &module,
                                              std::string &why) {
  for (const wasm::Import &import : module.imports) {
    if (import.module == "spectest")
      addSpectest(thread);
    if (thread.refusedNames.count(import.module)) {
      why =
          ("importing from '" + import.module + "', which was refused, is not supported yet").str();
      return nullptr;
    }
  }
  Diagnostics own([&](const Diagnostic &one) { why = one.message; });
  FailureOr<interp::Instance *> instance = store.allocate(module, thread.registered, own);
  return succeeded(instance) ? *instance : nullptr;
}

std::optional<Verdict> ScriptInterpreter::instantiate(ScriptThread &thread,
                                                      const Directive &directive,
                                                      const wasm::Module &module,
                                                      std::optional<llvm::StringRef> id) {
  std::string why;
  interp::Instance *instance = allocate(thread, module, why);
  if (id) {
    thread.current = {instance, false, nullptr, {}};
    if (!id->empty())
      thread.instances[id->str()] = thread.current;
  }
  if (!instance)
    return Verdict::failed(why);
  Outcome outcome = store.copySegments(*instance);
  if (!outcome.returned() || !module.start)
    return judge(directive, outcome, {});
  return beginCall(thread, *instance->functions[*module.start], {});
}

std::optional<Verdict> ScriptInterpreter::beginTrappingModule(ScriptThread &thread,
                                                              const Directive &directive) {
  std::string why;
  const wasm::Module *module = define(*directive.module, why);
  if (!module)
    return Verdict::failed(why);
  return instantiate(thread, directive, *module, std::nullopt);
}

std::optional<Verdict> ScriptInterpreter::beginModule(ScriptThread &thread,
                                                      const Directive &directive) {
  if (directive.kind == Directive::ModuleInstance) {
    auto found = thread.definitions.find(directive.definition);
    const wasm::Module *module = directive.definition.empty()        ? thread.lastDefinition
                                 : found == thread.definitions.end() ? nullptr
                                                                     : found->second;
    if (!module)
      return Verdict::failed("unknown module definition");
    return instantiate(thread, directive, *module, directive.id);
  }
  std::string why;
  const wasm::Module *module = define(*directive.module, why);
  if (!module) {
    if (directive.kind == Directive::Module) // nothing is called by mistake
      thread.current = thread.instances[directive.module->id] = {};
    return Verdict::failed(why);
  }
  const std::string &id = directive.module->id;
  if (!id.empty())
    thread.definitions[id] = module;
  if (directive.kind != Directive::ModuleDefinition)
    return instantiate(thread, directive, *module, id);
  thread.lastDefinition = module;
  return Verdict::passed();
}

/// What was refused because it is not supported yet, or is more than a limit, was not refused for
/// the reason that a script expects.
static bool isUnsupported(llvm::StringRef why) {
  return why.contains("not supported yet") || why.contains("is more than the limit");
}

Verdict ScriptInterpreter::checkRejected(const Directive &directive) {
  std::string why;
  if (define(*directive.module, why))
    return Verdict::failed("accepted, expected: " + directive.message);
  return isUnsupported(why) ? Verdict::failed(why) : Verdict::passed();
}

Verdict ScriptInterpreter::checkUnlinkable(ScriptThread &thread, const Directive &directive) {
  std::string why;
  const wasm::Module *module = define(*directive.module, why);
  if (!module)
    return Verdict::failed(why);
  if (allocate(thread, *module, why))
    return Verdict::failed("linked, expected: " + directive.message);
  return isUnsupported(why) ? Verdict::failed(why) : Verdict::passed();
}

const ScriptInterpreter::Named *ScriptInterpreter::find(ScriptThread &thread,
                                                        llvm::StringRef id) const {
  if (id.empty())
    return thread.current.instance || thread.current.isComponent ? &thread.current : nullptr;
  auto found = thread.instances.find(id);
  bool exists =
      found != thread.instances.end() && (found->second.instance || found->second.isComponent);
  return exists ? &found->second : nullptr;
}

Verdict ScriptInterpreter::registerModule(ScriptThread &thread, const Directive &directive) {
  const Named *named = find(thread, directive.id);
  thread.refusedNames.erase(directive.name);
  if (!named || named->isComponent)
    thread.refusedNames.insert(directive.name);
  if (!named)
    return Verdict::failed("unknown module");
  if (named->isComponent)
    return Verdict::skipped("components are not registered");
  thread.registeredNames.insert(directive.name);
  thread.registered.define(directive.name, *named->instance);
  return Verdict::passed();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

std::optional<Verdict> ScriptInterpreter::beginCall(ScriptThread &thread,
                                                    interp::Function &function,
                                                    llvm::ArrayRef<Value> args) {
  store.fuel = fuelOfAction;
  thread.callType = &function.type();
  thread.call = std::make_unique<interp::Thread>(store, function, args);
  return std::nullopt;
}

std::optional<Verdict> ScriptInterpreter::beginAction(ScriptThread &thread,
                                                      const Directive &directive) {
  const ScriptAction &action = *directive.action;
  const Named *named = find(thread, action.module);
  if (!named)
    return Verdict::failed("unknown module");
  if (named->exports) {
    store.fuel = fuelOfAction;
    return components.act(directive, *named->exports);
  }
  if (named->isComponent)
    return Verdict::skipped(named->why);
  std::optional<interp::Extern> found = named->instance->findExport(action.name);
  if (action.kind == ScriptAction::Get) {
    if (!found || found->kind != wasm::ExternKind::Global)
      return Verdict::failed("unknown global " + action.name);
    Outcome outcome;
    outcome.results.push_back(found->global->value);
    return judge(directive, outcome, found->global->type.type);
  }
  if (!found || found->kind != wasm::ExternKind::Func)
    return Verdict::failed("unknown function " + action.name);
  if (action.arguments.size() != found->function->type().params.size())
    return Verdict::failed("wrong number of arguments");
  llvm::SmallVector<Value, 4> args;
  for (auto [argument, type] : llvm::zip_equal(action.arguments, found->function->type().params)) {
    if (!fitsCore(argument, type))
      return Verdict::failed("an argument is not of the function's type");
    std::optional<llvm::SmallVector<uint64_t, 2>> slots = encodeCore(argument);
    if (!slots)
      return Verdict::failed("an argument of this kind is not supported yet");
    args.push_back(toValue(*slots));
  }
  return beginCall(thread, *found->function, args);
}

/// The instances of a whole script are never given back. What they don't touch costs nothing.
interp::Limits ScriptInterpreter::limitsOfScript() {
  interp::Limits limits;
  limits.maxMemoryBytes = uint64_t(1) << 40;
  return limits;
}

//===----------------------------------------------------------------------===//
// Components
//===----------------------------------------------------------------------===//

Verdict ScriptInterpreter::instantiateComponent(ScriptThread &thread, const Directive &directive,
                                                const component::Component *definition,
                                                llvm::StringRef id, std::string why) {
  ScriptComponents::Instance instance;
  store.fuel = fuelOfAction;
  if (definition)
    instance = components.instantiate(*definition);
  else
    instance.why = std::move(why);
  if (directive.kind == Directive::Module || directive.kind == Directive::ModuleInstance) {
    thread.current = {nullptr, true, instance.exports, instance.why};
    if (!id.empty())
      thread.instances[id.str()] = thread.current;
  }
  if (isUnsupported(instance.why))
    return Verdict::skipped(instance.why);
  bool isTrap = instance.trap != interp::TrapKind::None;
  std::string trap = "trapped: " + instance.trapText;
  if (directive.kind == Directive::AssertTrap)
    return isTrap && matchesMessage(directive.message, instance.trapText)
               ? Verdict::passed()
               : Verdict::failed((isTrap ? trap : "no trap") + ", expected: " + directive.message);
  if (directive.kind == Directive::AssertUnlinkable)
    return instance.exports ? Verdict::failed("linked, expected: " + directive.message)
                            : Verdict::passed();
  return instance.exports ? Verdict::passed() : Verdict::failed(isTrap ? trap : instance.why);
}

Verdict ScriptInterpreter::runComponent(ScriptThread &thread, const Directive &directive) {
  if (directive.kind == Directive::ModuleInstance) {
    auto found = thread.components.find(directive.definition);
    const component::Component *definition = directive.definition.empty() ? thread.lastComponent
                                             : found == thread.components.end() ? nullptr
                                                                                : found->second;
    auto skipped = thread.skippedComponents.find(directive.definition);
    return instantiateComponent(
        thread, directive, definition, directive.id,
        skipped == thread.skippedComponents.end() ? "unknown module definition" : skipped->second);
  }
  if (!directive.module)
    return Verdict::skipped("this directive is not interpreted");
  std::string why;
  const component::Component *definition = components.define(*directive.module, why);
  switch (directive.kind) {
  case Directive::AssertInvalid:
  case Directive::AssertMalformed:
  case Directive::AssertInvalidCustom:
  case Directive::AssertMalformedCustom:
    if (definition)
      return Verdict::failed("accepted, expected: " + directive.message);
    return isUnsupported(why) ? Verdict::skipped(why) : Verdict::passed();
  default:
    break;
  }
  const std::string &id = directive.module->id;
  if (definition && !id.empty())
    thread.components[id] = definition;
  if (directive.kind != Directive::ModuleDefinition)
    return instantiateComponent(thread, directive, definition, id, why);
  thread.lastComponent = definition;
  if (definition)
    return Verdict::passed();
  if (isUnsupported(why))
    thread.skippedComponents[id] = thread.skippedComponents[""] = why;
  return isUnsupported(why) ? Verdict::skipped(why) : Verdict::failed(why);
}

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

Verdict ScriptInterpreter::startThread(ScriptThread &thread, const Directive &directive) {
  ScriptThread &started = threads.emplace_back();
  started.directives = directive.thread;
  thread.threads[directive.id] = &started;
  for (const std::string &id : directive.shared) {
    const Named *named = find(thread, id);
    if (!named)
      return Verdict::failed("unknown module $" + id);
    started.instances[id] = *named;
  }
  return Verdict::passed();
}

std::optional<Verdict> ScriptInterpreter::begin(ScriptThread &thread, const Directive &directive) {
  if (directive.isComponent || (directive.module && directive.module->isComponent))
    return runComponent(thread, directive);
  switch (directive.kind) {
  case Directive::Module:
  case Directive::ModuleDefinition:
  case Directive::ModuleInstance:
    return beginModule(thread, directive);
  case Directive::Register:
    return registerModule(thread, directive);
  case Directive::AssertTrap:
  case Directive::AssertExhaustion:
  case Directive::AssertException:
    if (!directive.action)
      return beginTrappingModule(thread, directive);
    [[fallthrough]];
  case Directive::Action:
  case Directive::AssertReturn:
    return beginAction(thread, directive);
  case Directive::AssertInvalid:
  case Directive::AssertMalformed:
  case Directive::AssertInvalidCustom:
  case Directive::AssertMalformedCustom:
    return checkRejected(directive);
  case Directive::AssertUnlinkable:
    return checkUnlinkable(thread, directive);
  case Directive::Thread:
    return startThread(thread, directive);
  case Directive::Wait:
    return Verdict::passed(); // the thread has ended, or it would not be its turn
  case Directive::AssertSuspension:
    break;
  }
  return Verdict::failed("this directive is not supported yet");
}

/// Runs a thread until it waits, ends or its turn is over; false when it could do nothing.
bool ScriptInterpreter::runTurn(ScriptThread &thread, Report report) {
  bool moved = false;
  while (!thread.isDone()) {
    const Directive &directive = thread.directives[thread.next];
    if (directive.kind == Directive::Wait) {
      auto found = thread.threads.find(directive.id);
      if (found != thread.threads.end() && !found->second->isDone())
        return moved;
    }
    std::optional<Verdict> verdict;
    if (!thread.call)
      verdict = begin(thread, directive);
    if (thread.call) {
      if (thread.call->getState() == interp::Thread::Blocked)
        return moved;
      moved = true;
      if (thread.call->run(turnLength) != interp::Thread::Done)
        return true;
      Outcome outcome = thread.call->takeOutcome();
      verdict = judge(directive, outcome, thread.callType->results);
      verdict->outcome =
          outcome.returned()
              ? "returned" + printCoreResults(thread.callType->results,
                                              toSlots(thread.callType->results, outcome.results))
              : howEnded(outcome);
      thread.call.reset();
    }
    report(directive, *verdict);
    ++thread.next;
    moved = true;
  }
  return moved;
}

/// Nobody can run: the shortest wait times out. Without one, nobody will ever be notified.
bool ScriptInterpreter::passTime() {
  interp::Thread *first = nullptr;
  for (ScriptThread &thread : threads)
    if (thread.call && thread.call->getTimeout() &&
        (!first || *thread.call->getTimeout() < *first->getTimeout()))
      first = thread.call.get();
  if (first) {
    first->timeOut();
    return true;
  }
  bool abandoned = false;
  for (ScriptThread &thread : threads)
    if (thread.call) {
      thread.call->abandon();
      abandoned = true;
    }
  return abandoned;
}

void ScriptInterpreter::run(const text::Script &script, Report report) {
  threads.emplace_back().directives = script.directives;
  bool moved = true;
  while (moved) {
    moved = false;
    for (size_t i = 0; i < threads.size(); ++i) // a turn may start threads
      moved |= runTurn(threads[i], report);
    moved = moved || passTime();
  }
}
