//===- main.cpp - The command `tenon-wast` --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   tenon-wast [-O0|-O2|-O3|--opt=N] [-v] [--expected-failures=LIST] FILE|DIR...
//
// Compiles each script to one program through the pipeline that `tenon` runs, executes it and
// compares. Prints a line for each file and the totals. A line `FILE:LINE reason` of LIST names a
// directive that is expected to fail; one that passes all the same is a failure too.
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/ScriptRunner.h"
#include "tenon/Link/RuntimeFiles.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

namespace {

struct Arguments {
  ScriptOptions options;
  bool verbose = false;
  std::vector<std::string> files;
  llvm::StringSet<> expectedFailures;
};

struct Totals {
  unsigned passed = 0, failed = 0, expected = 0, skipped = 0;
};

LogicalResult addFiles(llvm::StringRef path, std::vector<std::string> &files, Diagnostics &diags) {
  if (!llvm::sys::fs::exists(path))
    return diags.error({}, "cannot read '") << path << "': no such file or directory";
  if (!llvm::sys::fs::is_directory(path)) {
    files.push_back(path.str());
    return success();
  }
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator it(path, error), end; it != end && !error;
       it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".wast")
      files.push_back(it->path());
  return success();
}

LogicalResult readExpectedFailures(llvm::StringRef path, llvm::StringSet<> &expected,
                                   Diagnostics &diags) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return diags.error({}, "cannot read '") << path << "': " << buffer.getError().message();
  llvm::SmallVector<llvm::StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  for (llvm::StringRef line : lines)
    if (!line.trim().empty() && !line.starts_with("#"))
      expected.insert(line.split(' ').first);
  return success();
}

FailureOr<Arguments> parseArguments(llvm::ArrayRef<const char *> argv, Diagnostics &diags) {
  Arguments result;
  for (llvm::StringRef arg : argv) {
    llvm::StringRef level = arg;
    if ((level.consume_front("--opt=") || level.consume_front("-O")) && level.size() == 1 &&
        level[0] >= '0' && level[0] <= '3')
      result.options.optLevel = level[0] - '0';
    else if (arg.consume_front("-j")) {
      if (arg.getAsInteger(10, result.options.jobs))
        return diags.error({}, "-j takes a number, found '") << arg << "'";
    } else if (arg.consume_front("--runtime-dir="))
      result.options.runtimeDir = arg.str();
    else if (arg.consume_front("--expected-failures=")) {
      if (failed(readExpectedFailures(arg, result.expectedFailures, diags)))
        return failure();
    } else if (arg == "-v")
      result.verbose = true;
    else if (arg.starts_with("-"))
      return diags.error({}, "unknown flag '") << arg << "'";
    else if (failed(addFiles(arg, result.files, diags)))
      return failure();
  }
  if (result.files.empty())
    return diags.error({}, "no input file");
  llvm::sort(result.files);
  return result;
}

/// `i32.wast:12`, by which the list of expected failures names a directive.
std::string keyOf(const Location &location) {
  std::string place = location.str(); // file:line:column
  llvm::StringRef text = llvm::StringRef(place).rsplit(':').first;
  auto [file, line] = text.rsplit(':');
  return (llvm::sys::path::filename(file) + ":" + line).str();
}

void runFile(const std::string &path, const Arguments &arguments, Totals &totals) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  Diagnostics diags;
  std::string contents = buffer ? (*buffer)->getBuffer().str() : std::string();
  SourceFile file(path, std::move(contents));
  FailureOr<ScriptOutcome> outcome = runScript(file, arguments.options, diags);
  if (failed(outcome)) {
    ++totals.failed;
    llvm::outs() << path << ": failed: no program could be made\n";
    return;
  }
  unsigned failures = 0, expected = 0;
  for (const ScriptFailure &one : outcome->failures) {
    if (arguments.expectedFailures.contains(keyOf(one.location))) {
      ++expected;
      continue;
    }
    ++failures;
    if (arguments.verbose || failures <= 5)
      llvm::outs() << one.location.str() << ": " << one.message << '\n';
  }
  for (const auto &entry : arguments.expectedFailures) {
    auto [name, line] = entry.getKey().split(':');
    bool stillFails = llvm::any_of(outcome->failures, [&](const ScriptFailure &one) {
      return keyOf(one.location) == entry.getKey();
    });
    if (name == llvm::sys::path::filename(path) && !stillFails) {
      ++failures;
      llvm::outs() << path << ':' << line << ": passed, but is listed as an expected failure\n";
    }
  }
  llvm::outs() << path << ": " << outcome->passed << " passed, " << failures << " failed, "
               << expected << " expected failures\n";
  totals.passed += outcome->passed;
  totals.failed += failures;
  totals.expected += expected;
  totals.skipped += outcome->skipped;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  Diagnostics diags;
  FailureOr<Arguments> arguments =
      parseArguments(llvm::ArrayRef<const char *>(argv + 1, argv + argc), diags);
  if (failed(arguments))
    return 1;
  if (arguments->options.runtimeDir.empty())
    arguments->options.runtimeDir = link::findRuntimeDir(argv[0], reinterpret_cast<void *>(&main));
  Totals totals;
  for (const std::string &file : arguments->files) {
    runFile(file, *arguments, totals);
    llvm::outs().flush();
  }
  if (totals.expected)
    llvm::outs() << totals.expected << " expected failures\n";
  llvm::outs() << totals.passed << " passed, " << totals.failed << " failed, " << totals.skipped
               << " skipped\n";
  return totals.failed ? 1 : 0;
}
