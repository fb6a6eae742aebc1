//===- InterpModules.h - Modules and instances for the tests ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_UNIT_INTERP_INTERPMODULES_H
#define TENON_TEST_UNIT_INTERP_INTERPMODULES_H

#include "tenon/Interp/Store.h"
#include "tenon/Text/Text.h"
#include "tenon/Wasm/Reader.h"
#include "gtest/gtest.h"

namespace tenon::interp::test {

/// A module from its text, with what it borrows.
class TextModule {
public:
  explicit TextModule(llvm::StringRef text)
      : file("test.wat", text.str()),
        diags([](const Diagnostic &one) { ADD_FAILURE() << one.str(); }) {
    FailureOr<std::vector<uint8_t>> encoded = text::encode(file, diags);
    if (failed(encoded))
      return;
    bytes = std::move(*encoded);
    FailureOr<std::unique_ptr<wasm::Module>> read =
        wasm::readModule(bytes, Location::binary(file, 0), diags);
    if (succeeded(read) && succeeded(wasm::validateModule(**read, diags)))
      module = std::move(*read);
  }
  const wasm::Module &operator*() const { return *module; }

private:
  SourceFile file;
  Diagnostics diags;
  std::vector<uint8_t> bytes;
  std::unique_ptr<wasm::Module> module;
};

/// Instantiates and expects no trap.
inline Instance &instantiate(Store &store, const TextModule &module,
                             const ImportMap &imports = {}) {
  Diagnostics diags([](const Diagnostic &one) { ADD_FAILURE() << one.str(); });
  FailureOr<Instance *> instance = store.allocate(*module, imports, diags);
  EXPECT_TRUE(store.initialize(**instance).returned());
  return **instance;
}

/// Why a module can't be allocated; empty when it can.
inline std::string complaint(Store &store, const TextModule &module,
                             const ImportMap &imports = {}) {
  std::string message;
  Diagnostics diags([&](const Diagnostic &one) { message = one.message; });
  (void)LogicalResult(store.allocate(*module, imports, diags));
  return message;
}

inline Outcome call(Store &store, const Instance &instance, llvm::StringRef name,
                    llvm::ArrayRef<Value> args = {}) {
  return store.invoke(*instance.findFunction(name), args);
}

} // namespace tenon::interp::test

#endif // TENON_TEST_UNIT_INTERP_INTERPMODULES_H
