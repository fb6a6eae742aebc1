//===- Control.cpp - Branches and calls -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Control Instructions". The arguments of a call
// are the callee's first locals where they stand; its results take their place.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Makes `callee` the running function; its arguments stand at `newLocals`.
bool Machine::enter(Function &callee, Value *newLocals) {
  if (!callee.code)
    callee.code = decodeBody(*callee.module, callee.module->definedFunc(callee.index));
  const Code &body = *callee.code;
  if (size_t(stackEnd - newLocals) < body.frameSize())
    return trap(TrapKind::StackExhausted);
  uint32_t numOwn = body.numLocals - body.numParams;
  if (!charge(numOwn))
    return false;
  locals = newLocals;
  std::fill_n(locals + body.numParams, numOwn, Value{});
  sp = locals + body.numLocals;
  code = &body;
  pc = body.instrs.data();
  instance = callee.instance;
  return true;
}

bool Machine::call(Function &callee) {
  if (!callee.instance)
    return callHost(callee);
  if (frames.size() >= store.limits.maxCallDepth)
    return trap(TrapKind::StackExhausted);
  frames.push_back({code, pc, locals, instance});
  return enter(callee, sp - callee.type().params.size());
}

bool Machine::callHost(Function &callee) {
  const wasm::FuncType &type = callee.type();
  llvm::SmallVector<Value, 4> results(type.results.size(), Value{});
  llvm::ArrayRef<Value> args(sp - type.params.size(), type.params.size());
  if (TrapKind kind = callee.host(args, results); kind != TrapKind::None)
    return trap(kind);
  sp -= args.size();
  if (size_t(stackEnd - sp) < results.size())
    return trap(TrapKind::StackExhausted);
  sp = std::copy(results.begin(), results.end(), sp);
  return true;
}

/// The callee takes the place of the running function.
bool Machine::tailCall(Function &callee) {
  size_t numArgs = callee.type().params.size();
  std::copy(sp - numArgs, sp, locals);
  if (callee.instance)
    return enter(callee, locals);
  sp = locals + numArgs;
  if (!callHost(callee))
    return false;
  leaveFrame();
  return true;
}

void Machine::leaveFrame() {
  const Frame &caller = frames.back();
  code = caller.code;
  pc = caller.pc;
  locals = caller.locals;
  instance = caller.instance;
  frames.pop_back();
}

bool Machine::returnToCaller() {
  sp = std::copy(sp - code->numResults, sp, locals);
  leaveFrame();
  return true;
}

Function *Machine::popReference() {
  Ref ref = pop<Ref>();
  if (ref != 0)
    return &store.functionOf(ref);
  trap(TrapKind::NullFunctionReference);
  return nullptr;
}

Function *Machine::popIndirect(const Instr &instr) {
  const Table &table = *instance->tables[instr.bits];
  uint64_t index = pop<uint64_t>();
  Ref ref = index < table.size() ? table.elements()[index] : 0;
  if (ref == 0) {
    trap(index < table.size() ? TrapKind::UninitializedElement : TrapKind::UndefinedElement);
    return nullptr;
  }
  Function &callee = store.functionOf(ref);
  if (callee.typeId == instance->typeIds[instr.index] ||
      wasm::matchesDefined(*callee.module, callee.typeIndex, *instance->module, instr.index))
    return &callee;
  trap(TrapKind::IndirectCallTypeMismatch);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

bool Machine::takeBranch(uint32_t number) {
  const Branch &branch = code->branches[number];
  Value *to = locals + code->numLocals + branch.height;
  sp = std::copy(sp - branch.keep, sp, to);
  pc = code->instrs.data() + branch.target;
  return true;
}

bool Machine::stepControl(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::Unreachable:
    return trap(TrapKind::Unreachable);
  case Opcode::If:
    if (pop<uint32_t>() == 0)
      pc = code->instrs.data() + code->branches[instr.index].target;
    return true;
  case Opcode::Else:
    pc = code->instrs.data() + code->branches[instr.index].target;
    return true;
  case Opcode::Br:
    return takeBranch(instr.index);
  case Opcode::BrIf:
    return pop<uint32_t>() == 0 || takeBranch(instr.index);
  case Opcode::BrTable:
    return takeBranch(instr.index + uint32_t(std::min<uint64_t>(pop<uint32_t>(), instr.bits)));
  case Opcode::BrOnNull:
    if (sp[-1].as<Ref>() != 0)
      return true;
    --sp;
    return takeBranch(instr.index);
  case Opcode::BrOnNonNull:
    if (sp[-1].as<Ref>() != 0)
      return takeBranch(instr.index);
    --sp;
    return true;
  case Opcode::Return:
    return returnToCaller();
  case Opcode::Call:
    return call(*instance->functions[instr.index]);
  case Opcode::ReturnCall:
    return tailCall(*instance->functions[instr.index]);
  case Opcode::CallIndirect: {
    Function *callee = popIndirect(instr);
    return callee && call(*callee);
  }
  case Opcode::ReturnCallIndirect: {
    Function *callee = popIndirect(instr);
    return callee && tailCall(*callee);
  }
  case Opcode::CallRef: {
    Function *callee = popReference();
    return callee && call(*callee);
  }
  case Opcode::ReturnCallRef: {
    Function *callee = popReference();
    return callee && tailCall(*callee);
  }
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}
