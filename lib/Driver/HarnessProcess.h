//===- HarnessProcess.h - A program with commands, running ------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_HARNESSPROCESS_H
#define TENON_LIB_DRIVER_HARNESSPROCESS_H

#include "tenon/Codegen/Commands.h"
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace tenon::driver {

/// The channel of a program that is one call: the standard files are the guest's.
inline constexpr codegen::Harness callHarness = {/*output=*/3, /*input=*/4, /*endsWithTrap=*/true};

/// What a command did (tenon-abi/harness.h).
struct CommandOutcome {
  uint32_t id = 0;
  uint32_t trap = 0;                ///< 0: it returned
  std::string text;                 ///< of the trap
  std::optional<unsigned> unlinked; ///< the check that failed; it was not run
  std::vector<uint64_t> slots;
};

/// A child process that prints outcomes.
class HarnessProcess {
public:
  /// Starts the program at `path`; `args` begin with its name. A script's, with the standard
  /// output as its channel, is quiet besides; any other has the standard files of this process.
  HarnessProcess(const std::string &path, llvm::ArrayRef<std::string> args,
                 const codegen::Harness &channel);
  HarnessProcess(const HarnessProcess &) = delete;
  ~HarnessProcess();

  /// The next outcome; nothing when the program has ended.
  std::optional<CommandOutcome> next();
  /// Lets a program that waits go on.
  void goOn();
  bool readMemory(uint64_t address, size_t size, uint8_t *out) const;
  /// How it ended, when it has.
  std::string describeEnd();
  /// Waits for its end; as a shell would say it: the exit status, or 128 and the signal. 1 when it
  /// could not be started.
  int waitForEnd();

private:
  int pid = -1;
  int input = -1;         ///< of its channel
  FILE *output = nullptr; ///< of its channel
  std::optional<int> status;

  void wait();
};

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_HARNESSPROCESS_H
