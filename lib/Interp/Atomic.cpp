//===- Atomic.cpp - Atomic instructions -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// threads proposal, "Instructions". Threads take turns between instructions, so every access is
// atomic. What blocks is put on the store's list of waiters; the machine stops and is resumed when
// it was notified, or when whoever runs the threads says that its time is up.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

/// Like access, for an address that must be a multiple of the size.
uint8_t *Machine::accessAligned(const Instr &instr, const Value &address, uint64_t size) {
  if ((address.as<uint64_t>() + instr.bits) % size == 0)
    return access(instr, address, size);
  trap(TrapKind::UnalignedAtomic);
  return nullptr;
}

template <typename Stored, typename Result> bool Machine::atomicLoad(const Instr &instr) {
  const uint8_t *from = accessAligned(instr, sp[-1], sizeof(Stored));
  return from && unary<uint64_t>([&](uint64_t) {
           Stored number;
           std::memcpy(&number, from, sizeof number);
           return Result(number);
         });
}

template <typename Stored> bool Machine::atomicStore(const Instr &instr) {
  sp -= 2;
  uint8_t *to = accessAligned(instr, sp[0], sizeof(Stored));
  if (to)
    std::memcpy(to, sp[1].bytes.data(), sizeof(Stored));
  return to != nullptr;
}

/// Replaces what is in memory by `operation(old, operand)` and gives the old number.
template <typename Stored, typename Result, typename F>
bool Machine::modify(const Instr &instr, F operation) {
  Stored operand = Stored(pop<uint64_t>());
  uint8_t *at = accessAligned(instr, sp[-1], sizeof(Stored));
  if (!at)
    return false;
  Stored old;
  std::memcpy(&old, at, sizeof old);
  Stored changed = Stored(operation(old, operand));
  std::memcpy(at, &changed, sizeof changed);
  sp[-1] = Value::of(Result(old));
  return true;
}

/// The expected number is wrapped to what is stored (threads proposal, "Compare Exchange").
template <typename Stored, typename Result> bool Machine::compareExchange(const Instr &instr) {
  Stored replacement = Stored(pop<uint64_t>());
  Stored expected = Stored(pop<Result>());
  sp += 1; // modify pops an operand; it has what it needs
  return modify<Stored, Result>(
      instr, [&](Stored old, Stored) { return old == expected ? replacement : old; });
}

//===----------------------------------------------------------------------===//
// Wait and notify
//===----------------------------------------------------------------------===//

/// 0: notified, 1: not the expected number, 2: timed out.
template <typename T> bool Machine::wait(const Instr &instr) {
  int64_t nanoseconds = pop<int64_t>();
  T expected = pop<T>();
  const uint8_t *at = accessAligned(instr, sp[-1], sizeof(T));
  if (!at)
    return false;
  const Memory *memory = instance->memories[instr.index];
  if (!memory->type.limits.shared)
    return trap(TrapKind::UnsharedWait);
  uint64_t address = pop<uint64_t>() + instr.bits;
  T number;
  std::memcpy(&number, at, sizeof number);
  if (number != expected)
    return push(uint32_t(1));
  timeout.reset();
  if (nanoseconds >= 0)
    timeout = nanoseconds;
  store.waiters.push_back({memory, address, this});
  state = Blocked;
  return false;
}

bool Machine::notify(const Instr &instr) {
  uint32_t count = pop<uint32_t>(), woken = 0;
  if (!accessAligned(instr, sp[-1], 4))
    return false;
  const Memory *memory = instance->memories[instr.index];
  uint64_t address = pop<uint64_t>() + instr.bits;
  while (woken < count) {
    auto waiter = llvm::find_if(store.waiters, [&](const Store::Waiter &one) {
      return one.memory == memory && one.address == address;
    });
    if (waiter == store.waiters.end())
      break;
    waiter->machine->resume(0); // takes it off the list
    ++woken;
  }
  return push(woken);
}

