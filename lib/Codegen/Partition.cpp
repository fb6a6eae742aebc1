//===- Partition.cpp - Cutting the program into parts --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts are entries of the cache, so an edit of one function must leave the cuts where they are.
// Two things see to that. A body counts with its size rounded up to a power of two: most edits
// change nothing at all. And a cut depends on what is near it only: too long a run of functions is
// cut in its middle quarter, before the function whose symbol has the least hash there. Another
// size, or one function more, moves that quarter a little, and the function with the least hash is
// most likely still in it; the cuts of the other half don't notice. (Cutting whenever enough bytes
// have come together would move all cuts behind the edit.)
//
//===----------------------------------------------------------------------===//

#include "Partition.h"
#include "HugeFunctions.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace tenon;
using namespace tenon::codegen;

/// The most that a part weighs; more is a single huge function (HugeFunctions.h): 128 KiB of bodies
/// on average, some 50,000 IR instructions, a second or two of optimising.
static constexpr uint64_t maxWeight = 256 << 10;

namespace {

/// All functions of the program in order, and where to cut them.
class Cutter {
public:
  explicit Cutter(const Facts &facts);
  std::vector<Part> cut();

private:
  const Facts &facts;
  std::vector<FuncPointer> functions;
  std::vector<uint64_t> ends; ///< weight of all functions up to this one, inclusive

  uint64_t startOf(size_t i) const { return i ? ends[i - 1] : 0; }
  size_t pickCut(size_t begin, size_t end) const;
};

} // namespace

Cutter::Cutter(const Facts &facts) : facts(facts) {
  uint64_t total = 0;
  for (uint32_t i = 0; i < facts.program.instances.size(); ++i) {
    const wasm::Module &module = facts.moduleOf(i);
    for (uint32_t k = 0; k < module.functions.size(); ++k) {
      functions.push_back({i, module.numImportedFuncs + k});
      const wasm::Function &function = module.functions[k];
      ends.push_back(total +=
                     isHuge(function) ? maxWeight + 1 : llvm::PowerOf2Ceil(function.body.size()));
    }
  }
}

/// Where to cut [begin, end): before the function that is answered, which is not the first.
size_t Cutter::pickCut(size_t begin, size_t end) const {
  uint64_t from = startOf(begin), weight = ends[end - 1] - from;
  auto indexAt = [&](uint64_t offset) {
    size_t at = llvm::upper_bound(ends, from + offset) - ends.begin();
    return std::clamp(at, begin + 1, end - 1);
  };
  size_t low = indexAt(weight * 3 / 8), high = indexAt(weight * 5 / 8);
  size_t best = low;
  uint64_t leastHash = UINT64_MAX;
  for (size_t i = low; i <= high; ++i) {
    uint64_t hash = llvm::xxh3_64bits(facts.symbolOf(functions[i].instance, functions[i].index));
    if (hash < leastHash) {
      leastHash = hash;
      best = i;
    }
  }
  return best;
}

std::vector<Part> Cutter::cut() {
  std::vector<Part> parts;
  std::vector<std::pair<size_t, size_t>> waiting; // the first of them is the last
  if (!functions.empty())
    waiting.emplace_back(0, functions.size());
  while (!waiting.empty()) {
    auto [begin, end] = waiting.back();
    waiting.pop_back();
    if (end - begin > 1 && ends[end - 1] - startOf(begin) > maxWeight) {
      size_t middle = pickCut(begin, end);
      waiting.emplace_back(middle, end);
      waiting.emplace_back(begin, middle);
      continue;
    }
    FuncPointer first = functions[begin];
    parts.push_back({facts.symbolOf(first.instance, first.index),
                     {functions.begin() + begin, functions.begin() + end},
                     ends[end - 1] - startOf(begin) > maxWeight});
  }
  return parts;
}

std::vector<Part> codegen::partition(const Facts &facts) { return Cutter(facts).cut(); }
