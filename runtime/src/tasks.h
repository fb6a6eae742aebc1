//===- tasks.h - Tasks that run, and what they may wait for -----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_TASKS_H
#define TENON_RUNTIME_TASKS_H

#include "base.h"
#include "tenon-abi/state.h"

/// The innermost task that is kept track of; null: none runs.
extern "C" tenon_call *tenon_current_call;

namespace tenon::rt {

enum AsyncName : uint32_t {
#define ASYNC(name, code, text) name = code,
#include "tenon-abi/async.def"
#undef ASYNC
};

/// The current task cannot go on before another one has: ends the program with the trap that is
/// right. `what` had to wait.
[[noreturn]] void block(AsyncName what);

/// CanonicalABI.md, "Waitable State".
enum class EventCode : uint32_t {
  None,
  Subtask,
  StreamRead,
  StreamWrite,
  FutureRead,
  FutureWrite,
  TaskCancelled
};

/// Takes the first event that waits in the set `handle`; false when there is none. Traps if the
/// handle is none of a set.
bool takeEventOfSet(tenon_self *self, uint32_t handle, EventCode &code, uint32_t *event);

} // namespace tenon::rt

extern "C" [[noreturn]] void tenon_async_unsupported(uint32_t what);

#endif // TENON_RUNTIME_TASKS_H
