//===- Pipeline.cpp - The compiler, front to back -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The page on which the whole compiler can be read in order: `Compilation::run` is the pipeline,
// one line a stage. docs/Architecture.md says what is legal at each.
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/Pipeline.h"
#include "Backend.h"
#include "CoreInvocation.h"
#include "Frontend.h"
#include "HostValues.h"
#include "Invocation.h"
#include "Observer.h"
#include "Output.h"
#include "ProgramCache.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Link/RuntimeFiles.h"
#include "tenon/Transforms/GraphReport.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

namespace {

/// The instance of the root component is called after the file that it was read from.
std::string rootName(const Unit &root) {
  if (!root.component->name.empty())
    return root.component->name.str();
  llvm::StringRef name = root.file->source->getName();
  return name == "-" ? "root" : llvm::sys::path::stem(name).str();
}

/// Whether there is a function that BuildProgram.cpp takes for the program.
bool exportsRun(const component::Component &root, const component::TypeArena &arena) {
  const component::ExternList &exports = arena.getComponent(root.type).exports;
  return llvm::any_of(exports, [&](const component::NamedExtern &exported) {
    if (exported.type.kind != component::ExternKind::Instance ||
        !exported.name.starts_with("wasi:cli/run@"))
      return false;
    const component::ExternType *run = arena.getInstance(exported.type.type).exports.find("run");
    return run && run->kind == component::ExternKind::Func;
  });
}

/// One run of the compiler.
class Compilation {
public:
  /// `callArgs`: the program is one call, and these would be the arguments of a core function.
  Compilation(const Options &options, Cache *cache, Diagnostics &diags,
              std::optional<llvm::ArrayRef<std::string>> callArgs = std::nullopt)
      : options(options), callArgs(callArgs), diags(diags), files(diags), frontend(files, diags),
        units(options, files, frontend.getArena(), diags), backend(options, cache, diags) {}

  LogicalResult run() {
    if (failed(backend.check()))
      return failure();
    // Text or binary -> bytes.
    enter(Phase::Read);
    FailureOr<const InputFile *> input = files.load(options.input, {});
    if (failed(input))
      return failure();
    if (options.stage == Stage::Wasm)
      return output(".wasm", toStringRef((*input)->bytes));

    // Bytes -> a validated component, with every component that it imports.
    FailureOr<Unit *> root = units.loadRoot();
    if (failed(root))
      return failure();
    if ((*root)->module)
      return compileCoreModule(*(*root)->module);
    if (failed(readInvocation(*(*root)->component)))
      return failure();

    // graph: comp.defines as written.
    enter(Phase::Import);
    FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> module = frontend.import(**root, rootName(**root));
    if (failed(module))
      return failure();
    if (options.stage == Stage::Graph)
      return print(**module);

    // linked: every import of a component or module is resolved.
    enter(Phase::Resolve);
    if (failed(frontend.resolve(**module, **root)))
      return failure();
    reportStatic(**module);
    if (options.stage == Stage::Linked)
      return print(**module);

    // What is still imported must come from the host.
    enter(Phase::Host);
    FailureOr<HostInterface> host = HostInterface::load(files, frontend.getArena(), diags);
    if (failed(host) || failed(host->checkImports(*(*root)->component, frontend.getArena(), diags)))
      return failure();

    // flat: linking is inlining; one block of instances, lifts and lowers.
    enter(Phase::Flatten);
    if (failed(frontend.inlineInstances(**module)))
      return failure();
    if (options.stage == Stage::Flat)
      return print(**module);

    // fused: each lower(lift) is an adapter.
    enter(Phase::Fuse);
    if (failed(frontend.fuse(**module)))
      return failure();
    reportRuntime(**module);
    warnAboutAsync(**module);
    std::vector<std::string> absent = host->absentFunctions(**module);
    if (options.stage == Stage::Fused)
      return print(**module);

    // core: adapters are functions; instances are names.
    if (failed(checkIsRun(*(*root)->component)))
      return failure();
    enter(Phase::Lower);
    if (failed(frontend.lowerAdapters(**module, /*lockdown=*/false)))
      return failure();
    if (options.stage == Stage::Core)
      return print(**module);

    // llvm, obj, exe: a program, translated, optimised and emitted in parts.
    enter(Phase::Adapters);
    codegen::Program program;
    if (failed(frontend.makeProgram(**module, backend.getTriple(), program)))
      return failure();
    if (invocation && failed(makeCommand(program)))
      return failure();
    return backend.emit(program, absent, command ? &*command : nullptr);
  }

