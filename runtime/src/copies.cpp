//===- copies.cpp - Streams and futures -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Stream State" and "Future State", and the built-ins on them. A read and a write
// meet when the second of them is called: elements are copied then and there, from one guest's
// memory into the other's. That is a copy of bytes; elements that have to be lifted and lowered
// (strings, handles, whatever has padding) are not supported yet.
//
//===----------------------------------------------------------------------===//

#include "handles.h"
#include "waitables.h"

using namespace tenon::rt;

namespace {
constexpr uint32_t firstEntries = 16;
constexpr uint32_t maxLength = (1u << 28) - 1;
constexpr uint32_t blocked = ~0u;
CopyEnd firstEnds[firstEntries];
SharedState firstShared[firstEntries];
} // namespace

namespace tenon::rt {
constinit Slab<CopyEnd> copyEnds = {firstEnds, 0, firstEntries, 0};
extern Slab<SharedState> sharedStates;
constinit Slab<SharedState> sharedStates = {firstShared, 0, firstEntries, 0};
} // namespace tenon::rt

//===--- ends in tables -----------------------------------------------------===//

static uint32_t addEnd(tenon_self *self, uint32_t type, uint32_t shared) {
  uint32_t index = copyEnds.allocate();
  uint32_t handle = addHandle(self, {index, type, 0, 0, 0});
  CopyEnd &end = copyEnds[index];
  end = {};
  end.self = self;
  end.type = type;
  end.handle = handle;
  end.shared = shared;
  return handle;
}

/// Takes the end out of its table; what it shares with the other end stays.
static void removeEnd(tenon_self *self, uint32_t handle) {
  uint32_t index = self->handles[handle].rep;
  leaveSet(index);
  copyEnds.release(index);
  removeHandle(self, handle);
}

static CopyEnd &endOf(tenon_self *self, uint32_t type, uint32_t handle) {
  return copyEnds[entryOf(self, type, handle).rep];
}

static bool isCopying(const CopyEnd &end) {
  return end.state == CopyState::Copying || end.state == CopyState::CancellingCopy;
}

//===--- events -------------------------------------------------------------===//

static void setEvent(CopyEnd &end, CopyResult result, bool keepsBuffer = false) {
  end.result = result;
  end.keepsBuffer = keepsBuffer;
  end.hasEvent = true;
}

EventCode tenon::rt::takeEvent(CopyEnd &end, uint32_t *event) {
  if (end.keepsBuffer)
    sharedStates[end.shared].pending = 0;
  end.hasEvent = end.keepsBuffer = false;
  bool stream = isStream(end);
  bool isDone =
      end.result == CopyResult::Dropped || (!stream && end.result == CopyResult::Completed);
  end.state = isDone ? CopyState::Done : CopyState::Idle;
  event[0] = end.handle;
  event[1] = static_cast<uint32_t>(end.result) | (stream ? end.buffer.progress << 4 : 0);
  if (stream)
    return isReadable(end) ? EventCode::StreamRead : EventCode::StreamWrite;
  return isReadable(end) ? EventCode::FutureRead : EventCode::FutureWrite;
}

/// `reset_and_notify_pending`
static void notifyPending(SharedState &shared, CopyResult result) {
  CopyEnd &pending = copyEnds[shared.pending - 1];
  shared.pending = 0;
  setEvent(pending, result);
}

//===--- copying ------------------------------------------------------------===//

static AsyncName nameOfCopy(const CopyEnd &end) {
  if (isStream(end))
    return isReadable(end) ? StreamRead : StreamWrite;
  return isReadable(end) ? FutureRead : FutureWrite;
}

/// From the writing end into the reading one, `count` elements; `now` is the one that came second.
static void copyElements(CopyEnd &from, CopyEnd &to, uint32_t count, uint64_t traits,
                         const CopyEnd &now) {
  if (!(traits & tenon_copy_plain))
    tenon_async_unsupported(nameOfCopy(now));
  uint64_t size = static_cast<uint32_t>(traits), bytes = count * size;
  if (bytes)
    memmove(to.buffer.memory->base + to.buffer.address + to.buffer.progress * size,
            from.buffer.memory->base + from.buffer.address + from.buffer.progress * size, bytes);
  from.buffer.progress += count;
  to.buffer.progress += count;
}

/// Lets `end` meet what is pending; `SharedStreamImpl.read` and `write`.
static void meetStream(SharedState &shared, CopyEnd &end, uint32_t index, uint64_t traits) {
  CopyEnd &pending = copyEnds[shared.pending - 1];
  if (pending.self == end.self && !(traits & tenon_copy_numeric))
    tenon_trap(CopyWithinStream);
  if (pending.buffer.remain()) {
    uint32_t count = min(pending.buffer.remain(), end.buffer.remain());
    if (count) {
      bool reads = isReadable(end);
      copyElements(reads ? pending : end, reads ? end : pending, count, traits, end);
      setEvent(pending, CopyResult::Completed, /*keepsBuffer=*/true);
    }
    setEvent(end, CopyResult::Completed);
  } else if (!isReadable(end) && !end.buffer.length && !pending.buffer.length) {
    setEvent(end, CopyResult::Completed);
  } else {
    notifyPending(shared, CopyResult::Completed);
    shared.pending = index + 1;
  }
}

