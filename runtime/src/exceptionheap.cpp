//===- exceptionheap.cpp - Exceptions that have a reference ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An `exnref` may be stored anywhere that a value may, and live as long as the program; nobody says
// when it is gone. So kept exceptions are collected: marked from the stack (whatever looks like a
// pointer to one, or into one, is one), from globals and tables of references to exceptions, and
// from the payloads of marked ones; the rest is free. A collection comes after as many new bytes as
// were live, and as were scanned, in the last one, so its cost is a constant share of making
// exceptions. Exceptions that no handler takes a reference of never come here.
//
// Cells of one size share a chunk. Chunks lie in one reservation, one behind the other, so that a
// word is tested by two compares and a division.
//
//===----------------------------------------------------------------------===//

#include "exception.h"
#include "process.h"
#include "syscall.h"

using namespace tenon::rt;

extern "C" const tenon_exception_root_list tenon_exception_roots;

namespace {

constexpr uint64_t chunkBytes = 64 << 10;
constexpr uint64_t maxChunks = 64 << 10;
constexpr uint64_t smallestCell = 16;
constexpr uint64_t maxCells = chunkBytes / smallestCell;
constexpr uint64_t firstThreshold = 1 << 20;

/// A kept exception. While it is marked but its payload is not scanned, `next` is the one to be
/// scanned after it; in a free cell (no tag) the next free one.
struct Cell {
  const tenon_tag *tag;
  Cell *next;
};

struct Chunk {
  uint64_t cellBytes;
  uint64_t numCells;
  uint64_t marks[maxCells / 64];
  bool isMarked(uint64_t i) const { return marks[i / 64] >> (i % 64) & 1; }
  void mark(uint64_t i) { marks[i / 64] |= uint64_t(1) << (i % 64); }
};
constexpr uint64_t headBytes = 1024;
static_assert(sizeof(Chunk) <= headBytes);

/// Sizes up to 512 bytes in steps of 16, then powers of two up to the largest exception's.
constexpr uint64_t numSmallClasses = 32, numClasses = numSmallClasses + 5;
constexpr uint64_t largestSmallCell = numSmallClasses * smallestCell;
static_assert(largestSmallCell << (numClasses - numSmallClasses) >=
              sizeof(tenon_exception) + tenon_max_payload_bytes);

uint64_t classOf(uint64_t bytes) {
  if (bytes <= largestSmallCell)
    return (bytes + smallestCell - 1) / smallestCell - 1;
  uint64_t number = numSmallClasses;
  for (uint64_t size = 2 * largestSmallCell; size < bytes; size *= 2)
    ++number;
  return number;
}

uint64_t cellBytesOf(uint64_t number) {
  return number < numSmallClasses ? (number + 1) * smallestCell
                                  : largestSmallCell << (number - numSmallClasses + 1);
}

struct Heap {
  uint8_t *base;
  uint64_t numChunks;
  Cell *free[numClasses];
  uint64_t bytesSince; ///< given out since the last collection
  uint64_t threshold;
  Cell *unscanned;
  uint64_t scannedBytes, liveBytes; ///< of the collection that is running
};
constinit Heap heap = {};

Chunk &chunkAt(uint64_t number) {
  return *reinterpret_cast<Chunk *>(heap.base + number * chunkBytes);
}

Cell *cellAt(Chunk &chunk, uint64_t number) {
  return reinterpret_cast<Cell *>(reinterpret_cast<uint8_t *>(&chunk) + headBytes +
                                  number * chunk.cellBytes);
}

bool addChunk(uint64_t number) {
  if (!heap.base) {
    long got = mmap(nullptr, maxChunks * chunkBytes, ProtReadWrite,
                    MapPrivate | MapAnonymous | MapNoReserve);
    if (isError(got))
      return false;
    heap.base = reinterpret_cast<uint8_t *>(got);
    heap.threshold = firstThreshold;
  }
  if (heap.numChunks == maxChunks)
    return false;
  Chunk &chunk = chunkAt(heap.numChunks++);
  chunk.cellBytes = cellBytesOf(number);
  chunk.numCells = (chunkBytes - headBytes) / chunk.cellBytes;
  for (uint64_t i = chunk.numCells; i-- > 0;) {
    Cell *cell = cellAt(chunk, i);
    cell->next = heap.free[number];
    heap.free[number] = cell;
  }
  return true;
}

/// Marks the exception that `word` points to or into, if it does.
void markWord(uintptr_t word) {
  uintptr_t offset = word - reinterpret_cast<uintptr_t>(heap.base);
  if (offset >= heap.numChunks * chunkBytes || offset % chunkBytes < headBytes)
    return;
  Chunk &chunk = chunkAt(offset / chunkBytes);
  uint64_t number = (offset % chunkBytes - headBytes) / chunk.cellBytes;
  if (number >= chunk.numCells || chunk.isMarked(number))
    return;
  Cell *cell = cellAt(chunk, number);
  if (!cell->tag)
    return;
  chunk.mark(number);
  cell->next = heap.unscanned;
  heap.unscanned = cell;
  heap.liveBytes += chunk.cellBytes;
}

void markWords(const void *from, uint64_t count) {
  const uintptr_t *words = static_cast<const uintptr_t *>(from);
  for (uint64_t i = 0; i < count; ++i)
    markWord(words[i]);
  heap.scannedBytes += count * sizeof(uintptr_t);
}

void markPayload(const void *exception, const tenon_tag &tag) {
  markWords(static_cast<const tenon_exception *>(exception) + 1, tag.payload_bytes / 8);
}

void markRoots(const void *stack) {
  uint64_t bytes = static_cast<uint64_t>(process.stackTop - static_cast<const uint8_t *>(stack));
  markWords(stack, bytes / 8);
  const tenon_exception_root_list &roots = tenon_exception_roots;
  for (uint64_t i = 0; i < roots.global_count; ++i)
    markWords(roots.globals[i], 1);
  for (uint64_t i = 0; i < roots.table_count; ++i)
    markWords(roots.tables[i]->elements, roots.tables[i]->size);
  if (const tenon_tag *tag = tenon_thrown.head.tag)
    markPayload(&tenon_thrown, *tag);
}

void sweep() {
  for (Cell *&list : heap.free)
    list = nullptr;
  for (uint64_t n = heap.numChunks; n-- > 0;) {
    Chunk &chunk = chunkAt(n);
    Cell *&list = heap.free[classOf(chunk.cellBytes)];
    for (uint64_t i = chunk.numCells; i-- > 0;) {
      if (chunk.isMarked(i))
        continue;
      Cell *cell = cellAt(chunk, i);
      *cell = {nullptr, list};
      list = cell;
    }
    memset(chunk.marks, 0, sizeof(chunk.marks));
  }
}

/// `stack`: from here upwards lies what is alive.
[[gnu::noinline]] void collectFrom(const void *stack) {
  heap.scannedBytes = heap.liveBytes = 0;
  markRoots(stack);
  while (Cell *cell = heap.unscanned) {
    heap.unscanned = cell->next;
    markPayload(cell, *cell->tag);
  }
  sweep();
  heap.bytesSince = 0;
  heap.threshold = max(max(heap.scannedBytes, heap.liveBytes), firstThreshold);
}

/// Its frame holds every register that a caller may have left a reference in.
[[gnu::noinline]] void collect() {
  __builtin_unwind_init();
#if defined(__x86_64__)
  uintptr_t stack;
  __asm__ volatile("movq %%rsp, %0" : "=r"(stack));
#else
  uintptr_t stack;
  __asm__ volatile("mov %0, sp" : "=r"(stack));
#endif
  collectFrom(reinterpret_cast<const void *>(stack));
}

Cell *takeCell(uint64_t number) {
  Cell *cell = heap.free[number];
  if (cell)
    heap.free[number] = cell->next;
  return cell;
}

Cell *allocate(uint64_t bytes) {
  uint64_t number = classOf(bytes);
  if (heap.base && heap.bytesSince >= heap.threshold)
    collect();
  heap.bytesSince += cellBytesOf(number);
  if (Cell *cell = takeCell(number))
    return cell;
  if (!addChunk(number))
    tenon_trap(HostExhausted);
  return takeCell(number);
}

} // namespace

extern "C" void *tenon_exception_keep(const tenon_exception *exception) {
  if (exception != &tenon_thrown.head) // it is kept already
    return const_cast<tenon_exception *>(exception);
  uint64_t bytes = sizeof(tenon_exception) + exception->tag->payload_bytes;
  Cell *cell = allocate(bytes);
  memcpy(cell, exception, bytes);
  return cell;
}
