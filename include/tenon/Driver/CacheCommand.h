//===- CacheCommand.h - Looking after the compile cache ---------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_CACHECOMMAND_H
#define TENON_DRIVER_CACHECOMMAND_H

#include "tenon/Support/Cache.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::driver {

/// `tenon cache ACTION`.
struct CacheCommand {
  std::string action = "stats"; ///< what is there; `clear`: remove all; `trim`: down to `maxBytes`
  std::string folder;
  uint64_t maxBytes = Cache::defaultMaxBytes;
};

LogicalResult runCacheCommand(const CacheCommand &command, Diagnostics &diags);

/// `1000`, `64K`, `500M`, `2G`.
std::optional<uint64_t> parseBytes(llvm::StringRef text);

} // namespace tenon::driver

#endif // TENON_DRIVER_CACHECOMMAND_H
