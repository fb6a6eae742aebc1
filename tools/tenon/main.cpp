//===- main.cpp - The command `tenon` -------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   tenon [FLAGS] INPUT [-o FILE]     compile
//   tenon run [FLAGS] INPUT [ARG...]  compile to a temporary file and run it with ARGs
//   tenon validate INPUT...           check, strictly, and say nothing when all is well
//   tenon cache [ACTION]              show (stats), empty (clear) or trim the compile cache
//
// Flags in, library calls out: everything else is in lib/Driver.
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/CacheCommand.h"
#include "tenon/Driver/Options.h"
#include "tenon/Driver/Pipeline.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;
namespace opt = llvm::opt;
using opt::DefaultVis; // the generated table names it bare

namespace {

enum Id {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

#define OPTTABLE_STR_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_STR_TABLE_CODE
#define OPTTABLE_PREFIXES_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr opt::OptTable::Info infoTable[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

class TenonOptTable : public opt::GenericOptTable {
public:
  TenonOptTable() : opt::GenericOptTable(OptionStrTable, OptionPrefixesTable, infoTable) {}
};

constexpr llvm::StringLiteral usageLine =
    "tenon [FLAGS] INPUT [-o FILE] | tenon run [FLAGS] INPUT [ARG...] | tenon validate INPUT... | "
    "tenon cache [stats|clear|trim]";

std::string cacheFolder(const opt::InputArgList &args) {
  const opt::Arg *arg = args.getLastArg(OPT_cache_dir);
  return arg ? arg->getValue() : defaultCacheFolder();
}

LogicalResult readFeatures(const opt::InputArgList &args, component::Features &features,
                           Diagnostics &diags) {
  for (const std::string &list : args.getAllArgValues(OPT_enable))
    if (failed(features.enable(list, diags)))
      return failure();
  return success();
}

/// Flags -> Options. Every mistake is reported; the result is failure if there was one.
class FlagReader {
public:
  FlagReader(const opt::InputArgList &args, Diagnostics &diags) : args(args), diags(diags) {}

  FailureOr<Options> read() {
    Options options;
    readInputs(options);
    readCodegen(options);
    readGrants(options);
    readInterp(options);
    if (wrong)
      return failure();
    return options;
  }

private:
  const opt::InputArgList &args;
  Diagnostics &diags;
  bool wrong = false;

  void complain(const llvm::Twine &message) {
    (void)LogicalResult(diags.error({}, message));
    wrong = true;
  }

  void readInputs(Options &options) {
    for (const opt::Arg *arg : args.filtered(OPT_UNKNOWN))
      complain("unknown flag '" + arg->getAsString(args) + "'");
    std::vector<std::string> inputs = args.getAllArgValues(OPT_INPUT);
    if (inputs.size() != 1)
      complain(inputs.empty() ? "no input file" : "one input file expected, found several");
    else
      options.input = inputs.front();
    options.output = args.getLastArgValue(OPT_o).str();
    options.searchPaths = args.getAllArgValues(OPT_L);
    options.runtimeDir = args.getLastArgValue(OPT_runtime_dir).str();
    wrong |= failed(readFeatures(args, options.features, diags));
    for (const std::string &text : args.getAllArgValues(OPT_import)) {
      auto [name, path] = llvm::StringRef(text).split('=');
      if (name.empty() || path.empty())
        complain("--import takes NAME=PATH, found '" + text + "'");
      if (llvm::is_contained(llvm::make_first_range(options.imports), name))
        complain("--import " + name + " is given twice");
      options.imports.emplace_back(name.str(), path.str());
    }
  }

  void readCodegen(Options &options) {
    if (const opt::Arg *arg = args.getLastArg(OPT_O)) {
      llvm::StringRef level = arg->getValue();
      if (level.size() != 1 || level[0] < '0' || level[0] > '3')
        complain("-O takes 0, 1, 2 or 3, found '" + level + "'");
      else
        options.optLevel = level[0] - '0';
    }
    if (const opt::Arg *arg = args.getLastArg(OPT_j))
      if (llvm::StringRef(arg->getValue()).getAsInteger(10, options.jobs))
        complain(llvm::Twine("-j takes a number, found '") + arg->getValue() + "'");
    if (const opt::Arg *arg = args.getLastArg(OPT_emit)) {
      std::optional<Stage> stage = parseStage(arg->getValue());
      if (!stage)
        complain(llvm::Twine("unknown stage '") + arg->getValue() + "'");
      options.stage = stage.value_or(Stage::Executable);
    }
    for (const std::string &what : args.getAllArgValues(OPT_report)) {
      std::optional<Report> report = parseReport(what);
      if (!report)
        complain("unknown report '" + what + "': graph, edges and reach are known");
      options.reports.push_back(report.value_or(Report::Graph));
    }
    readObservers(options);
    options.target = args.getLastArgValue(OPT_target).str();
    options.canonicalizeNaNs = args.hasArg(OPT_canonicalize_nans);
    options.deterministic = args.hasArg(OPT_deterministic);
    options.stripDebug = args.hasArg(OPT_strip);
    if (!args.hasArg(OPT_no_cache))
      options.cacheDir = cacheFolder(args);
  }

  void readObservers(Options &options) {
    options.timeReport = args.hasArg(OPT_time_report);
    if (args.hasArg(OPT_time_trace, OPT_time_trace_to))
      options.timeTrace = args.getLastArgValue(OPT_time_trace_to).str();
    llvm::StringRef mode = args.getLastArgValue(OPT_progress, "auto");
    if (std::optional<ProgressMode> known = parseProgressMode(mode))
      options.progress = *known;
    else
      complain("--progress takes auto, always or never, found '" + mode + "'");
  }

