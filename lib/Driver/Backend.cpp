//===- Backend.cpp - Program -> LLVM IR, object, executable ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Backend.h"
#include "EdgeReport.h"
#include "HarnessProcess.h"
#include "Output.h"
#include "tenon/Link/Link.h"
#include "tenon/Link/RuntimeFiles.h"
#include "tenon/Support/Timing.h"
#include "llvm/TargetParser/Triple.h"

using namespace tenon;
using namespace tenon::driver;

codegen::Program tenon::driver::programOfModule(const wasm::Module &module) {
  codegen::Program program;
  program.selves.push_back({"module", -1});
  codegen::CoreInstance instance;
  instance.path = "module";
  instance.module = &module;
  for (const wasm::Import &import : module.imports)
    if (import.kind == wasm::ExternKind::Func)
      instance.importedFuncs.push_back(
          {codegen::FuncRef::Trap, 0, 0, (import.module + "#" + import.name).str()});
  codegen::defineState(program, instance, 0);
  for (const wasm::Export &exported : module.exports)
    if (exported.kind == wasm::ExternKind::Func && !module.isImportedFunc(exported.index))
      program.exports.push_back(
          {exported.name.str(), {codegen::FuncRef::Core, 0, exported.index, {}}});
  program.instances.push_back(std::move(instance));
  return program;
}

std::string tenon::driver::targetTriple(const Options &options) {
  return options.target.empty() ? "x86_64-unknown-linux-gnu"
                                : llvm::Triple::normalize(options.target);
}

LogicalResult Backend::check() {
  llvm::Triple target(targetTriple(options));
  llvm::StringRef arch = link::runtimeArch(target.str());
  if (arch.empty() || !target.isOSLinux())
    return diags.error({}, "the target '") << options.target << "' is not supported yet "
                                           << "(x86_64-linux and aarch64-linux are)";
  triple = (arch + "-unknown-linux-gnu").str();
  if (options.stage < Stage::LLVM)
    return success();
  if (arch != "x86_64" && options.stage == Stage::Executable)
    return diags.error({}, "executables for '")
           << arch << "' are not supported yet (objects are: --emit=obj)";
  std::string path = link::runtimeBitcode(options.runtimeDir, triple);
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return diags.error({}, "cannot read the runtime '")
           << path << "': " << buffer.getError().message();
  runtime = std::move(*buffer);
  return success();
}

codegen::CodegenOptions Backend::codegenOptions() const {
  codegen::CodegenOptions result;
  result.optLevel = options.optLevel;
  result.canonicalizeNaNs = options.canonicalizeNaNs;
  result.deterministic = options.deterministic;
  result.triple = triple;
  result.jobs = options.jobs;
  result.cache = cache;
  result.timing = options.timing;
  result.emitLLVM = options.stage == Stage::LLVM;
  llvm::StringRef bitcode = runtime->getBuffer();
  result.runtimeBitcode = {bitcode.data(), bitcode.size()};
  return result;
}

static link::Grants convertGrants(const Grants &grants) {
  link::Grants result;
  for (const DirGrant &dir : grants.dirs)
    result.preopens.push_back({dir.host, dir.guest, dir.readOnly});
  for (const auto &[key, value] : grants.env) {
    if (value)
      result.env.emplace_back(key, *value);
    else
      result.inheritedEnv.push_back(key);
  }
  result.inheritAllEnv = grants.inheritEnv;
  return result;
}

