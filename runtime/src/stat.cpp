//===- stat.cpp - What WASI says about a file -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stat.h"

using namespace tenon::rt;

DescriptorType tenon::rt::typeOfMode(uint32_t mode) {
  switch (mode & ModeType) {
  case ModeBlock:
    return DescriptorType::BlockDevice;
  case ModeCharacter:
    return DescriptorType::CharacterDevice;
  case ModeDirectory:
    return DescriptorType::Directory;
  case ModeFifo:
    return DescriptorType::Fifo;
  case ModeLink:
    return DescriptorType::SymbolicLink;
  case ModeRegular:
    return DescriptorType::RegularFile;
  case ModeSocket:
    return DescriptorType::Socket;
  }
  return DescriptorType::Unknown;
}

/// Times before 1970 have no datetime.
static Option<Datetime> toDatetime(const Timespec &time) {
  if (time.seconds < 0)
    return {0, {}};
  return {1, {static_cast<uint64_t>(time.seconds), static_cast<uint32_t>(time.nanoseconds)}};
}

DescriptorStat tenon::rt::describe(const FileStat &stat) {
  return {typeOfMode(stat.mode),
          stat.nlink,
          static_cast<uint64_t>(stat.size),
          toDatetime(stat.atime),
          toDatetime(stat.mtime),
          toDatetime(stat.ctime)};
}

/// A permutation of 64 bits in which every bit of the input changes about half of the output's.
static uint64_t mix(uint64_t value) {
  value ^= value >> 32;
  value *= 0xe9846af9b1a615dull;
  value ^= value >> 32;
  value *= 0xe9846af9b1a615dull;
  value ^= value >> 28;
  return value;
}

MetadataHash tenon::rt::hashOf(const FileStat &stat) {
  uint64_t lower = mix(stat.ino ^ mix(stat.dev + 0x9e3779b97f4a7c15ull));
  return {lower, mix(stat.dev + 3 * lower + 1)};
}

bool tenon::rt::toTimespec(uint32_t kind, uint64_t seconds, uint32_t nanoseconds, Timespec &out) {
  enum : int64_t { UtimeNow = 0x3fffffff, UtimeOmit = 0x3ffffffe };
  enum { NoChange, Now };
  switch (kind) {
  case NoChange:
    out = {0, UtimeOmit};
    return true;
  case Now:
    out = {0, UtimeNow};
    return true;
  }
  out = {static_cast<int64_t>(seconds), nanoseconds};
  return nanoseconds < nanosecondsPerSecond && out.seconds >= 0;
}
