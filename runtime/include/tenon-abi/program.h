//===- program.h - What a compiled program tells the runtime ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Generated code defines one constant `tenon_program_info` (closed world). The runtime's `_start`
// maps the memories, switches to the guest's stack, calls `instantiate`, then the entry.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_PROGRAM_H
#define TENON_ABI_PROGRAM_H

#include "tenon-abi/state.h"

#define TENON_ABI_VERSION 1

/// A piece of a memory's initial contents that is not part of the executable's image of it.
struct tenon_segment {
  uint64_t offset;
  const uint8_t *bytes;
  uint64_t size;
};

/// One memory to be mapped before anything runs.
struct tenon_memory_def {
  struct tenon_memory *memory; ///< its record; `base` is a constant address in the closed world
  uint64_t min_bytes;
  /// Pages [image_begin, image_end) relative to base are file-backed segments of the executable:
  /// they are there already and must not be mapped over. Both page-aligned; equal: none.
  uint64_t image_begin;
  uint64_t image_end;
  const char *name; ///< `parent/child.main memory 0`, for reports
};

struct tenon_program_info {
  uint32_t version; ///< TENON_ABI_VERSION
  uint32_t memory_count;
  const struct tenon_memory_def *memories;
  uint32_t self_count;
  struct tenon_self *const *selves;
  /// Runs what instantiation does and could not be done at compile time: segments, start functions.
  void (*instantiate)(void);
  uint64_t stack_bytes; ///< size of the guest's stack; 0: 8 MiB
  /// `wasi:cli/run`: the discriminant of its result (0: ok). Null when the program has no such
  /// export.
  uint32_t (*run)(void);
};

extern const struct tenon_program_info tenon_program_info;

#endif // TENON_ABI_PROGRAM_H
