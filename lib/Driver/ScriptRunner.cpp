//===- ScriptRunner.cpp - Running .wast scripts ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plan, compile, link with the harness, run, compare. The program prints an outcome for each
// command (tenon-abi/harness.h) and knows nothing of what was expected.
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/ScriptRunner.h"
#include "Backend.h"
#include "HarnessProcess.h"
#include "HostValues.h"
#include "Invocation.h"
#include "ScriptInterpreter.h"
#include "ScriptPlan.h"
#include "ScriptValues.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

/// The kinds of tenon-abi/traps.def.
enum TrapKind : uint32_t {
#define TRAP(name, code, text) Trap##name = code,
#include "tenon-abi/traps.def"
#undef TRAP
};

static std::string hexSlots(llvm::ArrayRef<uint64_t> slots) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (uint64_t slot : slots)
    os << ' ' << llvm::format_hex(slot, 3);
  return text;
}

/// Why the results are not what was expected; nothing when they are.
static std::optional<std::string> compareResults(const PlannedCommand &planned,
                                                 const CommandOutcome &outcome,
                                                 const component::TypeArena &arena,
                                                 ReadMemory read) {
  if (!planned.comparesResults)
    return std::nullopt;
  bool matches;
  if (planned.componentType) {
    std::optional<component::Val> found =
        readResult(arena, *planned.componentType, planned.command, outcome.slots, read);
    matches = found ? planned.results.size() == 1 &&
                          matchesComponent(arena, planned.results.front(),
                                           *planned.componentType->result, *found)
                    : planned.results.empty() && !planned.componentType->result;
  } else {
    llvm::ArrayRef<uint64_t> slots = outcome.slots;
    matches = planned.results.size() == planned.coreType.results.size();
    for (size_t i = 0; matches && i < planned.results.size(); ++i) {
      wasm::ValType type = planned.coreType.results[i];
      unsigned count = type.getKind() == wasm::ValType::V128 ? 2 : 1;
      matches = matchesCore(planned.results[i], type, slots.take_front(count));
      slots = slots.drop_front(count);
    }
  }
  if (matches)
    return std::nullopt;
  return "unexpected result:" + hexSlots(outcome.slots);
}

