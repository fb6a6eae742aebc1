//===- PartCache.h - Objects of parts that were made before -----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A part is looked up when it has been translated: its IR before the optimiser, as bitcode, is all
// that optimising and emitting read, copies of inlined functions included. So nothing can be
// forgotten in the key, and what the rest of the program did to the IR (state, types, symbols,
// facts) needs no list. Translating costs little beside the rest (docs/CompileCache.md).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_PARTCACHE_H
#define TENON_LIB_CODEGEN_PARTCACHE_H

#include "tenon/Codegen/Codegen.h"
#include "tenon/Support/Cache.h"

namespace llvm {
class Module;
} // namespace llvm

namespace tenon::codegen {

class CachedPart {
public:
  /// Takes the key of `module` as it is now. Without a cache, or where no objects are made, nothing
  /// is found and nothing stored.
  CachedPart(const llvm::Module &module, const CodegenOptions &options);

  /// Whether there is an object; then it is in `bytes`.
  bool find(llvm::SmallVectorImpl<char> &bytes);
  void store(llvm::ArrayRef<char> bytes);

private:
  Cache *cache;
  CacheKey key;
};

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_PARTCACHE_H
