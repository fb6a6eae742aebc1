//===- Memory.cpp - Memory instructions -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Memory Instructions". An access is checked as a
// whole before a byte of it is read or written. Addresses of 32-bit memories were popped as zeros
// and 32 bits, so both widths are the same here.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// Whether `size` elements from `at` on are among the first `bound`.
static bool isInside(uint64_t at, uint64_t size, uint64_t bound) {
  return at <= bound && size <= bound - at;
}

uint8_t *Machine::access(const Instr &instr, const Value &address, uint64_t size) {
  const Memory &memory = *instance->memories[instr.index];
  uint64_t base = address.as<uint64_t>(), at = base + instr.bits;
  if (at >= base && isInside(at, size, memory.bytes.size()))
    return memory.bytes.data() + at;
  trap(TrapKind::MemoryOutOfBounds);
  return nullptr;
}

template <typename Stored, typename Result> bool Machine::load(const Instr &instr) {
  const uint8_t *from = access(instr, sp[-1], sizeof(Stored));
  if (!from)
    return false;
  Stored number;
  std::memcpy(&number, from, sizeof number);
  sp[-1] = Value::of(Result(number));
  return true;
}

template <typename Stored> bool Machine::storeNumber(const Instr &instr) {
  sp -= 2;
  uint8_t *to = access(instr, sp[0], sizeof(Stored));
  if (to)
    std::memcpy(to, sp[1].bytes.data(), sizeof(Stored));
  return to != nullptr;
}

bool Machine::stepMemory(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::I32Load:
  case Opcode::F32Load:
    return load<uint32_t, uint32_t>(instr);
  case Opcode::I64Load:
  case Opcode::F64Load:
    return load<uint64_t, uint64_t>(instr);
  case Opcode::I32Load8S:
    return load<int8_t, int32_t>(instr);
  case Opcode::I32Load8U:
    return load<uint8_t, uint32_t>(instr);
  case Opcode::I32Load16S:
    return load<int16_t, int32_t>(instr);
  case Opcode::I32Load16U:
    return load<uint16_t, uint32_t>(instr);
  case Opcode::I64Load8S:
    return load<int8_t, int64_t>(instr);
  case Opcode::I64Load8U:
    return load<uint8_t, uint64_t>(instr);
  case Opcode::I64Load16S:
    return load<int16_t, int64_t>(instr);
  case Opcode::I64Load16U:
    return load<uint16_t, uint64_t>(instr);
  case Opcode::I64Load32S:
    return load<int32_t, int64_t>(instr);
  case Opcode::I64Load32U:
    return load<uint32_t, uint64_t>(instr);
  case Opcode::I32Store8:
  case Opcode::I64Store8:
    return storeNumber<uint8_t>(instr);
  case Opcode::I32Store16:
  case Opcode::I64Store16:
    return storeNumber<uint16_t>(instr);
  case Opcode::I32Store:
  case Opcode::F32Store:
  case Opcode::I64Store32:
    return storeNumber<uint32_t>(instr);
  case Opcode::I64Store:
  case Opcode::F64Store:
    return storeNumber<uint64_t>(instr);
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}

//===----------------------------------------------------------------------===//
// Many bytes
//===----------------------------------------------------------------------===//

bool Machine::growMemory(Memory &memory) {
  uint64_t before = memory.pages();
  uint64_t result = store.growMemory(memory, pop<uint64_t>()) ? before : uint64_t(-1);
  return memory.type.limits.is64 ? push(result) : push(uint32_t(result));
}

bool Machine::initMemory(const Instr &instr) {
  llvm::ArrayRef<uint8_t> data = instance->datas[instr.index];
  Memory &memory = *instance->memories[instr.bits];
  uint64_t count = pop<uint64_t>(), from = pop<uint64_t>(), to = pop<uint64_t>();
  if (!isInside(from, count, data.size()) || !isInside(to, count, memory.bytes.size()))
    return trap(TrapKind::MemoryOutOfBounds);
  if (!charge(count))
    return false;
  if (count)
    std::memcpy(memory.bytes.data() + to, data.data() + from, count);
  return true;
}

bool Machine::copyMemory(const Instr &instr) {
  Memory &target = *instance->memories[instr.index], &source = *instance->memories[instr.bits];
  uint64_t count = pop<uint64_t>(), from = pop<uint64_t>(), to = pop<uint64_t>();
  if (!isInside(from, count, source.bytes.size()) || !isInside(to, count, target.bytes.size()))
    return trap(TrapKind::MemoryOutOfBounds);
  if (!charge(count))
    return false;
  if (count)
    std::memmove(target.bytes.data() + to, source.bytes.data() + from, count);
  return true;
}

bool Machine::fillMemory(const Instr &instr) {
  Memory &memory = *instance->memories[instr.index];
  uint64_t count = pop<uint64_t>();
  uint8_t byte = pop<uint8_t>();
  uint64_t to = pop<uint64_t>();
  if (!isInside(to, count, memory.bytes.size()))
    return trap(TrapKind::MemoryOutOfBounds);
  if (!charge(count))
    return false;
  if (count)
    std::memset(memory.bytes.data() + to, byte, count);
  return true;
}

bool Machine::stepBulk(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::MemorySize:
    return push(instance->memories[instr.index]->pages());
  case Opcode::MemoryGrow:
    return growMemory(*instance->memories[instr.index]);
  case Opcode::MemoryInit:
    return initMemory(instr);
  case Opcode::MemoryCopy:
    return copyMemory(instr);
  case Opcode::MemoryFill:
    return fillMemory(instr);
  case Opcode::DataDrop:
    instance->datas[instr.index] = {};
    return true;
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
