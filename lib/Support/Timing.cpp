//===- Timing.cpp - What compile time is spent on -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Timing.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/TimeProfiler.h"
#include "llvm/Support/raw_ostream.h"
#include <cassert>
#include <ctime>

using namespace tenon;

/// Events that are shorter are left out of the trace, in microseconds: LLVM's passes make one for
/// each function. The main thread has few, and its phases shall all be there.
static constexpr unsigned shortestInPart = 100, shortestOutside = 0;

llvm::StringRef tenon::nameOf(Phase phase) {
  static constexpr std::array<llvm::StringLiteral, numPhases> names = {
      "start", "cache", "read",     "parse", "validate", "import",  "resolve", "host",  "flatten",
      "fuse",  "lower", "adapters", "facts", "parts",    "offsets", "link",    "write", "free"};
  return names[size_t(phase)];
}

llvm::StringRef tenon::nameOf(PartStep step) {
  static constexpr std::array<llvm::StringLiteral, numPartSteps> names = {
      "translate", "lookup", "optimise", "emit", "store", "release"};
  return names[size_t(step)];
}

static uint64_t readClock(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return uint64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

uint64_t Timing::now() { return readClock(CLOCK_MONOTONIC); }

//===----------------------------------------------------------------------===//
// The main thread
//===----------------------------------------------------------------------===//

Timing::Timing(bool traces)
    : traces(traces), startWall(now()), currentCpu(readClock(CLOCK_PROCESS_CPUTIME_ID)),
      currentWall(startWall) {
  if (!traces)
    return;
  llvm::timeTraceProfilerInitialize(shortestOutside, "tenon");
  llvm::timeTraceProfilerBegin(nameOf(current), llvm::StringRef());
}

Timing::~Timing() {
  if (!traces)
    return;
  finish();
  llvm::timeTraceProfilerCleanup();
}

void Timing::leave() {
  uint64_t wall = now(), cpu = readClock(CLOCK_PROCESS_CPUTIME_ID);
  Spent &spent = phases[size_t(current.load())];
  spent.wall += wall - currentWall;
  spent.cpu += cpu - currentCpu;
  currentWall = wall;
  currentCpu = cpu;
  if (traces)
    llvm::timeTraceProfilerEnd();
}

void Timing::enter(Phase phase) {
  assert(isRunning && "phases come before the end");
  leave();
  current = phase;
  if (traces)
    llvm::timeTraceProfilerBegin(nameOf(phase), llvm::StringRef());
}

void Timing::finish() {
  if (!isRunning)
    return;
  leave();
  isRunning = false;
  endWall = currentWall;
}

std::string Timing::takeTrace() {
  assert(traces && !isRunning && "there is a trace at the end");
  llvm::SmallString<0> json;
  llvm::raw_svector_ostream os(json);
  llvm::timeTraceProfilerWrite(os);
  return std::string(json);
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

void Timing::SharedCounts::operator=(const PartCounts &counts) {
  parts = counts.parts;
  functions = counts.functions;
  bytes = counts.bytes;
}

void Timing::startParts(const PartCounts &counts, unsigned threads) {
  done = PartCounts();
  all = counts;
  numThreads = threads;
}

void Timing::partDone(uint64_t functions, uint64_t bytes) {
  ++done.parts;
  done.functions += functions;
  done.bytes += bytes;
}

void Timing::add(PartStep step, const Spent &spent) {
  steps[size_t(step)].wall += spent.wall;
  steps[size_t(step)].cpu += spent.cpu;
}

PartTimer::PartTimer(Timing *timing, llvm::StringRef name) : timing(timing), name(name) {
  if (!timing || !timing->isTracing())
    return;
  llvm::timeTraceProfilerInitialize(shortestInPart, "tenon");
  llvm::timeTraceProfilerBegin("part", name);
}

PartTimer::~PartTimer() {
  leave();
  if (!timing || !timing->isTracing())
    return;
  llvm::timeTraceProfilerEnd();
  llvm::timeTraceProfilerFinishThread();
}

void PartTimer::leave() {
  if (!timing || !current)
    return;
  timing->add(*current,
              {Timing::now() - start.wall, readClock(CLOCK_THREAD_CPUTIME_ID) - start.cpu});
  if (timing->isTracing())
    llvm::timeTraceProfilerEnd();
}

void PartTimer::enter(PartStep step) {
  if (!timing)
    return;
  leave();
  current = step;
  start = {Timing::now(), readClock(CLOCK_THREAD_CPUTIME_ID)};
  if (timing->isTracing())
    llvm::timeTraceProfilerBegin(nameOf(step), name);
}
