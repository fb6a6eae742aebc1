//===- Progress.h - How far the compilation is ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_PROGRESS_H
#define TENON_LIB_DRIVER_PROGRESS_H

#include "tenon/Driver/Options.h"
#include "tenon/Support/Timing.h"
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tenon::driver {

/// Whether `options` ask for the line, here and now.
bool wantsProgress(const Options &options);

/// What the line says: the phase, functions done of all, and the time left as the bytes of wasm
/// that are done tell it.
std::string progressText(const Timing &timing);

/// One line on stderr that is rewritten in place by a thread of its own, from half a second after
/// the start until `stop`, which erases it.
class Progress {
public:
  explicit Progress(const Timing &timing);
  ~Progress() { stop(); }
  Progress(const Progress &) = delete;

  void stop();
  /// Until the next rewriting: for somebody who writes whole lines to stderr.
  void erase();

private:
  const Timing &timing;
  std::mutex mutex;
  std::condition_variable wake;
  bool isStopped = false, isShown = false;
  std::thread thread;

  void run();
};

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_PROGRESS_H
