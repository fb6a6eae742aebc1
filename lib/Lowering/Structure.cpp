//===- Structure.cpp - The graph becomes operations of the dialect core ---===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void Program::lowerModule(comp::CoreModuleOp op) {
  std::string symbol = ("module:" + op.getName()).str();
  if (unsigned number = ++moduleNames[symbol]; number > 1)
    symbol += " (" + std::to_string(number) + ")";
  core::ModuleOp::create(builder, op.getLoc(), StringAttr::get(op.getContext(), symbol),
                         op.getHashAttr(), op.getFileAttr(), op.getStartAttr(), op.getSizeAttr());
  moduleSymbols[op.getModule()] = FlatSymbolRefAttr::get(op.getContext(), symbol);
}

void Program::lowerSelf(comp::SelfOp op) {
  SelfInfo *parent = infoOf(op.getParent());
  core::SelfOp::create(builder, op.getLoc(), infoOf(op.getSelf())->symbol.getAttr(),
                       parent ? parent->symbol : FlatSymbolRefAttr());
}

/// Who provides `value`; null, with a diagnostic, if it is nothing that a core module can import.
core::ImportAttr Program::importOf(StringAttr moduleName, StringAttr name, Value value) {
  MLIRContext *context = module.getContext();
  if (LLVM::LLVMFuncOp function = made.lookup(value))
    return core::ImportAttr::get(context, moduleName, name, core::ImportKind::Func,
                                 FlatSymbolRefAttr::get(function), StringAttr());
  comp::CoreExportOp exported = value.getDefiningOp<comp::CoreExportOp>();
  comp::CoreInstanceOp instance =
      exported ? exported.getInstance().getDefiningOp<comp::CoreInstanceOp>() : nullptr;
  if (!instance) {
    emitError(value.getLoc(), "expected an export of a core instance or an adapter");
    return {};
  }
  return core::ImportAttr::get(context, moduleName, name, core::ImportKind::Export,
                               FlatSymbolRefAttr::get(instance.getPathAttr()),
                               exported.getNameAttr());
}

LogicalResult Program::lowerInstance(comp::CoreInstanceOp op) {
  FlatSymbolRefAttr moduleSymbol = moduleSymbols.lookup(op.getModule());
  if (!moduleSymbol)
    return op.emitError("instantiates a module that is not known");
  SmallVector<Attribute> imports;
  for (auto [moduleName, name, value] :
       llvm::zip(op.getImportModules().getAsRange<StringAttr>(),
                 op.getImportNames().getAsRange<StringAttr>(), op.getImports())) {
    core::ImportAttr import = importOf(moduleName, name, value);
    if (!import)
      return failure();
    imports.push_back(import);
  }
  core::InstanceOp::create(builder, op.getLoc(), op.getPathAttr(), moduleSymbol,
                           infoOf(op.getSelf())->symbol, builder.getArrayAttr(imports));
  return success();
}
