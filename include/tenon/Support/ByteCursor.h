//===- ByteCursor.h - Reading a binary without trusting it ------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A view of bytes with a position. Every read checks its bounds and reports a diagnostic at the
// byte where it failed; LEB128 numbers are checked as the core specification asks (length, unused
// bits).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_BYTECURSOR_H
#define TENON_SUPPORT_BYTECURSOR_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"

namespace tenon {

class ByteCursor {
public:
  /// Reads `bytes`, the first of which stands at `start` (binary space).
  ByteCursor(llvm::ArrayRef<uint8_t> bytes, Location start, Diagnostics &diags)
      : bytes(bytes), start(start), diags(&diags) {}

  bool atEnd() const { return position == bytes.size(); }
  size_t remaining() const { return bytes.size() - position; }
  size_t getPosition() const { return position; }
  /// Jumps; `to` must not pass the end.
  void setPosition(size_t to);
  Location getLocation() const { return start.advanced(position); }
  Location locationOf(size_t at) const { return start.advanced(at); }
  Diagnostics &getDiagnostics() const { return *diags; }
  llvm::ArrayRef<uint8_t> getBytes() const { return bytes; }

  FailureOr<uint8_t> readByte();
  /// The next byte, without reading it; failure (with a diagnostic) at the end.
  FailureOr<uint8_t> peekByte();
  FailureOr<llvm::ArrayRef<uint8_t>> readBytes(size_t count);
  /// LEB128 (core specification, binary format, integers).
  FailureOr<uint32_t> readU32();
  FailureOr<uint64_t> readU64();
  FailureOr<int32_t> readS32();
  FailureOr<int64_t> readS33();
  FailureOr<int64_t> readS64();
  /// Little-endian, fixed width.
  FailureOr<uint32_t> readFixed32();
  FailureOr<uint64_t> readFixed64();
  /// A length and that many bytes of UTF-8 (core specification, names).
  FailureOr<llvm::StringRef> readName();
  /// A number of elements, each of which takes at least one byte: bounded by what remains, so that
  /// a hostile count can't make anyone reserve memory for it.
  FailureOr<uint32_t> readCount(llvm::StringRef what);
  /// A u32 length and a cursor over that many bytes; this cursor goes on after them.
  FailureOr<ByteCursor> readSized(llvm::StringRef what);

  PendingDiagnostic error(const llvm::Twine &message) const {
    return diags->error(getLocation(), message);
  }
  PendingDiagnostic errorAt(size_t at, const llvm::Twine &message) const {
    return diags->error(locationOf(at), message);
  }

private:
  llvm::ArrayRef<uint8_t> bytes;
  size_t position = 0;
  Location start;
  Diagnostics *diags;

  FailureOr<uint64_t> readUnsigned(unsigned bits);
  FailureOr<int64_t> readSigned(unsigned bits);
};

/// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool isValidUTF8(llvm::StringRef text);

} // namespace tenon

#endif // TENON_SUPPORT_BYTECURSOR_H