  /// What `run` compiled, if it is a call.
  CompiledCall getCall() {
    return {frontend.getArena(), invocation ? invocation->type : nullptr, *command};
  }

  const FileStore &getFiles() const { return files; }
  const Backend &getBackend() const { return backend; }

private:
  const Options &options;
  std::optional<llvm::ArrayRef<std::string>> callArgs;
  Diagnostics &diags;
  FileStore files;
  Frontend frontend;
  UnitStore units;
  Backend backend;
  std::optional<Invocation> invocation;
  std::optional<codegen::Command> command; ///< what calls it

  void enter(Phase phase) { enterPhase(options.timing, phase); }

  static llvm::StringRef toStringRef(llvm::ArrayRef<uint8_t> bytes) {
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
  }

  LogicalResult output(llvm::StringRef extension, llvm::StringRef contents) {
    enter(Phase::Write);
    return writeOutput(outputPath(options, extension), contents, /*executable=*/false, diags);
  }

  LogicalResult print(mlir::ModuleOp module) {
    enter(Phase::Write);
    std::string text;
    llvm::raw_string_ostream os(text);
    module.print(os);
    return writeOutput(options.output.empty() ? "-" : options.output, text + "\n",
                       /*executable=*/false, diags);
  }

  /// A core module alone has no graph: its functions can be looked at, linked and called.
  LogicalResult compileCoreModule(const wasm::Module &module) {
    if (callArgs)
      return compileCoreCall(module);
    if (options.stage != Stage::LLVM && options.stage != Stage::Object)
      return diags.error(module.location,
                         "a component was expected, found a core module: only --emit=llvm and "
                         "--emit=obj are supported yet, and 'run --invoke NAME' calls a function");
    codegen::Program program = programOfModule(module);
    return backend.emit(program, {});
  }

  LogicalResult compileCoreCall(const wasm::Module &module) {
    FailureOr<CoreInvocation> call = CoreInvocation::parse(options, *callArgs, module, diags);
    if (failed(call))
      return failure();
    codegen::Program program = programOfModule(module);
    program.exports.clear();
    command.emplace();
    if (call->function) {
      const std::string symbol = "tenon.export." + call->function->name.str();
      command->symbols = {codegen::symbolText(symbol)};
      command->type = call->type;
      command->args = call->slots;
      program.exports.push_back(
          {command->symbols.front(), {codegen::FuncRef::Core, 0, call->function->index, {}}});
    }
    return backend.emit(program, {}, &*command);
  }

  /// What nobody can run is said before the work begins, unless a report is wanted of it.
  LogicalResult checkIsRun(const component::Component &root) {
    if (options.stage != Stage::Executable || callArgs || !options.reports.empty() ||
        exportsRun(root, frontend.getArena()))
      return success();
    PendingDiagnostic error = diags.error({}, "'");
    error << options.input
          << "' does not export wasi:cli/run: there is nothing to run (--emit=obj makes an object "
             "of it, and 'run --invoke' calls a function)";
    listFunctions(error, root, frontend.getArena());
    return error;
  }

  /// The one call that the program is, if it is not run by `wasi:cli/run`.
  LogicalResult readInvocation(const component::Component &root) {
    if (options.invoke.empty())
      return success();
    FailureOr<Invocation> parsed =
        Invocation::parse(options.invoke, root, frontend.getArena(), diags);
    if (failed(parsed))
      return failure();
    invocation = std::move(*parsed);
    return success();
  }

