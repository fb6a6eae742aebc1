//===- FuzzDifferential.cpp - Compiled against interpreted ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input is what a generator of valid modules decides (test/Differential); its first byte is the
// optimisation level. The module is compiled, linked and run, and every call must end as it does in
// the interpreter. The script that shows a difference is printed.
//
//===----------------------------------------------------------------------===//

#include "../Differential/ModuleGenerator.h"
#include "tenon/Driver/ScriptRunner.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace tenon;

namespace {

class StopAtDifference final : public driver::ScriptListener {
public:
  explicit StopAtDifference(llvm::StringRef script) : script(script) {}

  void begin(llvm::ArrayRef<driver::ScriptDirective> all) override {
    directives.assign(all.begin(), all.end());
  }
  void result(size_t index, const std::string *failure) override {
    if (failure)
      stop(directives[index].line, *failure);
  }
  void skipped(size_t index, const std::string &reason) override {
    stop(directives[index].line, reason);
  }
  void endedEarly(const std::string &why) override { stop(0, why); }

private:
  llvm::StringRef script;
  std::vector<driver::ScriptDirective> directives;

  [[noreturn]] void stop(unsigned line, llvm::StringRef why) {
    llvm::errs() << script << "line " << line << ": " << why << '\n';
    std::abort();
  }
};

} // namespace

/// A folder for the programs; they replace each other.
static std::string makeWorkDir() {
  llvm::SmallString<128> path;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("tenon-fuzz", path)) {
    llvm::errs() << "cannot make a folder: " << error.message() << '\n';
    std::exit(1);
  }
  return path.str().str();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static constexpr unsigned callsPerExport = 2;
  static constexpr unsigned levels[] = {0, 2, 3};
  static const std::string workDir = makeWorkDir();
  if (size == 0)
    return 0;
  driver::ScriptOptions options;
  options.optLevel = levels[data[0] % std::size(levels)];
  options.runtimeDir = TENON_RUNTIME_DIR;
  options.workDir = workDir;
  options.comparesWithInterpreter = true;
  // The generator closes what NaNs leave open.
  generate::Choices choices(llvm::ArrayRef(data, size).drop_front());
  std::string script = generate::generateScript(choices, generate::Features(), callsPerExport);
  SourceFile file("fuzz.wast", script);
  StopAtDifference listener(script);
  driver::runScript(file, options, listener);
  return 0;
}
