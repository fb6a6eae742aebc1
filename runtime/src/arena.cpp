//===- arena.cpp - Native memory for converted arguments and results ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lists whose elements look different on the two sides of the boundary (lists of strings, of
// handles) are built here. Calls nest, so memory is taken and given back like a stack, in chunks of
// whole pages; the first chunk is kept.
//
//===----------------------------------------------------------------------===//

#include "base.h"
#include "syscall.h"

namespace tenon::rt {

struct ArenaChunk {
  ArenaChunk *previous;
  uint64_t bytes; ///< of the chunk, with this head
  uint64_t used;
};

struct Arena {
  ArenaChunk *last;
};
extern Arena arena;
constinit Arena arena = {nullptr};

constexpr uint64_t smallestChunk = 64 * 1024;

TENON_COLD static ArenaChunk *addChunk(uint64_t size, uint64_t alignment) {
  uint64_t bytes = max(alignTo(sizeof(ArenaChunk) + size + alignment, 4096), smallestChunk);
  long got = mmap(nullptr, bytes, ProtReadWrite, MapPrivate | MapAnonymous);
  if (isError(got))
    fatal("out of memory for the arguments of a host function");
  ArenaChunk *chunk = reinterpret_cast<ArenaChunk *>(got);
  *chunk = {arena.last, bytes, sizeof(ArenaChunk)};
  arena.last = chunk;
  return chunk;
}

static uint8_t *bytesOf(ArenaChunk *chunk) { return reinterpret_cast<uint8_t *>(chunk); }

} // namespace tenon::rt

using namespace tenon::rt;

extern "C" {

/// Where the next allocation may begin; null before the first.
void *tenon_arena_mark() { return arena.last ? bytesOf(arena.last) + arena.last->used : nullptr; }

void *tenon_arena_alloc(uint64_t size, uint64_t alignment) {
  ArenaChunk *chunk = arena.last;
  uint64_t at = chunk ? alignTo(chunk->used, alignment) : 0;
  if (!chunk || at > chunk->bytes || chunk->bytes - at < size) {
    chunk = addChunk(size, alignment);
    at = alignTo(chunk->used, alignment);
  }
  chunk->used = at + size;
  return bytesOf(chunk) + at;
}

void tenon_arena_release(void *mark) {
  uint8_t *to = static_cast<uint8_t *>(mark);
  while (ArenaChunk *chunk = arena.last) {
    if (to > bytesOf(chunk) && to <= bytesOf(chunk) + chunk->bytes) {
      chunk->used = static_cast<uint64_t>(to - bytesOf(chunk));
      return;
    }
    if (!chunk->previous) { // everything
      chunk->used = sizeof(ArenaChunk);
      return;
    }
    arena.last = chunk->previous;
    syscall(SysMunmap, reinterpret_cast<long>(chunk), static_cast<long>(chunk->bytes));
  }
}

} // extern "C"
