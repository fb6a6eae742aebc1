//===- InitialState.cpp - What of instantiation happens at compile time ---===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Active segments write into memories and tables, in the order of instances and, in an instance,
// element segments before data segments (core specification, "Instantiation"). A segment is applied
// now when nobody can tell: it is in bounds, what it writes into was defined with no code having
// run since, and no earlier segment of the same target waits for run time. Everything else goes
// into the instance's plan.
//
// A table all of whose segments are applied now, and that no code writes, never changes: it is a
// constant, and calls through it at constant indices are direct calls (the shim modules of today's
// toolchains).
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/TargetParser/Triple.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

class Planner {
public:
  explicit Planner(Facts &facts);
  void run();

private:
  Facts &facts;
  uint64_t pageSize;
  std::vector<uint32_t> startsBefore; ///< start functions of instances before this one
  std::vector<bool> memoryWaits;      ///< a segment of it was left for run time
  std::vector<bool> tableWaits;
  std::vector<uint64_t> memoryBytes; ///< bytes of the segments applied so far

  void planInstance(uint32_t index);
  bool isUntouchedSince(uint32_t definedBy, uint32_t now) const;
  bool applyElements(uint32_t index, const wasm::ElementSegment &segment);
  bool applyData(uint32_t index, const wasm::DataSegment &segment);
  bool writeImage(uint32_t memory, uint64_t offset, llvm::ArrayRef<uint8_t> bytes);
};

} // namespace

Planner::Planner(Facts &facts)
    : facts(facts),
      pageSize(llvm::Triple(facts.options.triple).getArch() == llvm::Triple::x86_64 ? 4096 : 65536),
      memoryWaits(facts.memories.size()), tableWaits(facts.tables.size()),
      memoryBytes(facts.memories.size()) {}

void Planner::run() {
  uint32_t starts = 0;
  for (const CoreInstance &inst : facts.program.instances) {
    startsBefore.push_back(starts);
    starts += inst.module->start.has_value();
  }
  facts.plans.resize(facts.program.instances.size());
  for (uint32_t i = 0; i < facts.plans.size(); ++i)
    planInstance(i);
}

/// Whether no code ran between the definition of something by instance `definedBy` and the segments
/// of instance `now`. In a script anything may run between two instantiations.
bool Planner::isUntouchedSince(uint32_t definedBy, uint32_t now) const {
  if (!facts.program.instantiateAtStart || facts.options.world == World::Instanced)
    return definedBy == now;
  return startsBefore[definedBy] == startsBefore[now];
}

void Planner::planInstance(uint32_t index) {
  const wasm::Module &module = facts.moduleOf(index);
  const CoreInstance &inst = facts.instance(index);
  InstantiationPlan &plan = facts.plans[index];
  // Behind a segment that may trap nothing is applied.
  bool mayTrap = false;
  for (uint32_t i = 0; i < module.elements.size(); ++i) {
    const wasm::ElementSegment &segment = module.elements[i];
    if (segment.mode != wasm::SegmentMode::Active)
      continue;
    if (!mayTrap && applyElements(index, segment))
      continue;
    plan.elements.push_back(i);
    uint32_t table = inst.tables[segment.table];
    tableWaits[table] = mayTrap = true;
    facts.tables[table].isWritten = true;
  }
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    const wasm::DataSegment &segment = module.datas[i];
    if (segment.mode != wasm::SegmentMode::Active)
      continue;
    if (!mayTrap && applyData(index, segment))
      continue;
    plan.datas.push_back(i);
    memoryWaits[inst.memories[segment.memory]] = true;
    mayTrap = true;
  }
  plan.start = module.start;
}

bool Planner::applyElements(uint32_t index, const wasm::ElementSegment &segment) {
  uint32_t table = facts.instance(index).tables[segment.table];
  TableFacts &target = facts.tables[table];
  if (tableWaits[table] || !isUntouchedSince(facts.program.tables[table].instance, index))
    return false;
  uint64_t offset = facts.evaluate(index, segment.offset).bits;
  uint64_t size = target.type.limits.min;
  if (offset > size || segment.size() > size - offset)
    return false;
  if (target.elements.empty())
    target.elements.assign(size, {target.type.element, 0, {}});
  for (size_t i = 0; i < segment.size(); ++i)
    target.elements[offset + i] = facts.elementOf(index, segment, i);
  return true;
}

bool Planner::applyData(uint32_t index, const wasm::DataSegment &segment) {
  uint32_t memory = facts.instance(index).memories[segment.memory];
  // An image lies at a constant address.
  if (!facts.memories[memory].address || memoryWaits[memory] ||
      !isUntouchedSince(facts.program.memories[memory].instance, index))
    return false;
  uint64_t offset = facts.evaluate(index, segment.offset).bits;
  uint64_t size = facts.memories[memory].minBytes;
  if (offset > size || segment.bytes.size() > size - offset)
    return false;
  return segment.bytes.empty() || writeImage(memory, offset, segment.bytes);
}

/// False if the image would consist of holes mostly: two bytes far apart are better copied.
bool Planner::writeImage(uint32_t memory, uint64_t offset, llvm::ArrayRef<uint8_t> bytes) {
  MemoryImage &image = facts.memories[memory].image;
  uint64_t begin = llvm::alignDown(offset, pageSize);
  uint64_t end = llvm::alignTo(offset + bytes.size(), pageSize);
  if (!image.bytes.empty()) {
    begin = std::min(begin, image.begin);
    end = std::max<uint64_t>(end, image.begin + image.bytes.size());
  }
  if (end - begin > 4 * (memoryBytes[memory] + bytes.size()) + (1 << 20))
    return false;
  memoryBytes[memory] += bytes.size();
  if (image.bytes.empty())
    image.begin = begin;
  image.bytes.insert(image.bytes.begin(), image.begin - begin, 0);
  image.begin = begin;
  image.bytes.resize(end - begin);
  llvm::copy(bytes, image.bytes.begin() + (offset - begin));
  return true;
}

void codegen::planInstantiation(Facts &facts) { Planner(facts).run(); }
