//===- descriptor.cpp - wasi:filesystem/types: what is done with an open descriptor -===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `read`, `write` and `drop` are made to be inlined: a check of the rights, one system call, and
// everything else out of line.
//
//===----------------------------------------------------------------------===//

#include "stat.h"
#include "syscall.h"
#include "wasi.h"

using namespace tenon::rt;

namespace tenon::rt {

/// `tuple<list<u8>, bool>`
struct ReadOutcome {
  Bytes bytes;
  uint8_t isEnd;
};

/// Why a read or write of `descriptor` is refused: directories are not for reading at all.
TENON_COLD ErrorCode refusal(Descriptor &descriptor) {
  return isDirectory(descriptor) ? ErrorCode::BadDescriptor : ErrorCode::NotPermitted;
}

TENON_COLD ErrorCode readError(long error) {
  return error == -eISDIR ? ErrorCode::BadDescriptor : errorCodeOf(error);
}

TENON_COLD void failRead(FileResult<ReadOutcome> *out, ErrorCode code) { out->fail(code); }
TENON_COLD void failWrite(FileResult<uint64_t> *out, ErrorCode code) { out->fail(code); }

} // namespace tenon::rt

TENON_HOST("wasi:filesystem/types#[method]descriptor.read", void, descriptorRead, uint32_t self,
           uint64_t length, uint64_t offset, FileResult<ReadOutcome> *out) {
  Descriptor &descriptor = descriptors[self];
  if (!(descriptor.rights & MayRead)) [[unlikely]]
    return failRead(out, refusal(descriptor));
  uint64_t wanted = min(length, maxRead);
  uint8_t *buffer = reserveResult(wanted);
  long got = syscall(SysPread, descriptor.fd, address(buffer), static_cast<long>(wanted),
                     static_cast<long>(offset));
  if (got < 0) [[unlikely]]
    return failRead(out, readError(got));
  out->succeed({{buffer, static_cast<uint64_t>(got)}, got == 0});
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.write", void, descriptorWrite, uint32_t self,
           const uint8_t *bytes, uint64_t size, uint64_t offset, FileResult<uint64_t> *out) {
  Descriptor &descriptor = descriptors[self];
  if (!(descriptor.rights & MayWrite)) [[unlikely]]
    return failWrite(out, refusal(descriptor));
  long put = syscall(SysPwrite, descriptor.fd, address(bytes), static_cast<long>(size),
                     static_cast<long>(offset));
  if (put < 0) [[unlikely]]
    return failWrite(out, errorCodeOf(put));
  out->succeed(static_cast<uint64_t>(put));
}

TENON_HOST("wasi:filesystem/types#[resource-drop]descriptor", void, dropDescriptor, uint32_t self) {
  releaseDescriptor(self);
}

//===--- streams of a file ------------------------------------------------===//

TENON_HOST("wasi:filesystem/types#[method]descriptor.read-via-stream", void, readViaStream,
           uint32_t self, uint64_t offset, FileResult<uint32_t> *out) {
  if (isDirectory(descriptors[self]) || !(descriptors[self].rights & MayRead))
    return out->fail(ErrorCode::BadDescriptor);
  uint32_t rep = inputStreams.allocate();
  inputStreams[rep] = {offset, self, -1, StreamFile, false, 0};
  ++descriptors[self].users;
  out->succeed(rep);
}

namespace {
void makeOutput(uint32_t self, uint64_t offset, StreamKind kind, FileResult<uint32_t> *out) {
  if (isDirectory(descriptors[self]) || !(descriptors[self].rights & MayWrite))
    return out->fail(ErrorCode::BadDescriptor);
  uint32_t rep = outputStreams.allocate();
  outputStreams[rep] = {offset, self, -1, kind, false, 0};
  ++descriptors[self].users;
  out->succeed(rep);
}
} // namespace

TENON_HOST("wasi:filesystem/types#[method]descriptor.write-via-stream", void, writeViaStream,
           uint32_t self, uint64_t offset, FileResult<uint32_t> *out) {
  makeOutput(self, offset, StreamFile, out);
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.append-via-stream", void, appendViaStream,
           uint32_t self, FileResult<uint32_t> *out) {
  makeOutput(self, 0, StreamAppend, out);
}

