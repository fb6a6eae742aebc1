//===- HashState.cpp - Comparing what a program left behind ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// FNV-1a over everything that an instance refers to. Memory that was never written need not be
// read: zeros at the end of a memory are counted, not hashed, so a memory of gigabytes is only
// scanned.
//
//===----------------------------------------------------------------------===//

#include "tenon/Interp/Store.h"

using namespace tenon;
using namespace tenon::interp;

namespace {
struct Hasher {
  uint64_t state = 0xcbf29ce484222325;

  void bytes(const uint8_t *data, uint64_t size) {
    for (uint64_t i = 0; i < size; ++i)
      state = (state ^ data[i]) * 0x100000001b3;
  }
  void number(uint64_t value) { bytes(reinterpret_cast<const uint8_t *>(&value), sizeof value); }
};
} // namespace

/// The size without zeros at the end, in whole words.
static uint64_t usedSize(const SparseBytes &memory) {
  uint64_t size = memory.size();
  while (size % sizeof(uint64_t) != 0 && memory.data()[size - 1] == 0)
    --size;
  if (size % sizeof(uint64_t) != 0)
    return size;
  const uint64_t *words = reinterpret_cast<const uint64_t *>(memory.data());
  while (size != 0 && words[size / sizeof(uint64_t) - 1] == 0)
    size -= sizeof(uint64_t);
  return size;
}

uint64_t interp::hashState(const Instance &instance) {
  Hasher hasher;
  for (const Memory *memory : instance.memories) {
    uint64_t used = usedSize(memory->bytes);
    hasher.number(memory->bytes.size());
    hasher.number(used);
    hasher.bytes(memory->bytes.data(), used);
  }
  for (const Global *global : instance.globals)
    hasher.bytes(global->value.bytes.data(), global->value.bytes.size());
  for (const Table *table : instance.tables) {
    hasher.number(table->size());
    for (Ref ref : table->elements())
      hasher.number(ref);
  }
  return hasher.state;
}
