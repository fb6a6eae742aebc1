//===- instream.cpp - wasi:io/streams: input ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A stream over a file reads at its own offset, so that several of them share one descriptor. Files
// are always ready; of the process's standard input a reader that does not block asks first.
//
//===----------------------------------------------------------------------===//

#include "streams.h"
#include "syscall.h"

using namespace tenon::rt;

namespace {

long readStdio(int fd, uint8_t *buffer, uint64_t size, Wait wait) {
  if (wait == Wait::No) {
    PollFd poll = {fd, PollIn, 0};
    Timespec now = {0, 0};
    if (ppoll(&poll, 1, &now) == 0)
      return 0;
  }
  for (;;) {
    long got = read(fd, buffer, size);
    if (got == -eAGAIN && wait == Wait::Yes) {
      PollFd poll = {fd, PollIn, 0};
      ppoll(&poll, 1, nullptr);
      continue;
    }
    if (got != -eINTR)
      return got == -eAGAIN ? 0 : got == 0 ? streamEnd : got;
  }
}

} // namespace

long tenon::rt::readStream(InputStream &stream, uint8_t *buffer, uint64_t size, Wait wait) {
  if (stream.closed)
    return streamEnd;
  if (!size)
    return 0;
  long got;
  if (stream.kind == StreamStdio) {
    got = readStdio(stream.fd, buffer, size, wait);
  } else {
    got = syscall(SysPread, descriptors[stream.descriptor].fd, address(buffer),
                  static_cast<long>(size), static_cast<long>(stream.offset));
    if (got > 0)
      stream.offset += static_cast<uint64_t>(got);
    else if (got == 0)
      got = streamEnd;
  }
  stream.closed = got < 0;
  return got;
}

namespace tenon::rt {

/// Everything but the successful read of a file.
TENON_COLD void readSlowly(uint32_t self, uint64_t length, Wait wait, StreamResult<Bytes> *out) {
  uint64_t wanted = min(length, maxRead);
  uint8_t *buffer = reserveResult(wanted);
  long got = readStream(inputStreams[self], buffer, wanted, wait);
  if (got == streamEnd)
    return failClosed(out);
  if (got < 0)
    return failWith(out, got);
  out->succeed({buffer, static_cast<uint64_t>(got)});
}

TENON_COLD void finishRead(uint32_t self, long got, StreamResult<Bytes> *out) {
  inputStreams[self].closed = true;
  if (got == 0)
    return failClosed(out);
  failWith(out, got);
}

inline void readInline(uint32_t self, uint64_t length, Wait wait, StreamResult<Bytes> *out) {
  InputStream &stream = inputStreams[self];
  if (stream.kind != StreamFile || stream.closed || !length) [[unlikely]]
    return readSlowly(self, length, wait, out);
  uint64_t wanted = min(length, maxRead);
  uint8_t *buffer = reserveResult(wanted);
  long got = syscall(SysPread, descriptors[stream.descriptor].fd, address(buffer),
                     static_cast<long>(wanted), static_cast<long>(stream.offset));
  if (got <= 0) [[unlikely]]
    return finishRead(self, got, out);
  stream.offset += static_cast<uint64_t>(got);
  out->succeed({buffer, static_cast<uint64_t>(got)});
}

} // namespace tenon::rt

TENON_HOST("wasi:io/streams#[method]input-stream.read", void, inputRead, uint32_t self,
           uint64_t length, StreamResult<Bytes> *out) {
  readInline(self, length, Wait::No, out);
}

TENON_HOST("wasi:io/streams#[method]input-stream.blocking-read", void, inputBlockingRead,
           uint32_t self, uint64_t length, StreamResult<Bytes> *out) {
  readInline(self, length, Wait::Yes, out);
}

namespace {
void skip(uint32_t self, uint64_t length, Wait wait, StreamResult<uint64_t> *out) {
  StreamResult<Bytes> bytes;
  readSlowly(self, length, wait, &bytes);
  out->isError = bytes.isError;
  if (bytes.isError)
    out->error = bytes.error;
  else
    out->value = bytes.value.size;
}
} // namespace

TENON_HOST("wasi:io/streams#[method]input-stream.skip", void, inputSkip, uint32_t self,
           uint64_t length, StreamResult<uint64_t> *out) {
  skip(self, length, Wait::No, out);
}

TENON_HOST("wasi:io/streams#[method]input-stream.blocking-skip", void, inputBlockingSkip,
           uint32_t self, uint64_t length, StreamResult<uint64_t> *out) {
  skip(self, length, Wait::Yes, out);
}

TENON_HOST("wasi:io/streams#[method]input-stream.subscribe", uint32_t, inputSubscribe,
           uint32_t self) {
  uint32_t rep = pollables.allocate();
  const InputStream &stream = inputStreams[self];
  bool waits = stream.kind == StreamStdio && !stream.closed;
  pollables[rep] = {0, stream.fd, waits ? PollInput : PollAlways, 0};
  return rep;
}

TENON_HOST("wasi:io/streams#[resource-drop]input-stream", void, dropInput, uint32_t self) {
  if (inputStreams[self].kind != StreamStdio)
    releaseDescriptor(inputStreams[self].descriptor);
  inputStreams.release(self);
}
