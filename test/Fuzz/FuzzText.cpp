//===- FuzzText.cpp - Text that nobody would write ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever the text: it becomes bytes without an error, or there is an error; as a module, as a
// component and as a script.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Script.h"
#include "tenon/Text/Text.h"
#include <cstdlib>

using namespace tenon;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string contents(reinterpret_cast<const char *>(data), size);
  {
    SourceFile file("fuzz.wat", contents);
    Diagnostics diags([](const Diagnostic &) {});
    bool encoded = succeeded(text::encode(file, diags));
    require(encoded == (diags.getNumErrors() == 0));
  }
  SourceFile file("fuzz.wast", contents);
  Diagnostics diags([](const Diagnostic &) {});
  bool parsed = succeeded(text::parseScript(file, diags));
  require(parsed == (diags.getNumErrors() == 0));
  return 0;
}