/// `SharedFutureImpl.read` and `write`
static void meetFuture(SharedState &shared, CopyEnd &end, uint64_t traits) {
  CopyEnd &pending = copyEnds[shared.pending - 1];
  if (pending.self == end.self && !(traits & tenon_copy_numeric))
    tenon_trap(CopyWithinFuture);
  bool reads = isReadable(end);
  copyElements(reads ? pending : end, reads ? end : pending, 1, traits, end);
  notifyPending(shared, CopyResult::Completed);
  setEvent(end, CopyResult::Completed);
}

/// Why an end that is not idle can't be read from or written to.
static Trap trapOfState(const CopyEnd &end) {
  bool stream = isStream(end);
  if (isCopying(end))
    return EndBusy;
  if (isReadable(end))
    return stream ? ReadDroppedStream : ReadDoneFuture;
  return stream ? WriteDroppedStream : WriteDoneFuture;
}

/// `BufferGuestImpl.__init__`
static CopyBuffer checkedBuffer(const tenon_memory *memory, uint64_t address, uint64_t length,
                                uint64_t traits) {
  if (length > maxLength)
    tenon_trap(BufferTooLong);
  uint64_t size = static_cast<uint32_t>(traits);
  uint64_t alignment = 1ull << (traits >> tenon_copy_alignment_shift & 0xff);
  if (size && length) {
    if (address & (alignment - 1))
      tenon_trap(PointerMisaligned);
    uint64_t bytes = size * length; // below 2^60
    if (bytes > memory->bytes || address > memory->bytes - bytes)
      tenon_trap(PointerOutOfBounds);
  }
  return {memory, address, static_cast<uint32_t>(length), 0};
}

extern "C" {

uint64_t tenon_end_new(tenon_self *self, uint32_t readableType) {
  uint32_t shared = sharedStates.allocate();
  sharedStates[shared] = {0, 2, false, 0};
  uint32_t readable = addEnd(self, readableType, shared);
  // The writable kind is the next one.
  uint32_t writable = addEnd(self, readableType + tenon_readable_stream, shared);
  return readable | uint64_t(writable) << 32;
}

uint32_t tenon_end_copy(tenon_self *self, uint32_t type, uint32_t handle,
                        const tenon_memory *memory, uint64_t address, uint64_t length,
                        uint64_t traits) {
  CopyEnd &end = endOf(self, type, handle);
  uint32_t index = entryOf(self, type, handle).rep;
  bool isAsync = traits & tenon_copy_async;
  if (end.state != CopyState::Idle)
    tenon_trap(trapOfState(end));
  if (end.set && !isAsync)
    tenon_trap(WaitableInSet);
  end.buffer = checkedBuffer(memory, address, length, traits);
  end.state = CopyState::Copying;
  SharedState &shared = sharedStates[end.shared];
  if (shared.dropped)
    setEvent(end, CopyResult::Dropped);
  else if (!shared.pending)
    shared.pending = index + 1;
  else if (isStream(end))
    meetStream(shared, end, index, traits);
  else
    meetFuture(shared, end, traits);
  if (!end.hasEvent) {
    if (!isAsync)
      block(nameOfCopy(end));
    return blocked;
  }
  uint32_t event[2];
  takeEvent(end, event);
  return event[1];
}

uint32_t tenon_end_cancel(tenon_self *self, uint32_t type, uint32_t handle, uint32_t isAsync) {
  CopyEnd &end = endOf(self, type, handle);
  if (end.state != CopyState::Copying)
    tenon_trap(NothingToCancel);
  if (end.set && !isAsync)
    tenon_trap(WaitableInSet);
  end.state = CopyState::CancellingCopy;
  if (!end.hasEvent)
    notifyPending(sharedStates[end.shared], CopyResult::Cancelled);
  else if (end.keepsBuffer) // so say the official tests: more could have been copied, and will not
    end.result = CopyResult::Cancelled;
  uint32_t event[2];
  takeEvent(end, event);
  return event[1];
}

void tenon_end_drop(tenon_self *self, uint32_t type, uint32_t handle) {
  CopyEnd &end = endOf(self, type, handle);
  if (isCopying(end) && isReadable(end))
    tenon_trap(isStream(end) ? RemoveBusyStream : RemoveBusyFuture);
  if (isCopying(end))
    tenon_trap(isStream(end) ? DropBusyStream : DropBusyFuture);
  if ((type & tenon_kind_mask) == tenon_writable_future && end.state != CopyState::Done)
    tenon_trap(FutureNotWritten);
  uint32_t number = end.shared;
  removeEnd(self, handle);
  SharedState &shared = sharedStates[number];
  shared.dropped = true;
  if (shared.pending)
    notifyPending(shared, CopyResult::Dropped);
  if (--shared.numEnds == 0)
    sharedStates.release(number);
}

/// `lift_async_value`
uint32_t tenon_end_lift(tenon_self *self, uint32_t type, uint32_t handle) {
  CopyEnd &end = endOf(self, type, handle);
  bool stream = isStream(end);
  if (isCopying(end))
    tenon_trap(stream ? RemoveBusyStream : RemoveBusyFuture);
  if (end.state == CopyState::Done)
    tenon_trap(stream ? LiftDroppedStream : LiftDoneFuture);
  if (end.set)
    tenon_trap(stream ? LiftStreamInSet : LiftFutureInSet);
  uint32_t shared = end.shared;
  removeEnd(self, handle);
  return shared;
}

uint32_t tenon_end_lower(tenon_self *self, uint32_t type, uint32_t shared) {
  return addEnd(self, type, shared);
}

} // extern "C"
