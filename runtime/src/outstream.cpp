//===- outstream.cpp - wasi:io/streams: output ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is buffered: what `write` accepted has been given to the kernel, so `flush` has nothing
// to do. Writing more than `check-write` permits is a breach of the contract and traps, as WASI
// says.
//
//===----------------------------------------------------------------------===//

#include "streams.h"
#include "syscall.h"

using namespace tenon::rt;

namespace {

/// What the blocking-write functions accept.
constexpr uint64_t blockingPermit = 4096;
alignas(64) const uint8_t zeroes[blockingPermit] = {};

long writeAtEnd(int fd, const uint8_t *bytes, uint64_t size) {
  enum { WriteAppend = 0x10 };
  struct {
    const uint8_t *data;
    uint64_t size;
  } vector = {bytes, size};
  long put = syscall(SysPwritev2, fd, address(&vector), 1, 0, 0, WriteAppend);
  if (put != -eOPNOTSUPP && put != -eNOSYS && put != -eINVAL)
    return put;
  FileStat stat;
  if (long error = fstat(fd, &stat))
    return error;
  return syscall(SysPwrite, fd, address(bytes), static_cast<long>(size), stat.size);
}

long writeOnce(const OutputStream &stream, const uint8_t *bytes, uint64_t size) {
  switch (stream.kind) {
  case StreamStdio: {
    long put = write(stream.fd, bytes, size);
    if (put != -eAGAIN)
      return put;
    PollFd poll = {stream.fd, PollOut, 0};
    ppoll(&poll, 1, nullptr);
    return -eINTR;
  }
  case StreamAppend:
    return writeAtEnd(descriptors[stream.descriptor].fd, bytes, size);
  case StreamFile:
    return syscall(SysPwrite, descriptors[stream.descriptor].fd, address(bytes),
                   static_cast<long>(size), static_cast<long>(stream.offset));
  }
}

} // namespace

long tenon::rt::writeStream(OutputStream &stream, const uint8_t *bytes, uint64_t size) {
  while (size) {
    long put = writeOnce(stream, bytes, size);
    if (put == -eINTR)
      continue;
    if (put < 0) {
      stream.closed = true;
      return put;
    }
    bytes += put;
    size -= static_cast<uint64_t>(put);
    stream.offset += static_cast<uint64_t>(put);
  }
  return 0;
}

namespace tenon::rt {

/// Everything but a write of a file that the kernel took whole.
TENON_COLD void writeSlowly(uint32_t self, const uint8_t *bytes, uint64_t size, uint64_t permit,
                            StreamResult<void> *out) {
  OutputStream &stream = outputStreams[self];
  if (size > permit)
    tenon_trap(HostContract);
  if (stream.closed)
    return failClosed(out);
  long error = writeStream(stream, bytes, size);
  if (error == -ePIPE && stream.kind == StreamStdio)
    return failClosed(out);
  if (error)
    return failWith(out, error);
  out->succeed();
}

inline void writeInline(uint32_t self, const uint8_t *bytes, uint64_t size, uint64_t permit,
                        StreamResult<void> *out) {
  OutputStream &stream = outputStreams[self];
  if (stream.kind != StreamFile || stream.closed || size > permit) [[unlikely]]
    return writeSlowly(self, bytes, size, permit, out);
  long put = syscall(SysPwrite, descriptors[stream.descriptor].fd, address(bytes),
                     static_cast<long>(size), static_cast<long>(stream.offset));
  if (put != static_cast<long>(size)) [[unlikely]] {
    uint64_t done = put < 0 ? 0 : static_cast<uint64_t>(put);
    stream.offset += done;
    return writeSlowly(self, bytes + done, size - done, permit, out);
  }
  stream.offset += size;
  out->succeed();
}

TENON_COLD void failCheck(StreamResult<uint64_t> *out) { failClosed(out); }

} // namespace tenon::rt

namespace {

void writeZeroes(uint32_t self, uint64_t size, uint64_t permit, StreamResult<void> *out) {
  if (size > permit)
    tenon_trap(HostContract);
  do {
    uint64_t now = min(size, blockingPermit);
    writeSlowly(self, zeroes, now, permit, out);
    size -= now;
  } while (size && !out->isError);
}

void flush(uint32_t self, StreamResult<void> *out) {
  if (outputStreams[self].closed)
    return failClosed(out);
  out->succeed();
}

void splice(uint32_t self, uint32_t source, uint64_t length, Wait wait,
            StreamResult<uint64_t> *out) {
  if (outputStreams[self].closed)
    return failClosed(out);
  uint64_t wanted = min(length, maxRead);
  uint8_t *buffer = reserveResult(wanted);
  long got = readStream(inputStreams[source], buffer, wanted, wait);
  if (got == streamEnd)
    return failClosed(out);
  long error = got < 0 ? got : writeStream(outputStreams[self], buffer, static_cast<uint64_t>(got));
  if (error < 0)
    return failWith(out, error);
  out->succeed(static_cast<uint64_t>(got));
}

} // namespace

TENON_HOST("wasi:io/streams#[method]output-stream.check-write", void, checkWrite, uint32_t self,
           StreamResult<uint64_t> *out) {
  if (outputStreams[self].closed) [[unlikely]]
    return failCheck(out);
  out->succeed(writePermit);
}

TENON_HOST("wasi:io/streams#[method]output-stream.write", void, outputWrite, uint32_t self,
           const uint8_t *bytes, uint64_t size, StreamResult<void> *out) {
  writeInline(self, bytes, size, writePermit, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.blocking-write-and-flush", void,
           outputBlockingWriteAndFlush, uint32_t self, const uint8_t *bytes, uint64_t size,
           StreamResult<void> *out) {
  writeInline(self, bytes, size, blockingPermit, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.flush", void, outputFlush, uint32_t self,
           StreamResult<void> *out) {
  flush(self, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.blocking-flush", void, outputBlockingFlush,
           uint32_t self, StreamResult<void> *out) {
  flush(self, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.write-zeroes", void, outputWriteZeroes,
           uint32_t self, uint64_t size, StreamResult<void> *out) {
  writeZeroes(self, size, writePermit, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.blocking-write-zeroes-and-flush", void,
           outputBlockingWriteZeroesAndFlush, uint32_t self, uint64_t size,
           StreamResult<void> *out) {
  writeZeroes(self, size, blockingPermit, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.splice", void, outputSplice, uint32_t self,
           uint32_t source, uint64_t length, StreamResult<uint64_t> *out) {
  splice(self, source, length, Wait::No, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.blocking-splice", void, outputBlockingSplice,
           uint32_t self, uint32_t source, uint64_t length, StreamResult<uint64_t> *out) {
  splice(self, source, length, Wait::Yes, out);
}

TENON_HOST("wasi:io/streams#[method]output-stream.subscribe", uint32_t, outputSubscribe,
           uint32_t self) {
  uint32_t rep = pollables.allocate();
  const OutputStream &stream = outputStreams[self];
  bool waits = stream.kind == StreamStdio && !stream.closed;
  pollables[rep] = {0, stream.fd, waits ? PollOutput : PollAlways, 0};
  return rep;
}

TENON_HOST("wasi:io/streams#[resource-drop]output-stream", void, dropOutput, uint32_t self) {
  if (outputStreams[self].kind != StreamStdio)
    releaseDescriptor(outputStreams[self].descriptor);
  outputStreams.release(self);
}
