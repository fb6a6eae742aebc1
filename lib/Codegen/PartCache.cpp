//===- PartCache.cpp - Objects of parts that were made before -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartCache.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::codegen;

/// What optimising and emitting read besides the module.
static CacheKeyBuilder keyOfOptions(const CodegenOptions &options) {
  static const CacheKey tool = toolIdentity();
  // An option that is added does not compile here until somebody says what it does to the output.
  const auto &[optLevel, triple, cpu, features, jobs, world, bounds, canonicalizeNaNs,
               deterministic, verify, emitLLVM, recordCalls, beforeOptimizer, runtimeBitcode,
               dropsUnreferenced, cache, timing, stackBytes] = options;
  CacheKeyBuilder key("part");
  key.add(tool).add(optLevel).add(triple).add(cpu).add(features);
  key.add(uint64_t(world)).add(uint64_t(bounds)).add(canonicalizeNaNs).add(deterministic);
  // Never change an object, or are in the IR.
  (void)jobs, (void)verify, (void)emitLLVM, (void)recordCalls, (void)beforeOptimizer;
  (void)runtimeBitcode, (void)cache, (void)timing, (void)stackBytes;
  (void)dropsUnreferenced; // which goes without a cache
  return key;
}

CachedPart::CachedPart(const llvm::Module &module, const CodegenOptions &options)
    : cache(options.emitLLVM || options.recordCalls ? nullptr : options.cache) {
  if (!cache)
    return;
  llvm::SmallString<0> bitcode;
  llvm::raw_svector_ostream os(bitcode);
  llvm::WriteBitcodeToFile(module, os);
  key = keyOfOptions(options).add(bitcode).finish();
}

bool CachedPart::find(llvm::SmallVectorImpl<char> &bytes) {
  if (!cache)
    return false;
  std::optional<CacheEntry> entry = cache->find(key);
  if (!entry) {
    cache->countMiss(CacheKind::Part);
    return false;
  }
  cache->countHit(CacheKind::Part);
  llvm::StringRef contents = entry->getContents();
  bytes.assign(contents.begin(), contents.end());
  return true;
}

void CachedPart::store(llvm::ArrayRef<char> bytes) {
  if (cache)
    cache->store(key, {bytes.data(), bytes.size()});
}
