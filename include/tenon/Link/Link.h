//===- Link.h - Objects and the runtime become an executable ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last stage: a static executable that needs nothing on the target machine, through lld as a
// library. The same input gives the same bytes: no build id, no paths, no times.
//
// lld resets every `cl::opt` of the process: read all options before the first call.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LINK_LINK_H
#define TENON_LINK_LINK_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tenon::link {

/// A directory of the host that the program may use (`--dir HOST::GUEST[::ro]`).
struct Preopen {
  std::string hostPath;  ///< relative to the working directory at run time, unless absolute
  std::string guestPath; ///< the name that `get-directories` answers
  bool readOnly = false;
};

/// What of the host is handed to the program. Nothing by default.
struct Grants {
  std::vector<Preopen> preopens;
  std::vector<std::pair<std::string, std::string>> env; ///< `--env K=V`
  std::vector<std::string> inheritedEnv;                ///< `--env K`
  bool inheritAllEnv = false;                           ///< `-S inherit-env`
};

/// An output section that must lie at a constant address: the image of a memory.
struct PlacedSection {
  std::string name;
  uint64_t address = 0;
};

/// A symbol that is a constant address and belongs to no section.
struct AbsoluteSymbol {
  std::string name;
  uint64_t address = 0;
};

enum class DebugSections : uint8_t {
  None,  ///< trap reports name the function only
  Lines, ///< the line tables, which trap reports read
  All    ///< whatever the objects hold
};

struct LinkOptions {
  std::string triple;     ///< x86_64-... or aarch64-...
  std::string output;     ///< appears only when the link succeeded, with mode 0755
  std::string runtimeDir; ///< holds the runtime's files, see RuntimeFiles.h
  /// `_start` runs a program, `tenon_start_harness` its list of commands (tenon-abi/harness.h).
  std::string entry = "_start";
  std::vector<PlacedSection> sections;
  std::vector<AbsoluteSymbol> symbols;
  /// The program unwinds: its tables are kept, where the runtime finds them.
  bool unwindTables = false;
  DebugSections debug = DebugSections::Lines;
  Grants grants;
  /// Not null: is given what was written, whoever writes to that file next.
  std::unique_ptr<llvm::MemoryBuffer> *written = nullptr;
};

/// Links `objects` (ELF relocatables) with the runtime. What nothing reaches is left out.
LogicalResult linkExecutable(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                             const LinkOptions &options, Diagnostics &diags);

/// Makes one relocatable object of several; `written` as in LinkOptions.
LogicalResult linkRelocatable(llvm::ArrayRef<llvm::MemoryBufferRef> objects, llvm::StringRef triple,
                              llvm::StringRef output, Diagnostics &diags,
                              std::unique_ptr<llvm::MemoryBuffer> *written = nullptr);

} // namespace tenon::link

#endif // TENON_LINK_LINK_H