static std::optional<std::string> compare(const PlannedCommand &planned,
                                          const CommandOutcome &outcome,
                                          const component::TypeArena &arena, ReadMemory read) {
  if (outcome.unlinked && *outcome.unlinked < planned.dependences)
    return "a module that it depends on could not be linked";
  if (outcome.unlinked && planned.expectation != PlannedCommand::Unlinkable)
    return "incompatible import type: a memory or table is too small";
  switch (planned.expectation) {
  case PlannedCommand::Returns:
    if (outcome.trap)
      return "trapped: " + outcome.text;
    return compareResults(planned, outcome, arena, read);
  case PlannedCommand::Throws:
    if (outcome.trap == TrapUncaughtException)
      return std::nullopt;
    return outcome.trap ? "trapped: " + outcome.text + ", expected: an exception" : "no exception";
  case PlannedCommand::Unlinkable:
    return outcome.unlinked ? std::nullopt : std::optional("linked, expected: " + planned.message);
  case PlannedCommand::Traps:
  case PlannedCommand::Exhausts:
    if (!outcome.trap)
      return "no trap, expected: " + planned.message;
    if (!matchesMessage(planned.message, outcome.text))
      return "trapped: " + outcome.text + ", expected: " + planned.message;
    return std::nullopt;
  }
  llvm_unreachable("an expectation that is none");
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

namespace {

/// Everything that a plan of the script stands on. Another try starts from nothing.
class Attempt {
public:
  Attempt(const SourceFile &file, const text::Script &script, const ScriptOptions &options,
          RefusedModules &refused);

  /// Compiles the plan's program to an executable at `path`.
  LogicalResult build(llvm::StringRef path);

  std::vector<Diagnostic> errors;

private:
  Diagnostics diags;
  FileStore files;

public:
  Frontend frontend;
  ScriptPlan plan;

private:
  Options options;
  Backend backend;
};

} // namespace

Attempt::Attempt(const SourceFile &file, const text::Script &script,
                 const ScriptOptions &scriptOptions, RefusedModules &refused)
    : diags([this](const Diagnostic &one) {
        if (one.severity == Severity::Error)
          errors.push_back(one);
      }),
      files(diags, /*strict=*/true), frontend(files, diags),
      plan(files, frontend, scriptOptions.features, diags, refused),
      backend(options, /*cache=*/nullptr, diags) {
  if (!scriptOptions.donutWrapping)
    frontend.forbidDonutWrapping();
  options.optLevel = scriptOptions.optLevel;
  options.canonicalizeNaNs = scriptOptions.canonicalizeNaNs;
  options.deterministic = scriptOptions.deterministic;
  options.jobs = scriptOptions.jobs;
  options.runtimeDir = scriptOptions.runtimeDir;
  files.addBorrowed(file);
  plan.plan(script);
}

LogicalResult Attempt::build(llvm::StringRef path) {
  if (failed(backend.check()))
    return failure();
  FailureOr<codegen::Program> program = plan.makeProgram(backend.getTriple());
  if (failed(program))
    return failure();
  codegen::CodegenOptions codegenOptions = backend.codegenOptions();
  codegenOptions.dropsUnreferenced = true;
  FailureOr<codegen::CodegenResult> code = codegen::generate(*program, codegenOptions, diags);
  if (failed(code))
    return failure();
  std::vector<codegen::Command> commands;
  for (const PlannedCommand &planned : plan.commands)
    commands.push_back(planned.command);
  FailureOr<codegen::ObjectFile> list = codegen::emitCommands(commands, {}, codegenOptions, diags);
  if (failed(list))
    return failure();
  code->objects.push_back(std::move(*list));
  if (failed(backend.addAbsentFunctions(*code, plan.getAbsentFunctions())))
    return failure();
  return backend.link(*code, "tenon_start_harness", path);
}

static void collectModules(llvm::ArrayRef<text::Directive> directives,
                           std::vector<const text::ScriptModule *> &modules) {
  for (const text::Directive &directive : directives) {
    if (directive.module && directive.module->isEncoded())
      modules.push_back(&*directive.module);
    collectModules(directive.thread, modules);
  }
}

/// Adds the modules in which the errors are to `refused`; false when that is nothing new.
static bool refuseModules(const text::Script &script, const Attempt &attempt,
                          const SourceFile &file, RefusedModules &refused) {
  size_t before = refused.size();
  std::vector<const text::ScriptModule *> modules;
  collectModules(script.directives, modules);
  for (const Diagnostic &error : attempt.errors) {
    if (!error.location.file)
      continue;
    auto asker = attempt.plan.getAskers().find(error.location.file->getName());
    if (asker != attempt.plan.getAskers().end())
      refused[asker->second] = error.message;
    const text::ScriptModule *culprit = nullptr;
    for (const text::ScriptModule *candidate : modules) {
      const text::ScriptModule &module = *candidate;
      uint64_t start = error.location.space == OffsetSpace::Binary ? module.binaryStart.offset
                                                                   : module.location.offset;
      if (error.location.file == &file && start <= error.location.offset)
        culprit = &module;
    }
    if (culprit)
      refused[culprit->location.offset] = error.message;
  }
  return refused.size() != before;
}

/// Plans and compiles, without the modules that are refused on the way. `why` is not empty when no
/// program can be made for another reason. Once something was refused, the rest of what will be is
/// found without the optimiser, which would do its work again and again.
static std::unique_ptr<Attempt> compile(const SourceFile &file, const text::Script &script,
                                        const ScriptOptions &options, llvm::StringRef path,
                                        std::string &why) {
  RefusedModules refused;
  ScriptOptions current = options;
  while (true) {
    size_t known = refused.size();
    auto attempt = std::make_unique<Attempt>(file, script, current, refused);
    bool isPlanned = refused.size() == known;
    if (isPlanned && (attempt->plan.commands.empty() || succeeded(attempt->build(path)))) {
      if (current.optLevel == options.optLevel)
        return attempt;
      current.optLevel = options.optLevel;
      continue;
    }
    if (!refuseModules(script, *attempt, file, refused) && isPlanned) {
      why = "no program can be made: " +
            (attempt->errors.empty() ? "no reason was given" : attempt->errors.front().str());
      return attempt;
    }
    current.optLevel = 0;
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

namespace {

/// Tells the listener what became of each directive as soon as it is certain.
class Results {
public:
  Results(const ScriptPlan &plan, ScriptListener &listener) : listener(listener) {
    for (auto [index, directive] : llvm::enumerate(plan.directives)) {
      pending.push_back(directive.commands);
      isDecided.push_back(false);
      if (directive.failure || !directive.commands)
        decide(index, directive.failure);
    }
  }

  void commandDone(const PlannedCommand &planned, const std::optional<std::string> &failure) {
    if (failure || --pending[planned.directive] == 0)
      decide(planned.directive, failure);
  }

private:
  ScriptListener &listener;
  std::vector<unsigned> pending; ///< commands
  std::vector<bool> isDecided;

  void decide(size_t index, const std::optional<std::string> &failure) {
    if (!isDecided[index])
      listener.result(index, failure ? &*failure : nullptr);
    isDecided[index] = true;
  }
};

} // namespace

/// What the calls of a script did in the interpreter, by the number of the directive.
using InterpretedCalls = llvm::DenseMap<size_t, std::string>;

/// What a call did, in the words of the interpreter. An exception does not come out of a component.
static std::string describeOutcome(const PlannedCommand &planned, const CommandOutcome &outcome,
                                   const component::TypeArena &arena, ReadMemory read) {
  if (outcome.trap == TrapUncaughtException && !planned.componentType)
    return "threw an exception";
  if (outcome.trap)
    return "trapped: " + outcome.text;
  if (!planned.componentType)
    return "returned" + printCoreResults(planned.coreType.results, outcome.slots);
  std::optional<component::Val> result =
      readResult(arena, *planned.componentType, planned.command, outcome.slots, read);
  return describeReturn(arena, *planned.componentType, result ? &*result : nullptr);
}

static std::optional<std::string> compareWithInterpreter(llvm::StringRef compiled,
                                                         llvm::StringRef interpreted) {
  if (compiled == interpreted)
    return std::nullopt;
  return (compiled + ", but interpreted it " + interpreted).str();
}

static void execute(Attempt &attempt, llvm::StringRef path, const InterpretedCalls &interpreted,
                    Results &results, ScriptListener &listener) {
  std::vector<PlannedCommand> &commands = attempt.plan.commands;
  std::vector<bool> isDone(commands.size());
  HarnessProcess process(path.str(), {path.str()}, {});
  while (std::optional<CommandOutcome> one = process.next()) {
    if (one->id >= commands.size() || isDone[one->id])
      break;
    const PlannedCommand &planned = commands[one->id];
    isDone[one->id] = true;
    const component::TypeArena &arena = attempt.frontend.getArena();
    auto read = [&](uint64_t address, size_t size, uint8_t *out) {
      return process.readMemory(address, size, out);
    };
    auto known = interpreted.find(planned.directive);
    results.commandDone(
        planned,
        known == interpreted.end()
            ? compare(planned, *one, arena, read)
            : compareWithInterpreter(describeOutcome(planned, *one, arena, read), known->second));
    if (planned.command.waits && !one->trap && !one->unlinked)
      process.goOn();
  }
  if (llvm::is_contained(isDone, false))
    listener.endedEarly("the program ended before: " + process.describeEnd());
}

/// A script that can't be read: one directive, where the first error is.
static void reportUnreadable(const std::optional<Diagnostic> &error, ScriptListener &listener) {
  unsigned line = 1;
  if (error && error->location.file && error->location.space == OffsetSpace::Text)
    line = error->location.file->lineAndColumn(error->location.offset).first;
  listener.begin({{line, "script"}});
  std::string why = error ? error->message : "it cannot be read";
  listener.result(0, &why);
}

static void listDirectives(const SourceFile &file, llvm::ArrayRef<text::Directive> directives,
                           std::vector<ScriptDirective> &list) {
  for (const text::Directive &directive : directives) {
    list.push_back(
        {file.lineAndColumn(directive.location.offset).first, text::spell(directive).str()});
    listDirectives(file, directive.thread, list);
  }
}

/// Hears of every directive by its number.
using InterpreterReport =
    llvm::function_ref<void(size_t, const text::Directive &, const Verdict &)>;

static void interpret(const text::Script &script, const ScriptOptions &options,
                      InterpreterReport report) {
  llvm::DenseMap<const text::Directive *, size_t> numbers;
  for (const text::Directive &directive : script.directives) {
    numbers.try_emplace(&directive, numbers.size());
    for (const text::Directive &inner : directive.thread) // which has no threads
      numbers.try_emplace(&inner, numbers.size());
  }
  ScriptInterpreter interpreter(options.features, options.donutWrapping);
  interpreter.run(script, [&](const text::Directive &directive, const Verdict &verdict) {
    report(numbers.lookup(&directive), directive, verdict);
  });
}

static void interpret(const text::Script &script, const ScriptOptions &options,
                      ScriptListener &listener) {
  interpret(script, options, [&](size_t index, const text::Directive &, const Verdict &verdict) {
    if (verdict.kind == Verdict::Skipped)
      listener.skipped(index, verdict.why);
    else
      listener.result(index, verdict.kind == Verdict::Failed ? &verdict.why : nullptr);
  });
}

static InterpretedCalls interpretCalls(const text::Script &script, const ScriptOptions &options) {
  InterpretedCalls calls;
  interpret(script, options,
            [&](size_t index, const text::Directive &directive, const Verdict &verdict) {
              if (directive.kind == text::Directive::Action && !verdict.outcome.empty())
                calls[index] = verdict.outcome;
            });
  return calls;
}

void tenon::driver::runScript(SourceFile &file, const ScriptOptions &options,
                              ScriptListener &listener) {
  std::optional<Diagnostic> error;
  Diagnostics diags([&](const Diagnostic &one) {
    if (!error && one.severity == Severity::Error)
      error = one;
  });
  FailureOr<text::Script> script = text::parseScript(file, diags);
  if (failed(script))
    return reportUnreadable(error, listener);
  std::vector<ScriptDirective> list;
  listDirectives(file, script->directives, list);
  listener.begin(list);
  if (options.interprets)
    return interpret(*script, options, listener);

  InterpretedCalls interpreted;
  if (options.comparesWithInterpreter)
    interpreted = interpretCalls(*script, options);
  llvm::SmallString<128> path(options.workDir);
  llvm::sys::path::append(path, "script");
  std::string why;
  std::unique_ptr<Attempt> attempt = compile(file, *script, options, path, why);
  Results results(attempt->plan, listener);
  if (why.empty() && !attempt->plan.commands.empty())
    return execute(*attempt, path, interpreted, results, listener);
  for (const PlannedCommand &planned : attempt->plan.commands)
    results.commandDone(planned, why);
}
