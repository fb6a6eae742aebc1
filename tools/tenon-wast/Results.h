//===- Results.h - What became of a run ---------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What became of a run: files, their directives, and the totals by kind.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WAST_RESULTS_H
#define TENON_WAST_RESULTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <string>
#include <vector>

namespace tenon::wast {

enum class Outcome : uint8_t {
  Passed,
  Failed,
  ExpectedFailure,
  Crashed, ///< something ended, or was killed, before there was a result: never expected
  Skipped
};

struct DirectiveResult {
  unsigned line = 0;
  std::string kind;
  Outcome outcome = Outcome::Failed;
  std::string message; ///< of a failure
};

struct Counts {
  unsigned passed = 0, failed = 0, expected = 0, skipped = 0;

  void add(Outcome outcome);
  void add(const Counts &other);
};

/// A script at one level of optimisation.
struct FileResult {
  std::string path;
  unsigned optLevel = 0;
  double seconds = 0;
  std::vector<DirectiveResult> directives;

  Counts count() const;
};

/// Totals by the kind of directive.
using Totals = std::map<std::string, Counts>;

struct ReportOptions {
  bool verbose = false;    ///< every failure, and times
  bool showsLevel = false; ///< there are several
};

/// The failures (the first few of them) and the line of a file.
void printFile(llvm::raw_ostream &os, const FileResult &file, ReportOptions options);

/// A line for each kind, then the line `N passed, N failed, N skipped`.
void printTotals(llvm::raw_ostream &os, const Totals &totals);

void writeJson(llvm::raw_ostream &os, llvm::ArrayRef<FileResult> files, const Totals &totals);

} // namespace tenon::wast

#endif // TENON_WAST_RESULTS_H
