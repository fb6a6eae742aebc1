//===- Text.h - .wat -> bytes -----------------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_TEXT_H
#define TENON_TEXT_TEXT_H

#include "tenon/Support/Diagnostics.h"
#include <cstdint>
#include <vector>

namespace tenon::text {

struct Options {
  /// A component's import name may be a path (`"./x.wasm"`): it becomes a name with an external id,
  /// with a warning.
  bool allowPathImports = true;
};

/// Encodes a text file that holds `(module ...)`, `(component ...)` or bare module fields. Fills
/// the file's encoding map, so that what reads the bytes reports lines of the text.
FailureOr<std::vector<uint8_t>> encode(SourceFile &file, Diagnostics &diags,
                                       const Options &options = {});

} // namespace tenon::text

#endif // TENON_TEXT_TEXT_H
