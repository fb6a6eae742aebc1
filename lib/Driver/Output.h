//===- Output.h - Writing results -------------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_OUTPUT_H
#define TENON_DRIVER_OUTPUT_H

#include "tenon/Driver/Options.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

/// `-o`, or the input's name in the working directory with `extension` ("" for an executable).
std::string outputPath(const Options &options, llvm::StringRef extension);

/// Refuses an output that would take the input's place: that of `tenon app` is `app`.
LogicalResult checkOutput(const Options &options, Diagnostics &diags);

/// Writes a file that appears only when it is whole; `-` is the standard output.
LogicalResult writeOutput(llvm::StringRef path, llvm::StringRef contents, bool executable,
                          Diagnostics &diags);

} // namespace tenon::driver

#endif // TENON_DRIVER_OUTPUT_H
