//===- memory.cpp - Linear memories: mapping and growing ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memory with a reservation lies at the constant address that generated code was compiled for:
// its whole range is reserved inaccessible, what is in use is made accessible. Pages of the initial
// image are there already (the kernel mapped them from the executable) and are left alone. A memory
// without a reservation (code checks its bounds) is wherever the kernel puts it and moves when it
// grows.
//
//===----------------------------------------------------------------------===//

#include "futex.h"
#include "print.h"
#include "process.h"
#include "syscall.h"
#include "tenon-abi/program.h"

using namespace tenon::rt;

namespace {

enum { MremapMayMove = 1 };

[[noreturn, gnu::cold]] void refuse(const tenon_memory_def &def, long error) {
  Printer out(2);
  out << "error: cannot reserve the address space of " << (def.name ? def.name : "a memory")
      << " (error ";
  out.decimal(static_cast<uint64_t>(-error))
      << "): is it limited (ulimit -v), or in use by a tool that runs the program?\n";
  out.flush();
  exitProcess(1);
}

/// Maps [from, to) of the memory, accessible or not; nothing else may be there.
void mapPart(const tenon_memory_def &def, uint64_t from, uint64_t to, int protection) {
  if (from >= to)
    return;
  uint8_t *at = def.memory->base + from;
  long got =
      mmap(at, to - from, protection, MapPrivate | MapAnonymous | MapNoReserve | MapFixedNoReplace);
  // Kernels before 4.17 take the address as a hint.
  if (!isError(got) && got != address(at))
    got = -eEXIST;
  if (isError(got))
    refuse(def, got);
}

/// Maps [from, to): what lies below `used` accessible, the rest reserved.
void mapRange(const tenon_memory_def &def, uint64_t from, uint64_t to, uint64_t used) {
  uint64_t border = min(max(from, used), to);
  mapPart(def, from, border, ProtReadWrite);
  mapPart(def, border, to, ProtNone);
}

void mapReserved(const tenon_memory_def &def) {
  uint64_t used = alignTo(def.min_bytes, process.pageSize);
  if (def.image_begin == def.image_end)
    return mapRange(def, 0, def.memory->reserved, used);
  mapRange(def, 0, def.image_begin, used);
  mapRange(def, def.image_end, def.memory->reserved, used);
}

void mapExplicit(const tenon_memory_def &def) {
  uint64_t size = max(alignTo(def.min_bytes, process.pageSize), process.pageSize);
  long got = mmap(nullptr, size, ProtReadWrite, MapPrivate | MapAnonymous | MapNoReserve);
  if (isError(got))
    refuse(def, got);
  uint8_t *base = reinterpret_cast<uint8_t *>(got);
  if (def.image_begin != def.image_end)
    memcpy(base + def.image_begin, def.memory->base + def.image_begin,
           def.image_end - def.image_begin);
  def.memory->base = base;
}

bool makeAccessible(tenon_memory &memory, uint64_t newBytes) {
  uint64_t from = alignTo(memory.bytes, process.pageSize), to = alignTo(newBytes, process.pageSize);
  if (from == to)
    return true;
  if (memory.reserved)
    return to <= memory.reserved && !isError(syscall(SysMprotect, address(memory.base + from),
                                                     static_cast<long>(to - from), ProtReadWrite));
  long moved =
      syscall(SysMremap, address(memory.base), static_cast<long>(max(from, process.pageSize)),
              static_cast<long>(to), MremapMayMove);
  if (isError(moved))
    return false;
  memory.base = reinterpret_cast<uint8_t *>(moved);
  return true;
}

} // namespace

void tenon::rt::mapMemories() {
  for (uint32_t i = 0; i < tenon_program_info.memory_count; ++i) {
    const tenon_memory_def &def = tenon_program_info.memories[i];
    if (def.memory->reserved)
      mapReserved(def);
    else
      mapExplicit(def);
    def.memory->bytes = def.min_bytes;
  }
}

/// A memory of one more instance of a program (instanced world), wherever there is room for it.
extern "C" void tenon_memory_create(tenon_memory *memory, uint64_t bytes) {
  uint64_t used = max(alignTo(bytes, process.pageSize), process.pageSize);
  long got =
      mmap(nullptr, memory->reserved ? memory->reserved : used,
           memory->reserved ? ProtNone : ProtReadWrite, MapPrivate | MapAnonymous | MapNoReserve);
  if (isError(got))
    refuse({memory, bytes, 0, 0, nullptr}, got);
  memory->base = reinterpret_cast<uint8_t *>(got);
  memory->bytes = 0;
  if (memory->reserved && !makeAccessible(*memory, bytes))
    refuse({memory, bytes, 0, 0, nullptr}, -eNOMEM);
  memory->bytes = bytes;
}

/// Threads that share a memory may grow it at once.
extern "C" {
Lock tenon_growing;
}

/// memory.grow (core specification, "Growing memories"): the old size in pages, or -1. Not inlined:
/// a guest's allocator has it beside its fast path, and shall stay small.
extern "C" [[gnu::noinline]] int64_t tenon_memory_grow(tenon_memory *memory, uint64_t delta) {
  LockHolder holder(tenon_growing);
  uint64_t pages = memory->bytes >> memory->page_log2;
  if (delta > memory->max_pages - pages)
    return -1;
  if (pages + delta > (UINT64_MAX >> 1) >> memory->page_log2)
    return -1;
  uint64_t newBytes = (pages + delta) << memory->page_log2;
  if (!makeAccessible(*memory, newBytes))
    return -1;
  // Threads read the size of a shared memory at any time.
  __atomic_store_n(&memory->bytes, newBytes, __ATOMIC_RELEASE);
  return static_cast<int64_t>(pages);
}

/// table.grow (core specification, "Growing tables"): the old size, or -1.
extern "C" [[gnu::noinline]] int64_t tenon_table_grow(tenon_table *table, uint64_t delta,
                                                      void *value) {
  constexpr uint64_t limit = tenon_max_table_elements;
  uint64_t size = table->size;
  if (delta > limit || size + delta > min(table->max, limit))
    return -1;
  if (size + delta > table->capacity) {
    uint64_t capacity = max(max(size + delta, min(2 * size, limit)), uint64_t(64));
    long fresh = mmap(nullptr, capacity * sizeof(void *), ProtReadWrite,
                      MapPrivate | MapAnonymous | MapNoReserve);
    if (isError(fresh))
      return -1;
    // The old elements may be the executable's own data: they are left where they are.
    void **elements = reinterpret_cast<void **>(fresh);
    memcpy(elements, table->elements, size * sizeof(void *));
    table->elements = elements;
    table->capacity = capacity;
  }
  for (uint64_t i = 0; i < delta; ++i)
    table->elements[size + i] = value;
  table->size = size + delta;
  return static_cast<int64_t>(size);
}
