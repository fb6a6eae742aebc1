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
  if (needsTask())
    enterTask();

  abi::FlatSignature calleeSignature = calleeFlat();
  Values args = carryParams(calleeSignature);
  Value returnArea;
  if (spec.callee.isNative() && calleeSignature.resultsInMemory) {
    abi::Type record = abi::Type::record({spec.results.begin(), spec.results.end()});
    returnArea = e.stackSlot(abi::elemSize(record, spec.callee.ptr), 8);
    args.push_back(returnArea);
  }
  Values flatResults = e.call(spec.target, args);
  if (task)
    exitTask();
  Values results = carryResults(calleeSignature, flatResults, returnArea);
  callPostReturn(flatResults);
  leave();
  unlend();
  if (arenaMark && !spec.caller.isNative())
    e.runtime("tenon_arena_release", arenaMark);
  e.ret(results);
}

abi::FlatSignature AdapterBuilder::callerFlat() const {
  return abi::flattenFunctype(spec.params, spec.results, spec.caller.ptr, abi::Context::Lower);
}

/// A function of the host is called the way a lowered one is: results go where its caller says.
abi::FlatSignature AdapterBuilder::calleeFlat() const {
  return abi::flattenFunctype(spec.params, spec.results, spec.callee.ptr,
                              spec.callee.isNative() ? abi::Context::Lower : abi::Context::Lift);
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
  abi::FlatSignature callerSignature = callerFlat();
  Values incoming(e.arguments());
  ArrayRef<Value> remaining = incoming;
  abi::Type record = abi::Type::record({spec.params.begin(), spec.params.end()});
  Values args;
  if (!callerSignature.paramsInMemory) {
    Source source{spec.caller, &remaining, {}};
    Dest dest{spec.callee, &args, {}};
    for (const abi::Type &type : spec.params)
      carry(type, source, dest);
    return args;
  }
  Source source{spec.caller, nullptr, checkedPointer(spec.caller, incoming.front(), record)};
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
  if (!calleeSignature.resultsInMemory) {
    ArrayRef<Value> remaining = flat;
    carry(spec.results.front(), Source{spec.callee, &remaining, {}},
          Dest{spec.caller, &results, {}});
    return results;
  }
  const abi::Type &type = spec.results.front();
  Address from =
      returnArea ? Address{returnArea, 0} : checkedPointer(spec.callee, flat.front(), type);
  Address to = checkedPointer(spec.caller, e.arguments().back(), type);
  carry(type, Source{spec.callee, nullptr, from}, Dest{spec.caller, nullptr, to});
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
