//===- ComponentBytes.h - Components written byte by byte -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_UNIT_COMPONENT_COMPONENTBYTES_H
#define TENON_TEST_UNIT_COMPONENT_COMPONENTBYTES_H

#include "tenon/Component/Reader.h"
#include "tenon/Component/Validator.h"
#include <cassert>
#include <initializer_list>
#include <string>
#include <vector>

namespace tenon::component::test {

using Bytes = std::vector<uint8_t>;

inline Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes &part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// A length and that many bytes.
inline Bytes sized(const Bytes &contents) {
  Bytes all;
  size_t size = contents.size();
  for (; size >= 0x80; size >>= 7)
    all.push_back(0x80 | (size & 0x7f));
  all.push_back(uint8_t(size));
  all.insert(all.end(), contents.begin(), contents.end());
  return all;
}

inline Bytes name(llvm::StringRef text) { return sized(Bytes(text.begin(), text.end())); }
/// nameattributes without attributes.
inline Bytes externName(llvm::StringRef text) { return join({{0x00}, name(text)}); }

inline Bytes section(uint8_t id, const Bytes &contents) { return join({{id}, sized(contents)}); }
/// A section of one definition.
inline Bytes one(uint8_t id, const Bytes &definition) {
  return section(id, join({{0x01}, definition}));
}

inline Bytes componentOf(std::initializer_list<Bytes> sections) {
  return join({{0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00}, join(sections)});
}

inline ValidatorOptions allFeatures() {
  ValidatorOptions options;
  options.features = Features::all();
  return options;
}

/// Reads and validates, and keeps what comes of it. By default everything is enabled.
struct Checked {
  Bytes bytes;
  SourceFile file{"test.wasm", ""};
  std::string message;
  Diagnostics diags{[this](const Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.message;
  }};
  TypeArena arena;
  std::unique_ptr<Component> component;
  bool isValid = false;

  explicit Checked(Bytes input, const ValidatorOptions &options = allFeatures())
      : bytes(std::move(input)) {
    FailureOr<std::unique_ptr<Component>> read =
        readComponent(bytes, Location::binary(file, 0), diags);
    if (failed(read))
      return;
    component = std::move(*read);
    isValid = succeeded(validateComponent(*component, arena, diags, options));
  }
};

} // namespace tenon::component::test

#endif // TENON_TEST_UNIT_COMPONENT_COMPONENTBYTES_H
