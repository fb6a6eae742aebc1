//===- stat.h - What WASI says about a file ------------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_STAT_H
#define TENON_RUNTIME_STAT_H

#include "syscall.h"
#include "wasi.h"

namespace tenon::rt {

enum class DescriptorType : uint8_t {
  Unknown,
  BlockDevice,
  CharacterDevice,
  Directory,
  Fifo,
  SymbolicLink,
  RegularFile,
  Socket,
};

/// wasi:filesystem/types.descriptor-stat
struct DescriptorStat {
  DescriptorType type;
  uint64_t linkCount, size;
  Option<Datetime> access, modification, change;
};

struct MetadataHash {
  uint64_t lower, upper;
};

DescriptorType typeOfMode(uint32_t mode);
DescriptorStat describe(const FileStat &stat);
/// The same for the same object, and (almost surely) different for different ones.
MetadataHash hashOf(const FileStat &stat);

/// A `new-timestamp` for utimensat; false when the nanoseconds are out of range.
bool toTimespec(uint32_t kind, uint64_t seconds, uint32_t nanoseconds, Timespec &out);

} // namespace tenon::rt

#endif // TENON_RUNTIME_STAT_H
