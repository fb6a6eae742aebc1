//===- CoreDialect.cpp - The program after its adapters -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration, the syntax of imports, and the verifiers: every name must mean what its place
// wants.
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Core/CoreDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon::core;

#include "tenon/Dialect/Core/CoreDialect.cpp.inc"
#include "tenon/Dialect/Core/CoreEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "tenon/Dialect/Core/CoreAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "tenon/Dialect/Core/CoreOps.cpp.inc"

void CoreDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "tenon/Dialect/Core/CoreAttrs.cpp.inc"
      >();
}

void CoreDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "tenon/Dialect/Core/CoreOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// #core.import
//===----------------------------------------------------------------------===//

Attribute ImportAttr::parse(AsmParser &parser, Type) {
  StringAttr module, name, text;
  FlatSymbolRefAttr target;
  StringRef keyword;
  SMLoc keywordLoc;
  auto parseKind = [&] {
    keywordLoc = parser.getCurrentLocation();
    return parser.parseKeyword(&keyword);
  };
  if (parser.parseLess() || parser.parseAttribute(module) || parser.parseAttribute(name) ||
      parser.parseEqual() || parseKind())
    return {};
  std::optional<ImportKind> kind = symbolizeImportKind(keyword);
  if (!kind)
    return parser.emitError(keywordLoc, "expected 'export', 'func' or 'missing'"), Attribute();
  if (*kind != ImportKind::Missing && parser.parseAttribute(target))
    return {};
  if (*kind != ImportKind::Func && parser.parseAttribute(text))
    return {};
  if (parser.parseGreater())
    return {};
  return get(parser.getContext(), module, name, *kind, target, text);
}

void ImportAttr::print(AsmPrinter &printer) const {
  printer << "<" << getModule() << " " << getName() << " = " << stringifyImportKind(getKind());
  if (getTarget())
    printer << " " << getTarget();
  if (getText())
    printer << " " << getText();
  printer << ">";
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// Checks that `name` is defined by an operation of type OpTy.
template <typename OpTy>
static LogicalResult checkSymbol(Operation *user, SymbolTableCollection &symbols,
                                 FlatSymbolRefAttr name, StringRef what) {
  if (symbols.lookupNearestSymbolFrom<OpTy>(user, name))
    return success();
  return user->emitOpError() << "expects " << name << " to be " << what;
}

LogicalResult SelfOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getParentAttr())
    return success();
  return checkSymbol<SelfOp>(*this, symbols, getParentAttr(), "a component instance");
}

LogicalResult InstanceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(
          checkSymbol<tenon::core::ModuleOp>(*this, symbols, getModuleAttr(), "a core module")) ||
      failed(checkSymbol<SelfOp>(*this, symbols, getSelfAttr(), "a component instance")))
    return failure();
  for (ImportAttr import : getImports().getAsRange<ImportAttr>()) {
    switch (import.getKind()) {
    case ImportKind::Export: {
      InstanceOp provider = symbols.lookupNearestSymbolFrom<InstanceOp>(*this, import.getTarget());
      if (!provider)
        return emitOpError() << "expects " << import.getTarget() << " to be a core instance";
      if (provider->getBlock() == (*this)->getBlock() && !provider->isBeforeInBlock(*this))
        return emitOpError() << "expects " << import.getTarget() << " to be instantiated before";
      break;
    }
    case ImportKind::Func:
      if (failed(checkSymbol<LLVM::LLVMFuncOp>(*this, symbols, import.getTarget(), "a function")))
        return failure();
      break;
    case ImportKind::Missing:
      break;
    }
  }
  return success();
}

LogicalResult ExportOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkSymbol<LLVM::LLVMFuncOp>(*this, symbols, getFunctionAttr(), "a function");
}
LogicalResult MemoryBaseOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkSymbol<InstanceOp>(*this, symbols, getInstanceAttr(), "a core instance");
}
LogicalResult MemoryBytesOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkSymbol<InstanceOp>(*this, symbols, getInstanceAttr(), "a core instance");
}

LogicalResult MemoryRecordOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkSymbol<InstanceOp>(*this, symbols, getInstanceAttr(), "a core instance");
}
LogicalResult SelfAddrOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkSymbol<SelfOp>(*this, symbols, getSelfAttr(), "a component instance");
}
