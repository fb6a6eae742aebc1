//===- resources.h - The host's resources, by representation -- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A representation is an index into a slab. The compiler's handle tables guard what a component can
// name, so an index that arrives here is a live one. Every slab starts with a few entries of its
// own (no system call for a small program) and moves to fresh pages when it grows: keep no pointers
// into one across a call that can make an entry.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_RESOURCES_H
#define TENON_RUNTIME_RESOURCES_H

#include "base.h"

namespace tenon::rt {

/// Fresh zeroed pages, or a trap when there are none.
uint8_t *allocatePages(uint64_t size);
void freePages(void *pages, uint64_t size);

template <typename T> struct Slab {
  T *items;
  uint32_t used; ///< entries ever handed out
  uint32_t capacity;
  uint32_t firstFree; ///< one more than the index; 0: none

  T &operator[](uint32_t rep) { return items[rep]; }

  uint32_t allocate() {
    if (firstFree) {
      uint32_t rep = firstFree - 1;
      firstFree = items[rep].nextFree;
      return rep;
    }
    if (used == capacity) [[unlikely]]
      grow();
    return used++;
  }
  void release(uint32_t rep) {
    items[rep].nextFree = firstFree;
    firstFree = rep + 1;
  }

private:
  TENON_COLD void grow() {
    constexpr uint32_t pageSize = 4096;
    uint64_t oldBytes = uint64_t(capacity) * sizeof(T);
    uint64_t bytes = alignTo(max<uint64_t>(2 * oldBytes, pageSize), pageSize);
    T *fresh = reinterpret_cast<T *>(allocatePages(bytes));
    memcpy(fresh, items, oldBytes);
    if (oldBytes >= pageSize)
      freePages(items, alignTo(oldBytes, pageSize));
    items = fresh;
    capacity = static_cast<uint32_t>(bytes / sizeof(T));
  }
};

//===--- descriptors ------------------------------------------------------===//

enum DescriptorKind : uint8_t {
  KindUnknown, ///< opened read-only: a directory or not, nobody asked yet
  KindFile,    ///< anything that is not a directory
  KindDirectory
};

/// What a descriptor may be used for (beyond what the kernel checks).
enum DescriptorRights : uint8_t {
  MayRead = 1,       ///< file: read; directory: look up and list
  MayWrite = 2,      ///< file: write
  MayMutate = 4,     ///< directory: change its entries; inherited by what is opened through it
  MayWriteFiles = 8, ///< directory: open files in it for writing; inherited
  ModeRead = 16,     ///< as asked for at `open-at`: what `get-flags` answers
  ModeWrite = 32,
};

struct Descriptor {
  int fd;
  uint32_t users; ///< the resource itself, and the streams made of it
  DescriptorKind kind;
  uint8_t rights;
  uint32_t nextFree;
};
extern Slab<Descriptor> descriptors;

/// A directory, asking the kernel when it is not known yet.
bool isDirectory(Descriptor &descriptor);
void releaseDescriptor(uint32_t rep);

//===--- streams ----------------------------------------------------------===//

enum StreamKind : uint8_t {
  StreamFile,   ///< reads or writes at `offset` of a descriptor
  StreamAppend, ///< writes at the end of a descriptor
  StreamStdio   ///< file descriptor `fd` of the process
};

struct InputStream {
  uint64_t offset;
  uint32_t descriptor; ///< StreamFile
  int fd;
  StreamKind kind;
  bool closed;
  uint32_t nextFree;
};
extern Slab<InputStream> inputStreams;

struct OutputStream {
  uint64_t offset;
  uint32_t descriptor; ///< StreamFile, StreamAppend
  int fd;
  StreamKind kind;
  bool closed;
  uint32_t nextFree;
};
extern Slab<OutputStream> outputStreams;

//===--- error and pollable -----------------------------------------------===//

struct IoError {
  int error; ///< errno
  uint32_t nextFree;
};
extern Slab<IoError> ioErrors;

enum PollableKind : uint8_t { PollAlways, PollInput, PollOutput, PollTime };

struct Pollable {
  uint64_t deadline; ///< PollTime: monotonic nanoseconds
  int fd;            ///< PollInput, PollOutput
  PollableKind kind;
  uint32_t nextFree;
};
extern Slab<Pollable> pollables;

//===--- buffers ----------------------------------------------------------===//

/// Holds the list or string that a host function returns, until the next host call.
struct ResultBuffer {
  uint8_t *data; ///< page-aligned
  uint64_t capacity;
};
extern ResultBuffer resultBuffer;

/// The most that one read returns, and the size up to which `resultBuffer` grows for reads.
constexpr uint64_t maxRead = 1 << 20;

TENON_COLD void growResultBuffer(uint64_t size);

/// The buffer, with room for `size` bytes.
inline uint8_t *reserveResult(uint64_t size) {
  if (size > resultBuffer.capacity) [[unlikely]]
    growResultBuffer(size);
  return resultBuffer.data;
}

} // namespace tenon::rt

#endif // TENON_RUNTIME_RESOURCES_H
