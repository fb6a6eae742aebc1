//===- Observer.cpp - What is told about a compilation --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Observer.h"
#include "Output.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::driver;

Observer::Observer(const Options &given, Diagnostics &diags)
    : options(given), diags(diags), forwarded([this](const Diagnostic &diagnostic) {
        if (progress)
          progress->erase();
        this->diags.report(diagnostic);
      }) {
  bool hasProgress = wantsProgress(options);
  if (!hasProgress && !options.timeReport && !options.timeTrace)
    return;
  timing.emplace(options.timeTrace.has_value());
  options.timing = &*timing;
  if (hasProgress)
    progress.emplace(*timing);
}

void Observer::noteCache(const Cache &cache) {
  programs = cache.getCount(CacheKind::Program);
  parts = cache.getCount(CacheKind::Part);
}

LogicalResult Observer::finish(LogicalResult result) {
  if (progress)
    progress->stop();
  if (!timing || failed(result))
    return result;
  timing->finish();
  if (options.timeReport)
    printReport(llvm::errs());
  return options.timeTrace ? writeTrace() : result;
}

static double seconds(uint64_t nanoseconds) { return double(nanoseconds) / 1e9; }

static void printRow(llvm::raw_ostream &os, const llvm::Twine &name, const Spent &spent,
                     uint64_t wall) {
  std::string text = name.str();
  os << llvm::format("%-14s %9.4f %9.4f %6.1f", text.c_str(), seconds(spent.wall),
                     seconds(spent.cpu),
                     100.0 * double(spent.wall) / double(std::max(wall, uint64_t(1))));
}

void Observer::printReport(llvm::raw_ostream &os) const {
  Spent total = {timing->getWall(), 0};
  os << "phase             wall s     cpu s      %\n";
  for (size_t i = 0; i < numPhases; ++i) {
    Spent spent = timing->getSpent(Phase(i));
    total.cpu += spent.cpu;
    if (!spent.wall)
      continue;
    printRow(os, nameOf(Phase(i)), spent, total.wall);
    os << '\n';
    // Sums over threads: of the time that all of them had.
    uint64_t available = spent.wall * timing->getNumThreads();
    for (size_t k = 0; Phase(i) == Phase::Parts && k < numPartSteps; ++k) {
      printRow(os, "  " + nameOf(PartStep(k)), timing->getSpent(PartStep(k)), available);
      os << " of " << timing->getNumThreads() << " threads\n";
    }
  }
  printRow(os, "total", total, total.wall);
  PartCounts all = timing->getAllParts();
  os << '\n'
     << all.bytes << " bytes of wasm code, " << all.functions << " functions, " << all.parts
     << " parts";
  os << llvm::format(", %.3f MB/s\n",
                     double(all.bytes) / 1e6 / seconds(std::max(total.wall, uint64_t(1))));
  auto printCount = [&](llvm::StringRef what, const CacheCount &count) {
    os << "cache: " << what << ' ' << count.hits << " hits, " << count.misses << " misses\n";
  };
  if (!programs) {
    os << "cache: none\n";
    return;
  }
  printCount("programs", *programs);
  printCount("parts", *parts);
}

LogicalResult Observer::writeTrace() {
  std::string path = *options.timeTrace;
  if (path.empty()) {
    Options beside = options;
    if (beside.output == "-")
      beside.output.clear();
    path = outputPath(beside, "") + ".time-trace";
  }
  return writeOutput(path, timing->takeTrace(), /*executable=*/false, diags);
}
