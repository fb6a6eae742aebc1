//===- tenon-opt.cpp - Passes on IR in text -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads MLIR, runs the passes that the command line names, prints MLIR. Opens no other file.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Dialect/Core/CoreDialect.h"
#include "tenon/Lowering/Passes.h"
#include "tenon/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<tenon::comp::CompDialect, tenon::core::CoreDialect, mlir::LLVM::LLVMDialect>();
  tenon::comp::registerTransformsPasses();
  tenon::lowering::registerLoweringPasses();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Tenon's pass driver\n", registry));
}
