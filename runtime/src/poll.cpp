//===- poll.cpp - wasi:io/poll, wasi:clocks -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clock.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

uint64_t toNanoseconds(const Timespec &time) {
  return static_cast<uint64_t>(time.seconds) * nanosecondsPerSecond +
         static_cast<uint64_t>(time.nanoseconds);
}

uint64_t monotonicTime() { return toNanoseconds(readClock(ClockMonotonic)); }

/// What is ready among `count` pollables, asked in one go.
class PollSet {
public:
  PollSet(const uint32_t *reps, uint64_t count) : reps(reps), count(count) {
    if (count > fewFds)
      fds = reinterpret_cast<PollFd *>(allocatePages(alignTo(count * sizeof(PollFd), 4096)));
    for (uint64_t i = 0; i < count; ++i)
      add(pollables[reps[i]], fds[i]);
  }
  ~PollSet() {
    if (fds != few)
      freePages(fds, alignTo(count * sizeof(PollFd), 4096));
  }

  /// Asks the kernel; `mayWait`: until something is ready.
  void poll(bool mayWait) {
    uint64_t now = earliest == never ? 0 : monotonicTime();
    uint64_t left = !mayWait || always  ? 0
                    : earliest == never ? never
                                        : earliest - min(now, earliest);
    Timespec timeout = {static_cast<int64_t>(left / nanosecondsPerSecond),
                        static_cast<int64_t>(left % nanosecondsPerSecond)};
    ppoll(fds, count, left == never ? nullptr : &timeout);
    time = earliest == never ? 0 : monotonicTime();
  }

  bool isReady(uint64_t i) const {
    const Pollable &pollable = pollables[reps[i]];
    switch (pollable.kind) {
    case PollAlways:
      return true;
    case PollTime:
      return time >= pollable.deadline;
    case PollInput:
    case PollOutput:
      return fds[i].revents;
    }
  }

private:
  static constexpr uint64_t fewFds = 32;
  static constexpr uint64_t never = UINT64_MAX;
  const uint32_t *reps;
  uint64_t count;
  PollFd few[fewFds];
  PollFd *fds = few;
  bool always = false;
  uint64_t earliest = never;
  uint64_t time = 0;

  /// The kernel skips entries with a negative file descriptor.
  void add(const Pollable &pollable, PollFd &fd) {
    fd = {-1, 0, 0};
    switch (pollable.kind) {
    case PollAlways:
      always = true;
      return;
    case PollTime:
      earliest = min(earliest, pollable.deadline);
      return;
    case PollInput:
      fd = {pollable.fd, PollIn, 0};
      return;
    case PollOutput:
      fd = {pollable.fd, PollOut, 0};
      return;
    }
  }
};

uint32_t makeTimer(uint64_t deadline) {
  uint32_t rep = pollables.allocate();
  pollables[rep] = {deadline, -1, PollTime, 0};
  return rep;
}

} // namespace

TENON_HOST("wasi:io/poll#poll", void, pollList, const uint32_t *reps, uint64_t count, Bytes *out) {
  constexpr uint64_t tooMany = UINT32_MAX;
  if (!count || count > tooMany)
    tenon_trap(HostContract);
  PollSet set(reps, count);
  uint32_t *ready = reinterpret_cast<uint32_t *>(reserveResult(count * sizeof(uint32_t)));
  uint64_t found = 0;
  while (!found) {
    set.poll(/*mayWait=*/true);
    for (uint64_t i = 0; i < count; ++i)
      if (set.isReady(i))
        ready[found++] = static_cast<uint32_t>(i);
  }
  *out = {reinterpret_cast<uint8_t *>(ready), found};
}

TENON_HOST("wasi:io/poll#[method]pollable.ready", uint32_t, pollableReady, uint32_t self) {
  PollSet set(&self, 1);
  set.poll(/*mayWait=*/false);
  return set.isReady(0);
}

TENON_HOST("wasi:io/poll#[method]pollable.block", void, pollableBlock, uint32_t self) {
  PollSet set(&self, 1);
  do
    set.poll(/*mayWait=*/true);
  while (!set.isReady(0));
}

TENON_HOST("wasi:io/poll#[resource-drop]pollable", void, dropPollable, uint32_t self) {
  pollables.release(self);
}

//===--- clocks -----------------------------------------------------------===//

TENON_HOST("wasi:clocks/monotonic-clock#now", uint64_t, monotonicNow) { return monotonicTime(); }

TENON_HOST("wasi:clocks/monotonic-clock#resolution", uint64_t, monotonicResolution) {
  Timespec time = {0, 1};
  syscall(SysClockGetres, ClockMonotonic, address(&time));
  return toNanoseconds(time);
}

TENON_HOST("wasi:clocks/monotonic-clock#subscribe-instant", uint32_t, subscribeInstant,
           uint64_t when) {
  return makeTimer(when);
}

TENON_HOST("wasi:clocks/monotonic-clock#subscribe-duration", uint32_t, subscribeDuration,
           uint64_t when) {
  uint64_t now = monotonicTime();
  // Saturating, and short of "never".
  return makeTimer(now + min(when, UINT64_MAX - 1 - now));
}

TENON_HOST("wasi:clocks/wall-clock#now", void, wallNow, Datetime *out) {
  Timespec time = readClock(ClockRealtime);
  *out = {static_cast<uint64_t>(time.seconds), static_cast<uint32_t>(time.nanoseconds)};
}

TENON_HOST("wasi:clocks/wall-clock#resolution", void, wallResolution, Datetime *out) {
  Timespec time = {0, 1};
  syscall(SysClockGetres, ClockRealtime, address(&time));
  *out = {static_cast<uint64_t>(time.seconds), static_cast<uint32_t>(time.nanoseconds)};
}
