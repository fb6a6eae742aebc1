//===- Options.h - What the user asked for ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_OPTIONS_H
#define TENON_DRIVER_OPTIONS_H

#include "tenon/Component/Features.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tenon {
class Timing;
} // namespace tenon

namespace tenon::driver {

/// Where compilation stops, and what is written (docs/Pipeline.md). In the order of the pipeline.
enum class Stage { Wasm, Graph, Linked, Flat, Fused, Core, LLVM, Object, Executable };

/// The stage of a name (`wasm`, `graph`, ..., `obj`, `exe`), if there is one.
std::optional<Stage> parseStage(llvm::StringRef name);

/// What to say about the program besides compiling it.
enum class Report {
  None,
  Graph, ///< the graph as written and as instantiated
  Edges, ///< each edge between instances: folded, inlined, direct or indirect
  Reach  ///< what each instance can reach of the host
};

/// A directory that the program may use: `HOST::GUEST[::ro]`.
struct DirGrant {
  std::string host;
  std::string guest;
  bool readOnly = false;
};

/// What the program is given of the host. Nothing by default.
struct Grants {
  std::vector<DirGrant> dirs;
  /// `K=V`: a value fixed at compile time; `K` alone (no value): inherited at run time.
  std::vector<std::pair<std::string, std::optional<std::string>>> env;
  bool inheritEnv = false;
};

/// Whether a line on stderr says how far the compilation is.
enum class ProgressMode : uint8_t {
  Auto, ///< if stderr is a terminal that can, and nobody else writes to it
  Always,
  Never
};

struct Options {
  std::string input;
  std::string output;
  Stage stage = Stage::Executable;
  std::vector<Report> reports;
  unsigned optLevel = 2;
  bool canonicalizeNaNs = false; ///< NaNs that arithmetic makes are canonical
  bool deterministic = false;    ///< the deterministic profile
  /// Threads to use; 0: as many as the machine has. Never changes the output.
  unsigned jobs = 0;
  std::string target;
  std::vector<std::pair<std::string, std::string>> imports; ///< --import NAME=PATH
  std::vector<std::string> searchPaths;                     ///< -L
  Grants grants;
  component::Features features; ///< --enable
  /// Folder with the runtime's files; found beside the program.
  std::string runtimeDir;
  bool stripDebug = false;
  /// `run`: what to call: `name(args)` in WAVE for a component (empty: `wasi:cli/run`), a name for
  /// a core module (empty: `_start`).
  std::string invoke;
  /// `run`: interpret instead of compiling; and then, how many instructions it may take.
  bool interprets = false;
  std::optional<uint64_t> fuel;
  /// Folder of the compile cache; empty: none.
  std::string cacheDir;
  /// Print a table of what time was spent on.
  bool timeReport = false;
  /// File for a trace in Chrome's format; empty: beside the output; none: no trace.
  std::optional<std::string> timeTrace;
  ProgressMode progress = ProgressMode::Never;
  /// Hears what time is spent on; null: nobody does. `compile` sets it.
  Timing *timing = nullptr;
};

/// The mode of a name (`auto`, `always`, `never`), if there is one.
std::optional<ProgressMode> parseProgressMode(llvm::StringRef name);

/// Parses `HOST::GUEST[::ro]`; `HOST` alone is seen by the guest under the same name.
std::optional<DirGrant> parseDirGrant(llvm::StringRef text);

} // namespace tenon::driver

#endif // TENON_DRIVER_OPTIONS_H
