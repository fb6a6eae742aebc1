//===- Passes.h - Passes from comp to comp ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TRANSFORMS_PASSES_H
#define TENON_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tenon/Dialect/Comp/CompOps.h"
#include <functional>

namespace tenon::comp {

/// What a root import asks for.
struct ImportRequest {
  ImportOp import;
  llvm::StringRef name;
  /// Empty when the import has none.
  llvm::StringRef externalId;
  /// Of the value that is wanted: a component, a core module, an instance, a function, a resource.
  mlir::Type type;
};

/// Answers with a value that dominates the import and has its type (for a component: a
/// `comp.define` that the resolver put before the import), or with null when the import is to stay:
/// it is the host's then, which only instances, functions and resources can be. On failure the
/// resolver has said why.
using ImportResolver = std::function<llvm::FailureOr<mlir::Value>(const ImportRequest &)>;

#define GEN_PASS_DECL
#include "tenon/Transforms/Passes.h.inc"

/// `comp-resolve-imports` with a resolver of the caller's.
std::unique_ptr<mlir::Pass> createCompResolveImports(ImportResolver resolver);

#define GEN_PASS_REGISTRATION
#include "tenon/Transforms/Passes.h.inc"

} // namespace tenon::comp

#endif // TENON_TRANSFORMS_PASSES_H
