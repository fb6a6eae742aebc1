//===- handles.cpp - Handle tables of component instances -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Table State" and "Resource State". Entries are found by index; free ones form a
// list, last freed first used. Every virtualized call looks a handle up, so whatever does not grow
// the table is inlined into the adapters.
//
//===----------------------------------------------------------------------===//

#include "handles.h"
#include "syscall.h"

using namespace tenon::rt;

extern "C" void *tenon_arena_alloc(uint64_t size, uint64_t alignment);

namespace tenon::rt {

/// One borrow of a list of them; they live in the arena until the call is over.
struct ScopedLend {
  ScopedLend *next;
  uint32_t handle;
};

constexpr uint32_t maxTableLength = (1u << 28) - 1;

/// Moves the table to twice its size; the old one is given back.
TENON_COLD void growHandleTable(tenon_self *self) {
  uint64_t oldBytes = uint64_t(self->handle_capacity) * sizeof(tenon_handle);
  uint64_t newBytes = oldBytes ? oldBytes * 2 : 4096;
  long got = mmap(nullptr, newBytes, ProtReadWrite, MapPrivate | MapAnonymous);
  if (isError(got))
    tenon_trap(HandleTableFull);
  tenon_handle *table = reinterpret_cast<tenon_handle *>(got);
  if (oldBytes) {
    memcpy(table, self->handles, oldBytes);
    syscall(SysMunmap, reinterpret_cast<long>(self->handles), static_cast<long>(oldBytes));
  }
  self->handles = table;
  self->handle_capacity = static_cast<uint32_t>(newBytes / sizeof(tenon_handle));
  if (self->handle_count == 0)
    self->handle_count = 1;
}

/// An index that is not in use: the end of the table, where the free list is empty.
TENON_COLD uint32_t appendHandle(tenon_self *self) {
  if (self->handle_count > maxTableLength)
    tenon_trap(HandleTableFull);
  if (self->handle_count == self->handle_capacity || !self->handles)
    growHandleTable(self);
  return self->handle_count++;
}

/// The task that a borrow handle belongs to has one less.
TENON_THIN inline void returnBorrow(tenon_self *self, uint32_t depth) {
  tenon_task *task = self->task;
  while (task->depth != depth)
    task = task->previous;
  --task->borrow_count;
}

} // namespace tenon::rt

extern "C" {

TENON_THIN uint32_t tenon_handle_new_own(tenon_self *self, uint32_t type, uint32_t rep) {
  return addHandle(self, {rep, type, 0, 1, 0});
}

TENON_THIN uint32_t tenon_handle_new_borrow(tenon_self *self, uint32_t type, uint32_t rep) {
  tenon_task *task = self->task;
  ++task->borrow_count;
  return addHandle(self, {rep, type, 0, 0, task->depth});
}

TENON_THIN uint32_t tenon_handle_rep(tenon_self *self, uint32_t type, uint32_t handle) {
  return entryOf(self, type, handle).rep;
}

TENON_THIN uint32_t tenon_handle_take_own(tenon_self *self, uint32_t type, uint32_t handle) {
  tenon_handle &entry = entryOf(self, type, handle);
  if (entry.lends) [[unlikely]]
    tenon_trap(HandleLent);
  if (!entry.own) [[unlikely]]
    tenon_trap_handle(HandleTypeMismatch, handle);
  uint32_t rep = entry.rep;
  removeHandle(self, handle);
  return rep;
}

TENON_THIN uint64_t tenon_handle_drop(tenon_self *self, uint32_t type, uint32_t handle) {
  tenon_handle entry = entryOf(self, type, handle);
  if (entry.lends) [[unlikely]]
    tenon_trap(HandleLent);
  removeHandle(self, handle);
  if (!entry.own)
    returnBorrow(self, entry.next_free);
  return entry.rep | uint64_t(entry.own) << 32;
}

TENON_THIN uint32_t tenon_handle_lend(tenon_self *self, uint32_t type, uint32_t handle) {
  tenon_handle &entry = entryOf(self, type, handle);
  ++entry.lends;
  return entry.rep;
}

TENON_THIN void tenon_handle_unlend(tenon_self *self, uint32_t handle) {
  --self->handles[handle].lends;
}

uint32_t tenon_handle_lend_scoped(tenon_self *self, uint32_t type, uint32_t handle,
                                  ScopedLend **scope) {
  uint32_t rep = tenon_handle_lend(self, type, handle);
  ScopedLend *lend =
      static_cast<ScopedLend *>(tenon_arena_alloc(sizeof(ScopedLend), alignof(ScopedLend)));
  *lend = {*scope, handle};
  *scope = lend;
  return rep;
}

void tenon_handle_unlend_scoped(tenon_self *self, ScopedLend **scope) {
  for (ScopedLend *lend = *scope; lend; lend = lend->next)
    tenon_handle_unlend(self, lend->handle);
}

TENON_THIN void tenon_task_enter(tenon_self *self, tenon_task *task) {
  tenon_task *previous = self->task;
  *task = {previous, previous ? previous->depth + 1 : 1, 0};
  self->task = task;
}

TENON_THIN void tenon_task_exit(tenon_self *self, tenon_task *task) {
  if (task->borrow_count) [[unlikely]]
    tenon_trap(BorrowsRemain);
  self->task = task->previous;
}

} // extern "C"
