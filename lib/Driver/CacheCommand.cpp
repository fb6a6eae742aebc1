//===- CacheCommand.cpp - Looking after the compile cache -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/CacheCommand.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::driver;

std::optional<uint64_t> tenon::driver::parseBytes(llvm::StringRef text) {
  unsigned shift = text.consume_back("K")   ? 10
                   : text.consume_back("M") ? 20
                   : text.consume_back("G") ? 30
                                            : 0;
  uint64_t number;
  if (text.getAsInteger(10, number) || number > UINT64_MAX >> shift)
    return std::nullopt;
  return number << shift;
}

static void printCount(llvm::raw_ostream &os, llvm::StringRef what, CacheCount count) {
  os << what << count.hits << " hits, " << count.misses << " misses\n";
}

static void printSummary(const Cache &cache, llvm::raw_ostream &os) {
  CacheSummary summary = cache.summarize();
  os << "folder    " << cache.getFolder() << '\n'
     << "size      " << llvm::format("%.1f MB", double(summary.bytes) / 1e6) << " in "
     << summary.entries << " entries\n";
  printCount(os, "programs  ", summary.counts[size_t(CacheKind::Program)]);
  printCount(os, "parts     ", summary.counts[size_t(CacheKind::Part)]);
}

LogicalResult tenon::driver::runCacheCommand(const CacheCommand &command, Diagnostics &diags) {
  if (command.folder.empty())
    return diags.error({}, "there is no folder for the cache: give --cache-dir=DIR");
  Cache cache(command.folder);
  if (command.action == "stats")
    printSummary(cache, llvm::outs());
  else if (command.action == "clear")
    cache.clear();
  else if (command.action == "trim")
    cache.trim(command.maxBytes);
  else
    return diags.error({}, "'cache' takes stats, clear or trim, found '") << command.action << "'";
  return success();
}
