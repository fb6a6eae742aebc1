//===- ImportCore.cpp - Core modules, core instances and canon ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definitions that make core values: modules, instances, and the canonical functions.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"

using namespace tenon;
using namespace tenon::component;
using llvm::SmallVector;
using llvm::StringRef;
using mlir::Attribute;

//===----------------------------------------------------------------------===//
// Core modules and instances
//===----------------------------------------------------------------------===//

/// The type of an import, or of the export at `index` of its kind's index space.
static mlir::Type typeOfImport(mlir::MLIRContext *context, const wasm::Module &module,
                               const wasm::Import &import) {
  if (import.kind == wasm::ExternKind::Func)
    return convertCoreFunc(context, module.types[import.typeIndex]);
  if (import.kind == wasm::ExternKind::Memory)
    return comp::CoreMemoryType::get(context, import.memory.limits.is64);
  return typeWithoutParts(context, import.kind);
}

static mlir::Type typeOfExport(mlir::MLIRContext *context, const wasm::Module &module,
                               const wasm::Export &exported) {
  if (exported.kind == wasm::ExternKind::Func)
    return convertCoreFunc(context, module.typeOfFunc(exported.index));
  if (exported.kind == wasm::ExternKind::Memory)
    return comp::CoreMemoryType::get(context, module.memoryTypes[exported.index].limits.is64);
  return typeWithoutParts(context, exported.kind);
}

FailureOr<mlir::Value> tenon::importCoreModule(const wasm::Module &module, StringRef name,
                                               mlir::OpBuilder &builder, ImportContext &shared) {
  mlir::MLIRContext *context = builder.getContext();
  SmallVector<Attribute> modules, names, importTypes, exports, exportTypes;
  for (const wasm::Import &import : module.imports) {
    modules.push_back(builder.getStringAttr(import.module));
    names.push_back(builder.getStringAttr(import.name));
    importTypes.push_back(mlir::TypeAttr::get(typeOfImport(context, module, import)));
  }
  for (const wasm::Export &exported : module.exports) {
    exports.push_back(builder.getStringAttr(exported.name));
    exportTypes.push_back(mlir::TypeAttr::get(typeOfExport(context, module, exported)));
  }
  StringRef file = module.file ? module.file->getName() : StringRef();
  return mlir::Value(comp::CoreModuleOp::create(
      builder, convertLocation(context, module.location), builder.getStringAttr(name),
      builder.getStringAttr(shared.modules.add(module)), builder.getStringAttr(file),
      builder.getI64IntegerAttr(module.location.offset),
      builder.getI64IntegerAttr(module.bytes.size()), builder.getArrayAttr(modules),
      builder.getArrayAttr(names), builder.getArrayAttr(importTypes), builder.getArrayAttr(exports),
      builder.getArrayAttr(exportTypes)));
}

FailureOr<mlir::Value> Importer::import(const CoreModule &definition, SortIndex made) {
  StringRef name = component.nameOf(Sort::CoreModule, made.index);
  if (name.empty())
    name = definition.module->moduleName();
  return importCoreModule(*definition.module, name, builder, shared);
}

/// What a core instance is called: as the component says, else after its module, else by its
/// number.
static std::string nameOfCoreInstance(const Component &component, mlir::Value module,
                                      uint32_t index) {
  StringRef name = component.nameOf(Sort::CoreInstance, index);
  comp::CoreModuleOp made = module.getDefiningOp<comp::CoreModuleOp>();
  if (name.empty() && made)
    name = made.getName();
  return name.empty() ? "m" + std::to_string(index) : name.str();
}

FailureOr<mlir::Value> Importer::import(const CoreInstance &instance, SortIndex made) {
  NamedValues named;
  for (const CoreInstance::Arg &arg : instance.args)
    named.add(builder, arg.name, at(Sort::CoreInstance, arg.instance));
  for (const CoreInlineExport &exported : instance.exports)
    named.add(builder, exported.name, at(exported.item));
  mlir::ArrayAttr names = builder.getArrayAttr(named.names);
  if (!instance.isInstantiate)
    return mlir::Value(comp::CoreBundleOp::create(builder, loc(), names, named.values));
  mlir::Value module = at(Sort::CoreModule, instance.module);
  return mlir::Value(comp::CoreInstantiateOp::create(
      builder, loc(), module, self, nameOfCoreInstance(component, module, made.index), names,
      named.values));
}

