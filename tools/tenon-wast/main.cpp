//===- main.cpp - The command `tenon-wast` --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   tenon-wast [FLAG...] FILE|DIR...
//
// Compiles each script to one program through the pipeline that `tenon` runs, executes it and
// compares. Prints a line for each file, the totals by kind of directive, and the total.
//
//===----------------------------------------------------------------------===//

#include "ExpectedFailures.h"
#include "Workers.h"
#include "tenon/Link/RuntimeFiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::wast;

static constexpr llvm::StringLiteral helpText =
    R"(tenon-wast [FLAG...] FILE|DIR...: runs .wast scripts, all below a folder
  -O0, -O1, -O2, -O3         how to compile (-O2)
  --opt=N,N...               the same, at several levels
  --interp                   interpret instead; skip what is async
  --canonicalize-nans        make canonical NaNs
  --deterministic            follow the deterministic profile
  --differential             expect of every 'invoke' and 'get' what the interpreter did
  --enable=FEATURE,...       accept components that use features that are not released, beside
                             those that the official suite uses: fixed-length-lists,
                             more-async-builtins, stackful, threading
  --donut-wrapping           let a component call those that it instantiates, and be called by them,
                             as 'tenon' does; the official suite wants it to trap
  -j N                       N scripts at a time (1)
  --expected-failures=LIST   a file with a line 'FILE:LINE REASON' for each directive that may fail
  --json=FILE                write what became of every directive; - is the standard output
  --timeout=SECONDS          a script in which nothing happens for so long is killed (60)
  --keep=DIR                 leave the programs there, as 0/script, 1/script, ...
  --runtime-dir=DIR          where the runtime is
  -v                         show all failures, and times
)";

/// What the official suite turns on (its README).
static constexpr component::Features suiteFeatures = {
    component::Feature::FixedLengthLists, component::Feature::MoreAsyncBuiltins,
    component::Feature::Stackful, component::Feature::Threading};

namespace {

struct Arguments {
  WorkerOptions worker;
  ReportOptions report;
  std::vector<unsigned> levels = {2};
  std::vector<std::string> files;
  ExpectedFailures expectedFailures;
  std::string json;
};

LogicalResult addFiles(llvm::StringRef path, std::vector<std::string> &files, Diagnostics &diags) {
  if (!llvm::sys::fs::exists(path))
    return diags.error({}, "cannot read '") << path << "': no such file or directory";
  if (!llvm::sys::fs::is_directory(path)) {
    files.push_back(path.str());
    return success();
  }
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator it(path, error), end; it != end && !error;
       it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".wast")
      found.push_back(it->path());
  if (error)
    return diags.error({}, "cannot read '") << path << "': " << error.message();
  if (found.empty())
    return diags.error({}, "there is no .wast file below '") << path << "'";
  llvm::sort(found); // a folder has no order of its own
  llvm::append_range(files, found);
  return success();
}

LogicalResult parseLevels(llvm::StringRef text, std::vector<unsigned> &levels, Diagnostics &diags) {
  levels.clear();
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, ',');
  for (llvm::StringRef word : words) {
    unsigned level = 0;
    if (word.getAsInteger(10, level) || level > 3)
      return diags.error({}, "a level of optimisation is 0, 1, 2 or 3, found '") << word << "'";
    levels.push_back(level);
  }
  return success();
}

LogicalResult parseNumber(llvm::StringRef flag, llvm::StringRef text, unsigned &number,
                          Diagnostics &diags) {
  if (text.getAsInteger(10, number) || number == 0)
    return diags.error({}, flag) << " takes a number, found '" << text << "'";
  return success();
}

