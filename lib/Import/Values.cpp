//===- Values.cpp - Values and start functions ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing below the importer knows of values: a value of type T is a component function `() -> T`,
// and whoever takes it calls it. Core modules that are made here (ValueModules.h) carry values:
//
//   definitions       one module for all of a component, with their bytes as its data, of which
//   each
//                     is a lifted function;
//   a start function  a module that imports the arguments and the function, lowered, calls it when
//                     it is instantiated, and keeps the result, which is a lifted function again.
//
// So a start runs where it stands among the instantiations, after its arguments were fetched, and
// what it does wrong is a trap of an instantiation. Both kinds of module stand in a `detached`
// instance, which is none of the specification's: calls from it and to it come from outside, which
// is what the specification's `Store.invoke` does, and handles that wait in it are in no table of
// the guest. docs/decisions/20261123-values.md has the reasons.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "ValueModules.h"

using namespace tenon;
using namespace tenon::component;
using llvm::SmallVector;
using llvm::StringRef;

static comp::OptionsAttr inUTF8(mlir::MLIRContext *context) {
  return comp::OptionsAttr::get(context, comp::StringEncoding::UTF8, /*isAsync=*/false);
}

FailureOr<mlir::Type> Importer::typeOfValue(component::ValType type) {
  FailureOr<comp::FuncType> converted = types.convertFunc(types.functionOf(type), here);
  return failed(converted) ? FailureOr<mlir::Type>() : mlir::Type(*converted);
}

mlir::Value Importer::makeDetached(StringRef name) {
  return comp::SelfOp::create(builder, loc(), self, name, /*detached=*/true);
}

/// An instance of a core module that was made here.
FailureOr<mlir::Value> Importer::instantiate(std::vector<uint8_t> bytes, mlir::Value owner,
                                             const NamedValues &args) {
  const wasm::Module &module = shared.modules.own(std::move(bytes));
  FailureOr<mlir::Value> value = importCoreModule(module, module.moduleName(), builder, shared);
  if (failed(value))
    return failure();
  return mlir::Value(
      comp::CoreInstantiateOp::create(builder, loc(), *value, owner, module.moduleName(),
                                      builder.getArrayAttr(args.names), args.values));
}

mlir::Value Importer::exportOf(mlir::Value coreInstance, StringRef name, mlir::Type type) {
  return comp::CoreExportOp::create(builder, loc(), type, coreInstance, name);
}

/// A value that a core function returns.
FailureOr<mlir::Value> Importer::liftValue(component::ValType type, mlir::Value coreInstance,
                                           StringRef name, mlir::Value owner, mlir::Value memory) {
  TypeId function = types.functionOf(type);
  FailureOr<comp::FuncType> converted = types.convertFunc(function, here);
  if (failed(converted))
    return failure();
  abi::FlatSignature signature =
      abi::flattenFunctype({}, {types.layouts.get(type)}, abi::PtrKind::I32, abi::Context::Lift);
  mlir::Value callee = exportOf(coreInstance, name, convertCoreFunc(context, coreType(signature)));
  SmallVector<mlir::Value> resources;
  resourceValues(shared.arena.getFunc(function).resources, resources);
  return mlir::Value(comp::LiftOp::create(builder, loc(), *converted, callee, owner,
                                          signature.resultsInMemory ? memory : mlir::Value(),
                                          /*realloc=*/mlir::Value(), /*post_return=*/mlir::Value(),
                                          /*callback=*/mlir::Value(), resources, inUTF8(context)));
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

/// The module with all definitions of the component, where the first of them stands.
LogicalResult Importer::makeDefinedValues() {
  std::vector<DefinedValue> all;
  for (const Definition &definition : component.definitions)
    if (const component::Value *value = definition.getIf<component::Value>()) {
      uint32_t index = definition.defines->index;
      all.push_back({index, component.spaces.values[index], value->bytes});
    }
  bool hasMemory = false;
  std::optional<std::vector<uint8_t>> bytes = makeValuesModule(types.layouts, all, hasMemory);
  if (!bytes)
    return unsupported("a component whose value definitions take more than " +
                       llvm::Twine(ValueData::maxBytes >> 20) + " MiB of memory");
  defined.owner = makeDetached("values");
  FailureOr<mlir::Value> instance = instantiate(std::move(*bytes), defined.owner, {});
  if (failed(instance))
    return failure();
  defined.coreInstance = *instance;
  if (hasMemory)
    defined.memory = exportOf(*instance, "memory", comp::CoreMemoryType::get(context, false));
  return success();
}

FailureOr<mlir::Value> Importer::import(const component::Value &, SortIndex made) {
  if (!defined.coreInstance && failed(makeDefinedValues()))
    return failure();
  return liftValue(component.spaces.values[made.index], defined.coreInstance,
                   std::to_string(made.index), defined.owner, defined.memory);
}

//===----------------------------------------------------------------------===//
// Start functions
//===----------------------------------------------------------------------===//

/// Calls the function. Its result; null when it has none.
FailureOr<mlir::Value> Importer::import(const Start &start) {
  const FuncType &type = shared.arena.getFunc(component.spaces.funcs[start.func]);
  if (type.isAsync)
    return unsupported("a start function that is async");
  std::vector<abi::Type> params, results;
  for (const Param &param : type.params)
    params.push_back(types.layouts.get(param.type));
  if (type.result)
    results.push_back(types.layouts.get(*type.result));
  if (std::optional<std::string> why = StartCall::check(params, results))
    return unsupported(*why);
  StartCall call(std::move(params), std::move(results));

  mlir::Value owner = makeDetached("start");
  mlir::Value memory, realloc;
  NamedValues args;
  if (call.usesMemory) {
    FailureOr<mlir::Value> allocator = instantiate(call.makeAllocator(), owner, {});
    if (failed(allocator))
      return failure();
    wasm::ValType i32 = wasm::ValType::I32;
    memory = exportOf(*allocator, "memory", comp::CoreMemoryType::get(context, false));
    realloc =
        exportOf(*allocator, "realloc", convertCoreFunc(context, {{i32, i32, i32, i32}, {i32}}));
    args.add(builder, "allocator", *allocator);
  }
  auto lower = [&](mlir::Value function, const wasm::FuncType &core,
                   llvm::ArrayRef<ResourceId> ids) -> mlir::Value {
    SmallVector<mlir::Value> resources;
    resourceValues(ids, resources);
    return comp::LowerOp::create(builder, loc(), convertCoreFunc(context, core), function, owner,
                                 memory, realloc, resources, inUTF8(context));
  };
  NamedValues values, callee;
  for (auto [index, value] : llvm::enumerate(start.args)) {
    TypeId function = types.functionOf(component.spaces.values[value]);
    values.add(builder, std::to_string(index),
               lower(at(Sort::Value, value), call.typeOfArgument(index),
                     shared.arena.getFunc(function).resources));
  }
  callee.add(builder, "call", lower(at(Sort::Func, start.func), call.typeOfCall(), type.resources));
  for (auto [name, named] : {std::pair("values", &values), std::pair("start", &callee)})
    args.add(builder, name,
             comp::CoreBundleOp::create(builder, loc(), builder.getArrayAttr(named->names),
                                        named->values));
  FailureOr<mlir::Value> instance = instantiate(call.makeModule(), owner, args);
  if (failed(instance))
    return failure();
  if (!type.result)
    return mlir::Value();
  return liftValue(*type.result, *instance, "result", owner, memory);
}
