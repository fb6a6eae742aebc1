//===- ImportRoot.cpp - A component becomes a program ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Import/Import.h"
#include "llvm/ADT/StringMap.h"

using namespace tenon;
using namespace tenon::component;
using llvm::SmallVector;
using llvm::StringRef;
using mlir::StringAttr;

/// The type of an export that means something to the outside: a function, a value, or an instance
/// with some. Each of them has the type that it has in the component.
static bool isOpenToOutside(component::ExternKind kind) {
  return kind == component::ExternKind::Func || kind == component::ExternKind::Value ||
         kind == component::ExternKind::Instance;
}

static mlir::Value makeImport(const Definition &definition, mlir::Type type,
                              mlir::OpBuilder &builder) {
  const ExternName &name = definition.getIf<Import>()->name;
  mlir::Location loc = convertLocation(builder.getContext(), definition.location);
  auto attribute = [&](std::optional<StringRef> value) {
    return value ? builder.getStringAttr(*value) : StringAttr();
  };
  return comp::ImportOp::create(builder, loc, type, builder.getStringAttr(name.name),
                                attribute(name.implements), attribute(name.externalId));
}

/// The exported values, as the component's own return names them.
static void makeRootExports(const Component &component, comp::DefineOp define,
                            comp::InstantiateOp instance, mlir::OpBuilder &builder) {
  llvm::StringMap<mlir::Value> returned;
  comp::ReturnOp exports = define.getReturn();
  for (auto [name, value] :
       llvm::zip_equal(exports.getNames().getAsRange<StringAttr>(), exports.getValues()))
    returned[name.getValue()] = value;
  for (const Definition &definition : component.definitions) {
    const Export *exported = definition.getIf<Export>();
    if (!exported || !isOpenToOutside(exported->type.kind))
      continue;
    StringRef name = exported->name.name;
    mlir::Location loc = convertLocation(builder.getContext(), definition.location);
    mlir::Value value = comp::ExportOp::create(builder, loc, returned.lookup(name).getType(),
                                               instance.getInstance(), name);
    comp::RootExportOp::create(builder, loc, name, value);
  }
}

FailureOr<comp::InstantiateOp> tenon::instantiateRoot(const Component &component,
                                                      comp::DefineOp define,
                                                      mlir::OpBuilder &builder,
                                                      ImportContext &context) {
  llvm::StringMap<const Definition *> imports;
  for (const Definition &definition : component.definitions)
    if (const Import *import = definition.getIf<Import>())
      imports[import->name.name] = &definition;

  mlir::Location loc = convertLocation(builder.getContext(), component.location);
  mlir::Value host = comp::HostOp::create(builder, loc);
  SmallVector<mlir::Value> values;
  for (auto [name, argument] :
       llvm::zip_equal(define.getImportNames().getAsRange<StringAttr>(), define.getImports()))
    values.push_back(makeImport(*imports.lookup(name.getValue()), argument.getType(), builder));
  comp::InstantiateOp instance = comp::InstantiateOp::create(
      builder, loc, define.getComponent(), host, "", define.getImportNames(), values);
  makeRootExports(component, define, instance, builder);
  return instance;
}

FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> tenon::importRoot(const Component &component,
                                                               StringRef name,
                                                               mlir::MLIRContext &mlir,
                                                               ImportContext &context) {
  mlir.getOrLoadDialect<comp::CompDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(convertLocation(&mlir, component.location));
  mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(module->getBody());
  FailureOr<comp::DefineOp> define = importComponent(component, name, builder, context);
  if (failed(define) || failed(instantiateRoot(component, *define, builder, context)))
    return failure();
  return module;
}