LogicalResult parseFlag(llvm::StringRef arg, Arguments &result, Diagnostics &diags) {
  if (arg.consume_front("--opt=") || arg.consume_front("-O"))
    return parseLevels(arg, result.levels, diags);
  if (arg.consume_front("-j"))
    return parseNumber("-j", arg, result.worker.jobs, diags);
  if (arg.consume_front("--timeout="))
    return parseNumber("--timeout", arg, result.worker.timeoutSeconds, diags);
  if (arg.consume_front("--expected-failures="))
    return result.expectedFailures.read(arg, diags);
  if (arg.consume_front("--enable="))
    return result.worker.script.features.enable(arg, diags);
  if (arg.consume_front("--runtime-dir="))
    result.worker.script.runtimeDir = arg.str();
  else if (arg.consume_front("--keep="))
    result.worker.keep = arg.str();
  else if (arg == "--canonicalize-nans")
    result.worker.script.canonicalizeNaNs = true;
  else if (arg == "--donut-wrapping")
    result.worker.script.donutWrapping = true;
  else if (arg == "--deterministic")
    result.worker.script.deterministic = true;
  else if (arg.consume_front("--json="))
    result.json = arg.str();
  else if (arg == "--interp")
    result.worker.script.interprets = true;
  else if (arg == "--differential")
    result.worker.script.comparesWithInterpreter = true;
  else if (arg == "-v")
    result.report.verbose = true;
  else
    return diags.error({}, "unknown flag '") << arg << "'";
  return success();
}

FailureOr<Arguments> parseArguments(llvm::ArrayRef<const char *> argv, Diagnostics &diags) {
  Arguments result;
  result.worker.script.features = suiteFeatures;
  for (size_t i = 0; i < argv.size(); ++i) {
    std::string arg = argv[i];
    if (arg == "-j" && i + 1 < argv.size())
      arg += argv[++i];
    LogicalResult parsed = arg[0] == '-' && arg != "-" ? parseFlag(arg, result, diags)
                                                       : addFiles(arg, result.files, diags);
    if (failed(parsed))
      return failure();
  }
  if (result.files.empty())
    return diags.error({}, "no input file");
  result.report.showsLevel = result.levels.size() > 1;
  return result;
}

LogicalResult writeJsonFile(const Arguments &arguments, llvm::ArrayRef<FileResult> files,
                            const Totals &totals, Diagnostics &diags) {
  std::error_code error;
  llvm::raw_fd_ostream os(arguments.json, error);
  if (error)
    return diags.error({}, "cannot write '") << arguments.json << "': " << error.message();
  writeJson(os, files, totals);
  return success();
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::ArrayRef<const char *> words(argv + 1, argv + argc);
  if (llvm::is_contained(words, llvm::StringRef("--help"))) {
    llvm::outs() << helpText << '\n' << component::describeFeatures();
    return 0;
  }
  Diagnostics diags;
  FailureOr<Arguments> arguments = parseArguments(words, diags);
  if (failed(arguments))
    return 1;
  std::string &runtimeDir = arguments->worker.script.runtimeDir;
  if (runtimeDir.empty())
    runtimeDir = link::findRuntimeDir(argv[0], reinterpret_cast<void *>(&main));

  std::vector<Job> jobs;
  for (const std::string &file : arguments->files)
    for (unsigned level : arguments->levels)
      jobs.push_back({file, level});
  bool printsReport = arguments->json != "-";
  std::vector<FileResult> files;
  Totals totals;
  unsigned failures = 0;
  auto report = [&](FileResult file) {
    arguments->expectedFailures.apply(file);
    for (const DirectiveResult &one : file.directives)
      totals[one.kind].add(one.outcome);
    failures += file.count().failed;
    if (printsReport)
      printFile(llvm::outs(), file, arguments->report);
    llvm::outs().flush();
    if (!arguments->json.empty())
      files.push_back(std::move(file));
  };
  if (failed(runJobs(jobs, arguments->worker, report, diags)))
    return 1;
  if (printsReport)
    printTotals(llvm::outs(), totals);
  if (!arguments->json.empty() && failed(writeJsonFile(*arguments, files, totals, diags)))
    return 1;
  return failures ? 1 : 0;
}
