//===- Cache.cpp - Results of earlier compilations ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An entry is a header and its contents. The header repeats the key and has a checksum, against
// damage: whoever may write the folder may write anything. Removing is LLVM's pruneCache, which
// looks at files called `llvmcache-*` only, so temporary files that somebody left are removed as
// well.
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Cache.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <thread>

using namespace tenon;
namespace fs = llvm::sys::fs;

CacheKeyBuilder &CacheKeyBuilder::add(llvm::StringRef field) {
  add(field.size());
  hasher.update(field);
  return *this;
}

CacheKeyBuilder &CacheKeyBuilder::add(uint64_t field) {
  uint8_t bytes[8];
  llvm::support::endian::write64le(bytes, field);
  hasher.update(bytes);
  return *this;
}

CacheKeyBuilder &CacheKeyBuilder::add(const CacheKey &key) {
  hasher.update(key);
  return *this;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

namespace {

/// What an entry begins with; the contents are all that follows.
struct Header {
  char magic[8] = {'t', 'e', 'n', 'o', 'n', 'c', '0', '1'};
  CacheKey key = {};
  uint64_t size = 0;
  uint64_t checksum[2] = {};

  Header(const CacheKey &key, llvm::StringRef contents) : key(key), size(contents.size()) {
    llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(contents));
    checksum[0] = hash.low64;
    checksum[1] = hash.high64;
  }
  llvm::StringRef bytes() const { return {reinterpret_cast<const char *>(this), sizeof(*this)}; }
};
static_assert(sizeof(Header) == 64, "no byte of it is padding");

} // namespace

std::string Cache::pathOf(const CacheKey &key) const {
  return folder + "/llvmcache-" + llvm::toHex(key, /*LowerCase=*/true);
}

std::optional<CacheEntry> Cache::find(const CacheKey &key) {
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(pathOf(key));
  if (!file) {
    llvm::consumeError(file.takeError());
    return std::nullopt;
  }
  llvm::scope_exit close([&] { (void)fs::closeFile(*file); });
  // Read, not mapped: what somebody cuts off later is nobody's fault here.
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getOpenFile(*file, folder, /*FileSize=*/-1,
                                      /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!buffer)
    return std::nullopt;
  llvm::StringRef bytes = (*buffer)->getBuffer();
  if (bytes.size() < sizeof(Header) ||
      !bytes.starts_with(Header(key, bytes.drop_front(sizeof(Header))).bytes()))
    return std::nullopt;
  (void)fs::setLastAccessAndModificationTime(*file, std::chrono::system_clock::now());
  return CacheEntry(std::move(*buffer), sizeof(Header));
}

void Cache::store(const CacheKey &key, llvm::StringRef contents) {
  if (isBroken)
    return;
  llvm::SmallString<128> temporary;
  int fd = -1;
  bool hasFolder = !fs::create_directories(folder, /*IgnoreExisting=*/true, fs::owner_all);
  if (!hasFolder || fs::createUniqueFile(pathOf(key) + ".%%%%%%%%", fd, temporary)) {
    isBroken = true; // nobody else will have more luck: the disk is full, or not ours
    return;
  }
  llvm::raw_fd_ostream os(fd, /*shouldClose=*/true);
  os << Header(key, contents).bytes() << contents;
  os.close();
  bool isWhole = !os.has_error();
  os.clear_error();
  if (!isWhole || fs::rename(temporary, pathOf(key))) {
    isBroken = true;
    (void)fs::remove(temporary);
    return;
  }
  hasStored = true;
}

static void prune(llvm::StringRef folder, uint64_t bytes, std::chrono::seconds interval) {
  llvm::CachePruningPolicy policy;
  policy.Interval = interval;
  policy.Expiration = std::chrono::seconds(0);
  policy.MaxSizeBytes = bytes;
  llvm::pruneCache(folder, policy);
}

void Cache::trim(uint64_t bytes) {
  // pruneCache takes 0 for no limit.
  prune(folder, std::max<uint64_t>(bytes, 1), std::chrono::seconds(0));
}

void Cache::clear() {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (llvm::sys::path::filename(it->path()).starts_with("llvmcache-"))
      (void)fs::remove(it->path());
  (void)fs::remove(statisticsPath());
}

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

/// Two numbers a kind, in decimal, one a line. Damaged: they begin anew.
static std::array<CacheCount, numCacheKinds> parseStatistics(llvm::StringRef text) {
  std::array<CacheCount, numCacheKinds> counts;
  for (CacheCount &count : counts)
    for (uint64_t *number : {&count.hits, &count.misses}) {
      auto [line, rest] = text.split('\n');
      text = rest;
      if (line.getAsInteger(10, *number))
        return {};
    }
  return counts;
}

/// Locks a file against other processes and other threads; the locks of LLVM's tryLockFile are a
/// process's, and keep no thread of it out.
static bool tryLock(int fd) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
      return true;
    if (errno != EWOULDBLOCK && errno != EINTR)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

void Cache::saveStatistics() {
  int fd = -1;
  if (fs::openFileForReadWrite(statisticsPath(), fd, fs::CD_OpenAlways, fs::OF_None))
    return;
  llvm::scope_exit close([&] { (void)fs::closeFile(fd); });
  if (!tryLock(fd))
    return;
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getOpenFile(fd, "statistics", /*FileSize=*/-1,
                                      /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  std::array<CacheCount, numCacheKinds> counts =
      parseStatistics(buffer ? (*buffer)->getBuffer() : "");
  std::string text;
  for (size_t i = 0; i < numCacheKinds; ++i)
    text += llvm::utostr(counts[i].hits + hits[i]) + "\n" +
            llvm::utostr(counts[i].misses + misses[i]) + "\n";
  // In one write of less than a page: numbers only grow, so nothing of the old text is left.
  llvm::raw_fd_ostream os(fd, /*shouldClose=*/false);
  os.seek(0);
  os << text;
  os.flush();
  os.clear_error();
  (void)flock(fd, LOCK_UN);
}

CacheSummary Cache::summarize() const {
  CacheSummary summary;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    llvm::ErrorOr<fs::basic_file_status> status = it->status();
    if (!status || !llvm::sys::path::filename(it->path()).starts_with("llvmcache-"))
      continue;
    summary.bytes += status->getSize();
    ++summary.entries;
  }
  if (auto buffer = llvm::MemoryBuffer::getFile(statisticsPath()))
    summary.counts = parseStatistics((*buffer)->getBuffer());
  return summary;
}

Cache::~Cache() {
  bool wasUsed = false;
  for (size_t i = 0; i < numCacheKinds; ++i)
    wasUsed |= hits[i] || misses[i];
  if (wasUsed && fs::is_directory(folder))
    saveStatistics();
  if (hasStored && maxBytes)
    prune(folder, maxBytes, std::chrono::minutes(20));
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

std::string tenon::defaultCacheFolder() {
  if (const char *folder = std::getenv("TENON_CACHE_DIR"))
    return folder;
  llvm::SmallString<128> path;
  if (!llvm::sys::path::cache_directory(path))
    return "";
  llvm::sys::path::append(path, "tenon");
  return std::string(path);
}
