//===- Translate.h - Adapters as LLVM bitcode -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What code generation is given of the stage `core`: the adapters as bitcode (names as in
// LinkNames.h), and the program's structure, which whoever builds `codegen::Program` reads from the
// module's `core.*` operations (tenon/Dialect/Core/CoreDialect.h).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LOWERING_TRANSLATE_H
#define TENON_LOWERING_TRANSLATE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include <string>

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace tenon::lowering {

/// Lets the dialects of stage `core` be translated. Called once for a context, before it is used.
void registerTranslations(mlir::DialectRegistry &registry);

/// The functions of a module at stage `core` as LLVM bitcode for `triple`
/// (`x86_64-unknown-linux-gnu` or `aarch64-unknown-linux-gnu`). The module stays as it is. Errors
/// are MLIR diagnostics.
llvm::FailureOr<std::string> translateAdapters(mlir::ModuleOp module, llvm::StringRef triple);

/// The same as text, for `--emit=llvm` and tests.
llvm::FailureOr<std::string> printAdapters(mlir::ModuleOp module, llvm::StringRef triple);

} // namespace tenon::lowering

#endif // TENON_LOWERING_TRANSLATE_H
