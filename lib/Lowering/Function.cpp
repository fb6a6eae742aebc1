//===- Function.cpp - canon lift and canon lower around a call ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The synchronous paths of `canon_lower` and `canon_lift`, one inside the other: may the caller
// leave, may the callee be entered, arguments over, call, borrows gone, results back, post-return,
// leave, un-lend.
//
// Flags are set and read only where the specification's rules let somebody notice (Reentrance.h).
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "tenon-abi/state.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::build() {
  checkMayLeave();
  enter();
  Values context = saveContext(spec.callee);
  if (needsTask())
    enterTask();
  if (spec.tracksTask)
    beginCall();

  abi::FlatSignature callee = calleeSignature(spec);
  Values args = carryParams(callee);
  Value returnArea;
  if (spec.callee.isNative() && callee.resultsInMemory) {
    abi::Type record = abi::Type::record({spec.results.begin(), spec.results.end()});
    returnArea = e.stackSlot(abi::elemSize(record, spec.callee.ptr), 8);
    args.push_back(returnArea);
  }
  Values flatResults = e.call(spec.target, args);
  if (spec.callee.async == abi::Async::Callback)
    runCallbacks(flatResults.front());
  if (task)
    exitTask();
  Values results;
  if (spec.callee.async != abi::Async::No) {
    results = takeDelivered();
  } else {
    results = carryResults(callee, flatResults, returnArea);
    callPostReturn(flatResults);
  }
  if (spec.tracksTask)
    endCall();
  restoreContext(spec.callee, context);
  leave();
  unlend();
  if (arenaMark && !spec.caller.isNative())
    e.runtime("tenon_arena_release", arenaMark);
  constexpr uint32_t returned = 2; // Subtask.State.RETURNED
  if (spec.caller.async != abi::Async::No)
    results.assign(1, e.i32(returned));
  e.ret(results);
}

abi::FlatSignature lowering::callerSignature(const AdapterSpec &spec) {
  return abi::flattenFunctype(spec.params, spec.results, spec.caller.ptr, abi::Context::Lower,
                              spec.caller.async);
}

abi::FlatSignature lowering::calleeSignature(const AdapterSpec &spec) {
  return abi::flattenFunctype(spec.params, spec.results, spec.callee.ptr,
                              spec.callee.isNative() ? abi::Context::Lower : abi::Context::Lift,
                              spec.callee.async);
}

//===----------------------------------------------------------------------===//
// Flags of instances
//===----------------------------------------------------------------------===//

Value AdapterBuilder::loadFlag(FlatSymbolRefAttr self, uint64_t offset) {
  return e.load(e.intType(8), e.offset(selfAddress(self), offset), 1);
}

void AdapterBuilder::setFlag(FlatSymbolRefAttr self, uint64_t offset, bool value) {
  e.store(e.constant(e.intType(8), value), e.offset(selfAddress(self), offset), 1);
}

void AdapterBuilder::checkMayLeave() {
  if (spec.caller.isNative() || !spec.caller.mayLeaveMatters)
    return;
  Value flag = loadFlag(spec.caller.self, offsetof(tenon_self, cannot_leave));
  e.trapIf(e.isNonZero(flag), Trap::CannotLeave);
}

void AdapterBuilder::enter() {
  if (spec.cannotEnter)
    e.trap(Trap::CannotEnter);
  for (const Entered &instance : spec.entered)
    if (instance.check)
      e.trapIf(e.isNonZero(loadFlag(instance.self, offsetof(tenon_self, cannot_enter))),
               Trap::CannotEnter);
  for (const Entered &instance : spec.entered)
    setFlag(instance.self, offsetof(tenon_self, cannot_enter), true);
}

void AdapterBuilder::leave() {
  for (const Entered &instance : spec.entered)
    setFlag(instance.self, offsetof(tenon_self, cannot_enter), false);
}

//===----------------------------------------------------------------------===//
// Arguments and results
//===----------------------------------------------------------------------===//

Values AdapterBuilder::carryParams(const abi::FlatSignature &calleeSignature) {
  abi::FlatSignature caller = callerSignature(spec);
  Values incoming(e.arguments());
  ArrayRef<Value> remaining = incoming;
  abi::Type record = abi::Type::record({spec.params.begin(), spec.params.end()});
  Values args;
  Source source =
      caller.paramsInMemory
          ? Source{spec.caller, nullptr, checkedPointer(spec.caller, incoming.front(), record)}
          : Source{spec.caller, &remaining, {}};
  if (!calleeSignature.paramsInMemory) {
    carry(record, source, Dest{spec.callee, &args, {}});
    return args;
  }
  uint64_t bytes = abi::elemSize(record, spec.callee.ptr);
  uint32_t alignment = abi::alignment(record, spec.callee.ptr);
  Value memory = spec.callee.isNative()
                     ? e.stackSlot(bytes, alignment)
                     : allocate(spec.callee, alignment, e.i64(bytes), Trap::PointerOutOfBounds);
  carry(record, source, Dest{spec.callee, nullptr, {memory, 0}});
  args.push_back(spec.callee.isNative() ? memory : e.toWidth(memory, spec.callee.lengthBits()));
  return args;
}

Values AdapterBuilder::carryResults(const abi::FlatSignature &calleeSignature,
                                    ValueRange flatResults, Value returnArea) {
  Values results;
  if (spec.results.empty())
    return results;
  Values flat(flatResults);
  const abi::Type &type = spec.results.front();
  ArrayRef<Value> remaining = flat;
  Source source =
      returnArea ? Source{spec.callee, nullptr, {returnArea, 0}}
      : calleeSignature.resultsInMemory
          ? Source{spec.callee, nullptr, checkedPointer(spec.callee, flat.front(), type)}
          : Source{spec.callee, &remaining, {}};
  Dest dest =
      callerSignature(spec).resultsInMemory
          ? Dest{spec.caller, nullptr, checkedPointer(spec.caller, e.arguments().back(), type)}
          : Dest{spec.caller, &results, {}};
  carry(type, source, dest);
  return results;
}

void AdapterBuilder::callPostReturn(ValueRange flatResults) {
  if (!spec.postReturn)
    return;
  if (spec.callee.mayLeaveMatters)
    setFlag(spec.callee.self, offsetof(tenon_self, cannot_leave), true);
  e.call(spec.postReturn, flatResults);
  if (spec.callee.mayLeaveMatters)
    setFlag(spec.callee.self, offsetof(tenon_self, cannot_leave), false);
}
