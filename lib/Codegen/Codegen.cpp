//===- Codegen.cpp - A program becomes native objects --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Codegen/Codegen.h"
#include "Bitcode.h"
#include "CallRecords.h"
#include "CodeOffsets.h"
#include "DropUnreferenced.h"
#include "FunctionTranslator.h"
#include "HugeFunctions.h"
#include "Import.h"
#include "InstancedWorld.h"
#include "Optimizer.h"
#include "PartCache.h"
#include "Partition.h"
#include "ProgramPart.h"
#include "TailCalls.h"
#include "Target.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Support/Timing.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Target/TargetMachine.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

/// What became of one part. Each is written by one thread and read when all are done.
struct PartResult {
  bool hasFailed = false;
  ObjectFile object;
  std::string text;
  std::vector<CallRecord> calls;
  std::vector<Diagnostic> diagnostics;
};

/// What LLVM has to say in one part.
class LLVMDiagnostics final : public llvm::DiagnosticHandler {
public:
  explicit LLVMDiagnostics(bool &hasFailed) : hasFailed(hasFailed) {}
  /// What the back end finds impossible (an assembly constraint of the runtime's, say) is an error
  /// of ours to report, not an exit.
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    hasFailed |= info.getSeverity() == llvm::DS_Error;
    return true;
  }
  /// Nobody reads these remarks. But the inliner stops counting a callee's cost at its own
  /// threshold, unless it shall say what it missed, and looks at a call's own threshold
  /// (Import.cpp) at the end.
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override { return pass == "inline"; }
  bool isAnyRemarkEnabled() const override { return true; }

private:
  bool &hasFailed;
};

/// One part, from facts to bytes, in a context of its own.
class PartCompiler {
public:
  PartCompiler(const Facts &facts, llvm::StringRef name, bool isHuge = false)
      : facts(facts), options(facts.options), name(name) {
    if (isHuge)
      options.optLevel = 0;
  }

  using Fill = llvm::function_ref<LogicalResult(ModuleBuilder &)>;
  LogicalResult run(Fill fill, PartResult &result, Diagnostics &diags);

  /// The same in two steps, between which modules may look at each other: up to the optimised
  /// module, and its code.
  LogicalResult prepare(Fill fill, PartResult &result, Diagnostics &diags) {
    PartTimer timer(options.timing, name);
    return prepare(fill, result, timer, diags);
  }
  LogicalResult emit(PartResult &result, Diagnostics &diags) {
    PartTimer timer(options.timing, name);
    return emit(result, timer, diags);
  }
  llvm::Module &getModule() { return *builder->module; }

private:
  const Facts &facts;
  CodegenOptions options; ///< the program's, with the part's level
  llvm::StringRef name;
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::LLVMContext context;
  std::optional<ModuleBuilder> builder;
  std::optional<CachedPart> cached;
  bool hasFailed = false;
  bool isFinished = false; ///< there is no code to make

  LogicalResult prepare(Fill fill, PartResult &result, PartTimer &timer, Diagnostics &diags);
  LogicalResult emit(PartResult &result, PartTimer &timer, Diagnostics &diags);
  void verify(llvm::StringRef when);
};

} // namespace

void PartCompiler::verify(llvm::StringRef when) {
  if (!options.verify)
    return;
  if (llvm::verifyModule(getModule(), &llvm::errs()))
    llvm::report_fatal_error("invalid IR in " + llvm::Twine(name) + " " + when);
}

/// AArch64 makes such a constant in one instruction; a symbol's address takes four. And the fast
/// instruction selection of -O0 gives up at such a symbol.
static void replaceMemoryBases(ModuleBuilder &builder) {
  const CodegenOptions &options = builder.facts.options;
  if (!llvm::Triple(options.triple).isAArch64() && builder.optLevel > 0)
    return;
  for (uint32_t i = 0; i < builder.facts.memories.size(); ++i)
    if (llvm::GlobalVariable *base = builder.module->getNamedGlobal(symbolOfMemoryBase(i)))
      base->replaceAllUsesWith(llvm::ConstantExpr::getIntToPtr(
          llvm::ConstantInt::get(builder.i64, builder.facts.memories[i].address), builder.ptrType));
}

LogicalResult PartCompiler::run(Fill fill, PartResult &result, Diagnostics &diags) {
  PartTimer timer(options.timing, name);
  LogicalResult done = prepare(fill, result, timer, diags);
  if (succeeded(done) && !isFinished)
    done = emit(result, timer, diags);
  timer.enter(PartStep::Free);
  builder.reset();
  return done;
}

