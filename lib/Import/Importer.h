//===- Importer.h - The importer of one component ---------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_IMPORT_IMPORTER_H
#define TENON_LIB_IMPORT_IMPORTER_H

#include "ConvertTypes.h"
#include "tenon/Import/Import.h"

namespace tenon {

/// Values with names, as operands of an operation.
struct NamedValues {
  llvm::SmallVector<mlir::Attribute> names;
  llvm::SmallVector<mlir::Value> values;

  void add(mlir::OpBuilder &builder, llvm::StringRef name, mlir::Value value) {
    names.push_back(builder.getStringAttr(name));
    values.push_back(value);
  }
};

/// Imports one component; nested ones have importers of their own.
class Importer {
public:
  Importer(const component::Component &component, Importer *parent, mlir::OpBuilder &builder,
           ImportContext &shared, TypeConverter &types)
      : component(component), parent(parent), builder(builder), context(builder.getContext()),
        shared(shared), types(types) {}

  /// The operation, its body empty, where the builder stands.
  FailureOr<comp::DefineOp> makeDefine(llvm::StringRef name);
  /// The body.
  LogicalResult fill(comp::DefineOp define);

private:
  const component::Component &component;
  Importer *parent; ///< the enclosing component's; null outermost
  mlir::OpBuilder builder;
  mlir::MLIRContext *context;
  ImportContext &shared;
  TypeConverter &types;
  mlir::Value self;
  /// The index spaces. What has no value (a value type, a core type) is a null value.
  llvm::SmallVector<mlir::Value> spaces[component::numSorts];
  llvm::DenseMap<const component::Definition *, mlir::Value> imports;
  llvm::DenseMap<uint32_t, mlir::Value> resources; ///< by index of the ResourceId
  Location here;                                   ///< of the definition that is being imported
  /// What holds the values that the component defines (Values.cpp), once there is one.
  struct {
    mlir::Value owner, coreInstance, memory;
  } defined;

  llvm::SmallVector<mlir::Value> &space(component::Sort sort) {
    return spaces[static_cast<unsigned>(sort)];
  }
  mlir::Value at(component::Sort sort, uint32_t index) { return space(sort)[index]; }
  mlir::Value at(component::SortIndex item) { return at(item.sort, item.index); }
  mlir::Location loc() { return convertLocation(context, here); }
  PendingDiagnostic unsupported(const llvm::Twine &what) {
    return shared.diags.error(here, what + " is not supported yet");
  }

  FailureOr<mlir::Type> typeOfImport(const component::Import &import);
  FailureOr<mlir::Type> typeOf(component::SortIndex item);
  mlir::Value resourceValue(component::ResourceId resource);
  void resourceValues(llvm::ArrayRef<component::ResourceId> ids,
                      llvm::SmallVector<mlir::Value> &values);
  mlir::Value makeExport(mlir::Value instance, llvm::StringRef name, mlir::Type type);

  FailureOr<mlir::Value> import(const component::Definition &definition);
  FailureOr<mlir::Value> import(const component::Definition &definition,
                                const component::Import &import);
  FailureOr<mlir::Value> import(const component::CoreModule &module, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::CoreInstance &instance, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::NestedComponent &nested,
                                component::SortIndex made);
  FailureOr<mlir::Value> import(const component::Instance &instance, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::Alias &alias, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::Type &type, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::Canon &canon, component::SortIndex made);
  FailureOr<mlir::Value> importLift(const component::Canon &canon);
  FailureOr<mlir::Value> importLower(const component::Canon &canon);
  FailureOr<mlir::Value> importBuiltin(const component::Canon &canon);
  FailureOr<mlir::Value> import(const component::Value &value, component::SortIndex made);
  FailureOr<mlir::Value> import(const component::Start &start);
  mlir::Value optional(component::Sort sort, const std::optional<uint32_t> &index);
  void importExports();

  // Values.cpp
  FailureOr<mlir::Type> typeOfValue(component::ValType type);
  mlir::Value makeDetached(llvm::StringRef name);
  FailureOr<mlir::Value> instantiate(std::vector<uint8_t> bytes, mlir::Value owner,
                                     const NamedValues &args);
  mlir::Value exportOf(mlir::Value coreInstance, llvm::StringRef name, mlir::Type type);
  FailureOr<mlir::Value> liftValue(component::ValType type, mlir::Value coreInstance,
                                   llvm::StringRef name, mlir::Value owner, mlir::Value memory);
  LogicalResult makeDefinedValues();
};

} // namespace tenon

#endif // TENON_LIB_IMPORT_IMPORTER_H