//===----------------------------------------------------------------------===//
// Canonical functions
//===----------------------------------------------------------------------===//

static comp::StringEncoding convert(component::StringEncoding encoding) {
  switch (encoding) {
  case component::StringEncoding::UTF8:
    return comp::StringEncoding::UTF8;
  case component::StringEncoding::UTF16:
    return comp::StringEncoding::UTF16;
  case component::StringEncoding::Latin1UTF16:
    return comp::StringEncoding::Latin1UTF16;
  }
  llvm_unreachable("every encoding is handled");
}

static comp::OptionsAttr convert(mlir::MLIRContext *context, const CanonOptions &options) {
  return comp::OptionsAttr::get(context, convert(options.encoding), options.isAsync);
}

mlir::Value Importer::optional(Sort sort, const std::optional<uint32_t> &index) {
  return index ? at(sort, *index) : mlir::Value();
}

FailureOr<mlir::Value> Importer::importLift(const Canon &canon) {
  FailureOr<comp::FuncType> type = types.convertFunc(canon.funcType, here);
  if (failed(type))
    return failure();
  const CanonOptions &options = canon.options;
  SmallVector<mlir::Value> resources;
  resourceValues(canon.resources, resources);
  return mlir::Value(comp::LiftOp::create(
      builder, loc(), *type, at(Sort::CoreFunc, canon.func), self,
      optional(Sort::CoreMemory, options.memory), optional(Sort::CoreFunc, options.realloc),
      optional(Sort::CoreFunc, options.postReturn), optional(Sort::CoreFunc, options.callback),
      resources, convert(context, options)));
}

FailureOr<mlir::Value> Importer::importLower(const Canon &canon) {
  const CanonOptions &options = canon.options;
  SmallVector<mlir::Value> resources;
  resourceValues(canon.resources, resources);
  return mlir::Value(comp::LowerOp::create(
      builder, loc(), convertCoreFunc(context, canon.coreType), at(Sort::Func, canon.func), self,
      optional(Sort::CoreMemory, options.memory), optional(Sort::CoreFunc, options.realloc),
      resources, convert(context, options)));
}

/// The built-ins of async: what the operation says of each is the same.
FailureOr<mlir::Value> Importer::importBuiltin(const Canon &canon) {
  const CanonOptions &options = canon.options;
  mlir::TypeAttr function;
  if (canon.funcType.isValid()) {
    FailureOr<comp::FuncType> type = types.convertFunc(canon.funcType, here);
    if (failed(type))
      return failure();
    function = mlir::TypeAttr::get(*type);
  }
  std::optional<uint32_t> memory = options.memory;
  if (canon.kind == CanonKind::WaitableSetWait || canon.kind == CanonKind::WaitableSetPoll)
    memory = canon.memory;
  SmallVector<mlir::Value> resources;
  resourceValues(canon.resources, resources);
  return mlir::Value(comp::BuiltinOp::create(
      builder, loc(), convertCoreFunc(context, canon.coreType), spell(canon.kind), self,
      optional(Sort::CoreMemory, memory), optional(Sort::CoreFunc, options.realloc), resources,
      function, canon.contextSlot,
      comp::OptionsAttr::get(context, convert(options.encoding),
                             options.isAsync || canon.isAsync)));
}

FailureOr<mlir::Value> Importer::import(const Canon &canon, SortIndex) {
  switch (canon.kind) {
  case CanonKind::Lift:
    return importLift(canon);
  case CanonKind::Lower:
    return importLower(canon);
  case CanonKind::ResourceNew:
    return mlir::Value(comp::ResourceNewOp::create(builder, loc(),
                                                   convertCoreFunc(context, canon.coreType),
                                                   resourceValue(canon.resources.front()), self));
  case CanonKind::ResourceRep:
    return mlir::Value(comp::ResourceRepOp::create(builder, loc(),
                                                   convertCoreFunc(context, canon.coreType),
                                                   resourceValue(canon.resources.front()), self));
  case CanonKind::ResourceDrop:
    if (canon.isAsync || canon.options.isAsync)
      return unsupported("the option async of canon resource.drop");
    return mlir::Value(comp::ResourceDropOp::create(builder, loc(),
                                                    convertCoreFunc(context, canon.coreType),
                                                    resourceValue(canon.resources.front()), self));
  default: // the builtins of async and threads, dozens
    return importBuiltin(canon);
  }
}