LogicalResult PartCompiler::prepare(Fill fill, PartResult &result, PartTimer &timer,
                                    Diagnostics &diags) {
  timer.enter(PartStep::Translate);
  FailureOr<std::unique_ptr<llvm::TargetMachine>> made = makeTargetMachine(options, diags);
  if (failed(made))
    return failure();
  machine = std::move(*made);
  context.setDiscardValueNames(!options.emitLLVM);
  context.setDiagnosticHandler(std::make_unique<LLVMDiagnostics>(hasFailed));
  builder.emplace(facts, context, name, machine->createDataLayout());
  builder->optLevel = options.optLevel;
  builder->hasFusedMultiplyAdd = hasFusedMultiplyAdd(*machine);
  if (failed(fill(*builder)))
    return failure();
  builder->finishDebugInfo();
  if (options.recordCalls)
    labelFunctions(getModule(), /*copies=*/true);
  verify("before the optimiser");
  result.object.name = (name + ".o").str();
  timer.enter(PartStep::Lookup);
  cached.emplace(getModule(), options);
  isFinished = cached->find(result.object.bytes) || options.recordCalls || options.emitLLVM;
  if (!result.object.bytes.empty())
    return success();
  timer.enter(PartStep::Optimize);
  if (!options.emitLLVM || !options.beforeOptimizer)
    optimize(getModule(), *machine, options);
  if (facts.usesTailCalls)
    settleTailCalls(getModule());
  verify("after the optimiser");
  if (options.recordCalls)
    collectCalls(getModule(), result.calls);
  else if (options.emitLLVM)
    llvm::raw_string_ostream(result.text) << "; " << name << '\n' << getModule();
  return success();
}

LogicalResult PartCompiler::emit(PartResult &result, PartTimer &timer, Diagnostics &diags) {
  timer.enter(PartStep::Emit);
  replaceMemoryBases(*builder);
  result.object.bytes = emitObject(getModule(), *machine, options);
  if (hasFailed)
    return diags.error({}, "no code can be generated for ") << name;
  timer.enter(PartStep::Store);
  cached->store(result.object.bytes);
  return success();
}

static LogicalResult translatePart(ModuleBuilder &builder, const Part &part, Diagnostics &diags) {
  std::unique_ptr<StateModel> state = makeStateModel(builder);
  for (FuncPointer pointer : part.functions) {
    llvm::Function *function = builder.coreFunction(pointer.instance, pointer.index);
    FunctionTranslator translator(builder, *state, pointer.instance, pointer.index, function,
                                  diags);
    if (failed(translator.run()))
      return failure();
  }
  bool isInlining = builder.optLevel > 0;
  return isInlining ? importCallees(builder, *state, diags) : success();
}

static LogicalResult fillProgramPart(ModuleBuilder &builder) {
  if (builder.facts.options.world == World::Closed)
    buildProgramPart(builder);
  else
    buildInstancedProgramPart(builder);
  return success();
}

static LogicalResult fillAdaptersPart(ModuleBuilder &builder, AdapterSize size,
                                      Diagnostics &diags) {
  buildAdaptersPart(builder, size);
  labelFunctions(*builder.module, /*copies=*/false);
  std::unique_ptr<StateModel> state = makeStateModel(builder);
  bool isInlining = builder.optLevel > 0;
  return isInlining ? importCallees(builder, *state, diags) : success();
}

std::unique_ptr<StateModel> codegen::makeStateModel(ModuleBuilder &builder) {
  return builder.facts.options.world == World::Closed ? makeClosedWorld(builder)
                                                      : makeInstancedWorld(builder);
}

/// Runs `compile(i, diags)` for every part on `jobs` threads; diagnostics come in the order of
/// parts.
static LogicalResult compileAll(std::vector<PartResult> &results, unsigned jobs, Diagnostics &diags,
                                llvm::function_ref<LogicalResult(size_t, Diagnostics &)> compile) {
  auto compileOne = [&](size_t i) {
    PartResult &result = results[i];
    Diagnostics own([&](const Diagnostic &one) { result.diagnostics.push_back(one); });
    result.hasFailed = failed(compile(i, own));
  };
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(jobs));
  for (size_t i = 0; i < results.size(); ++i)
    pool.async(compileOne, i);
  pool.wait();
  bool hasFailed = false;
  for (const PartResult &result : results) {
    for (const Diagnostic &one : result.diagnostics)
      diags.report(one);
    hasFailed |= result.hasFailed;
  }
  return success(!hasFailed);
}

/// Optimises all parts before it makes code of any, and leaves out what was inlined everywhere. All
/// modules are there at once: for programs that are one part of core functions.
static LogicalResult
compileTogether(const Facts &facts, std::vector<PartResult> &results, Diagnostics &diags,
                llvm::function_ref<std::unique_ptr<PartCompiler>(size_t)> makeCompiler,
                llvm::function_ref<LogicalResult(size_t, ModuleBuilder &, Diagnostics &)> fill) {
  const CodegenOptions &options = facts.options;
  assert(!options.cache && !options.emitLLVM && !options.recordCalls && "objects, made anew");
  std::vector<std::unique_ptr<PartCompiler>> compilers(results.size());
  LogicalResult prepared =
      compileAll(results, options.jobs, diags, [&](size_t i, Diagnostics &own) {
        compilers[i] = makeCompiler(i);
        return compilers[i]->prepare([&](ModuleBuilder &builder) { return fill(i, builder, own); },
                                     results[i], own);
      });
  if (failed(prepared))
    return failure();
  std::vector<llvm::Module *> modules;
  for (const std::unique_ptr<PartCompiler> &compiler : compilers)
    modules.push_back(&compiler->getModule());
  dropUnreferenced(modules, facts);
  for (PartResult &result : results)
    result.diagnostics.clear();
  return compileAll(results, options.jobs, diags, [&](size_t i, Diagnostics &own) {
    return compilers[i]->emit(results[i], own);
  });
}

