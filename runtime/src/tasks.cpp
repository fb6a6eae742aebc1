//===- tasks.cpp - Tasks that run -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Tasks", as far as there is one stack: a task runs from its call to its end, so
// tasks nest, and a task that would have to wait for another one can't. Which trap that is, the
// tasks around it decide. A task that is not async by its type can't block (the specification's own
// trap). One that may, blocks whoever called it synchronously; when that goes all the way out, the
// program waits for itself. But where a caller would go on meanwhile, the specification allows what
// is not supported yet.
//
// A task that yields goes on at once, as the specification leaves open. If a caller would go on
// meanwhile, the task could be waiting for that caller, so this, too, is not supported.
//
//===----------------------------------------------------------------------===//

#include "tasks.h"
#include "handles.h"
#include "trap.h"

using namespace tenon::rt;

extern "C" tenon_call *tenon_current_call;
constinit tenon_call *tenon_current_call = nullptr;

/// Whether somebody goes on when the task of `call` does not.
static bool leavesTaskBehind(const tenon_call &call) {
  return call.resolved || (call.flags & tenon_call_caller_goes_on);
}

void tenon::rt::block(AsyncName what) {
  for (tenon_call *call = tenon_current_call; call; call = call->previous) {
    if (!(call->flags & tenon_call_async_type))
      tenon_trap(CannotBlock);
    if (leavesTaskBehind(*call))
      tenon_async_unsupported(what);
    if (call->flags & tenon_call_from_outside)
      tenon_trap(TaskDeadlock);
  }
  tenon_trap(CannotBlock); // while the program is instantiated
}

static void yield(AsyncName what) {
  for (tenon_call *call = tenon_current_call; call; call = call->previous) {
    if (!(call->flags & tenon_call_async_type))
      return;
    if (leavesTaskBehind(*call))
      tenon_async_unsupported(what);
    if (call->flags & tenon_call_from_outside)
      return;
  }
}

extern "C" {

void tenon_call_begin(tenon_call *call, tenon_self *self, uint32_t flags, uint32_t signature) {
  // A trap that was survived leaves a record behind that is gone.
  tenon_call *previous = flags & tenon_call_from_outside ? nullptr : tenon_current_call;
  tenon_task *borrows = flags & tenon_call_has_borrows ? self->task : nullptr;
  *call = {previous, self, borrows, 0, flags, signature, 0, 0, {0, 0}};
  tenon_current_call = call;
  if (!(flags & tenon_call_async_type))
    return;
  if (self->backpressure || ((flags & tenon_call_exclusive) && self->exclusive)) [[unlikely]]
    block(CanonLift);
  if (flags & tenon_call_exclusive)
    self->exclusive = 1;
}

void tenon_call_end(tenon_call *call) {
  if (call->signature && !call->resolved) [[unlikely]]
    tenon_trap(TaskUnresolved);
  if (call->flags & tenon_call_exclusive)
    call->self->exclusive = 0;
  tenon_current_call = call->previous;
}

uint32_t tenon_call_continue(tenon_call *call, uint32_t packed) {
  enum { Yield = 1, Wait = 2 };
  uint32_t code = packed & 15;
  if (code > Wait)
    tenon_trap(BadCallbackCode);
  if (code == Yield) {
    yield(CanonLift);
    call->event[0] = call->event[1] = 0;
    return static_cast<uint32_t>(EventCode::None);
  }
  EventCode event;
  if (!takeEventOfSet(call->self, packed >> 4, event, call->event))
    block(CanonLift);
  return static_cast<uint32_t>(event);
}

/// The task that runs, if `self` runs it and it was lifted with `async`.
static tenon_call *asyncTaskOf(tenon_self *self) {
  tenon_call *call = tenon_current_call;
  if (!call || call->self != self || !call->signature) [[unlikely]]
    tenon_trap(TaskNotAsync);
  return call;
}

tenon_call *tenon_call_return(tenon_self *self, uint32_t signature) {
  tenon_call *call = asyncTaskOf(self);
  if (call->signature != signature) [[unlikely]]
    tenon_trap(BadTaskReturn);
  if (call->resolved) [[unlikely]]
    tenon_trap(TaskResolved);
  if (call->borrows && call->borrows->borrow_count) [[unlikely]]
    tenon_trap(BorrowsRemain);
  call->resolved = 1;
  return call;
}

/// Nobody can ask for the cancellation of a task while it runs.
void tenon_call_cancel(tenon_self *self) {
  tenon_trap(asyncTaskOf(self)->resolved ? TaskResolved : TaskNotCancelled);
}

uint32_t tenon_thread_yield(tenon_self *) {
  yield(ThreadYield);
  return 0; // it was not cancelled
}

uint32_t tenon_thread_suspend(tenon_self *) { block(ThreadSuspend); }

/// Every task has one thread, and indices are given like those of handles.
uint32_t tenon_thread_index(tenon_self *self) {
  uint32_t tasks = 0;
  for (tenon_call *call = tenon_current_call; call; call = call->previous)
    tasks += call->self == self;
  return max(tasks, 1u);
}

void tenon_backpressure_inc(tenon_self *self) {
  if (++self->backpressure == 1u << 16) [[unlikely]]
    tenon_trap(BackpressureOverflow);
}

void tenon_backpressure_dec(tenon_self *self) {
  if (self->backpressure-- == 0) [[unlikely]]
    tenon_trap(BackpressureUnderflow);
}

/// No call leaves a task behind, so no table has a subtask, and each of these traps.
uint32_t tenon_subtask_cancel(tenon_self *self, uint32_t handle) {
  return entryOf(self, tenon_subtask, handle).rep;
}

void tenon_subtask_drop(tenon_self *self, uint32_t handle) {
  (void)entryOf(self, tenon_subtask, handle);
}

} // extern "C"
