//===- Machine.cpp - What executes code -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

Machine::Machine(Store &store)
    : store(store), stack(new Value[store.limits.maxStackValues + 1]),
      stackEnd(stack.get() + store.limits.maxStackValues), sp(stack.get()) {
  halt.instrs.emplace_back();
  store.machines.push_back(this);
}

void Machine::reset() {
  frames.clear();
  state = Running;
  trapKind = TrapKind::None;
  thrown = 0;
  code = &halt;
  pc = halt.instrs.data();
  locals = sp = stack.get();
  instance = nullptr;
}

void Machine::start(Function &function, llvm::ArrayRef<Value> args) {
  assert(args.size() == function.type().params.size() && "as many arguments as parameters");
  reset();
  halt.numResults = function.type().results.size();
  if (args.size() + halt.numResults > store.limits.maxStackValues) {
    trap(TrapKind::StackExhausted);
    return;
  }
  for (const Value &arg : args)
    *sp++ = arg;
  call(function);
}

void Machine::start(const Code &constant, Instance &owner) {
  reset();
  halt.numResults = 1;
  frames.push_back({code, pc, locals, instance});
  code = &constant;
  pc = constant.instrs.data();
  instance = &owner;
}

Outcome Machine::takeOutcome() {
  Outcome outcome;
  switch (state) {
  case Finished:
    outcome.results.append(sp - halt.numResults, sp);
    return outcome;
  case Threw:
    outcome.kind = Outcome::Threw;
    outcome.exception = &store.exceptionOf(thrown);
    return outcome;
  case Trapped:
    return Outcome::trapped(trapKind);
  case Running:
  case Blocked:
    break;
  }
  llvm_unreachable("only what has ended has an outcome");
}

bool Machine::charge(uint64_t count) {
  uint64_t cost = count / 16;
  if (cost > store.fuel) {
    store.fuel = 0;
    return trap(TrapKind::OutOfFuel);
  }
  store.fuel -= cost;
  return true;
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

Machine::State Machine::run(uint64_t turn) {
  for (; state == Running && turn != 0; --turn) {
    if (store.fuel == 0) {
      trap(TrapKind::OutOfFuel);
      break;
    }
    --store.fuel;
    const Instr &instr = *pc++;
    dispatch(instr);
  }
  return state;
}

inline bool Machine::dispatch(const Instr &instr) {
  switch (instr.family) {
  case Family::Variable:
    return stepVariable(instr);
  case Family::Integer:
    return stepInteger(instr);
  case Family::Float:
    return stepFloat(instr);
  case Family::Control:
    return stepControl(instr);
  case Family::Exception:
    return stepException(instr);
  case Family::Memory:
    return stepMemory(instr);
  case Family::Bulk:
    return stepBulk(instr);
  case Family::Table:
    return stepTable(instr);
  case Family::Vector:
    return stepVector(instr);
  case Family::VectorMemory:
    return stepVectorMemory(instr);
  case Family::Atomic:
    return stepAtomic(instr);
  case Family::Halt:
    state = Finished;
    return false;
  }
  llvm_unreachable("every family is above");
}

bool Machine::stepVariable(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::LocalGet:
    *sp++ = locals[instr.index];
    return true;
  case Opcode::LocalSet:
    locals[instr.index] = *--sp;
    return true;
  case Opcode::LocalTee:
    locals[instr.index] = sp[-1];
    return true;
  case Opcode::GlobalGet:
    *sp++ = instance->globals[instr.index]->value;
    return true;
  case Opcode::GlobalSet:
    instance->globals[instr.index]->value = *--sp;
    return true;
  case Opcode::I32Const:
  case Opcode::I64Const:
  case Opcode::F32Const:
  case Opcode::F64Const:
    return push(instr.bits);
  case Opcode::V128Const:
    *sp++ = code->vectors[instr.index];
    return true;
  case Opcode::Drop:
    --sp;
    return true;
  case Opcode::Select:
  case Opcode::SelectTyped: {
    bool first = pop<uint32_t>() != 0;
    --sp;
    if (!first)
      sp[-1] = sp[0];
    return true;
  }
  case Opcode::RefNull:
    return push(Ref(0));
  case Opcode::RefIsNull:
    return unary<Ref>([](Ref ref) { return ref == 0; });
  case Opcode::RefFunc:
    return push(instance->functions[instr.index]->ref);
  case Opcode::RefAsNonNull:
    return sp[-1].as<Ref>() != 0 || trap(TrapKind::NullReference);
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
