//===- Handles.cpp - own and borrow ---------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `lift_own`, `lift_borrow`, `lower_own`, `lower_borrow`. What is carried is the representation; on
// the native side it is also what is passed.
//
// A borrowed handle counts its borrows until the call is over, so that nobody drops it meanwhile.
// Where nobody could (the callee is the host, and no other argument takes the handle away), nothing
// is counted.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "tenon-abi/state.h"
#include "tenon/Dialect/Core/CoreDialect.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Value AdapterBuilder::selfAddress(FlatSymbolRefAttr self) {
  return core::SelfAddrOp::create(e.getBuilder(), e.getLoc(), e.ptrType(), self);
}

Value AdapterBuilder::carryHandle(const abi::Type &type, Value handle, const Side &from,
                                  const Side &to) {
  const Resource &resource = spec.resources[type.count()];
  bool own = type.kind() == abi::Kind::Own;
  Value rep = handle;
  if (!from.isNative())
    rep = own ? e.runtime("tenon_handle_take_own",
                          {selfAddress(from.self), e.i32(resource.number), handle})
              : liftBorrow(resource, handle, from);
  if (to.isNative())
    return rep;
  return own ? e.runtime("tenon_handle_new_own",
                         {selfAddress(to.self), e.i32(resource.number), rep})
             : lowerBorrow(resource, rep, to);
}

Value AdapterBuilder::liftBorrow(const Resource &resource, Value handle, const Side &from) {
  Value self = selfAddress(from.self);
  Value number = e.i32(resource.number);
  if (!spec.lendsMatter)
    return e.runtime("tenon_handle_rep", {self, number, handle});
  if (loopDepth > 0) {
    markArena();
    if (!lendScope)
      lendScope = e.zeroedSlot(e.ptrType());
    return e.runtime("tenon_handle_lend_scoped", {self, number, handle, lendScope});
  }
  Value rep = e.runtime("tenon_handle_lend", {self, number, handle});
  if (branchDepth == 0) {
    lends.push_back({handle, false});
    return rep;
  }
  Value slot = e.zeroedSlot(e.intType(32));
  e.store(handle, slot, 8);
  lends.push_back({slot, true});
  return rep;
}

Value AdapterBuilder::lowerBorrow(const Resource &resource, Value rep, const Side &to) {
  if (resource.self && resource.self == to.self)
    return rep;
  return e.runtime("tenon_handle_new_borrow", {selfAddress(to.self), e.i32(resource.number), rep});
}

/// `Subtask.deliver_resolve`
void AdapterBuilder::unlend() {
  auto giveBack = [&](Value handle) {
    e.runtime("tenon_handle_unlend", {selfAddress(spec.caller.self), handle});
  };
  for (const Lend &lend : lends) {
    if (!lend.isSlot) {
      giveBack(lend.handle);
      continue;
    }
    Value handle = e.load(e.intType(32), lend.handle, 8);
    e.ifThen(e.isNonZero(handle), [&] { giveBack(handle); });
  }
  if (lendScope)
    e.runtime("tenon_handle_unlend_scoped", {selfAddress(spec.caller.self), lendScope});
}

/// `lift_async_value`, `lower_stream`, `lower_future`. Nothing of the host is async.
Value AdapterBuilder::carryEnd(const abi::Type &type, Value handle, const Side &from,
                               const Side &to) {
  Value number = e.i32(spec.ends.lookup(type.count()));
  Value shared = handle;
  if (!from.isNative())
    shared = e.runtime("tenon_end_lift", {selfAddress(from.self), number, handle});
  if (from.isNative() || to.isNative()) {
    e.runtime("tenon_async_unsupported", e.i32(/*CanonLower*/ 1));
    return shared;
  }
  return e.runtime("tenon_end_lower", {selfAddress(to.self), number, shared});
}

Value AdapterBuilder::carryErrorContext(Value handle, const Side &from, const Side &to) {
  Value message = from.isNative()
                      ? handle
                      : e.runtime("tenon_error_context_lift", {selfAddress(from.self), handle});
  return to.isNative() ? message
                       : e.runtime("tenon_error_context_lower", {selfAddress(to.self), message});
}

/// Whether `type` has a borrow of a resource that `side` does not implement.
static bool hasForeignBorrow(const abi::Type &type, const AdapterSpec &spec) {
  if (!abi::containsBorrow(type))
    return false;
  if (type.kind() == abi::Kind::Borrow) {
    FlatSymbolRefAttr owner = spec.resources[type.count()].self;
    return !owner || owner != spec.callee.self;
  }
  return llvm::any_of(type.children(),
                      [&](const abi::Type &child) { return hasForeignBorrow(child, spec); });
}

/// The callee gets borrow handles, which it must have dropped when it returns.
bool AdapterBuilder::needsTask() const {
  return !spec.callee.isNative() && llvm::any_of(spec.params, [&](const abi::Type &type) {
    return hasForeignBorrow(type, spec);
  });
}

void AdapterBuilder::enterTask() {
  task = e.stackSlot(sizeof(tenon_task), alignof(tenon_task));
  e.runtime("tenon_task_enter", {selfAddress(spec.callee.self), task});
}

void AdapterBuilder::exitTask() {
  e.runtime("tenon_task_exit", {selfAddress(spec.callee.self), task});
}
