//===- Workers.h - Scripts in processes of their own --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A process for each script and level: what crashes or hangs takes nothing else with it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WAST_WORKERS_H
#define TENON_WAST_WORKERS_H

#include "Results.h"
#include "tenon/Driver/ScriptRunner.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenon::wast {

struct Job {
  std::string path;
  unsigned optLevel = 0;
};

struct WorkerOptions {
  unsigned jobs = 1;            ///< processes at a time
  unsigned timeoutSeconds = 60; ///< after which a script that does not go on is killed
  std::string keep; ///< a folder in which the programs stay: number N in N/script; empty: none
  driver::ScriptOptions script; ///< but for the level and the folder
};

/// Runs all jobs. `done` gets the results in the order of jobs.
LogicalResult runJobs(llvm::ArrayRef<Job> jobs, const WorkerOptions &options,
                      llvm::function_ref<void(FileResult)> done, Diagnostics &diags);

} // namespace tenon::wast

#endif // TENON_WAST_WORKERS_H
