//===- Run.cpp - Compile and run at once ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreInvocation.h"
#include "HarnessProcess.h"
#include "HostValues.h"
#include "Invocation.h"
#include "Output.h"
#include "tenon/Component/Reader.h"
#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Pipeline.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <sys/wait.h>
#include <unistd.h>

using namespace tenon;
using namespace tenon::driver;

/// Runs `path`, waits, and answers as a shell would: the exit status, or 128 and the signal.
static int runAndWait(const std::string &path, llvm::StringRef name,
                      llvm::ArrayRef<std::string> args, Diagnostics &diags) {
  std::vector<std::string> strings = {name.str()};
  strings.insert(strings.end(), args.begin(), args.end());
  std::vector<char *> argv;
  for (std::string &string : strings)
    argv.push_back(string.data());
  argv.push_back(nullptr);
  pid_t child = fork();
  if (child == 0) {
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    (void)LogicalResult(diags.error({}, "cannot run '") << path << "'");
    return 1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs a program that is one call, and prints its result. A call that does not return (it trapped
/// and said so, or the guest left) leaves the exit status.
static int runCall(const std::string &path, llvm::StringRef name, llvm::ArrayRef<std::string> args,
                   const CompiledCall &call, Diagnostics &diags) {
  std::vector<std::string> strings = {name.str()};
  strings.insert(strings.end(), args.begin(), args.end());
  HarnessProcess process(path, strings, callHarness);
  std::optional<CommandOutcome> outcome = process.next();
  if (!outcome)
    return process.waitForEnd();
  if (!call.type) {
    printCoreResults(llvm::outs(), call.command.type.results, outcome->slots);
    return process.waitForEnd();
  }
  std::optional<component::Val> result =
      readResult(call.arena, *call.type, call.command, outcome->slots,
                 [&](uint64_t address, size_t size, uint8_t *out) {
                   return process.readMemory(address, size, out);
                 });
  if (call.command.waits)
    process.goOn();
  int status = process.waitForEnd();
  if (call.type->result && !result) {
    (void)LogicalResult(diags.error({}, "the result cannot be read out of the program"));
    return 1;
  }
  printResult(llvm::outs(), call.arena, *call.type, result ? &*result : nullptr);
  return status;
}

/// Whether the input is a core module, which is always run by a call. What can't be read is not,
/// and the compiler says why.
static bool isCoreModule(const std::string &path) {
  if (path == "-") // which can't be read twice
    return false;
  Diagnostics ignored([](const Diagnostic &) {});
  FileStore files(ignored);
  FailureOr<const InputFile *> file = files.load(path, {});
  return succeeded(file) && !component::isComponent((*file)->bytes);
}

int tenon::driver::runProgram(Options options, llvm::ArrayRef<std::string> args,
                              Diagnostics &diags) {
  llvm::SmallString<128> directory;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("tenon-run", directory)) {
    (void)LogicalResult(diags.error({}, "cannot create a temporary folder: ") << error.message());
    return 1;
  }
  llvm::scope_exit removeDirectory([&] { llvm::sys::fs::remove_directories(directory); });
  if (options.timeTrace && options.timeTrace->empty()) // not in a folder that will be removed
    options.timeTrace = outputPath(options, "") + ".time-trace";
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, "program");
  options.output = std::string(path);
  options.stage = Stage::Executable;
  if (!options.invoke.empty() || isCoreModule(options.input)) {
    int status = 1;
    (void)compileCall(options, args, diags, [&](const CompiledCall &call) {
      status = runCall(options.output, options.input, args, call, diags);
    });
    return status;
  }
  if (failed(compile(options, diags)))
    return 1;
  return runAndWait(options.output, options.input, args, diags);
}
