//===- directory.cpp - wasi:filesystem/types: reading directories ---------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory-entry-stream has a file descriptor of its own (two readers of one directory do not
// share a position) and a page of the kernel's entries.
//
//===----------------------------------------------------------------------===//

#include "path.h"
#include "stat.h"
#include "utf8.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

constexpr uint64_t entryBufferSize = 32 << 10;

/// The kernel's `struct linux_dirent64`.
struct KernelEntry {
  uint64_t inode;
  int64_t offset;
  uint16_t size;
  uint8_t type;
  char name[];
};

/// One stream, with its buffer behind it in the same pages.
struct EntryStream {
  uint8_t *buffer;
  uint32_t at, end;
  int fd;
  uint32_t nextFree;
};

constexpr uint32_t firstEntries = 8;
EntryStream firstStreams[firstEntries];
Slab<EntryStream> entryStreams = {firstStreams, 0, firstEntries, 0};

struct DirectoryEntry {
  DescriptorType type;
  Bytes name;
};

/// Types in the kernel's entries are the mode's type bits.
DescriptorType typeOfEntry(const KernelEntry &entry) {
  constexpr unsigned modeTypeShift = 12;
  return typeOfMode(static_cast<uint32_t>(entry.type) << modeTypeShift);
}

bool isSelfOrParent(const char *name) {
  return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/// The next entry that is not `.` or `..`; null at the end or on an error.
const KernelEntry *nextEntry(EntryStream &stream, long &error) {
  for (;;) {
    if (stream.at == stream.end) {
      long got = syscall(SysGetdents, stream.fd, address(stream.buffer), entryBufferSize);
      error = min(got, 0l);
      if (got <= 0)
        return nullptr;
      stream.at = 0;
      stream.end = static_cast<uint32_t>(got);
    }
    const KernelEntry *entry = reinterpret_cast<const KernelEntry *>(stream.buffer + stream.at);
    stream.at += entry->size;
    if (!isSelfOrParent(entry->name))
      return entry;
  }
}

} // namespace

TENON_HOST("wasi:filesystem/types#[method]descriptor.read-directory", void, readDirectory,
           uint32_t self, FileResult<uint32_t> *out) {
  if (!isDirectory(descriptors[self]))
    return out->fail(ErrorCode::NotDirectory);
  if (!(descriptors[self].rights & MayRead))
    return out->fail(ErrorCode::NotPermitted);
  long fd = openat(descriptors[self].fd, ".", oRDONLY | oDIRECTORY | oCLOEXEC);
  if (fd < 0)
    return out->failWith(fd);
  uint32_t rep = entryStreams.allocate();
  entryStreams[rep] = {allocatePages(entryBufferSize), 0, 0, static_cast<int>(fd), 0};
  out->succeed(rep);
}

TENON_HOST("wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry", void,
           readDirectoryEntry, uint32_t self, FileResult<Option<DirectoryEntry>> *out) {
  long error = 0;
  EntryStream &stream = entryStreams[self];
  const KernelEntry *entry = nextEntry(stream, error);
  if (error)
    return out->failWith(error);
  if (!entry)
    return out->succeed({0, {}});
  Bytes name = {reinterpret_cast<const uint8_t *>(entry->name), strlen(entry->name)};
  if (!isUtf8(name))
    return out->fail(ErrorCode::IllegalByteSequence);
  DescriptorType type = typeOfEntry(*entry);
  FileStat stat;
  // Some file systems leave the type to `stat`.
  if (type == DescriptorType::Unknown && !fstatat(stream.fd, entry->name, &stat, AtSymlinkNofollow))
    type = typeOfMode(stat.mode);
  out->succeed({1, {type, name}});
}

TENON_HOST("wasi:filesystem/types#[resource-drop]directory-entry-stream", void, dropEntryStream,
           uint32_t self) {
  close(entryStreams[self].fd);
  freePages(entryStreams[self].buffer, entryBufferSize);
  entryStreams.release(self);
}