void Machine::stopWaiting() {
  assert(state == Blocked && "only what waits stops waiting");
  llvm::erase_if(store.waiters, [&](const Store::Waiter &one) { return one.machine == this; });
}

void Machine::resume(uint32_t result) {
  stopWaiting();
  state = Running;
  push(result);
}

void Machine::abandon() {
  stopWaiting();
  trap(TrapKind::Deadlock);
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

bool Machine::stepAtomic(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::MemoryAtomicNotify:
    return notify(instr);
  case Opcode::MemoryAtomicWait32:
    return wait<uint32_t>(instr);
  case Opcode::MemoryAtomicWait64:
    return wait<uint64_t>(instr);
  case Opcode::AtomicFence:
    return true;
    // For each width: an instruction's name is its first word, what is done, and its last word.
#define ACCESS(First, Last, Stored, Result)                                                        \
  case Opcode::First##Load##Last:                                                                  \
    return atomicLoad<Stored, Result>(instr);
#define STORE(Name, Stored)                                                                        \
  case Opcode::Name:                                                                               \
    return atomicStore<Stored>(instr);
    ACCESS(I32Atomic, , uint32_t, uint32_t)
    ACCESS(I64Atomic, , uint64_t, uint64_t)
    ACCESS(I32Atomic, 8U, uint8_t, uint32_t)
    ACCESS(I32Atomic, 16U, uint16_t, uint32_t)
    ACCESS(I64Atomic, 8U, uint8_t, uint64_t)
    ACCESS(I64Atomic, 16U, uint16_t, uint64_t)
    ACCESS(I64Atomic, 32U, uint32_t, uint64_t)
    STORE(I32AtomicStore, uint32_t)
    STORE(I64AtomicStore, uint64_t)
    STORE(I32AtomicStore8, uint8_t)
    STORE(I32AtomicStore16, uint16_t)
    STORE(I64AtomicStore8, uint8_t)
    STORE(I64AtomicStore16, uint16_t)
    STORE(I64AtomicStore32, uint32_t)
#undef ACCESS
#undef STORE
  default:
    return stepAtomicUpdate(instr);
  }
}

bool Machine::stepAtomicUpdate(const Instr &instr) {
  switch (instr.opcode) {
#define MODIFY(First, Last, Stored, Result)                                                        \
  case Opcode::First##Add##Last:                                                                   \
    return modify<Stored, Result>(instr, [](Stored a, Stored b) { return a + b; });                \
  case Opcode::First##Sub##Last:                                                                   \
    return modify<Stored, Result>(instr, [](Stored a, Stored b) { return a - b; });                \
  case Opcode::First##And##Last:                                                                   \
    return modify<Stored, Result>(instr, [](Stored a, Stored b) { return a & b; });                \
  case Opcode::First##Or##Last:                                                                    \
    return modify<Stored, Result>(instr, [](Stored a, Stored b) { return a | b; });                \
  case Opcode::First##Xor##Last:                                                                   \
    return modify<Stored, Result>(instr, [](Stored a, Stored b) { return a ^ b; });                \
  case Opcode::First##Xchg##Last:                                                                  \
    return modify<Stored, Result>(instr, [](Stored, Stored b) { return b; });                      \
  case Opcode::First##Cmpxchg##Last:                                                               \
    return compareExchange<Stored, Result>(instr);
    MODIFY(I32AtomicRmw, , uint32_t, uint32_t)
    MODIFY(I64AtomicRmw, , uint64_t, uint64_t)
    MODIFY(I32AtomicRmw8, U, uint8_t, uint32_t)
    MODIFY(I32AtomicRmw16, U, uint16_t, uint32_t)
    MODIFY(I64AtomicRmw8, U, uint8_t, uint64_t)
    MODIFY(I64AtomicRmw16, U, uint16_t, uint64_t)
    MODIFY(I64AtomicRmw32, U, uint32_t, uint64_t)
#undef MODIFY
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
