//===- Translate.cpp - Adapters as LLVM bitcode ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Lowering/Translate.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tenon/Lowering/Passes.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

void lowering::registerTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

/// What clang gives these targets; code generation's parts have the same.
static StringRef dataLayoutOf(const llvm::Triple &triple) {
  return triple.isAArch64()
             ? "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-"
               "S128-Fn32"
             : "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";
}

static std::unique_ptr<llvm::Module> translate(mlir::ModuleOp module, StringRef tripleName,
                                               llvm::LLVMContext &context) {
  llvm::Triple triple(tripleName);
  OwningOpRef<mlir::ModuleOp> clone = module.clone();
  PassManager passes(module.getContext());
  passes.addPass(lowering::createCoreToLLVMPass());
  if (failed(passes.run(*clone)))
    return nullptr;
  MLIRContext *mlirContext = module.getContext();
  (*clone)->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(),
                    StringAttr::get(mlirContext, dataLayoutOf(triple)));
  (*clone)->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                    StringAttr::get(mlirContext, triple.str()));
  return translateModuleToLLVMIR(*clone, context, "adapters");
}

FailureOr<std::string> lowering::translateAdapters(mlir::ModuleOp module, StringRef triple) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> adapters = translate(module, triple, context);
  if (!adapters)
    return failure();
  std::string bitcode;
  llvm::raw_string_ostream os(bitcode);
  llvm::WriteBitcodeToFile(*adapters, os);
  return bitcode;
}

FailureOr<std::string> lowering::printAdapters(mlir::ModuleOp module, StringRef triple) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> adapters = translate(module, triple, context);
  if (!adapters)
    return failure();
  std::string text;
  llvm::raw_string_ostream os(text);
  adapters->print(os, nullptr);
  return text;
}
