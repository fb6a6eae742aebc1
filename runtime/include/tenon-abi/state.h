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
  uint32_t type;  ///< the program's number of the resource type, or `tenon_kind`; 0: free
  uint32_t lends; ///< how many borrows of this handle are live
  uint32_t own : 1;
  uint32_t next_free
      : 31; ///< while type == 0: free list; of a borrow: depth of the task it belongs to
};

/// What else an entry of a handle table can be: the upper bits of its `type`. Below them stands,
/// for the ends, the program's number of the type of stream or future.
enum tenon_kind : uint32_t {
  tenon_readable_stream = 1u << 28,
  tenon_writable_stream = 2u << 28,
  tenon_readable_future = 3u << 28,
  tenon_writable_future = 4u << 28,
  tenon_subtask = 5u << 28,
  tenon_waitable_set = 6u << 28,
  tenon_error_context = 7u << 28,
  tenon_kind_mask = 15u << 28
};

/// A call into a component instance that was given borrow handles, while it lasts. Stands on the
/// stack.
struct tenon_task {
  struct tenon_task *previous;
  uint32_t depth;        ///< 1 for the outermost of its instance
  uint32_t borrow_count; ///< borrow handles that it has not dropped yet
};

/// How a task was made (`tenon_call::flags`).
enum tenon_call_flags : uint32_t {
  tenon_call_async_type = 1,     ///< its function's type is async: it may block
  tenon_call_exclusive = 2,      ///< no other such task runs in its instance meanwhile
  tenon_call_caller_goes_on = 4, ///< it was called by a function lowered with `async`
  tenon_call_from_outside = 8,
  tenon_call_has_borrows = 16 ///< a tenon_task was entered for it
};

/// A task (CanonicalABI.md, "Tasks") while it runs. As no task outlives its call, tasks nest, and
/// the records stand on the stack. Kept only where a built-in can look.
struct tenon_call {
  struct tenon_call *previous; ///< the task that called; null: the outside did
  struct tenon_self *self;
  struct tenon_task *borrows; ///< null: it was given none
  uint64_t results;           ///< for who delivers them: where in the caller's memory
  uint32_t flags;             ///< tenon_call_flags
  uint32_t
      signature; ///< the result and options that task.return must have; 0: lifted without async
  uint32_t deliverer; ///< which function delivers the results
  uint32_t resolved;
  uint32_t event[2]; ///< what the callback gets besides the event's code
};

/// What is known of the elements of a stream or future (`tenon_end_copy`): their size, and
enum tenon_copy_traits : uint64_t {
  tenon_copy_alignment_shift = 32, ///< log2 of the alignment, 8 bits
  tenon_copy_plain = 1ull << 40,   ///< copying its bytes carries one
  tenon_copy_numeric = 1ull << 41, ///< no element, or a number
  tenon_copy_async = 1ull << 42    ///< the built-in has the option `async`
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
  uint32_t backpressure; ///< CanonicalABI.md#canon-backpressureincdec
  uint32_t exclusive;    ///< a task that wants it for itself runs
  uint64_t context[2];
  struct tenon_task *task; ///< the innermost task with borrow handles
};

#endif // TENON_ABI_STATE_H
