//===- waitables.cpp - Waitable sets --------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Waitable State" and `canon waitable-set.*`. The elements of a set are a list in
// the order in which they joined; the first that has an event gives it.
//
//===----------------------------------------------------------------------===//

#include "waitables.h"
#include "handles.h"

using namespace tenon::rt;

namespace {
constexpr uint32_t firstEntries = 16;
WaitableSet firstSets[firstEntries];
} // namespace

namespace tenon::rt {
extern Slab<WaitableSet> waitableSets;
constinit Slab<WaitableSet> waitableSets = {firstSets, 0, firstEntries, 0};
} // namespace tenon::rt

void tenon::rt::leaveSet(uint32_t index) {
  CopyEnd &end = copyEnds[index];
  if (!end.set)
    return;
  WaitableSet &set = waitableSets[end.set - 1];
  (end.before ? copyEnds[end.before - 1].behind : set.first) = end.behind;
  (end.behind ? copyEnds[end.behind - 1].before : set.last) = end.before;
  end.set = end.before = end.behind = 0;
}

static void joinSet(uint32_t index, uint32_t set) {
  CopyEnd &end = copyEnds[index];
  end.set = set + 1;
  end.before = waitableSets[set].last;
  (end.before ? copyEnds[end.before - 1].behind : waitableSets[set].first) = index + 1;
  waitableSets[set].last = index + 1;
}

bool tenon::rt::takeEventOfSet(tenon_self *self, uint32_t handle, EventCode &code,
                               uint32_t *event) {
  const WaitableSet &set = waitableSets[entryOf(self, tenon_waitable_set, handle).rep];
  for (uint32_t at = set.first; at; at = copyEnds[at - 1].behind) {
    if (!copyEnds[at - 1].hasEvent)
      continue;
    code = takeEvent(copyEnds[at - 1], event);
    return true;
  }
  return false;
}

/// `unpack_event`
static uint32_t storeEvent(EventCode code, const uint32_t *event, const tenon_memory *memory,
                           uint64_t address) {
  if (address % sizeof(uint32_t))
    tenon_trap(PointerMisaligned);
  constexpr uint64_t bytes = 2 * sizeof(uint32_t);
  if (memory->bytes < bytes || address > memory->bytes - bytes)
    tenon_trap(PointerOutOfBounds);
  memcpy(memory->base + address, event, bytes);
  return static_cast<uint32_t>(code);
}

extern "C" {

uint32_t tenon_waitable_set_new(tenon_self *self) {
  uint32_t set = waitableSets.allocate();
  waitableSets[set] = {};
  return addHandle(self, {set, tenon_waitable_set, 0, 0, 0});
}

void tenon_waitable_set_drop(tenon_self *self, uint32_t handle) {
  uint32_t set = entryOf(self, tenon_waitable_set, handle).rep;
  if (waitableSets[set].first)
    tenon_trap(WaitableSetInUse);
  removeHandle(self, handle);
  waitableSets.release(set);
}

uint32_t tenon_waitable_set_poll(tenon_self *self, uint32_t handle, const tenon_memory *memory,
                                 uint64_t address) {
  EventCode code = EventCode::None;
  uint32_t event[2] = {0, 0};
  takeEventOfSet(self, handle, code, event);
  return storeEvent(code, event, memory, address);
}

uint32_t tenon_waitable_set_wait(tenon_self *self, uint32_t handle, const tenon_memory *memory,
                                 uint64_t address) {
  EventCode code;
  uint32_t event[2];
  if (!takeEventOfSet(self, handle, code, event))
    block(WaitableSetWait);
  return storeEvent(code, event, memory, address);
}

void tenon_waitable_join(tenon_self *self, uint32_t handle, uint32_t setHandle) {
  if (handle >= self->handle_count || self->handles[handle].type == 0)
    tenon_trap_handle(UnknownHandle, handle);
  tenon_handle entry = self->handles[handle];
  if (!isEnd(entry.type))
    tenon_trap_handle(HandleTypeMismatch, handle);
  if (!setHandle) {
    leaveSet(entry.rep);
    return;
  }
  uint32_t set = entryOf(self, tenon_waitable_set, setHandle).rep;
  leaveSet(entry.rep);
  joinSet(entry.rep, set);
}

} // extern "C"
