//===- futex.h - Waiting in the kernel, and a lock over it ------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock that nobody wants at the same time costs two atomic instructions and no system call. Its
// three states are those of U. Drepper's "Futexes are tricky": free, held, held with others
// waiting.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_FUTEX_H
#define TENON_RUNTIME_FUTEX_H

#include "syscall.h"

namespace tenon::rt {

enum FutexOperation { FutexWake = 1, FutexWaitBitset = 9, FutexPrivate = 128 };
constexpr uint32_t futexAnyBit = 0xffffffff;

/// Sleeps while `*word` is `expected`, until `deadline` of the monotonic clock (null: for ever).
/// May return early. Negative: -errno.
inline long futexWait(const uint32_t *word, uint32_t expected, const Timespec *deadline) {
  return syscall(SysFutex, address(word), FutexWaitBitset | FutexPrivate, expected,
                 address(deadline), 0, futexAnyBit);
}

inline void futexWake(const uint32_t *word, uint32_t count) {
  syscall(SysFutex, address(word), FutexWake | FutexPrivate, count);
}

struct Lock {
  enum State : uint32_t { Free, Held, Contended };
  uint32_t state;

  void take() {
    uint32_t seen = Free;
    if (__atomic_compare_exchange_n(&state, &seen, Held, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return;
    while (__atomic_exchange_n(&state, Contended, __ATOMIC_ACQUIRE) != Free)
      futexWait(&state, Contended, nullptr);
  }
  void release() {
    if (__atomic_exchange_n(&state, Free, __ATOMIC_RELEASE) == Contended)
      futexWake(&state, 1);
  }
};

/// Holds a lock while it lives.
class LockHolder {
public:
  explicit LockHolder(Lock &lock) : lock(lock) { lock.take(); }
  ~LockHolder() { lock.release(); }
  LockHolder(const LockHolder &) = delete;

private:
  Lock &lock;
};

} // namespace tenon::rt

#endif // TENON_RUNTIME_FUTEX_H
