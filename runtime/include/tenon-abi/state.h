//===- state.h - State that generated code and the runtime share -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts that both sides read and write. Included by the runtime and by the compiler: nothing but
// fixed-width integers and pointers, no code. 64-bit targets only; offsets are checked below.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_STATE_H
#define TENON_ABI_STATE_H

#include <stddef.h>
#include <stdint.h>

/// One linear memory. Generated code reads `bytes`; only the runtime writes.
struct tenon_memory {
  uint8_t *base;
  uint64_t bytes;     ///< current size
  uint64_t max_pages; ///< declared, or what the address type allows, or there is room for
  uint64_t reserved;  ///< bytes of address space behind `base`, guard included; 0: it moves
  uint32_t page_log2; ///< log2 of the page size (16, or 0)
  uint32_t id;        ///< for reports
};

/// The most elements that a table has or grows to: a bound on the memory that a guest can spend on
/// one.
enum : uint64_t { tenon_max_table_elements = 10000000 };

/// One table. Elements are pointers: to a `tenon_func`, or an opaque host reference.
struct tenon_table {
  void **elements;
  uint64_t size;
  uint64_t max;
  uint64_t capacity; ///< elements that fit behind `elements` without moving
};

/// What a function reference points to.
struct tenon_func {
  void (*code)(void);
  uint64_t type; ///< canonical number of the function's type in this program
  void *context; ///< instanced world: the context that `code` runs in
};

/// One entry of a handle table (CanonicalABI.md, "Resource State").
struct tenon_handle {
  uint32_t rep;
  uint32_t type;  ///< the program's number of the resource type; 0: free
  uint32_t lends; ///< how many borrows of this handle are live
  uint32_t own : 1;
  uint32_t next_free
      : 31; ///< while type == 0: free list; of a borrow: depth of the task it belongs to
};

/// A call into a component instance that was given borrow handles, while it lasts. Stands on the
/// stack.
struct tenon_task {
  struct tenon_task *previous;
  uint32_t depth;        ///< 1 for the outermost of its instance
  uint32_t borrow_count; ///< borrow handles that it has not dropped yet
};

/// The record of one component instance. Laid out for the whole Canonical ABI from the start, so
/// that async adds code and not layout.
struct tenon_self {
  struct tenon_handle *handles; ///< index 0 is never used
  uint32_t handle_count;        ///< entries in use or on the free list
  uint32_t handle_capacity;
  uint32_t first_free; ///< 0: none
  // A record of zeros is a fresh instance: the specification's may_leave and may_enter, negated.
  uint8_t cannot_leave;
  uint8_t cannot_enter;
  uint8_t poisoned; ///< a trap ended this instance
  uint8_t reserved0;
  struct tenon_self *parent;
  const char *path;
  uint32_t reserved1;
  uint32_t exclusive;
  uint64_t context[2];
  struct tenon_task *task; ///< the innermost task with borrow handles
};

#endif // TENON_ABI_STATE_H
