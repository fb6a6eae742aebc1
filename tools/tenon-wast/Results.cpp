//===- Results.cpp - What became of a run ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Results.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

using namespace tenon::wast;

/// Failures of a file that are shown without -v.
static constexpr unsigned maxFailures = 5;

void Counts::add(Outcome outcome) {
  passed += outcome == Outcome::Passed;
  failed += outcome == Outcome::Failed || outcome == Outcome::Crashed;
  expected += outcome == Outcome::ExpectedFailure;
  skipped += outcome == Outcome::Skipped;
}

void Counts::add(const Counts &other) {
  passed += other.passed;
  failed += other.failed;
  expected += other.expected;
  skipped += other.skipped;
}

Counts FileResult::count() const {
  Counts counts;
  for (const DirectiveResult &one : directives)
    counts.add(one.outcome);
  return counts;
}

static llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Counts &counts) {
  return os << counts.passed << " passed, " << counts.failed << " failed, " << counts.expected
            << " expected failures, " << counts.skipped << " skipped";
}

void tenon::wast::printFile(llvm::raw_ostream &os, const FileResult &file, ReportOptions options) {
  Counts counts = file.count();
  unsigned shown = 0;
  for (const DirectiveResult &one : file.directives)
    if ((one.outcome == Outcome::Failed || one.outcome == Outcome::Crashed) &&
        (options.verbose || ++shown <= maxFailures))
      os << file.path << ':' << one.line << ": " << one.kind << ": " << one.message << '\n';
  if (shown > maxFailures)
    os << file.path << ": " << shown - maxFailures << " more failures are shown by -v\n";
  os << file.path;
  if (options.showsLevel)
    os << " -O" << file.optLevel;
  os << ": " << counts;
  if (options.verbose)
    os << llvm::format(" (%.2f s)", file.seconds);
  os << '\n';
}

void tenon::wast::printTotals(llvm::raw_ostream &os, const Totals &totals) {
  Counts all;
  for (const auto &[kind, counts] : totals) {
    os << kind << ": " << counts << '\n';
    all.add(counts);
  }
  os << "run: " << all.passed + all.failed + all.expected << '\n'
     << "expected failures: " << all.expected << '\n';
  os << all.passed << " passed, " << all.failed << " failed, " << all.skipped << " skipped\n";
}

static llvm::StringRef spell(Outcome outcome) {
  switch (outcome) {
  case Outcome::Passed:
    return "passed";
  case Outcome::Failed:
    return "failed";
  case Outcome::ExpectedFailure:
    return "expected failure";
  case Outcome::Crashed:
    return "crashed";
  case Outcome::Skipped:
    return "skipped";
  }
  llvm_unreachable("an outcome that is none");
}

static void writeCounts(llvm::json::OStream &json, const Counts &counts) {
  json.attribute("passed", counts.passed);
  json.attribute("failed", counts.failed);
  json.attribute("expectedFailures", counts.expected);
  json.attribute("skipped", counts.skipped);
}

static void writeFile(llvm::json::OStream &json, const FileResult &file) {
  json.attribute("file", file.path);
  json.attribute("opt", file.optLevel);
  json.attribute("seconds", file.seconds);
  writeCounts(json, file.count());
  json.attributeArray("directives", [&] {
    for (const DirectiveResult &one : file.directives)
      json.object([&] {
        json.attribute("line", one.line);
        json.attribute("kind", one.kind);
        json.attribute("outcome", spell(one.outcome));
        if (!one.message.empty())
          json.attribute("message", llvm::json::fixUTF8(one.message));
      });
  });
}

void tenon::wast::writeJson(llvm::raw_ostream &os, llvm::ArrayRef<FileResult> files,
                            const Totals &totals) {
  llvm::json::OStream json(os, /*IndentSize=*/1);
  json.object([&] {
    json.attributeArray("files", [&] {
      for (const FileResult &file : files)
        json.object([&] { writeFile(json, file); });
    });
    Counts all;
    json.attributeObject("kinds", [&] {
      for (const auto &[kind, counts] : totals) {
        all.add(counts);
        json.attributeObject(kind, [&, &counts = counts] { writeCounts(json, counts); });
      }
    });
    json.attributeObject("totals", [&] { writeCounts(json, all); });
  });
  os << '\n';
}
