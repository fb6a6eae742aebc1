//===- exception.h - Exceptions of core code --------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What generated code and the runtime share of core exception handling. A tag is the address of a
// `tenon_tag`: every tag that an instance defines has its own. An exception is a tag and the values
// of its parameters, in 8 bytes each, 16 (aligned) for v128.
//
// There is one exception in flight at a time, since nothing runs between a throw and the handler:
// `tenon_thrown` holds it. A handler reads what it wants before it does anything else. An `exnref`
// is a pointer to an exception of its own, which never changes (tenon_exception_keep makes it).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_EXCEPTION_H
#define TENON_ABI_EXCEPTION_H

#include "tenon-abi/state.h"

struct tenon_tag {
  uint64_t payload_bytes;
};

struct tenon_exception {
  const struct tenon_tag *tag;
  /// Of the exception in flight: the return address of the call that threw it; null: a branch
  /// brought it to a handler. Of a kept one: the runtime's.
  void *origin;
  // The payload follows.
};

/// What the parameters of a tag take at most.
enum : uint64_t { tenon_max_payload_bytes = 1000 * 16 };

struct tenon_exception_in_flight {
  struct tenon_exception head;
  uint64_t payload[tenon_max_payload_bytes / 8];
};

/// Where references to exceptions can be, stacks aside. A program that throws defines one,
/// `tenon_exception_roots`.
struct tenon_exception_root_list {
  uint64_t global_count;
  void *const *const *globals;
  uint64_t table_count;
  const struct tenon_table *const *tables;
};

#endif // TENON_ABI_EXCEPTION_H
