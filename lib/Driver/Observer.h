//===- Observer.h - What is told about a compilation ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_OBSERVER_H
#define TENON_LIB_DRIVER_OBSERVER_H

#include "Progress.h"
#include "tenon/Support/Cache.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

/// Stands around one compilation and tells what `given` asks for: the progress line while it runs,
/// the table of times and the trace at the end.
class Observer {
public:
  Observer(const Options &given, Diagnostics &diags);

  /// For the compilation: `timing` is set if anybody looks at it.
  const Options &getOptions() const { return options; }
  Diagnostics &getDiagnostics() { return forwarded; }

  /// The cache is closed.
  void noteCache(const Cache &cache);

  /// `result`, or failure if the trace can't be written. Nothing is told of compilations that
  /// failed.
  LogicalResult finish(LogicalResult result);

private:
  Options options;
  Diagnostics &diags;
  Diagnostics forwarded;
  std::optional<Timing> timing;
  std::optional<Progress> progress;
  std::optional<CacheCount> programs, parts;

  void printReport(llvm::raw_ostream &os) const;
  LogicalResult writeTrace();
};

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_OBSERVER_H
