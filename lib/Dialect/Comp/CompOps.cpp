//===- CompOps.cpp - Verifiers and folders of the dialect comp ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an operation can check about itself: names are distinct and as many as the values, a
// function's slots are filled, a core module has the export that is asked for. Whether a component
// is *valid* was decided before any of this existed (lib/Component); a failure here is a bug of
// ours or a mistake in hand-written IR.
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"
#include "OpSyntax.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

#define GET_OP_CLASSES
#include "tenon/Dialect/Comp/CompOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static LogicalResult verifyCount(Operation *op, ArrayAttr names, size_t count, StringRef what) {
  if (names.size() == count)
    return success();
  return op->emitOpError() << "has " << names.size() << " names for " << count << ' ' << what;
}

static LogicalResult verifyNames(Operation *op, ArrayAttr names, size_t count, StringRef what) {
  if (failed(verifyCount(op, names, count, what)))
    return failure();
  llvm::SmallDenseSet<Attribute> seen;
  for (Attribute name : names)
    if (!seen.insert(name).second)
      return op->emitOpError() << "names " << name << " twice";
  return success();
}

/// The value that stands beside `name`, or null.
static Value lookup(ArrayAttr names, OperandRange values, StringAttr name) {
  for (auto [candidate, value] : llvm::zip(names, values))
    if (candidate == name)
      return value;
  return {};
}

//===----------------------------------------------------------------------===//
// Component level
//===----------------------------------------------------------------------===//

void DefineOp::build(OpBuilder &builder, OperationState &state, StringRef name,
                     ArrayAttr importNames, TypeRange importTypes) {
  MLIRContext *context = builder.getContext();
  state.addAttribute("name", builder.getStringAttr(name));
  state.addAttribute("importNames", importNames);
  state.addTypes(ComponentType::get(context));
  Block &body = state.addRegion()->emplaceBlock();
  body.addArgument(SelfType::get(context), state.location);
  for (Type type : importTypes)
    body.addArgument(type, state.location);
}

ReturnOp DefineOp::getReturn() { return cast<ReturnOp>(getBody().front().getTerminator()); }

LogicalResult DefineOp::verify() {
  Block &body = getBody().front();
  if (body.getNumArguments() == 0 || !isa<SelfType>(body.getArgument(0).getType()))
    return emitOpError("must take the parent's state as its first argument");
  return verifyNames(*this, getImportNames(), body.getNumArguments() - 1, "imports");
}

LogicalResult ReturnOp::verify() {
  return verifyNames(*this, getNames(), getValues().size(), "exports");
}

LogicalResult InstantiateOp::verify() {
  return verifyNames(*this, getNames(), getValues().size(), "arguments");
}

LogicalResult BundleOp::verify() {
  return verifyNames(*this, getNames(), getValues().size(), "values");
}

OpFoldResult ExportOp::fold(FoldAdaptor) {
  BundleOp bundle = getInstance().getDefiningOp<BundleOp>();
  if (!bundle)
    return {};
  Value value = lookup(bundle.getNames(), bundle.getValues(), getNameAttr());
  return value && value.getType() == getType() ? value : Value();
}

//===----------------------------------------------------------------------===//
// Core level
//===----------------------------------------------------------------------===//

LogicalResult CoreModuleOp::verify() {
  if (failed(verifyCount(*this, getImportNames(), getImportModules().size(), "importing modules")))
    return failure();
  if (failed(verifyCount(*this, getImportNames(), getImportTypes().size(), "types of imports")))
    return failure();
  return verifyNames(*this, getExportNames(), getExportTypes().size(), "types of exports");
}

Type CoreModuleOp::getExportType(StringRef name) {
  for (auto [candidate, type] : llvm::zip(getExportNames(), getExportTypes()))
    if (cast<StringAttr>(candidate).getValue() == name)
      return cast<TypeAttr>(type).getValue();
  return {};
}

LogicalResult CoreInstantiateOp::verify() {
  return verifyNames(*this, getNames(), getValues().size(), "arguments");
}

LogicalResult CoreInstanceOp::verify() {
  if (failed(verifyCount(*this, getImportNames(), getImports().size(), "imports")))
    return failure();
  return verifyCount(*this, getImportModules(), getImports().size(), "imports");
}

LogicalResult CoreBundleOp::verify() {
  return verifyNames(*this, getNames(), getValues().size(), "values");
}

/// The module that an instance was made of, as far as it is in sight.
static CoreModuleOp getModuleOf(Value instance) {
  Operation *op = instance.getDefiningOp();
  if (CoreInstantiateOp instantiate = dyn_cast_or_null<CoreInstantiateOp>(op))
    return instantiate.getModule().getDefiningOp<CoreModuleOp>();
  if (CoreInstanceOp resolved = dyn_cast_or_null<CoreInstanceOp>(op))
    return resolved.getModule().getDefiningOp<CoreModuleOp>();
  return {};
}

LogicalResult CoreExportOp::verify() {
  CoreModuleOp module = getModuleOf(getInstance());
  if (!module)
    return success();
  Type type = module.getExportType(getName());
  if (!type)
    return emitOpError() << "module " << module.getNameAttr() << " has no export " << getNameAttr();
  if (type != getType())
    return emitOpError() << "module " << module.getNameAttr() << " exports " << getNameAttr()
                         << " as " << type;
  return success();
}

OpFoldResult CoreExportOp::fold(FoldAdaptor) {
  CoreBundleOp bundle = getInstance().getDefiningOp<CoreBundleOp>();
  if (!bundle)
    return {};
  Value value = lookup(bundle.getNames(), bundle.getValues(), getNameAttr());
  return value && value.getType() == getType() ? value : Value();
}

//===----------------------------------------------------------------------===//
// Crossing between the levels
//===----------------------------------------------------------------------===//

static LogicalResult verifySlots(Operation *op, Type function, size_t resources) {
  unsigned slots = function ? countSlots(function) : 0;
  if (slots == resources)
    return success();
  return op->emitOpError() << "has " << resources << " resources for " << slots
                           << " slots of the function's type";
}

LogicalResult LiftOp::verify() { return verifySlots(*this, getType(), getResources().size()); }

LogicalResult LowerOp::verify() {
  return verifySlots(*this, getCallee().getType(), getResources().size());
}

LogicalResult BuiltinOp::verify() {
  Type function = getFunction() ? Type(*getFunction()) : Type();
  return verifySlots(*this, function, getResources().size());
}

LogicalResult AdapterOp::verify() {
  return verifySlots(*this, getFunction(), getResources().size());
}

LogicalResult HostAdapterOp::verify() {
  return verifySlots(*this, getCallee().getType(), getResources().size());
}
