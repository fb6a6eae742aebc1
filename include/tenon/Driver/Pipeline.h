//===- Pipeline.h - The compiler, front to back -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_PIPELINE_H
#define TENON_DRIVER_PIPELINE_H

#include "tenon/Driver/Options.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

/// The version of Tenon, as `--version` prints it.
llvm::StringRef getVersion();

/// The report of a name, if there is one.
std::optional<Report> parseReport(llvm::StringRef name);

/// The folder with the runtime's files, for a compiler started as `argv0`; `anchor`: any of its
/// functions.
std::string findRuntimeDir(const char *argv0, void *anchor);

/// Compiles `options.input` up to `options.stage` and writes `options.output`. On failure
/// everything has been reported and no output file exists, except where only the trace of a
/// compilation can't be written.
LogicalResult compile(const Options &options, Diagnostics &diags);

/// Compiles to a temporary executable and runs it; returns its exit status (1 if it did not
/// compile). With `options.invoke` it calls that function and prints the result.
int runProgram(Options options, llvm::ArrayRef<std::string> args, Diagnostics &diags);

/// Runs a core module in the reference interpreter: `options.invoke` with arguments in text, or
/// `_start`; or a component, which has no host: the call `options.invoke`. Prints the results, one
/// a line; returns the exit status.
int interpretProgram(const Options &options, llvm::ArrayRef<std::string> args, Diagnostics &diags);

/// Reads and validates files, strictly.
LogicalResult validateFiles(llvm::ArrayRef<std::string> paths, const component::Features &features,
                            Diagnostics &diags);

} // namespace tenon::driver

#endif // TENON_DRIVER_PIPELINE_H
