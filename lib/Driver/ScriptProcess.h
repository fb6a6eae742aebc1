//===- ScriptProcess.h - The program of a script, running -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTPROCESS_H
#define TENON_DRIVER_SCRIPTPROCESS_H

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace tenon::driver {

/// What a command did (tenon-abi/harness.h).
struct CommandOutcome {
  uint32_t id = 0;
  uint32_t trap = 0;                ///< 0: it returned
  std::string text;                 ///< of the trap
  std::optional<unsigned> unlinked; ///< the check that failed; it was not run
  std::vector<uint64_t> slots;
};

/// A child process that prints outcomes. Its other output is dropped.
class ScriptProcess {
public:
  explicit ScriptProcess(const std::string &path);
  ~ScriptProcess();

  /// The next outcome; nothing when the program has ended.
  std::optional<CommandOutcome> next();
  /// Lets a program that waits go on.
  void goOn();
  bool readMemory(uint64_t address, size_t size, uint8_t *out) const;
  /// How it ended, when it has.
  std::string describeEnd();

private:
  int pid = -1;
  int input = -1;         ///< its standard input
  FILE *output = nullptr; ///< its standard output
  std::optional<int> status;

  void wait();
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTPROCESS_H
