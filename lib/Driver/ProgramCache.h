//===- ProgramCache.h - Whole compilations that were done before -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation is known by its options, its input and the runtime. Which other files it reads is
// known only afterwards; so an entry lists them, with the hash of each, or that it was not there:
// the entry holds if all of that is as it was (docs/CompileCache.md).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_PROGRAMCACHE_H
#define TENON_DRIVER_PROGRAMCACHE_H

#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Options.h"
#include "tenon/Support/Cache.h"

namespace tenon::driver {

class ProgramCache {
public:
  ProgramCache(const Options &options, Cache &cache);

  /// Whether the compilation can be taken from the cache; then its output has been written, and its
  /// warnings are in `warnings`.
  bool replay(std::vector<Diagnostic> &warnings);
  /// Keeps the output of a compilation that succeeded, with the files that it asked for.
  void store(const FileStore &files, llvm::ArrayRef<Diagnostic> warnings, llvm::StringRef written);

private:
  const Options &options;
  Cache &cache;
  /// None: not every compilation can be kept.
  std::optional<CacheKey> key;

  std::optional<CacheKey> computeKey() const;
};

} // namespace tenon::driver

#endif // TENON_DRIVER_PROGRAMCACHE_H
