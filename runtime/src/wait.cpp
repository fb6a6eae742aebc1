//===- wait.cpp - memory.atomic.wait and notify ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads proposal, "memory.atomic.wait": who waits where is known here, not to the kernel, whose
// futexes have 32 bits: a wait for 64 bits and one for 32 at the same address are woken alike. A
// thread that waits stands, with a futex of its own, in the list of one of a few buckets, in the
// order of arrival, which is the order of waking. The comparison and the entry into the list are
// one step because both hold the bucket's lock, as notify does.
//
//===----------------------------------------------------------------------===//

#include "futex.h"

using namespace tenon::rt;

namespace {

enum Outcome : uint32_t { Woken = 0, NotEqual = 1, TimedOut = 2 };

/// Stands on the waiting thread's stack.
struct Waiter {
  Waiter *previous, *next;
  const void *address;
  uint32_t isWoken; ///< the futex; 1: it is not in the list any more
};

struct Bucket {
  Lock lock;
  Waiter *first, *last;

  void append(Waiter *waiter) {
    waiter->previous = last;
    (last ? last->next : first) = waiter;
    last = waiter;
  }
  void remove(Waiter *waiter) {
    (waiter->previous ? waiter->previous->next : first) = waiter->next;
    (waiter->next ? waiter->next->previous : last) = waiter->previous;
  }
};

constexpr uint64_t bucketBits = 6;
Bucket buckets[1 << bucketBits];

Bucket &bucketOf(const void *address) {
  constexpr uint64_t golden = 0x9e3779b97f4a7c15;
  return buckets[(reinterpret_cast<uintptr_t>(address) >> 2) * golden >> (64 - bucketBits)];
}

/// The monotonic clock in `timeout` nanoseconds.
Timespec deadlineIn(int64_t timeout) {
  constexpr int64_t second = 1000000000;
  Timespec deadline = {};
  syscall(SysClockGettime, ClockMonotonic, address(&deadline));
  deadline.seconds += timeout / second;
  deadline.nanoseconds += timeout % second;
  if (deadline.nanoseconds >= second) {
    deadline.nanoseconds -= second;
    ++deadline.seconds;
  }
  return deadline;
}

template <typename T> Outcome wait(const T *at, T expected, int64_t timeout) {
  Timespec deadline = timeout < 0 ? Timespec() : deadlineIn(timeout);
  Bucket &bucket = bucketOf(at);
  Waiter waiter = {nullptr, nullptr, at, 0};
  {
    LockHolder holder(bucket.lock);
    if (__atomic_load_n(at, __ATOMIC_SEQ_CST) != expected)
      return NotEqual;
    bucket.append(&waiter);
  }
  long result = 0;
  while (!__atomic_load_n(&waiter.isWoken, __ATOMIC_ACQUIRE) && result != -eTIMEDOUT)
    result = futexWait(&waiter.isWoken, 0, timeout < 0 ? nullptr : &deadline);
  LockHolder holder(bucket.lock);
  if (waiter.isWoken)
    return Woken;
  bucket.remove(&waiter);
  return TimedOut;
}

} // namespace

extern "C" uint32_t tenon_memory_wait32(const uint32_t *at, uint32_t expected, int64_t timeout) {
  return wait(at, expected, timeout);
}

extern "C" uint32_t tenon_memory_wait64(const uint64_t *at, uint64_t expected, int64_t timeout) {
  return wait(at, expected, timeout);
}

extern "C" uint32_t tenon_memory_notify(const void *at, uint32_t count) {
  Bucket &bucket = bucketOf(at);
  LockHolder holder(bucket.lock);
  uint32_t woken = 0;
  for (Waiter *waiter = bucket.first; waiter && woken < count;) {
    Waiter *next = waiter->next;
    if (waiter->address == at) {
      bucket.remove(waiter);
      __atomic_store_n(&waiter->isWoken, 1, __ATOMIC_RELEASE);
      // It can't leave its frame before it gets the lock.
      futexWake(&waiter->isWoken, 1);
      ++woken;
    }
    waiter = next;
  }
  return woken;
}
