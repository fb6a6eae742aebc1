//===- WasmBytes.h - Assembling core modules by hand ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_UNIT_WASM_WASMBYTES_H
#define TENON_TEST_UNIT_WASM_WASMBYTES_H

#include "tenon/Wasm/Reader.h"
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace tenon::wasm::test {

using Bytes = std::vector<uint8_t>;

inline void appendSize(Bytes &to, size_t size) {
  for (; size >= 0x80; size >>= 7)
    to.push_back(uint8_t(size) | 0x80);
  to.push_back(uint8_t(size));
}
inline Bytes operator+(Bytes left, const Bytes &right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}
/// A size and that many bytes.
inline Bytes sized(const Bytes &contents) {
  Bytes bytes;
  appendSize(bytes, contents.size());
  return bytes + contents;
}
/// A number and that many entries.
inline Bytes vec(std::initializer_list<Bytes> entries) {
  Bytes bytes;
  appendSize(bytes, entries.size());
  for (const Bytes &entry : entries)
    bytes = bytes + entry;
  return bytes;
}
inline Bytes section(uint8_t id, const Bytes &contents) { return Bytes{id} + sized(contents); }
inline Bytes types(std::initializer_list<Bytes> entries) { return section(1, vec(entries)); }
inline Bytes imports(std::initializer_list<Bytes> entries) { return section(2, vec(entries)); }
inline Bytes functions(std::initializer_list<Bytes> entries) { return section(3, vec(entries)); }
inline Bytes tables(std::initializer_list<Bytes> entries) { return section(4, vec(entries)); }
inline Bytes memories(std::initializer_list<Bytes> entries) { return section(5, vec(entries)); }
inline Bytes globals(std::initializer_list<Bytes> entries) { return section(6, vec(entries)); }
inline Bytes exports(std::initializer_list<Bytes> entries) { return section(7, vec(entries)); }
inline Bytes elements(std::initializer_list<Bytes> entries) { return section(9, vec(entries)); }
inline Bytes datas(std::initializer_list<Bytes> entries) { return section(11, vec(entries)); }
inline Bytes tags(std::initializer_list<Bytes> entries) { return section(13, vec(entries)); }
/// Bodies with their local declarations and without their sizes.
inline Bytes code(std::initializer_list<Bytes> bodies) {
  Bytes bytes;
  appendSize(bytes, bodies.size());
  for (const Bytes &body : bodies)
    bytes = bytes + sized(body);
  return section(10, bytes);
}
inline Bytes name(const char *text) {
  return sized(Bytes(text, text + std::char_traits<char>::length(text)));
}
inline Bytes module(std::initializer_list<Bytes> sections) {
  Bytes bytes = {0x00, 'a', 's', 'm', 1, 0, 0, 0};
  for (const Bytes &one : sections)
    bytes = bytes + one;
  return bytes;
}
/// A module with one function of type `[] -> []` or of `type`, one page of memory, and this body.
inline Bytes withBody(const Bytes &body, const Bytes &type = {0x60, 0, 0}) {
  return module({types({type}), functions({{0}}), memories({{0, 1}}), code({body})});
}

/// A module that was read and validated, with what it borrows.
struct Checked {
  Bytes bytes;
  std::unique_ptr<SourceFile> file = std::make_unique<SourceFile>("test.wasm", "");
  std::unique_ptr<Module> module; ///< null when it could not be read
  bool isValid = false;
  std::string message; ///< the first diagnostic
  uint64_t offset = 0; ///< and its place
};

inline Checked check(Bytes bytes) {
  Checked result;
  result.bytes = std::move(bytes);
  Diagnostics diags([&](const Diagnostic &diagnostic) {
    if (!result.message.empty())
      return;
    result.message = diagnostic.message;
    result.offset = diagnostic.location.offset;
  });
  FailureOr<std::unique_ptr<Module>> module =
      readModule(result.bytes, Location::binary(*result.file, 0), diags);
  if (failed(module))
    return result;
  result.module = std::move(*module);
  result.isValid = succeeded(validateModule(*result.module, diags));
  return result;
}

/// What is wrong with a module; empty when nothing is.
inline std::string complaint(Bytes bytes) { return check(std::move(bytes)).message; }

} // namespace tenon::wasm::test

#endif // TENON_TEST_UNIT_WASM_WASMBYTES_H