static FailureOr<ObjectFile> emitCodeOffsets(const Facts &facts, Diagnostics &diags) {
  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine = makeTargetMachine(facts.options, diags);
  if (failed(machine))
    return failure();
  llvm::LLVMContext context;
  ModuleBuilder builder(facts, context, "offsets", (*machine)->createDataLayout());
  buildCodeOffsets(builder);
  return ObjectFile{"offsets.o", emitObject(*builder.module, **machine, facts.options)};
}

/// Of the bodies of a part's functions.
static uint64_t bytesOf(const Facts &facts, const Part &part) {
  uint64_t bytes = 0;
  for (FuncPointer pointer : part.functions) {
    const wasm::Module &module = facts.moduleOf(pointer.instance);
    bytes += module.functions[pointer.index - module.numImportedFuncs].body.size();
  }
  return bytes;
}

static void startParts(const Facts &facts, llvm::ArrayRef<Part> parts, size_t numObjects) {
  Timing *timing = facts.options.timing;
  if (!timing)
    return;
  PartCounts all;
  all.parts = numObjects;
  for (const Part &part : parts) {
    all.functions += part.functions.size();
    all.bytes += bytesOf(facts, part);
  }
  unsigned maxThreads = llvm::hardware_concurrency(facts.options.jobs).compute_thread_count();
  timing->enter(Phase::Parts);
  timing->startParts(all, std::min<size_t>(maxThreads, numObjects));
}

FailureOr<CodegenResult> codegen::generate(const Program &program, const CodegenOptions &options,
                                           Diagnostics &diags) {
  if (options.world == World::Instanced && program.adapters)
    return diags.error({}, "components in the instanced world are not supported yet");
  enterPhase(options.timing, Phase::Facts);
  initializeTargets();
  FailureOr<std::unique_ptr<Facts>> computed = Facts::compute(program, options, diags);
  if (failed(computed))
    return failure();
  const Facts &facts = **computed;
  std::vector<Part> parts = partition(facts);
  // Behind the parts of core functions: the program's state, and the adapters.
  bool hasHuge = program.adapters && mayHoldHuge(*program.adapters);
  std::vector<PartResult> results(parts.size() + 1 + (program.adapters != nullptr) + hasHuge);
  auto sizeOf = [&](size_t i) {
    return i == parts.size() + 1 ? AdapterSize::Usual : AdapterSize::Huge;
  };
  auto makeCompiler = [&](size_t i) {
    if (i < parts.size())
      return std::make_unique<PartCompiler>(facts, parts[i].name, parts[i].isHuge);
    if (i == parts.size())
      return std::make_unique<PartCompiler>(facts, "program");
    bool isHuge = sizeOf(i) == AdapterSize::Huge;
    return std::make_unique<PartCompiler>(facts, isHuge ? "adapters.huge" : "adapters", isHuge);
  };
  auto fill = [&](size_t i, ModuleBuilder &builder, Diagnostics &own) {
    if (i < parts.size())
      return translatePart(builder, parts[i], own);
    return i == parts.size() ? fillProgramPart(builder) : fillAdaptersPart(builder, sizeOf(i), own);
  };
  startParts(facts, parts, results.size());
  LogicalResult compiled = success();
  if (options.dropsUnreferenced && options.optLevel > 0 && parts.size() <= 1) {
    compiled = compileTogether(facts, results, diags, makeCompiler, fill);
  } else {
    compiled = compileAll(results, options.jobs, diags, [&](size_t i, Diagnostics &own) {
      LogicalResult result = makeCompiler(i)->run(
          [&](ModuleBuilder &builder) { return fill(i, builder, own); }, results[i], own);
      if (options.timing && i < parts.size())
        options.timing->partDone(parts[i].functions.size(), bytesOf(facts, parts[i]));
      return result;
    });
  }
  if (failed(compiled))
    return failure();

  enterPhase(options.timing, Phase::Offsets);
  CodegenResult all;
  all.throws = facts.throws();
  bool makesObjects = !options.emitLLVM && !options.recordCalls;
  if (makesObjects && !parts.empty()) {
    FailureOr<ObjectFile> offsets = emitCodeOffsets(facts, diags);
    if (failed(offsets))
      return failure();
    all.objects.push_back(std::move(*offsets));
  }
  for (PartResult &result : results) {
    all.llvmText += result.text;
    all.calls.insert(all.calls.end(), result.calls.begin(), result.calls.end());
    if (makesObjects)
      all.objects.push_back(std::move(result.object));
  }
  for (uint32_t i = 0; i < facts.memories.size(); ++i) {
    if (!facts.memories[i].address)
      continue;
    all.absoluteSymbols.emplace_back(symbolOfMemoryBase(i), facts.memories[i].address);
    if (!facts.memories[i].image.bytes.empty())
      all.sections.push_back(imageSection(facts, i));
  }
  return all;
}
