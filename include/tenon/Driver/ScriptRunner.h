//===- ScriptRunner.h - Running .wast scripts -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTRUNNER_H
#define TENON_DRIVER_SCRIPTRUNNER_H

#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

struct ScriptOptions {
  unsigned optLevel = 2;
  unsigned jobs = 1;
  std::string runtimeDir;
};

/// A directive that did not do what it should.
struct ScriptFailure {
  Location location;
  std::string message;
};

/// What became of a script's directives. A directive that only defines something counts when it
/// failed.
struct ScriptOutcome {
  unsigned passed = 0;
  unsigned skipped = 0;
  std::vector<ScriptFailure> failures;
};

/// Compiles a script to one program through the pipeline that `compile` runs, executes it, and
/// compares. Fails (with a diagnostic) when there is no script, or no program could be made of it.
FailureOr<ScriptOutcome> runScript(SourceFile &file, const ScriptOptions &options,
                                   Diagnostics &diags);

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTRUNNER_H