LogicalResult Backend::link(const codegen::CodegenResult &code, llvm::StringRef entry,
                            llvm::StringRef path) {
  enterPhase(options.timing, Phase::Link);
  link::LinkOptions linkOptions;
  linkOptions.triple = triple;
  linkOptions.output = path.str();
  linkOptions.runtimeDir = options.runtimeDir;
  linkOptions.entry = entry.str();
  for (const codegen::SectionAddress &section : code.sections)
    linkOptions.sections.push_back({section.name, section.address});
  for (const auto &[name, address] : code.absoluteSymbols)
    linkOptions.symbols.push_back({name, address});
  linkOptions.unwindTables = code.throws;
  linkOptions.debug = options.stripDebug ? link::DebugSections::None : link::DebugSections::Lines;
  linkOptions.grants = convertGrants(options.grants);
  linkOptions.written = cache ? &written : nullptr;
  llvm::SmallVector<llvm::MemoryBufferRef> objects;
  for (const codegen::ObjectFile &object : code.objects)
    objects.emplace_back(llvm::StringRef(object.bytes.data(), object.bytes.size()), object.name);
  return link::linkExecutable(objects, linkOptions, diags);
}

LogicalResult Backend::reportEdges(const codegen::Program &program) {
  codegen::CodegenOptions recording = codegenOptions();
  recording.recordCalls = true;
  FailureOr<codegen::CodegenResult> code = codegen::generate(program, recording, diags);
  if (failed(code))
    return failure();
  printEdges(program, code->calls, llvm::outs());
  return success();
}

LogicalResult Backend::linkProgram(codegen::CodegenResult &code, const codegen::Program &program,
                                   const codegen::Command *call) {
  if (!call && program.run.empty())
    return diags.error({}, "'") << options.input
                                << "' does not export wasi:cli/run: there is nothing to run "
                                   "(--emit=obj makes an object of it, and 'run --invoke' calls a "
                                   "function)";
  if (!call)
    return link(code, "_start", outputPath(options, ""));
  FailureOr<codegen::ObjectFile> list =
      codegen::emitCommands(*call, callHarness, codegenOptions(), diags);
  if (failed(list))
    return failure();
  code.objects.push_back(std::move(*list));
  return link(code, "tenon_start_harness", outputPath(options, ""));
}

LogicalResult Backend::addAbsentFunctions(codegen::CodegenResult &code,
                                          llvm::ArrayRef<std::string> absent) {
  if (absent.empty())
    return success();
  FailureOr<codegen::ObjectFile> stubs =
      codegen::emitAbsentFunctions(absent, codegenOptions(), diags);
  if (failed(stubs))
    return failure();
  code.objects.push_back(std::move(*stubs));
  return success();
}

LogicalResult Backend::emit(const codegen::Program &program, llvm::ArrayRef<std::string> absent,
                            const codegen::Command *call) {
  codegen::CodegenOptions codegenOptions = this->codegenOptions();
  FailureOr<codegen::CodegenResult> code = codegen::generate(program, codegenOptions, diags);
  if (failed(code))
    return failure();
  if (llvm::is_contained(options.reports, Report::Edges) && failed(reportEdges(program)))
    return failure();
  if (options.stage == Stage::LLVM) {
    enterPhase(options.timing, Phase::Write);
    return writeOutput(options.output.empty() ? "-" : options.output, code->llvmText,
                       /*executable=*/false, diags);
  }
  if (failed(addAbsentFunctions(*code, absent)))
    return failure();
  if (options.stage == Stage::Executable)
    return linkProgram(*code, program, call);
  return writeObject(code->objects);
}

LogicalResult Backend::writeObject(llvm::ArrayRef<codegen::ObjectFile> parts) {
  std::string path = outputPath(options, ".o");
  llvm::SmallVector<llvm::MemoryBufferRef> objects;
  for (const codegen::ObjectFile &part : parts)
    objects.emplace_back(llvm::StringRef(part.bytes.data(), part.bytes.size()), part.name);
  enterPhase(options.timing, objects.size() > 1 ? Phase::Link : Phase::Write);
  if (objects.size() > 1)
    return link::linkRelocatable(objects, triple, path, diags, cache ? &written : nullptr);
  llvm::StringRef bytes = objects.front().getBuffer();
  if (cache)
    written = llvm::MemoryBuffer::getMemBufferCopy(bytes);
  return writeOutput(path, bytes, /*executable=*/false, diags);
}
