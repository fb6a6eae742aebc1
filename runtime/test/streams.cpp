//===- streams.cpp - Streams, poll, clocks, environment, random -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "check.h"

HOST_FUNCTION("wasi:filesystem/preopens#get-directories", void, getDirectories, Bytes *);
#define DESCRIPTOR(name) "wasi:filesystem/types#[method]descriptor." name
HOST_FUNCTION(DESCRIPTOR("open-at"), void, openAt, uint32_t, uint32_t, const uint8_t *, uint64_t,
              uint32_t, uint32_t, FileResult<uint32_t> *);
HOST_FUNCTION(DESCRIPTOR("read-via-stream"), void, readViaStream, uint32_t, uint64_t,
              FileResult<uint32_t> *);
HOST_FUNCTION(DESCRIPTOR("write-via-stream"), void, writeViaStream, uint32_t, uint64_t,
              FileResult<uint32_t> *);
HOST_FUNCTION(DESCRIPTOR("append-via-stream"), void, appendViaStream, uint32_t,
              FileResult<uint32_t> *);
HOST_FUNCTION("wasi:filesystem/types#[resource-drop]descriptor", void, dropDescriptor, uint32_t);
HOST_FUNCTION("wasi:filesystem/types#filesystem-error-code", void, fileErrorCode, uint32_t,
              Option<ErrorCode> *);
#define INPUT(name) "wasi:io/streams#[method]input-stream." name
#define OUTPUT(name) "wasi:io/streams#[method]output-stream." name
HOST_FUNCTION(INPUT("read"), void, readNow, uint32_t, uint64_t, StreamResult<Bytes> *);
HOST_FUNCTION(INPUT("blocking-read"), void, readBlocking, uint32_t, uint64_t,
              StreamResult<Bytes> *);
HOST_FUNCTION(INPUT("skip"), void, skip, uint32_t, uint64_t, StreamResult<uint64_t> *);
HOST_FUNCTION(INPUT("subscribe"), uint32_t, subscribeInput, uint32_t);
HOST_FUNCTION("wasi:io/streams#[resource-drop]input-stream", void, dropInput, uint32_t);
HOST_FUNCTION(OUTPUT("check-write"), void, checkWrite, uint32_t, StreamResult<uint64_t> *);
HOST_FUNCTION(OUTPUT("write"), void, writeNow, uint32_t, const uint8_t *, uint64_t,
              StreamResult<void> *);
HOST_FUNCTION(OUTPUT("write-zeroes"), void, writeZeroes, uint32_t, uint64_t, StreamResult<void> *);
HOST_FUNCTION(OUTPUT("splice"), void, splice, uint32_t, uint32_t, uint64_t,
              StreamResult<uint64_t> *);
HOST_FUNCTION(OUTPUT("blocking-flush"), void, flush, uint32_t, StreamResult<void> *);
HOST_FUNCTION("wasi:io/streams#[resource-drop]output-stream", void, dropOutput, uint32_t);
HOST_FUNCTION("wasi:io/poll#poll", void, poll, const uint32_t *, uint64_t, Bytes *);
HOST_FUNCTION("wasi:io/poll#[method]pollable.ready", uint32_t, isReady, uint32_t);
HOST_FUNCTION("wasi:io/poll#[method]pollable.block", void, block, uint32_t);
HOST_FUNCTION("wasi:io/error#[method]error.to-debug-string", void, toDebugString, uint32_t,
              Bytes *);
HOST_FUNCTION("wasi:io/error#[resource-drop]error", void, dropError, uint32_t);
HOST_FUNCTION("wasi:clocks/monotonic-clock#now", uint64_t, monotonicNow);
HOST_FUNCTION("wasi:clocks/monotonic-clock#subscribe-duration", uint32_t, subscribeDuration,
              uint64_t);
HOST_FUNCTION("wasi:clocks/wall-clock#now", void, wallNow, Datetime *);
HOST_FUNCTION("wasi:cli/stdin#get-stdin", uint32_t, getStdin);
HOST_FUNCTION("wasi:cli/environment#get-environment", void, getEnvironment, Bytes *);
HOST_FUNCTION("wasi:cli/environment#get-arguments", void, getArguments, Bytes *);
HOST_FUNCTION("wasi:random/random#get-random-bytes", void, getRandomBytes, uint64_t, Bytes *);
HOST_FUNCTION("wasi:random/random#get-random-u64", uint64_t, getRandomU64);