  void readInterp(Options &options) {
    options.interprets = args.hasArg(OPT_interp);
    options.invoke = args.getLastArgValue(OPT_invoke).str();
    if (const opt::Arg *arg = args.getLastArg(OPT_fuel)) {
      uint64_t fuel = 0;
      if (llvm::StringRef(arg->getValue()).getAsInteger(10, fuel))
        complain(llvm::Twine("--fuel takes a number, found '") + arg->getValue() + "'");
      options.fuel = fuel;
    }
    if (!options.interprets && args.hasArg(OPT_fuel))
      complain("--fuel goes with --interp");
  }

  void readGrants(Options &options) {
    for (const std::string &text : args.getAllArgValues(OPT_dir)) {
      std::optional<DirGrant> grant = parseDirGrant(text);
      if (!grant)
        complain("--dir takes HOST::GUEST[::ro], found '" + text + "'");
      else
        options.grants.dirs.push_back(*grant);
    }
    for (const std::string &text : args.getAllArgValues(OPT_env)) {
      auto [key, value] = llvm::StringRef(text).split('=');
      if (key.empty())
        complain("--env takes K=V or K, found '" + text + "'");
      bool hasValue = llvm::StringRef(text).contains('=');
      options.grants.env.emplace_back(key.str(), hasValue ? std::optional<std::string>(value.str())
                                                          : std::nullopt);
    }
    for (const std::string &text : args.getAllArgValues(OPT_S)) {
      if (text != "inherit-env")
        complain("-S takes inherit-env, found '" + text + "'");
      options.grants.inheritEnv = true;
    }
  }
};

LogicalResult manageCache(const opt::InputArgList &args, Diagnostics &diags) {
  for (const opt::Arg *arg : args)
    if (!arg->getOption().matches(OPT_INPUT) && !arg->getOption().matches(OPT_cache_dir) &&
        !arg->getOption().matches(OPT_max_size))
      return diags.error({}, "'cache' takes no '" + arg->getAsString(args) + "'");
  CacheCommand command;
  command.folder = cacheFolder(args);
  std::vector<std::string> actions = args.getAllArgValues(OPT_INPUT);
  if (actions.size() > 1)
    return diags.error({}, "'cache' takes one action, found several");
  if (!actions.empty())
    command.action = actions.front();
  if (const opt::Arg *arg = args.getLastArg(OPT_max_size)) {
    std::optional<uint64_t> bytes = parseBytes(arg->getValue());
    if (!bytes)
      return diags.error({}, "--max-size takes a number of bytes (64K, 500M, 2G), found '")
             << arg->getValue() << "'";
    command.maxBytes = *bytes;
  }
  return runCacheCommand(command, diags);
}

LogicalResult validate(const opt::InputArgList &args, Diagnostics &diags) {
  if (const opt::Arg *unknown = args.getLastArg(OPT_UNKNOWN))
    return diags.error({}, "unknown flag '" + unknown->getAsString(args) + "'");
  component::Features features;
  if (failed(readFeatures(args, features, diags)))
    return failure();
  return validateFiles(args.getAllArgValues(OPT_INPUT), features, diags);
}

/// For `tenon run`: everything after the input belongs to the guest. Returns how many of `argv` are
/// tenon's own.
unsigned countOwnArgs(const TenonOptTable &table, llvm::ArrayRef<const char *> argv) {
  opt::InputArgList list(argv.begin(), argv.end());
  unsigned index = 0;
  while (index < argv.size()) {
    std::unique_ptr<opt::Arg> arg = table.ParseOneArg(list, index);
    if (!arg || arg->getOption().getID() == OPT_INPUT)
      break;
  }
  return index;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  Diagnostics diags;
  TenonOptTable table;
  llvm::ArrayRef<const char *> own(argv + 1, argv + argc);
  llvm::StringRef command = own.empty() ? "" : own.front();
  bool isRun = command == "run", isValidate = command == "validate", isCache = command == "cache";
  if (isRun || isValidate || isCache)
    own = own.drop_front();

  std::vector<std::string> guestArgs;
  if (isRun) {
    unsigned count = countOwnArgs(table, own);
    guestArgs.assign(own.begin() + count, own.end());
    own = own.take_front(count);
  }
  unsigned missingIndex, missingCount;
  opt::InputArgList args = table.ParseArgs(own, missingIndex, missingCount);
  if (missingCount) {
    printDiagnostic(llvm::errs(), {Severity::Error,
                                   {},
                                   std::string("a value is missing after '") +
                                       args.getArgString(missingIndex) + "'"});
    return 1;
  }
  if (args.hasArg(OPT_help)) {
    table.printHelp(llvm::outs(), usageLine.data(), "tenon: WebAssembly components to native code");
    llvm::outs() << '\n' << component::describeFeatures();
    return 0;
  }
  if (args.hasArg(OPT_version)) {
    llvm::outs() << "tenon " << getVersion() << '\n';
    return 0;
  }
  if (isCache)
    return succeeded(manageCache(args, diags)) ? 0 : 1;
  if (isValidate)
    return succeeded(validate(args, diags)) ? 0 : 1;

  FailureOr<Options> options = FlagReader(args, diags).read();
  if (failed(options))
    return 1;
  if (!isRun && (options->interprets || !options->invoke.empty())) {
    (void)LogicalResult(diags.error({}, options->interprets ? "--interp goes with 'run'"
                                                            : "--invoke goes with 'run'"));
    return 1;
  }
  if (options->interprets)
    return interpretProgram(*options, guestArgs, diags);
  if (options->runtimeDir.empty())
    options->runtimeDir = findRuntimeDir(argv[0], reinterpret_cast<void *>(&main));
  if (isRun)
    return runProgram(*options, guestArgs, diags);
  return succeeded(compile(*options, diags)) ? 0 : 1;
}