  LogicalResult makeCommand(const codegen::Program &program) {
    auto exported = llvm::find_if(program.exports, [&](const codegen::Export &one) {
      return one.symbol == invocation->name;
    });
    if (exported == program.exports.end())
      return diags.error({}, "'") << invocation->name
                                  << "' cannot be called: it is in an instance of the host that is "
                                     "handed on";
    command.emplace();
    command->symbols = {codegen::symbolText(exported->function.symbol)};
    encodeArguments(frontend.getArena(), *invocation->type, invocation->arguments, *command);
    command->waits = command->areaBytes != 0;
    return success();
  }

  void warnAboutAsync(mlir::ModuleOp module) {
    std::vector<std::string> names = comp::unsupportedAsync(module);
    if (!names.empty())
      diags.warning({}, "async is not supported yet: what has to wait for another task traps (")
          << llvm::join(names, ", ") << ")";
  }

  bool wants(Report report) const { return llvm::is_contained(options.reports, report); }

  void reportStatic(mlir::ModuleOp module) {
    if (wants(Report::Graph))
      comp::printStaticGraph(module, llvm::outs());
  }

  void reportRuntime(mlir::ModuleOp module) {
    if (wants(Report::Graph))
      comp::printRuntimeGraph(module, llvm::outs());
    if (wants(Report::Reach))
      comp::printReach(module, llvm::outs());
  }
};

} // namespace

llvm::StringRef tenon::driver::getVersion() { return TENON_VERSION; }

std::optional<Report> tenon::driver::parseReport(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Report>>(name)
      .Case("graph", Report::Graph)
      .Case("edges", Report::Edges)
      .Case("reach", Report::Reach)
      .Default(std::nullopt);
}

std::string tenon::driver::findRuntimeDir(const char *argv0, void *anchor) {
  return link::findRuntimeDir(argv0, anchor);
}

static LogicalResult compileAlone(const Options &options, Diagnostics &diags) {
  Compilation compilation(options, nullptr, diags);
  LogicalResult result = compilation.run();
  enterPhase(options.timing, Phase::Free);
  return result;
}

/// What was done before is taken from the cache, what was not is kept there.
static LogicalResult compileCached(const Options &options, Cache &cache, Diagnostics &diags) {
  enterPhase(options.timing, Phase::Cache);
  ProgramCache programs(options, cache);
  std::vector<Diagnostic> warnings;
  bool isKnown = programs.replay(warnings);
  for (const Diagnostic &warning : warnings)
    diags.report(warning);
  if (isKnown)
    return success();
  Diagnostics recorder([&](const Diagnostic &diagnostic) {
    warnings.push_back(diagnostic);
    diags.report(diagnostic);
  });
  enterPhase(options.timing, Phase::Start);
  Compilation compilation(options, &cache, recorder);
  if (failed(compilation.run()))
    return failure();
  enterPhase(options.timing, Phase::Cache);
  if (const llvm::MemoryBuffer *written = compilation.getBackend().getWritten())
    programs.store(compilation.getFiles(), warnings, written->getBuffer());
  enterPhase(options.timing, Phase::Free);
  return success();
}

LogicalResult tenon::driver::compileCall(const Options &given, llvm::ArrayRef<std::string> args,
                                         Diagnostics &diags,
                                         llvm::function_ref<void(const CompiledCall &)> run) {
  Observer observer(given, diags);
  const Options &options = observer.getOptions();
  std::optional<Cache> cache;
  if (!options.cacheDir.empty())
    cache.emplace(options.cacheDir);
  Compilation compilation(options, cache ? &*cache : nullptr, observer.getDiagnostics(), args);
  LogicalResult result = compilation.run();
  if (cache)
    observer.noteCache(*cache);
  if (failed(observer.finish(result)))
    return failure();
  run(compilation.getCall());
  return success();
}

LogicalResult tenon::driver::compile(const Options &given, Diagnostics &diags) {
  if (failed(checkOutput(given, diags)))
    return failure();
  Observer observer(given, diags);
  const Options &options = observer.getOptions();
  if (options.cacheDir.empty())
    return observer.finish(compileAlone(options, observer.getDiagnostics()));
  LogicalResult result = failure();
  {
    Cache cache(options.cacheDir);
    result = compileCached(options, cache, observer.getDiagnostics());
    observer.noteCache(cache);
    enterPhase(options.timing, Phase::Cache);
  }
  return observer.finish(result);
}
