//===- Timing.h - What compile time is spent on -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler says what it is about to do: the main thread enters one phase after the other, a
// thread that compiles a part one step after the other. Until the next is entered, all time counts
// for this one, so nothing is left out. The report, the trace and the progress line are made of it.
// Nobody who is not asked for one of them has a `Timing`: pointers to it may be null everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_TIMING_H
#define TENON_SUPPORT_TIMING_H

#include "llvm/ADT/StringRef.h"
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace tenon {

/// What the main thread does. In the order of the report.
enum class Phase : uint8_t {
  Start, ///< the runtime's files, tables of the compiler
  Cache, ///< finding or keeping the whole compilation
  Read,  ///< files; text -> binary
  Parse, ///< binary -> modules and components
  Validate,
  Import,   ///< components -> graph
  Resolve,  ///< graph -> linked
  Host,     ///< what the host must provide
  Flatten,  ///< linked -> flat
  Fuse,     ///< flat -> fused
  Lower,    ///< fused -> core
  Adapters, ///< core -> program; adapters -> LLVM IR
  Facts,    ///< what is known of the whole program
  Parts,    ///< all parts, in parallel; see PartStep
  Offsets,  ///< the tables that all parts share
  Link,
  Write,
  Free, ///< memory is given back
};
constexpr size_t numPhases = size_t(Phase::Free) + 1;
llvm::StringRef nameOf(Phase phase);

/// What a thread does for a part.
enum class PartStep : uint8_t { Translate, Lookup, Optimize, Emit, Store, Free };
constexpr size_t numPartSteps = size_t(PartStep::Free) + 1;
llvm::StringRef nameOf(PartStep step);

/// In nanoseconds.
struct Spent {
  uint64_t wall = 0, cpu = 0;
};

/// The parts of a program, all or those that are done.
struct PartCounts {
  uint64_t parts = 0, functions = 0, bytes = 0; ///< bytes: of function bodies
};

/// What one compilation spent. `enter` and the getters that are not about parts are the main
/// thread's, except where it says otherwise.
class Timing {
public:
  /// `traces`: also makes a trace, with LLVM's profiler, which is one for each process.
  explicit Timing(bool traces);
  ~Timing();
  Timing(const Timing &) = delete;

  /// Ends the phase before. CPU time is that of all threads of the process.
  void enter(Phase phase);
  /// Ends the last phase; nothing is measured any more.
  void finish();

  /// Before the parts are compiled.
  void startParts(const PartCounts &all, unsigned numThreads);
  /// From any thread.
  void partDone(uint64_t functions, uint64_t bytes);
  /// From any thread; CPU time is that thread's.
  void add(PartStep step, const Spent &spent);

  /// The trace as JSON in Chrome's format; once, after `finish`.
  std::string takeTrace();

  bool isTracing() const { return traces; }
  /// From the start to `finish`.
  uint64_t getWall() const { return endWall - startWall; }
  Spent getSpent(Phase phase) const { return phases[size_t(phase)]; }
  Spent getSpent(PartStep step) const {
    return {steps[size_t(step)].wall, steps[size_t(step)].cpu};
  }
  unsigned getNumThreads() const { return numThreads; }

  /// From any thread. `getPhaseStart`: nanoseconds of `now`.
  Phase getPhase() const { return current; }
  uint64_t getPhaseStart() const { return currentWall; }
  PartCounts getAllParts() const { return {all.parts, all.functions, all.bytes}; }
  PartCounts getDoneParts() const { return {done.parts, done.functions, done.bytes}; }
  /// Nanoseconds of a steady clock.
  static uint64_t now();

private:
  struct SharedSpent {
    std::atomic<uint64_t> wall = 0, cpu = 0;
  };
  struct SharedCounts {
    std::atomic<uint64_t> parts = 0, functions = 0, bytes = 0;
    void operator=(const PartCounts &counts);
  };

  bool traces;
  bool isRunning = true;
  unsigned numThreads = 0;
  uint64_t startWall, endWall = 0, currentCpu;
  std::atomic<uint64_t> currentWall;
  std::atomic<Phase> current = Phase::Start;
  std::array<Spent, numPhases> phases;
  std::array<SharedSpent, numPartSteps> steps;
  SharedCounts all, done;

  void leave();
};

/// `timing` may be null.
inline void enterPhase(Timing *timing, Phase phase) {
  if (timing)
    timing->enter(phase);
}

/// Times one part, from here to the end of the scope, on the thread that compiles it. `name` lives
/// as long.
class PartTimer {
public:
  /// `timing` may be null.
  PartTimer(Timing *timing, llvm::StringRef name);
  ~PartTimer();
  PartTimer(const PartTimer &) = delete;

  void enter(PartStep step);

private:
  Timing *timing;
  llvm::StringRef name;
  std::optional<PartStep> current;
  Spent start;

  void leave();
};

} // namespace tenon

#endif // TENON_SUPPORT_TIMING_H
