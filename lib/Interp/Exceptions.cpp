//===- Exceptions.cpp - Throwing ------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Execution / Instructions / Control Instructions": throw, throw_ref; and the
// legacy proposal's rethrow. Frames are left until one has a clause that takes the exception.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Opcode;

bool Machine::stepException(const Instr &instr) {
  switch (instr.opcode) {
  case Opcode::Throw: {
    const Tag *tag = instance->tags[instr.index];
    size_t count = tag->type().params.size();
    Ref exception = store.addException(tag, {sp - count, count});
    if (exception == 0)
      return trap(TrapKind::HostExhausted);
    return raise(exception);
  }
  case Opcode::ThrowRef: {
    Ref exception = pop<Ref>();
    return exception != 0 ? raise(exception) : trap(TrapKind::NullReference);
  }
  case Opcode::Rethrow:
    return raise(locals[instr.index].as<Ref>());
  default:
    llvm_unreachable("every instruction of the family is above");
  }
}

/// The clause that takes an exception thrown by the instruction before `pc`.
const Clause *Machine::findClause(const Exception &exception) const {
  uint32_t at = uint32_t(pc - code->instrs.data()) - 1;
  for (uint32_t number = code->handlerAt(at); number != none;
       number = code->handlers[number].parent)
    for (const Clause &clause : code->handlers[number].clauses)
      if (clause.kind == wasm::Catch::All || clause.kind == wasm::Catch::AllRef ||
          instance->tags[clause.tag] == exception.tag)
        return &clause;
  return nullptr;
}

bool Machine::raise(Ref ref) {
  const Exception &exception = store.exceptionOf(ref);
  for (; !frames.empty(); leaveFrame())
    if (const Clause *clause = findClause(exception))
      return handle(*clause, ref);
  thrown = ref;
  state = Threw;
  return false;
}

bool Machine::handle(const Clause &clause, Ref ref) {
  const Branch &branch = code->branches[clause.branch];
  sp = locals + code->numLocals + branch.height;
  if (clause.kind == wasm::Catch::One || clause.kind == wasm::Catch::OneRef) {
    const Exception &exception = store.exceptionOf(ref);
    sp = std::copy(exception.payload.begin(), exception.payload.end(), sp);
  }
  if (clause.kind == wasm::Catch::OneRef || clause.kind == wasm::Catch::AllRef)
    push(ref);
  if (clause.savedTo != none)
    locals[clause.savedTo] = Value::of(ref);
  pc = code->instrs.data() + branch.target;
  return true;
}
