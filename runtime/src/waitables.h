//===- waitables.h - Ends of streams and futures, and sets of them *- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_WAITABLES_H
#define TENON_RUNTIME_WAITABLES_H

#include "resources.h"
#include "tasks.h"

namespace tenon::rt {

enum class CopyState : uint8_t { Idle, Copying, CancellingCopy, Done };
enum class CopyResult : uint8_t { Completed, Dropped, Cancelled };

/// What a read or a write was given, while it is pending.
struct CopyBuffer {
  const tenon_memory *memory; ///< null: there are no elements
  uint64_t address;
  uint32_t length, progress;

  uint32_t remain() const { return length - progress; }
};

/// One end of a stream or a future: a `Waitable` of CanonicalABI.md, and the one kind of it, since
/// no subtask outlives its call.
struct CopyEnd {
  tenon_self *self;
  CopyBuffer buffer;
  uint32_t type;   ///< as in the table
  uint32_t handle; ///< its index there
  uint32_t shared; ///< what both ends share
  // In the set that it joined: the neighbours; all of them are one more than an index, 0: none.
  uint32_t set, before, behind;
  CopyState state;
  CopyResult result; ///< of the event, if there is one
  bool hasEvent;
  /// The buffer is still pending: more can be copied until the event is taken.
  bool keepsBuffer;
  uint32_t nextFree;
};

/// What the two ends have in common.
struct SharedState {
  uint32_t pending; ///< the end whose buffer waits for the other one, plus one; 0: none
  uint8_t numEnds;  ///< that can still be reached
  bool dropped;
  uint32_t nextFree;
};

struct WaitableSet {
  uint32_t first, last; ///< ends, plus one
  uint32_t nextFree;
};

extern Slab<CopyEnd> copyEnds;

/// Takes the end out of the set that it is in, if it is in one.
void leaveSet(uint32_t end);
/// The event of an end, as CanonicalABI.md's `stream_event` and `future_event` make it. It must
/// have one.
EventCode takeEvent(CopyEnd &end, uint32_t *event);

inline bool isEnd(uint32_t type) {
  uint32_t kind = type & tenon_kind_mask;
  return kind >= tenon_readable_stream && kind <= tenon_writable_future;
}
inline bool isStream(const CopyEnd &end) {
  uint32_t kind = end.type & tenon_kind_mask;
  return kind == tenon_readable_stream || kind == tenon_writable_stream;
}
inline bool isReadable(const CopyEnd &end) {
  uint32_t kind = end.type & tenon_kind_mask;
  return kind == tenon_readable_stream || kind == tenon_readable_future;
}

} // namespace tenon::rt

#endif // TENON_RUNTIME_WAITABLES_H
