//===- Tables.cpp - Table instructions ------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Table Instructions".
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

static bool isInside(uint64_t at, uint64_t count, uint64_t bound) {
  return at <= bound && count <= bound - at;
}

bool Machine::growTable(Table &table) {
  uint64_t by = pop<uint64_t>(), before = table.size();
  Ref init = pop<Ref>();
  if (by <= store.limits.maxTableElements && !charge(by))
    return false;
  uint64_t result = store.growTable(table, by, init) ? before : uint64_t(-1);
  return table.type.limits.is64 ? push(result) : push(uint32_t(result));
}

bool Machine::initTable(const Instr &instr) {
  llvm::ArrayRef<Ref> segment = instance->elements[instr.index];
  Table &table = *instance->tables[instr.bits];
  uint64_t count = pop<uint64_t>(), from = pop<uint64_t>(), to = pop<uint64_t>();
  if (!isInside(from, count, segment.size()) || !isInside(to, count, table.size()))
    return trap(TrapKind::TableOutOfBounds);
  if (!charge(count))
    return false;
  std::copy_n(segment.begin() + from, count, table.elements().begin() + to);
  return true;
}

bool Machine::copyTable(const Instr &instr) {
  Table &target = *instance->tables[instr.index], &source = *instance->tables[instr.bits];
  uint64_t count = pop<uint64_t>(), from = pop<uint64_t>(), to = pop<uint64_t>();
  if (!isInside(from, count, source.size()) || !isInside(to, count, target.size()))
    return trap(TrapKind::TableOutOfBounds);
  if (!charge(count))
    return false;
  if (count)
    std::memmove(target.elements().begin() + to, source.elements().begin() + from,
                 count * sizeof(Ref));
  return true;
}

bool Machine::fillTable(const Instr &instr) {
  Table &table = *instance->tables[instr.index];
  uint64_t count = pop<uint64_t>();
  Ref ref = pop<Ref>();
  uint64_t to = pop<uint64_t>();
  if (!isInside(to, count, table.size()))
    return trap(TrapKind::TableOutOfBounds);
  if (!charge(count))
    return false;
  std::fill_n(table.elements().begin() + to, count, ref);
  return true;
}

bool Machine::stepTable(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::TableGet: {
    const Table &table = *instance->tables[instr.index];
    uint64_t at = pop<uint64_t>();
    return at < table.size() ? push(table.elements()[at]) : trap(TrapKind::TableOutOfBounds);
  }
  case Opcode::TableSet: {
    const Table &table = *instance->tables[instr.index];
    Ref ref = pop<Ref>();
    uint64_t at = pop<uint64_t>();
    if (at >= table.size())
      return trap(TrapKind::TableOutOfBounds);
    table.elements()[at] = ref;
    return true;
  }
  case Opcode::TableSize:
    return push(instance->tables[instr.index]->size());
  case Opcode::TableGrow:
    return growTable(*instance->tables[instr.index]);
  case Opcode::TableInit:
    return initTable(instr);
  case Opcode::TableCopy:
    return copyTable(instr);
  case Opcode::TableFill:
    return fillTable(instr);
  case Opcode::ElemDrop:
    instance->elements[instr.index].clear();
    return true;
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
