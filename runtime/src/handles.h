//===- handles.h - Entries of handle tables ---------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Table State": resources, waitables, sets of those and error contexts of one
// component instance share one table. Included where entries are looked up.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_HANDLES_H
#define TENON_RUNTIME_HANDLES_H

#include "base.h"
#include "tenon-abi/state.h"

#define TENON_THIN __attribute__((always_inline))

/// A trap whose text names the handle's index.
extern "C" [[noreturn]] TENON_COLD void tenon_trap_handle(uint32_t kind, uint32_t handle);

namespace tenon::rt {

/// The entry of `handle`, of the right type.
TENON_THIN inline tenon_handle &entryOf(tenon_self *self, uint32_t type, uint32_t handle) {
  // Index 0 is never used, so its type stays 0.
  if (handle >= self->handle_count || self->handles[handle].type == 0) [[unlikely]]
    tenon_trap_handle(UnknownHandle, handle);
  tenon_handle &entry = self->handles[handle];
  if (entry.type != type) [[unlikely]]
    tenon_trap_handle(HandleTypeMismatch, handle);
  return entry;
}

/// An index that is not in use: the end of the table, where the free list is empty.
TENON_COLD uint32_t appendHandle(tenon_self *self);

TENON_THIN inline uint32_t addHandle(tenon_self *self, tenon_handle entry) {
  uint32_t handle = self->first_free;
  if (handle) [[likely]]
    self->first_free = self->handles[handle].next_free;
  else
    handle = appendHandle(self);
  self->handles[handle] = entry;
  return handle;
}

TENON_THIN inline void removeHandle(tenon_self *self, uint32_t handle) {
  self->handles[handle] = {0, 0, 0, 0, self->first_free};
  self->first_free = handle;
}

} // namespace tenon::rt

#endif // TENON_RUNTIME_HANDLES_H
