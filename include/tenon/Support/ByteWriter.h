//===- ByteWriter.h - Writing a binary, with places -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes that grow at the end, and with them the map from a byte's offset to the text it came from.
// A section whose size stands before it is written into a writer of its own and then appended: the
// map moves along.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_BYTEWRITER_H
#define TENON_SUPPORT_BYTEWRITER_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

namespace tenon {

class ByteWriter {
public:
  size_t size() const { return bytes.size(); }
  bool empty() const { return bytes.empty(); }
  llvm::ArrayRef<uint8_t> getBytes() const { return bytes; }
  std::vector<uint8_t> takeBytes() { return std::move(bytes); }

  void byte(uint8_t value) { bytes.push_back(value); }
  void raw(llvm::ArrayRef<uint8_t> data) { bytes.insert(bytes.end(), data.begin(), data.end()); }
  void raw(llvm::StringRef data) { bytes.insert(bytes.end(), data.begin(), data.end()); }

  /// LEB128, as short as possible. Unsigned of any width up to 64 bits.
  void u32(uint32_t value) { u64(value); }
  void u64(uint64_t value) {
    while (value >= 0x80) {
      byte(uint8_t(value) | 0x80);
      value >>= 7;
    }
    byte(uint8_t(value));
  }
  /// Signed LEB128: the same bytes for s32, s33 and s64.
  void s64(int64_t value) {
    while (value < -64 || value >= 64) {
      byte((uint8_t(value) & 0x7f) | 0x80);
      value >>= 7;
    }
    byte(uint8_t(value) & 0x7f);
  }
  void s32(int32_t value) { s64(value); }
  void s33(int64_t value) { s64(value); }

  /// Little-endian, fixed width.
  void fixed32(uint32_t value) { fixed(value, 4); }
  void fixed64(uint64_t value) { fixed(value, 8); }

  /// A length and that many bytes.
  void name(llvm::StringRef text) {
    u64(text.size());
    raw(text);
  }

  /// The bytes written from now on came from the text at `textOffset`.
  void mark(uint64_t textOffset) {
    if (!locations.empty() && locations.back().first == size())
      locations.back().second = textOffset;
    else
      locations.emplace_back(size(), textOffset);
  }

  /// Forgets what was written from `to` on.
  void truncate(size_t to) {
    assert(to <= size() && "truncating doesn't grow");
    bytes.resize(to);
    while (!locations.empty() && locations.back().first >= to)
      locations.pop_back();
  }

  /// Appends another writer's bytes and its map. Nothing is reserved: exact sizes would
  /// make many small appends quadratic.
  void append(const ByteWriter &other) {
    uint64_t shift = size();
    raw(llvm::ArrayRef<uint8_t>(other.bytes));
    for (auto [binary, text] : other.locations)
      locations.emplace_back(binary + shift, text);
  }
  /// A size, then the other writer's bytes.
  void sized(const ByteWriter &contents) {
    u64(contents.size());
    append(contents);
  }
  /// A section: its number, its size, its contents.
  void section(uint8_t id, const ByteWriter &contents) {
    byte(id);
    sized(contents);
  }

  /// (binary offset, text offset), ascending.
  llvm::ArrayRef<std::pair<uint64_t, uint64_t>> getLocations() const { return locations; }
  /// Hands the map to the file whose text was encoded.
  void mapInto(SourceFile &file) const {
    for (auto [binary, text] : locations)
      file.mapEncoded(binary, text);
  }

private:
  std::vector<uint8_t> bytes;
  std::vector<std::pair<uint64_t, uint64_t>> locations;

  void fixed(uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i)
      byte(uint8_t(value >> (8 * i)));
  }
};

} // namespace tenon

#endif // TENON_SUPPORT_BYTEWRITER_H
