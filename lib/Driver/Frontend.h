//===- Frontend.h - Files -> comp IR -> program -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The MLIR half of the pipeline, one function a stage. What they work on stays alive as long as the
// Frontend: bytes, types, core modules, IR.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_FRONTEND_H
#define TENON_DRIVER_FRONTEND_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tenon/Codegen/Program.h"
#include "tenon/Driver/HostInterface.h"
#include "tenon/Driver/Units.h"
#include "tenon/Import/ModuleTable.h"
#include <functional>

namespace mlir {
class PassManager;
} // namespace mlir

namespace tenon::comp {
class DefineOp;
} // namespace tenon::comp

namespace tenon::driver {

class Frontend {
public:
  Frontend(FileStore &files, Diagnostics &diags);
  ~Frontend();

  component::TypeArena &getArena() { return arena; }

  /// Stage graph: a component with everything that its imports were resolved to.
  FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> import(const Unit &root, llvm::StringRef name);
  /// The same for one of several roots of a module; its exports are called `<name>:<export>`.
  mlir::OwningOpRef<mlir::ModuleOp> makeModule();
  LogicalResult importInto(mlir::ModuleOp module, const Unit &root, llvm::StringRef name);
  /// graph -> linked.
  LogicalResult resolve(mlir::ModuleOp module, const Unit &root);
  /// linked -> flat.
  LogicalResult inlineInstances(mlir::ModuleOp module);
  /// flat -> fused.
  LogicalResult fuse(mlir::ModuleOp module);
  /// fused -> core. `lockdown`: an instance in which something trapped can't be entered again; for
  /// programs that outlive a trap.
  LogicalResult lowerAdapters(mlir::ModuleOp module, bool lockdown);
  /// Makes calls between a component and those that it instantiates trap.
  void forbidDonutWrapping() { donutWrapping = false; }
  /// core -> a program, appended to `program`; `module` is used up.
  LogicalResult makeProgram(mlir::ModuleOp module, llvm::StringRef triple,
                            codegen::Program &program);

private:
  Diagnostics &diags;
  bool donutWrapping = true;
  FileStore &files;
  component::TypeArena arena;
  ModuleTable modules;
  std::unique_ptr<mlir::MLIRContext> context;

  struct Defines;
  std::unique_ptr<Defines> defines;

  LogicalResult run(mlir::ModuleOp module, llvm::function_ref<void(mlir::PassManager &)> addPasses);
  LogicalResult addRoot(mlir::ModuleOp module, const Unit &root, llvm::StringRef name);
  FailureOr<comp::DefineOp> defineUnit(const Unit &unit, llvm::StringRef name,
                                       mlir::ModuleOp module);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_FRONTEND_H