//===--- properties -------------------------------------------------------===//

TENON_HOST("wasi:filesystem/types#[method]descriptor.get-flags", void, getFlags, uint32_t self,
           FileResult<uint8_t> *out) {
  enum : uint8_t { FlagRead = 1, FlagWrite = 2, FlagMutateDirectory = 32 };
  Descriptor &descriptor = descriptors[self];
  uint8_t flags = 0;
  if (descriptor.rights & ModeRead)
    flags |= FlagRead;
  if (descriptor.rights & ModeWrite)
    flags |= FlagWrite;
  if (isDirectory(descriptor) && (descriptor.rights & MayMutate))
    flags |= FlagMutateDirectory;
  out->succeed(flags);
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.get-type", void, getType, uint32_t self,
           FileResult<DescriptorType> *out) {
  FileStat stat;
  if (long error = fstat(descriptors[self].fd, &stat))
    return out->failWith(error);
  out->succeed(typeOfMode(stat.mode));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.stat", void, descriptorStat, uint32_t self,
           FileResult<DescriptorStat> *out) {
  FileStat stat;
  if (long error = fstat(descriptors[self].fd, &stat))
    return out->failWith(error);
  out->succeed(describe(stat));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.metadata-hash", void, metadataHash,
           uint32_t self, FileResult<MetadataHash> *out) {
  FileStat stat;
  if (long error = fstat(descriptors[self].fd, &stat))
    return out->failWith(error);
  out->succeed(hashOf(stat));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.is-same-object", uint32_t, isSameObject,
           uint32_t self, uint32_t other) {
  FileStat a, b;
  if (fstat(descriptors[self].fd, &a) || fstat(descriptors[other].fd, &b))
    return 0;
  return a.dev == b.dev && a.ino == b.ino;
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.advise", void, advise, uint32_t self,
           uint64_t offset, uint64_t length, uint32_t advice, FileResult<void> *out) {
  if (isDirectory(descriptors[self]))
    return out->fail(ErrorCode::BadDescriptor);
  // WASI's order: normal, sequential, random, will-need, dont-need, no-reuse.
  const int kernelAdvice[] = {0, 2, 1, 3, 4, 5};
  out->finish(syscall(SysFadvise, descriptors[self].fd, static_cast<long>(offset),
                      static_cast<long>(length), kernelAdvice[advice % 6]));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.set-size", void, setSize, uint32_t self,
           uint64_t size, FileResult<void> *out) {
  Descriptor &descriptor = descriptors[self];
  if (isDirectory(descriptor) || !(descriptor.rights & MayWrite))
    return out->fail(refusal(descriptor));
  out->finish(syscall(SysFtruncate, descriptor.fd, static_cast<long>(size)));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.sync", void, sync, uint32_t self,
           FileResult<void> *out) {
  out->finish(syscall(SysFsync, descriptors[self].fd));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.sync-data", void, syncData, uint32_t self,
           FileResult<void> *out) {
  out->finish(syscall(SysFdatasync, descriptors[self].fd));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.set-times", void, setTimes, uint32_t self,
           uint32_t accessKind, uint64_t accessSeconds, uint32_t accessNanoseconds,
           uint32_t modificationKind, uint64_t modificationSeconds,
           uint32_t modificationNanoseconds, FileResult<void> *out) {
  Descriptor &descriptor = descriptors[self];
  uint8_t needed = isDirectory(descriptor) ? MayMutate : MayWrite;
  if (!(descriptor.rights & needed))
    return out->fail(ErrorCode::NotPermitted);
  Timespec times[2];
  if (!toTimespec(accessKind, accessSeconds, accessNanoseconds, times[0]) ||
      !toTimespec(modificationKind, modificationSeconds, modificationNanoseconds, times[1]))
    return out->fail(ErrorCode::Invalid);
  out->finish(syscall(SysUtimensat, descriptor.fd, 0, address(times), 0));
}
