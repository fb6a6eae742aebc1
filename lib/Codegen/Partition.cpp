//===- Partition.cpp - Cutting the program into parts --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Partition.h"

using namespace tenon;
using namespace tenon::codegen;

/// Of bodies in a part: some 50,000 IR instructions, a second or two of optimising.
static constexpr size_t partBytes = 128 << 10;

std::vector<Part> codegen::partition(const Program &program) {
  std::vector<Part> parts;
  size_t bytes = partBytes;
  for (uint32_t i = 0; i < program.instances.size(); ++i) {
    const wasm::Module &module = *program.instances[i].module;
    for (uint32_t k = 0; k < module.functions.size(); ++k) {
      if (bytes >= partBytes) {
        parts.push_back({"part" + std::to_string(parts.size()), {}});
        bytes = 0;
      }
      parts.back().functions.push_back({i, module.numImportedFuncs + k});
      bytes += module.functions[k].body.size();
    }
  }
  return parts;
}
