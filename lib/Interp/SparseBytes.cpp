//===- SparseBytes.cpp - Bytes that cost what is used ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mapping that nothing is reserved for: pages come into being when they are written. What a
// program may have in all is bounded by the store's limits and its fuel.
//
//===----------------------------------------------------------------------===//

#include "tenon/Interp/Entities.h"
#include "llvm/Support/MathExtras.h"
#include <sys/mman.h>

using namespace tenon::interp;

constexpr uint64_t hostPage = 1 << 16; ///< at least as large as any host's

SparseBytes::~SparseBytes() {
  if (begin)
    munmap(begin, mapped);
}

bool SparseBytes::grow(uint64_t size) {
  assert(size >= used && "bytes don't shrink");
  if (size > uint64_t(1) << 47)
    return false;
  uint64_t wanted = llvm::alignTo(size, hostPage);
  if (wanted > mapped) {
    void *moved = begin ? mremap(begin, mapped, wanted, MREMAP_MAYMOVE)
                        : mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (moved == MAP_FAILED)
      return false;
    begin = static_cast<uint8_t *>(moved);
    mapped = wanted;
  }
  used = size;
  return true;
}
