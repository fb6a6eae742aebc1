//===- ScriptRunner.h - Running .wast scripts -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTRUNNER_H
#define TENON_DRIVER_SCRIPTRUNNER_H

#include "tenon/Component/Features.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

struct ScriptOptions {
  unsigned optLevel = 2;
  bool canonicalizeNaNs = false;
  bool deterministic = false;
  unsigned jobs = 1;
  std::string runtimeDir;
  /// An existing folder in which the executable is made; it is the caller's to remove.
  std::string workDir;
  /// What the script's components may use.
  component::Features features;
  /// Let components call those that they instantiate, and be called by them. CanonicalABI.md allows
  /// it; the official suite wants a trap, "for now".
  bool donutWrapping = false;
  /// Interpret instead of compiling.
  bool interprets = false;
  /// Interpret first, and expect of every `invoke` of the compiled script what the interpreter did.
  bool comparesWithInterpreter = false;
};

/// A directive of a script, in the order of the text; those inside of a thread follow the thread.
struct ScriptDirective {
  unsigned line = 0;
  std::string kind; ///< as it is written: `assert_return`
};

/// Hears what becomes of a script while it is run. What has been heard stays true when the process
/// that runs the script crashes.
class ScriptListener {
public:
  virtual ~ScriptListener() = default;
  /// First, and once.
  virtual void begin(llvm::ArrayRef<ScriptDirective> directives) = 0;
  /// What became of directive number `index`: why it failed, or null. Once for each.
  virtual void result(size_t index, const std::string *failure) = 0;
  /// Instead: directive number `index` was left out, and why.
  virtual void skipped(size_t index, const std::string &reason) = 0;
  /// Last, if the script's program ended by itself: the rest of the directives has no result.
  virtual void endedEarly(const std::string &why) = 0;
};

/// Compiles a script to one program through the pipeline that `compile` runs, executes it, and
/// compares; or interprets it. A module that is refused fails with what depends on it; the rest of
/// the script runs. A script that can't be read is one directive of the kind `script`, which fails.
void runScript(SourceFile &file, const ScriptOptions &options, ScriptListener &listener);

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTRUNNER_H
