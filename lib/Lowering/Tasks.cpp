//===- Tasks.cpp - Calls of functions lifted with async -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The asynchronous paths of `canon_lift` (CanonicalABI.md#canon-lift), where a task runs from its
// call to its end. Its results do not come back from the call: the callee gives them to task.return
// while it runs. So an adapter is two functions: one calls, the other, the deliverer, carries the
// results to the caller, and the record of the task says where to.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "tenon-abi/state.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Context
//===----------------------------------------------------------------------===//

static Value contextSlot(Emitter &e, Value self, unsigned slot) {
  return e.offset(self, offsetof(tenon_self, context) + slot * sizeof(uint64_t));
}

Values lowering::saveContext(Emitter &e, Value self) {
  Values saved;
  for (unsigned slot = 0; slot < 2; ++slot) {
    saved.push_back(e.load(e.intType(64), contextSlot(e, self, slot), 8));
    e.store(e.i64(0), contextSlot(e, self, slot), 8);
  }
  return saved;
}

void lowering::restoreContext(Emitter &e, Value self, ValueRange saved) {
  for (auto [slot, value] : llvm::enumerate(saved))
    e.store(value, contextSlot(e, self, slot), 8);
}

Values AdapterBuilder::saveContext(const Side &side) {
  return side.usesContext ? lowering::saveContext(e, selfAddress(side.self)) : Values();
}

void AdapterBuilder::restoreContext(const Side &side, ValueRange saved) {
  if (!saved.empty())
    lowering::restoreContext(e, selfAddress(side.self), saved);
}

/// Calls something that is a task of its own.
Values AdapterBuilder::callWithContext(const Side &side, LLVM::LLVMFuncOp callee,
                                       ValueRange arguments) {
  Values context = saveContext(side);
  Values results = e.call(callee, arguments);
  restoreContext(side, context);
  return results;
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

void AdapterBuilder::beginCall() {
  uint32_t flags = 0;
  if (spec.isAsyncType)
    flags |= tenon_call_async_type;
  if (spec.isAsyncType && spec.callee.async != abi::Async::Yes)
    flags |= tenon_call_exclusive;
  if (spec.caller.isNative())
    flags |= tenon_call_from_outside;
  if (spec.caller.async != abi::Async::No)
    flags |= tenon_call_caller_goes_on;
  if (task)
    flags |= tenon_call_has_borrows;
  callRecord = e.stackSlot(sizeof(tenon_call), alignof(tenon_call));
  e.runtime("tenon_call_begin",
            {callRecord, selfAddress(spec.callee.self), e.i32(flags), e.i32(spec.signature)});
  if (!spec.signature)
    return;
  e.store(e.i32(spec.delivererNumber), e.offset(callRecord, offsetof(tenon_call, deliverer)), 4);
  if (spec.results.empty())
    return;
  Value results;
  if (callerSignature(spec).resultsInMemory) {
    Value pointer = e.arguments().back();
    results = spec.caller.isNative() ? e.ptrToInt(pointer) : e.toWidth(pointer, 64);
  } else {
    delivered = e.stackSlot(8, 8);
    results = e.ptrToInt(delivered);
  }
  e.store(results, e.offset(callRecord, offsetof(tenon_call, results)), 8);
}

void AdapterBuilder::endCall() { e.runtime("tenon_call_end", callRecord); }

/// Calls the callback with one event after the other, until the task is over.
void AdapterBuilder::runCallbacks(Value packed) {
  constexpr uint32_t codeMask = 15; // the code EXIT is 0
  auto goesOn = [&](Value value) { return e.isNonZero(e.bitAnd(value, e.i32(codeMask))); };
  e.whileLoop(packed, goesOn, [&](Value value) {
    Value code = e.runtime("tenon_call_continue", {callRecord, value});
    Values event = {code};
    for (unsigned i = 0; i < 2; ++i)
      event.push_back(
          e.load(e.intType(32), e.offset(callRecord, offsetof(tenon_call, event) + 4 * i), 4));
    return e.call(spec.callback, event).front();
  });
}

/// What the deliverer left; the call's end traps if nothing was.
Values AdapterBuilder::takeDelivered() {
  if (!delivered)
    return {};
  abi::FlatSignature signature = callerSignature(spec);
  return {e.load(coreTypes(signature.results).front(), delivered, 8)};
}

//===----------------------------------------------------------------------===//
// The results
//===----------------------------------------------------------------------===//

abi::FlatSignature lowering::returnSignature(ArrayRef<abi::Type> results, abi::PtrKind ptr) {
  return abi::flattenFunctype(results, {}, ptr, abi::Context::Lower);
}

void AdapterBuilder::buildDeliverer() {
  if (!spec.results.empty()) {
    const abi::Type &type = spec.results.front();
    Values incoming(e.arguments());
    ArrayRef<Value> flat = ArrayRef(incoming).drop_front();
    bool isPointer = returnSignature(spec.results, spec.callee.ptr).paramsInMemory;
    Source source =
        isPointer ? Source{spec.callee, nullptr, checkedPointer(spec.callee, flat.front(), type)}
                  : Source{spec.callee, &flat, {}};
    Value results =
        e.load(e.intType(64), e.offset(incoming.front(), offsetof(tenon_call, results)), 8);
    Values out;
    bool inMemory = callerSignature(spec).resultsInMemory;
    Dest dest = !inMemory ? Dest{spec.caller, &out, {}}
                : spec.caller.isNative()
                    ? Dest{spec.caller, nullptr, {e.intToPtr(results), 0}}
                    : Dest{spec.caller, nullptr, checkedPointer(spec.caller, results, type)};
    carry(type, source, dest);
    if (!inMemory)
      e.store(out.front(), e.intToPtr(results), 8);
  }
  if (arenaMark && !spec.caller.isNative())
    e.runtime("tenon_arena_release", arenaMark);
  e.ret({});
}
