//===- Import.h - Components become comp IR ---------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only meeting of bytes and MLIR. Everything here takes components that were validated.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_IMPORT_IMPORT_H
#define TENON_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "tenon/Component/Component.h"
#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Import/ModuleTable.h"

namespace tenon {

/// What importing needs besides the component.
struct ImportContext {
  component::TypeArena &arena;
  ModuleTable &modules;
  Diagnostics &diags;
};

/// Adds the component, called `name`, as a `comp.define` where `builder` stands; returns its value.
FailureOr<comp::DefineOp> importComponent(const component::Component &component,
                                          llvm::StringRef name, mlir::OpBuilder &builder,
                                          ImportContext &context);

/// Adds a core module, called `name`, as a `comp.core_module` where `builder` stands.
FailureOr<mlir::Value> importCoreModule(const wasm::Module &module, llvm::StringRef name,
                                        mlir::OpBuilder &builder, ImportContext &context);

/// Adds what makes a component that was imported the root of a program: `comp.import` of everything
/// that it imports, one `comp.instantiate` and a `comp.root_export` of everything that it exports.
/// Returns the instance.
FailureOr<comp::InstantiateOp> instantiateRoot(const component::Component &component,
                                               comp::DefineOp define, mlir::OpBuilder &builder,
                                               ImportContext &context);

/// The two of them, in an MLIR module of their own: stage `graph`.
FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importRoot(const component::Component &component,
                                                        llvm::StringRef name,
                                                        mlir::MLIRContext &mlir,
                                                        ImportContext &context);

/// A place in an input as MLIR has it: file, line and column, where the file is text; line 0 and
/// the offset in the place of the column where it is binary.
mlir::Location convertLocation(mlir::MLIRContext *context, const Location &location);

/// The inverse, as far as `files` knows the file; nowhere otherwise.
Location convertLocation(mlir::Location location,
                         llvm::function_ref<const SourceFile *(llvm::StringRef name)> files);

} // namespace tenon

#endif // TENON_IMPORT_IMPORT_H
