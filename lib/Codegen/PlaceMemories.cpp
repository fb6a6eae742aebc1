//===- PlaceMemories.cpp - Where memories lie and how they are guarded ----===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memory with 32-bit addresses and pages of 64 KiB has a reservation of 8 GiB: it covers every
// sum of an index and an offset, so that what lies behind the memory's end faults and nothing is
// compared.
//
// 64-bit addresses can be anything. If the memory never grows, the index is compared with its size,
// a constant. If it does, the index is compared with a constant all the same, the end of what the
// memory can grow to, and guard pages catch what lies below that: a loop over arrays in the heap
// (gemm) takes 863 us, with a compare with the size 1114, and 869 when compiled for wasm32. How far
// a memory can grow is how much address space it was given.
//
// A shared memory never moves: other threads are in it. Whatever it may grow to is reserved.
//
// Pages of one byte end where no page of the machine does: only a compare with the size is exact.
//
// In the closed world bases are constants. The memory with most code over it lies below 2 GiB,
// where its base is a displacement. On x86-64 bases are not a power of two apart: accesses at the
// same offset of two memories would keep missing each other's cache lines (measured: half the time
// of a call through a handle). AArch64 makes a round base in one instruction.
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/TargetParser/Triple.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

constexpr uint64_t gib = uint64_t(1) << 30, wasmPage = 65536;
/// What an offset of 32 bits reaches, and an access there.
constexpr uint64_t guardBytes = 4 * gib + wasmPage;
constexpr uint64_t lowBase = 0x70000000, highBase = 1024 * gib;
/// Of 2^47 bytes the kernel needs some at the top for stacks and mappings of its own.
constexpr uint64_t highEnd = 124 * 1024 * gib;
/// A memory without a smaller maximum grows up to this; to less if many want it. A multiple of the
/// distance between bases.
constexpr uint64_t mostGrowth = 256 * gib, leastGrowth = 8 * gib;
constexpr uint64_t spacing = 16 * gib;

class Placer {
public:
  explicit Placer(Facts &facts)
      : facts(facts), isX86(llvm::Triple(facts.options.triple).getArch() == llvm::Triple::x86_64) {}

  LogicalResult run(Diagnostics &diags);

private:
  Facts &facts;
  bool isX86;

  LogicalResult reserve(uint32_t index, uint64_t growth, Diagnostics &diags);
  bool place();
  size_t findHottest() const;
};

} // namespace

/// `pages` in bytes; nothing if it is more than there are addresses for.
static std::optional<uint64_t> bytesOf(uint64_t pages, unsigned pageLog2) {
  if (pages > (highEnd - highBase) >> pageLog2)
    return std::nullopt;
  return pages << pageLog2;
}

/// The most pages that the size of a memory can tell. Core specification, "Memory Types".
static uint64_t mostPages(const wasm::MemoryType &type) {
  unsigned bits = type.limits.is64 ? 64 : 32;
  return type.pageSizeLog2 == 0 ? llvm::maskTrailingOnes<uint64_t>(bits)
                                : uint64_t(1) << (bits - type.pageSizeLog2);
}

/// Gives a memory its limits; `growth`: where one without a smaller maximum ends.
LogicalResult Placer::reserve(uint32_t index, uint64_t growth, Diagnostics &diags) {
  MemoryFacts &memory = facts.memories[index];
  const wasm::Limits &limits = memory.type.limits;
  unsigned pageLog2 = memory.type.pageSizeLog2;
  memory.maxPages = std::min(limits.max.value_or(UINT64_MAX), mostPages(memory.type));
  std::optional<uint64_t> least = bytesOf(limits.min, pageLog2);
  if (!least)
    return diags.error(facts.moduleOf(facts.program.memories[index].instance).location,
                       "a memory of at least ")
           << limits.min << " pages is not supported yet";
  memory.minBytes = *least;
  bool isPlain = !limits.is64 && pageLog2 == 16;
  bool isExplicit = facts.options.bounds == Bounds::Explicit;
  if (!limits.shared && (isExplicit || (!isPlain && facts.options.world == World::Instanced))) {
    memory.check = MemoryCheck::Size;
    return success();
  }
  if (isPlain && !isExplicit) {
    memory.reserved = 4 * gib + guardBytes;
    return success();
  }
  uint64_t most = std::max(growth, *least);
  uint64_t bytes = std::min(bytesOf(memory.maxPages, pageLog2).value_or(most), most);
  memory.maxPages = bytes >> pageLog2;
  bytes = std::max(llvm::alignTo(bytes, wasmPage), wasmPage);
  bool hasGuard = pageLog2 == 16 && memory.isGrown && !isExplicit;
  memory.check = hasGuard ? MemoryCheck::Index : MemoryCheck::Size;
  memory.indexEnd = hasGuard ? llvm::bit_ceil(bytes) : 0;
  memory.reserved = hasGuard ? memory.indexEnd + guardBytes : bytes;
  return success();
}

/// The memory with most code over it.
size_t Placer::findHottest() const {
  std::vector<uint64_t> weight(facts.memories.size());
  for (const CoreInstance &inst : facts.program.instances) {
    if (inst.memories.empty())
      continue;
    for (const wasm::Function &function : inst.module->functions)
      weight[inst.memories.front()] += function.body.size();
  }
  return llvm::max_element(weight) - weight.begin();
}

/// False if the address space does not suffice.
bool Placer::place() {
  size_t hottest = findHottest();
  uint64_t next = highBase;
  for (size_t i = 0; i < facts.memories.size(); ++i) {
    MemoryFacts &memory = facts.memories[i];
    if (!memory.reserved)
      continue;
    bool isLow = isX86 && i == hottest && memory.reserved <= highBase - lowBase;
    memory.address = isLow ? lowBase : next;
    if (!isLow && (next > highEnd || memory.reserved > highEnd - next))
      return false;
    next += llvm::alignTo(memory.reserved, spacing) + (isX86 ? 17 * 4096 : 0);
  }
  return true;
}

LogicalResult Placer::run(Diagnostics &diags) {
  for (uint64_t growth = mostGrowth; growth >= leastGrowth; growth /= 2) {
    for (uint32_t i = 0; i < facts.memories.size(); ++i)
      if (failed(reserve(i, growth, diags)))
        return failure();
    if (facts.options.world == World::Instanced || place())
      return success();
  }
  return diags.error({}, "there is not enough address space for ")
         << facts.memories.size() << " memories";
}

LogicalResult codegen::placeMemories(Facts &facts, Diagnostics &diags) {
  return Placer(facts).run(diags);
}
