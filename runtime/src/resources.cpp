//===- resources.cpp - The host's resources, by representation ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "resources.h"
#include "syscall.h"

using namespace tenon::rt;

namespace {
constexpr uint32_t firstEntries = 32;
constexpr uint64_t firstBuffer = 64 << 10;

// What a program gets without asking the kernel.
Descriptor firstDescriptors[firstEntries];
InputStream firstInputs[firstEntries];
OutputStream firstOutputs[firstEntries];
IoError firstErrors[firstEntries];
Pollable firstPollables[firstEntries];
alignas(4096) uint8_t firstResult[firstBuffer];
} // namespace

namespace tenon::rt {
Slab<Descriptor> descriptors = {firstDescriptors, 0, firstEntries, 0};
Slab<InputStream> inputStreams = {firstInputs, 0, firstEntries, 0};
Slab<OutputStream> outputStreams = {firstOutputs, 0, firstEntries, 0};
Slab<IoError> ioErrors = {firstErrors, 0, firstEntries, 0};
Slab<Pollable> pollables = {firstPollables, 0, firstEntries, 0};
ResultBuffer resultBuffer = {firstResult, firstBuffer};
} // namespace tenon::rt

uint8_t *tenon::rt::allocatePages(uint64_t size) {
  long pages = mmap(nullptr, size, ProtReadWrite, MapPrivate | MapAnonymous | MapNoReserve);
  if (isError(pages))
    tenon_trap(HostExhausted);
  return reinterpret_cast<uint8_t *>(pages);
}

void tenon::rt::freePages(void *pages, uint64_t size) {
  syscall(SysMunmap, address(pages), static_cast<long>(size));
}

/// What was in the buffer stays there. A guest that asks for more than a list may have
/// (CanonicalABI.md, "MAX_LIST_BYTE_LENGTH"; pointers at most double its size) is refused before
/// the memory is spent on it.
void tenon::rt::growResultBuffer(uint64_t size) {
  constexpr uint64_t tooMuch = 2ull << 28;
  if (size > tooMuch)
    tenon_trap(HostExhausted);
  uint64_t capacity = alignTo(max(size, 2 * resultBuffer.capacity), 4096);
  uint8_t *fresh = allocatePages(capacity);
  memcpy(fresh, resultBuffer.data, resultBuffer.capacity);
  if (resultBuffer.data != firstResult)
    freePages(resultBuffer.data, resultBuffer.capacity);
  resultBuffer = {fresh, capacity};
}

bool tenon::rt::isDirectory(Descriptor &descriptor) {
  if (descriptor.kind == KindUnknown) {
    FileStat stat;
    bool known = !isError(fstat(descriptor.fd, &stat));
    descriptor.kind = known && (stat.mode & ModeType) == ModeDirectory ? KindDirectory : KindFile;
  }
  return descriptor.kind == KindDirectory;
}

void tenon::rt::releaseDescriptor(uint32_t rep) {
  Descriptor &descriptor = descriptors[rep];
  if (--descriptor.users)
    return;
  close(descriptor.fd);
  descriptors.release(rep);
}
