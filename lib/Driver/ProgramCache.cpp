//===- ProgramCache.cpp - Whole compilations that were done before --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProgramCache.h"
#include "Backend.h"
#include "Output.h"
#include "tenon/Link/RuntimeFiles.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"

using namespace tenon;
using namespace tenon::driver;

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

static CacheKey hashOf(llvm::StringRef contents) {
  return llvm::BLAKE3::hash<32>(llvm::arrayRefFromStringRef(contents));
}

/// None: there is no such file, or it can't be read.
static std::optional<CacheKey> hashOfFile(llvm::StringRef path) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return buffer ? std::optional(hashOf((*buffer)->getBuffer())) : std::nullopt;
}

static void addGrants(CacheKeyBuilder &key, const Grants &grants) {
  const auto &[dirs, env, inheritEnv] = grants;
  key.add(dirs.size());
  for (const auto &[host, guest, readOnly] : dirs)
    key.add(host).add(guest).add(readOnly);
  key.add(env.size());
  for (const auto &[name, value] : env)
    key.add(name).add(value.has_value()).add(value.value_or(""));
  key.add(inheritEnv);
}

/// What decides about the output besides files that the input makes the compiler read.
std::optional<CacheKey> ProgramCache::computeKey() const {
  // An option that is added does not compile here until somebody says what it does to the output.
  const auto &[input, output, stage, reports, optLevel, canonicalizeNaNs, deterministic, jobs,
               target, imports, searchPaths, grants, features, runtimeDir, stripDebug, invoke,
               interprets, fuel, cacheDir, timeReport, timeTrace, progress, timing] = options;
  bool makesCode = stage == Stage::Object || stage == Stage::Executable;
  // Reports are made along the way; a call needs the types.
  if (!makesCode || !reports.empty() || !invoke.empty() || input == "-" || output == "-")
    return std::nullopt;
  std::string triple = targetTriple(options);
  if (link::runtimeArch(triple).empty())
    return std::nullopt;
  std::optional<CacheKey> inputHash = hashOfFile(input);
  std::optional<CacheKey> bitcode = hashOfFile(link::runtimeBitcode(runtimeDir, triple));
  std::optional<CacheKey> archive = hashOfFile(link::runtimeArchive(runtimeDir, triple));
  if (!inputHash || !bitcode || !archive)
    return std::nullopt;
  CacheKeyBuilder key("program");
  key.add(toolIdentity()).add(input).add(*inputHash).add(*bitcode).add(*archive);
  key.add(uint64_t(stage)).add(optLevel).add(canonicalizeNaNs).add(deterministic);
  key.add(triple).add(stripDebug);
  key.add(imports.size());
  for (const auto &[name, path] : imports)
    key.add(name).add(path);
  key.add(searchPaths.size());
  for (const std::string &path : searchPaths)
    key.add(path);
  llvm::SmallString<256> directory;
  if (!searchPaths.empty()) // which count from it
    (void)llvm::sys::fs::current_path(directory);
  key.add(directory).add(features.getBits());
  addGrants(key, grants);
  // Never change the output: threads, the cache; nor what interpreting alone looks at.
  (void)jobs, (void)cacheDir, (void)interprets, (void)fuel, (void)target;
  // Nor what is told about compiling.
  (void)timeReport, (void)timeTrace, (void)progress, (void)timing;
  return key.finish();
}

ProgramCache::ProgramCache(const Options &options, Cache &cache)
    : options(options), cache(cache), key(computeKey()) {}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

namespace {

/// Numbers of eight bytes, and strings after their lengths.
class EntryWriter {
public:
  void add(uint64_t number) {
    char bytes[8];
    llvm::support::endian::write64le(bytes, number);
    out.append(bytes, sizeof(bytes));
  }
  void add(llvm::StringRef text) {
    add(text.size());
    out += text;
  }
  void add(const CacheKey &key) { add(llvm::toStringRef(key)); }
  llvm::StringRef getBytes() const { return out; }

private:
  std::string out;
};

/// The reverse. The checksum of the cache says that it reads what this compiler wrote.
class EntryReader {
public:
  explicit EntryReader(llvm::StringRef bytes) : data(bytes, /*IsLittleEndian=*/true, 8) {}
  ~EntryReader() { llvm::consumeError(cursor.takeError()); }
  uint64_t number() { return data.getU64(cursor); }
  llvm::StringRef text() { return data.getBytes(cursor, number()); }

private:
  llvm::DataExtractor data;
  llvm::DataExtractor::Cursor cursor{0};
};

} // namespace

/// Whether every file that the compilation asked for is as it was.
static bool areFilesTheSame(EntryReader &entry) {
  for (uint64_t left = entry.number(); left > 0; --left) {
    llvm::StringRef path = entry.text(), hash = entry.text();
    bool isSame = false;
    if (hash.empty()) {
      isSame = !llvm::sys::fs::exists(path);
    } else {
      std::optional<CacheKey> now = hashOfFile(path);
      isSame = now && hash == llvm::toStringRef(*now);
    }
    if (!isSame)
      return false;
  }
  return true;
}

bool ProgramCache::replay(std::vector<Diagnostic> &warnings) {
  if (!key)
    return false;
  std::optional<CacheEntry> found = cache.find(*key);
  EntryReader entry(found ? found->getContents() : "");
  if (!found || !areFilesTheSame(entry)) {
    cache.countMiss(CacheKind::Program);
    return false;
  }
  for (uint64_t left = entry.number(); left > 0; --left) {
    Diagnostic warning;
    warning.severity = Severity(entry.number());
    warning.knownPlace = entry.text();
    warning.message = entry.text();
    warnings.push_back(std::move(warning));
  }
  // What can't be written is compiled, for the sake of the error.
  Diagnostics ignored([](const Diagnostic &) {});
  bool isExecutable = options.stage == Stage::Executable;
  std::string output = outputPath(options, isExecutable ? "" : ".o");
  if (failed(writeOutput(output, entry.text(), isExecutable, ignored))) {
    warnings.clear();
    return false;
  }
  cache.countHit(CacheKind::Program);
  return true;
}

void ProgramCache::store(const FileStore &files, llvm::ArrayRef<Diagnostic> warnings,
                         llvm::StringRef written) {
  // The input and the runtime may have changed while they were read.
  if (!key || computeKey() != key)
    return;
  EntryWriter entry;
  entry.add(files.getAsked().size());
  for (const auto &[path, file] : files.getAsked()) {
    entry.add(path);
    if (file)
      entry.add(hashOf(file->source->getContents()));
    else
      entry.add("");
  }
  entry.add(warnings.size());
  for (const Diagnostic &warning : warnings) {
    entry.add(uint64_t(warning.severity));
    entry.add(warning.place());
    entry.add(warning.message);
  }
  entry.add(written);
  cache.store(*key, entry.getBytes());
}
