//===- Reader.h - Core wasm bytes -> Module ---------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_READER_H
#define TENON_WASM_READER_H

#include "tenon/Wasm/Module.h"
#include <memory>

namespace tenon::wasm {

/// Reads the structure of a core module (core specification, "Binary Format / Modules"): everything
/// but the function bodies' operators. `start` is the place of the first byte.
FailureOr<std::unique_ptr<Module>> readModule(llvm::ArrayRef<uint8_t> bytes, Location start,
                                              Diagnostics &diags);

/// Validates a module that was read (core specification, "Validation") and fills in the summaries.
LogicalResult validateModule(Module &module, Diagnostics &diags);

/// Validates one body and fills in its summary; part of validateModule, which has validated
/// everything else before. Reads the module and writes only `function`, so bodies can be validated
/// at once on several threads.
LogicalResult validateBody(const Module &module, Function &function, Diagnostics &diags);

} // namespace tenon::wasm

#endif // TENON_WASM_READER_H
