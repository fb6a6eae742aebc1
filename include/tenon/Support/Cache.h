//===- Cache.h - Results of earlier compilations ----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A folder of files, each called by the hash of everything that its contents were made from
// (docs/CompileCache.md). A file is written beside its name and renamed, so any number of processes
// may share the folder; what is damaged or not there is a miss. Whatever goes wrong, compiling goes
// on without.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_CACHE_H
#define TENON_SUPPORT_CACHE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/MemoryBuffer.h"
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace tenon {

using CacheKey = std::array<uint8_t, 32>;

/// Hashes a list of fields. Lengths are hashed too: no two lists are the same bytes.
class CacheKeyBuilder {
public:
  /// `purpose` tells keys of different kinds apart.
  explicit CacheKeyBuilder(llvm::StringRef purpose) { add(purpose); }

  CacheKeyBuilder &add(llvm::StringRef field);
  CacheKeyBuilder &add(uint64_t field);
  CacheKeyBuilder &add(const CacheKey &key);
  CacheKey finish() { return hasher.final(); }

private:
  llvm::BLAKE3 hasher;
};

/// What a cache entry holds.
class CacheEntry {
public:
  CacheEntry(std::unique_ptr<llvm::MemoryBuffer> file, size_t start)
      : file(std::move(file)), start(start) {}
  llvm::StringRef getContents() const { return file->getBuffer().drop_front(start); }

private:
  std::unique_ptr<llvm::MemoryBuffer> file;
  size_t start;
};

/// How often something was looked up.
struct CacheCount {
  uint64_t hits = 0, misses = 0;
};

/// What is asked of a cache, counted apart.
enum class CacheKind : uint8_t {
  Program, ///< a whole compilation
  Part     ///< the object of a part of a program
};
constexpr size_t numCacheKinds = 2;

/// What `tenon cache` prints.
struct CacheSummary {
  uint64_t bytes = 0, entries = 0;
  std::array<CacheCount, numCacheKinds> counts;
};

/// Thread-safe.
class Cache {
public:
  static constexpr uint64_t defaultMaxBytes = uint64_t(2) << 30;

  /// The folder is made when the first entry is stored.
  explicit Cache(std::string folder, uint64_t maxBytes = defaultMaxBytes)
      : folder(std::move(folder)), maxBytes(maxBytes) {}
  /// Adds what was counted to the folder's statistics, and removes the entries that were not used
  /// for longest while there is too much (looked at a few times an hour at most).
  ~Cache();
  Cache(const Cache &) = delete;

  /// The entry of `key`, which is now the one used last. Not counted.
  std::optional<CacheEntry> find(const CacheKey &key);
  void store(const CacheKey &key, llvm::StringRef contents);

  void countHit(CacheKind kind) { ++hits[size_t(kind)]; }
  void countMiss(CacheKind kind) { ++misses[size_t(kind)]; }
  /// Since this process started.
  CacheCount getCount(CacheKind kind) const { return {hits[size_t(kind)], misses[size_t(kind)]}; }

  llvm::StringRef getFolder() const { return folder; }
  CacheSummary summarize() const;
  /// Removes entries until they have `bytes` at most, longest unused first.
  void trim(uint64_t bytes);
  /// Removes all entries, and the statistics.
  void clear();

private:
  std::string folder;
  uint64_t maxBytes;
  std::atomic<bool> hasStored = false, isBroken = false;
  std::array<std::atomic<uint64_t>, numCacheKinds> hits = {}, misses = {};

  std::string pathOf(const CacheKey &key) const;
  std::string statisticsPath() const { return folder + "/statistics"; }
  void saveStatistics();
};

/// Where the cache lies if nobody says otherwise: TENON_CACHE_DIR, else `tenon` in XDG_CACHE_HOME
/// or
/// `~/.cache`. Empty: nowhere (there is no home, or TENON_CACHE_DIR is empty).
std::string defaultCacheFolder();

/// What makes this compiler's output differ from another's: the build ids of the program and of all
/// libraries that it has loaded. A fact of the process.
CacheKey toolIdentity();

} // namespace tenon

#endif // TENON_SUPPORT_CACHE_H
