//===- Progress.cpp - How far the compilation is --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace tenon;
using namespace tenon::driver;

static constexpr std::chrono::milliseconds quietTime(500), period(100);

/// To the start of the line, and nothing behind it (ECMA-48: CR, EL).
static constexpr llvm::StringLiteral eraseLine = "\r\x1b[K";

bool tenon::driver::wantsProgress(const Options &options) {
  if (options.progress != ProgressMode::Auto)
    return options.progress == ProgressMode::Always;
  // What goes to stdout would stand behind the line on the same terminal.
  if (options.stage < Stage::Object || !options.reports.empty() || options.output == "-")
    return false;
  std::optional<std::string> term = llvm::sys::Process::GetEnv("TERM");
  return llvm::sys::Process::StandardErrIsDisplayed() && term && *term != "dumb" &&
         !llvm::sys::Process::GetEnv("CI");
}

std::string tenon::driver::progressText(const Timing &timing) {
  Phase phase = timing.getPhase();
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "tenon: " << nameOf(phase);
  if (phase != Phase::Parts)
    return text;
  PartCounts all = timing.getAllParts(), done = timing.getDoneParts();
  os << "  " << done.functions << '/' << all.functions << " functions";
  if (done.bytes == 0 || done.bytes >= all.bytes)
    return text;
  double spent = double(Timing::now() - timing.getPhaseStart()) / 1e9;
  double left = spent * double(all.bytes - done.bytes) / double(done.bytes);
  os << llvm::format("  %.0f s left", left);
  return text;
}

Progress::Progress(const Timing &timing) : timing(timing), thread([this] { run(); }) {}

void Progress::run() {
  std::unique_lock<std::mutex> lock(mutex);
  std::chrono::milliseconds pause = quietTime;
  while (!wake.wait_for(lock, pause, [&] { return isStopped; })) {
    pause = period;
    std::string text = progressText(timing);
    // A line that is broken in two can't be rewritten.
    if (unsigned columns = llvm::sys::Process::StandardErrColumns())
      text.resize(std::min<size_t>(text.size(), columns - 1));
    llvm::errs() << (eraseLine + text).str();
    isShown = true;
  }
}

void Progress::erase() {
  std::lock_guard<std::mutex> lock(mutex);
  if (isShown)
    llvm::errs() << eraseLine;
  isShown = false;
}

void Progress::stop() {
  if (!thread.joinable())
    return;
  {
    std::lock_guard<std::mutex> lock(mutex);
    isStopped = true;
  }
  wake.notify_one();
  thread.join();
  erase();
}