namespace {

constexpr uint64_t millisecond = 1000000;

uint32_t openFile(const char *name, uint32_t openFlags, uint32_t flags) {
  Bytes list;
  getDirectories(&list);
  uint32_t dir = *reinterpret_cast<const uint32_t *>(list.data);
  FileResult<uint32_t> result;
  openAt(dir, 1, data(name), strlen(name), openFlags, flags, &result);
  CHECK(!result.isError);
  dropDescriptor(dir);
  return result.value;
}

bool write(uint32_t stream, const char *text) {
  StreamResult<void> result;
  writeNow(stream, data(text), strlen(text), &result);
  return !result.isError;
}

void testFileStreams() {
  enum { Create = 1, Truncate = 8, Read = 1, Write = 2 };
  uint32_t file = openFile("streamed", Create | Truncate, Read | Write);
  FileResult<uint32_t> made;
  writeViaStream(file, 0, &made);
  uint32_t out = made.value;
  StreamResult<uint64_t> permit;
  checkWrite(out, &permit);
  CHECK(!permit.isError && permit.value == writePermit);
  CHECK(write(out, "hello ") && write(out, "world"));
  appendViaStream(file, &made);
  uint32_t end = made.value;
  CHECK(write(end, "!!"));
  StreamResult<void> done;
  writeZeroes(out, 5000, &done);
  CHECK(!done.isError);
  flush(out, &done);
  CHECK(!done.isError);

  readViaStream(file, 6, &made);
  uint32_t in = made.value;
  // A stream outlives the descriptor that it was made of.
  dropDescriptor(file);
  StreamResult<Bytes> got;
  readBlocking(in, 5, &got);
  CHECK(!got.isError && equals(got.value, "world"));
  readNow(in, 0, &got);
  CHECK(!got.isError && got.value.size == 0);
  StreamResult<uint64_t> skipped;
  skip(in, 5000, &skipped);
  CHECK(!skipped.isError && skipped.value == 5000);
  splice(out, in, 100, &skipped);
  CHECK(skipped.isError && skipped.error.isClosed);
  readNow(in, 100, &got);
  CHECK(got.isError && got.error.isClosed);
  CHECK(isReady(subscribeInput(in)));
  dropInput(in);
  dropOutput(out);
  dropOutput(end);
}

/// A stream that the kernel refuses to write: the error is a resource.
void testStreamError() {
  uint32_t rep = outputStreams.allocate();
  outputStreams[rep] = {0, 0, -1, StreamStdio, false, 0};
  StreamResult<void> result;
  writeNow(rep, data("x"), 1, &result);
  CHECK(result.isError && !result.error.isClosed);
  Option<ErrorCode> code;
  fileErrorCode(result.error.error, &code);
  CHECK(code.isSome && code.value == ErrorCode::BadDescriptor);
  Bytes text;
  toDebugString(result.error.error, &text);
  CHECK(equals(text, "os error 9"));
  dropError(result.error.error);
  writeNow(rep, data("x"), 1, &result);
  CHECK(result.isError && result.error.isClosed);
  dropOutput(rep);
}

void testPoll() {
  uint64_t start = monotonicNow();
  uint32_t late = subscribeDuration(1000 * millisecond), soon = subscribeDuration(20 * millisecond);
  uint32_t both[] = {late, soon};
  CHECK(!isReady(soon));
  Bytes ready;
  poll(both, 2, &ready);
  CHECK(ready.size == 1 && *reinterpret_cast<const uint32_t *>(ready.data) == 1);
  CHECK(monotonicNow() - start >= 20 * millisecond && monotonicNow() - start < 900 * millisecond);
  block(soon);
  uint32_t never = subscribeDuration(~0ull);
  CHECK(!isReady(never));
  Datetime now;
  wallNow(&now);
  CHECK(now.seconds > 1700000000 && now.nanoseconds < nanosecondsPerSecond);
}

/// The test gets "ab" on its standard input, and then its end.
void testStdin() {
  uint32_t in = getStdin();
  StreamResult<Bytes> got;
  readBlocking(in, 100, &got);
  CHECK(!got.isError && equals(got.value, "ab"));
  readBlocking(in, 100, &got);
  CHECK(got.isError && got.error.isClosed);
}

/// Linked with FIXED=value, INHERITED and ABSENT; run with INHERITED=a=b and PRIVATE.
void testEnvironment() {
  struct Variable {
    Bytes name, value;
  };
  Bytes list;
  getEnvironment(&list);
  CHECK_EQUAL(list.size, 2);
  const Variable *variables = reinterpret_cast<const Variable *>(list.data);
  CHECK(equals(variables[0].name, "FIXED") && equals(variables[0].value, "value"));
  CHECK(equals(variables[1].name, "INHERITED") && equals(variables[1].value, "a=b"));
  getArguments(&list);
  CHECK_EQUAL(list.size, 2);
  CHECK(equals(reinterpret_cast<const Bytes *>(list.data)[1], "argument"));
}

void testRandom() {
  Bytes bytes;
  getRandomBytes(200000, &bytes);
  CHECK_EQUAL(bytes.size, 200000);
  unsigned zeroes = 0;
  for (uint64_t i = 0; i < bytes.size; ++i)
    zeroes += bytes.data[i] == 0;
  CHECK(zeroes > 400 && zeroes < 1600);
  CHECK(getRandomU64() != getRandomU64());
}

uint32_t run() {
  testFileStreams();
  testStreamError();
  testPoll();
  testStdin();
  testEnvironment();
  testRandom();
  exitProcess(failures);
}

} // namespace

const struct tenon_program_info tenon_program_info = {TENON_ABI_VERSION, 0,       nullptr, 0,
                                                      nullptr,           nullptr, 1 << 20, run};
