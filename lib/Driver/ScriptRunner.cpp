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
#include "ScriptPlan.h"
#include "ScriptProcess.h"
#include "ScriptValues.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

/// The suites name a trap by the beginning of its text, or by the text and more.
static bool matchesMessage(llvm::StringRef expected, llvm::StringRef text) {
  return text.starts_with(expected) || expected.starts_with(text) || text.contains(expected) ||
         expected.contains(text);
}

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
    const std::optional<component::ValType> &type = planned.componentType->result;
    bool inArea = planned.command.areaBytes != 0;
    auto readSlotOrMemory = [&](uint64_t address, size_t size, uint8_t *out) {
      if (inArea)
        return read(address, size, out);
      memcpy(out, reinterpret_cast<const uint8_t *>(outcome.slots.data()) + address, size);
      return true;
    };
    matches = type ? planned.results.size() == 1 &&
                         matchesComponent(arena, planned.results.front(), *type,
                                          inArea ? outcome.slots.front() : 0, readSlotOrMemory)
                   : planned.results.empty();
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
  switch (planned.expectation) {
  case PlannedCommand::Anything:
    return std::nullopt;
  case PlannedCommand::Returns:
    if (outcome.trap)
      return "trapped: " + outcome.text;
    return compareResults(planned, outcome, arena, read);
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

/// Compiles the plan to an executable at `path`.
static LogicalResult buildScript(ScriptPlan &plan, Backend &backend, llvm::StringRef path,
                                 Diagnostics &diags) {
  FailureOr<codegen::Program> program = plan.makeProgram(backend.getTriple());
  if (failed(program))
    return failure();
  codegen::CodegenOptions options = backend.codegenOptions();
  FailureOr<codegen::CodegenResult> code = codegen::generate(*program, options, diags);
  if (failed(code))
    return failure();
  std::vector<codegen::Command> commands;
  for (const PlannedCommand &planned : plan.commands)
    commands.push_back(planned.command);
  FailureOr<codegen::ObjectFile> list = codegen::emitCommands(commands, options, diags);
  if (failed(list))
    return failure();
  code->objects.push_back(std::move(*list));
  return backend.link(*code, "tenon_start_harness", path);
}

FailureOr<ScriptOutcome> tenon::driver::runScript(SourceFile &file, const ScriptOptions &options,
                                                  Diagnostics &diags) {
  FailureOr<text::Script> script = text::parseScript(file, diags);
  if (failed(script))
    return failure();
  FileStore files(diags, /*strict=*/true);
  Frontend frontend(files, diags);
  ScriptPlan plan(files, frontend, diags);
  ScriptOutcome outcome;
  if (failed(plan.plan(*script, outcome)))
    return failure();
  if (plan.commands.empty())
    return outcome;

  Options compileOptions;
  compileOptions.optLevel = options.optLevel;
  compileOptions.jobs = options.jobs;
  compileOptions.runtimeDir = options.runtimeDir;
  Backend backend(compileOptions, diags);
  llvm::SmallString<128> directory;
  if (llvm::sys::fs::createUniqueDirectory("tenon-wast", directory))
    return diags.error({}, "cannot create a temporary folder");
  llvm::scope_exit removeDirectory([&] { llvm::sys::fs::remove_directories(directory); });
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, "script");
  if (failed(backend.check()) || failed(buildScript(plan, backend, path, diags)))
    return failure();

  size_t done = 0;
  ScriptProcess process(path.str().str());
  while (std::optional<CommandOutcome> one = process.next()) {
    if (one->id >= plan.commands.size())
      break;
    const PlannedCommand &planned = plan.commands[one->id];
    std::optional<std::string> why = compare(planned, *one, frontend.getArena(),
                                             [&](uint64_t address, size_t size, uint8_t *out) {
                                               return process.readMemory(address, size, out);
                                             });
    if (why)
      outcome.failures.push_back({planned.location, *why});
    else
      outcome.passed += planned.counts;
    if (planned.command.waits && !one->trap)
      process.goOn();
    ++done;
  }
  for (; done < plan.commands.size(); ++done)
    outcome.failures.push_back(
        {plan.commands[done].location, "the program ended before: " + process.describeEnd()});
  return outcome;
}
