//===- ByteCursor.cpp - Reading a binary without trusting it --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/ByteCursor.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Endian.h"
#include <cassert>

using namespace tenon;

void ByteCursor::setPosition(size_t to) {
  assert(to <= bytes.size() && "a cursor stays in its bytes");
  position = to;
}

FailureOr<uint8_t> ByteCursor::readByte() {
  if (atEnd())
    return error("unexpected end");
  return bytes[position++];
}

FailureOr<uint8_t> ByteCursor::peekByte() {
  if (atEnd())
    return error("unexpected end");
  return bytes[position];
}

FailureOr<llvm::ArrayRef<uint8_t>> ByteCursor::readBytes(size_t count) {
  if (count > remaining())
    return error("unexpected end: ") << count << " bytes expected, " << remaining() << " left";
  llvm::ArrayRef<uint8_t> result = bytes.slice(position, count);
  position += count;
  return result;
}

FailureOr<uint64_t> ByteCursor::readUnsigned(unsigned bits) {
  uint64_t result = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (atEnd())
      return error("unexpected end");
    uint8_t byte = bytes[position];
    if (shift + 7 > bits) { // the last byte there can be
      if (byte & 0x80)
        return error("integer representation too long");
      if (byte >> (bits - shift))
        return error("integer too large");
    }
    ++position;
    result |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return result;
  }
}

FailureOr<int64_t> ByteCursor::readSigned(unsigned bits) {
  uint64_t result = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (atEnd())
      return error("unexpected end");
    uint8_t byte = bytes[position];
    if (shift + 7 > bits) {
      if (byte & 0x80)
        return error("integer representation too long");
      // The bits past the sign must repeat it.
      int8_t top = int8_t(byte << 1) >> (bits - shift);
      if (top != 0 && top != -1)
        return error("integer too large");
    }
    ++position;
    result |= uint64_t(byte & 0x7f) << shift;
    if (byte & 0x80)
      continue;
    unsigned width = shift + 7;
    if (width < 64 && (byte & 0x40))
      result |= ~uint64_t(0) << width;
    return int64_t(result);
  }
}

FailureOr<uint32_t> ByteCursor::readU32() {
  if (position < bytes.size() && bytes[position] < 0x80) // the common case
    return bytes[position++];
  FailureOr<uint64_t> value = readUnsigned(32);
  if (failed(value))
    return failure();
  return uint32_t(*value);
}

FailureOr<uint64_t> ByteCursor::readU64() { return readUnsigned(64); }

FailureOr<int32_t> ByteCursor::readS32() {
  FailureOr<int64_t> value = readSigned(32);
  if (failed(value))
    return failure();
  return int32_t(*value);
}

FailureOr<int64_t> ByteCursor::readS33() { return readSigned(33); }

FailureOr<int64_t> ByteCursor::readS64() { return readSigned(64); }

FailureOr<uint32_t> ByteCursor::readFixed32() {
  FailureOr<llvm::ArrayRef<uint8_t>> raw = readBytes(4);
  if (failed(raw))
    return failure();
  return llvm::support::endian::read32le(raw->data());
}

FailureOr<uint64_t> ByteCursor::readFixed64() {
  FailureOr<llvm::ArrayRef<uint8_t>> raw = readBytes(8);
  if (failed(raw))
    return failure();
  return llvm::support::endian::read64le(raw->data());
}

FailureOr<llvm::StringRef> ByteCursor::readName() {
  FailureOr<uint32_t> length = readU32();
  if (failed(length))
    return failure();
  size_t at = position;
  FailureOr<llvm::ArrayRef<uint8_t>> raw = readBytes(*length);
  if (failed(raw))
    return failure();
  llvm::StringRef name(reinterpret_cast<const char *>(raw->data()), raw->size());
  if (!isValidUTF8(name))
    return errorAt(at, "malformed UTF-8 encoding");
  return name;
}

FailureOr<uint32_t> ByteCursor::readCount(llvm::StringRef what) {
  size_t at = position;
  FailureOr<uint32_t> count = readU32();
  if (failed(count))
    return failure();
  if (*count > remaining())
    return errorAt(at, "unexpected end: ")
           << *count << ' ' << what << " expected, " << remaining() << " bytes left";
  return *count;
}

FailureOr<ByteCursor> ByteCursor::readSized(llvm::StringRef what) {
  size_t at = position;
  FailureOr<uint32_t> size = readU32();
  if (failed(size))
    return failure();
  if (*size > remaining())
    return errorAt(at, "unexpected end: ")
           << what << " of " << *size << " bytes, " << remaining() << " left";
  ByteCursor inner(bytes.slice(position, *size), getLocation(), *diags);
  position += *size;
  return inner;
}

bool tenon::isValidUTF8(llvm::StringRef text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  return llvm::isLegalUTF8String(&begin, begin + text.size());
}
