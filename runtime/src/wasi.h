//===- wasi.h - Layouts that host functions return ------------ -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The Canonical ABI's layout of a variant is a discriminant and then, at the alignment of the
// largest payload, the payload: what C does with a struct of a byte and a union.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_WASI_H
#define TENON_RUNTIME_WASI_H

#include "resources.h"

namespace tenon::rt {

/// wasi:filesystem/types.error-code
enum class ErrorCode : uint8_t {
  Access,
  WouldBlock,
  Already,
  BadDescriptor,
  Busy,
  Deadlock,
  Quota,
  Exist,
  FileTooLarge,
  IllegalByteSequence,
  InProgress,
  Interrupted,
  Invalid,
  Io,
  IsDirectory,
  Loop,
  TooManyLinks,
  MessageSize,
  NameTooLong,
  NoDevice,
  NoEntry,
  NoLock,
  InsufficientMemory,
  InsufficientSpace,
  NotDirectory,
  NotEmpty,
  NotRecoverable,
  Unsupported,
  NoTty,
  NoSuchDevice,
  Overflow,
  NotPermitted,
  Pipe,
  ReadOnly,
  InvalidSeek,
  TextFileBusy,
  CrossDevice,
};

ErrorCode errorCodeOf(long error);

struct Nothing {};

/// `result<T, error-code>`
template <typename T> struct FileResult {
  uint8_t isError;
  union {
    T value;
    ErrorCode error;
  };
  void succeed(const T &result) {
    isError = 0;
    value = result;
  }
  void fail(ErrorCode code) {
    isError = 1;
    error = code;
  }
  /// A result of the kernel, known to be an error.
  TENON_COLD void failWith(long errorNumber) { fail(errorCodeOf(errorNumber)); }
};

/// `result<_, error-code>`
template <> struct FileResult<void> {
  uint8_t isError;
  ErrorCode error;
  void succeed() { isError = 0; }
  void fail(ErrorCode code) {
    isError = 1;
    error = code;
  }
  /// A result of the kernel, an error or not.
  void finish(long result) {
    if (result < 0)
      fail(errorCodeOf(result));
    else
      succeed();
  }
};

/// wasi:io/streams.stream-error
struct StreamError {
  uint8_t isClosed;
  uint32_t error; ///< own<error>, unless closed
};

/// `result<T, stream-error>`
template <typename T> struct StreamResult {
  uint8_t isError;
  union {
    T value;
    StreamError error;
  };
  void succeed(const T &result) {
    isError = 0;
    value = result;
  }
};

/// `result<_, stream-error>`
template <> struct StreamResult<void> {
  uint8_t isError;
  StreamError error;
  void succeed() { isError = 0; }
};

template <typename T> TENON_COLD void failClosed(StreamResult<T> *out) {
  out->isError = 1;
  out->error.isClosed = 1;
}

/// The last operation failed with `error` (a negative result of the kernel).
template <typename T> TENON_COLD void failWith(StreamResult<T> *out, long error) {
  uint32_t rep = ioErrors.allocate();
  ioErrors[rep].error = static_cast<int>(-error);
  out->isError = 1;
  out->error = {0, rep};
}

template <typename T> struct Option {
  uint8_t isSome;
  T value;
};

/// wasi:clocks/wall-clock.datetime
struct Datetime {
  uint64_t seconds;
  uint32_t nanoseconds;
};

constexpr uint64_t nanosecondsPerSecond = 1000000000;

} // namespace tenon::rt

#endif // TENON_RUNTIME_WASI_H
