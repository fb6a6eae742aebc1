//===- ImportComponent.cpp - A component becomes a comp.define ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definitions of a component, in order, become operations; the index spaces become vectors of
// SSA values. Types are not values, except resource types: every instantiation makes new ones. All
// of a component's knowledge of types was used by the validator; what remains of it here is the
// type of each function, and for each resource the way to find its value (Component.h).
//
// Nested components are filled in while the builder of the enclosing one stands *before* them,
// because looking up a resource that they get from there may add an operation.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"

using namespace tenon;
using namespace tenon::component;
using llvm::SmallVector;
using llvm::StringRef;
using mlir::Attribute;
using mlir::StringAttr;

//===----------------------------------------------------------------------===//
// The component itself
//===----------------------------------------------------------------------===//

/// The type of an import as a block argument; null for what is none (types that are no resources,
/// and types that equal one that is known already).
FailureOr<mlir::Type> Importer::typeOfImport(const Import &import) {
  switch (import.type.kind) {
  case component::ExternKind::CoreModule:
    return mlir::Type(comp::CoreModuleType::get(context));
  case component::ExternKind::Component:
    return mlir::Type(comp::ComponentType::get(context));
  case component::ExternKind::Instance:
    return mlir::Type(comp::InstanceType::get(context));
  case component::ExternKind::Func: {
    FailureOr<comp::FuncType> type = types.convertFunc(import.type.type, here);
    return failed(type) ? FailureOr<mlir::Type>() : mlir::Type(*type);
  }
  case component::ExternKind::Type:
    if (import.decl.bound == ExternDecl::SubResource)
      return mlir::Type(comp::ResourceType::get(context));
    return mlir::Type();
  case component::ExternKind::Value:
    return typeOfValue(*import.type.value);
  }
  llvm_unreachable("every kind is handled");
}

FailureOr<comp::DefineOp> Importer::makeDefine(StringRef name) {
  SmallVector<Attribute> names;
  SmallVector<mlir::Type> importTypes;
  SmallVector<const Definition *> definitions;
  for (const Definition &definition : component.definitions) {
    const Import *import = definition.getIf<Import>();
    if (!import)
      continue;
    here = import->name.location;
    FailureOr<mlir::Type> type = typeOfImport(*import);
    if (failed(type))
      return failure();
    if (!*type)
      continue;
    names.push_back(builder.getStringAttr(import->name.name));
    importTypes.push_back(*type);
    definitions.push_back(&definition);
  }
  here = component.location;
  comp::DefineOp define =
      comp::DefineOp::create(builder, loc(), name, builder.getArrayAttr(names), importTypes);
  for (auto [definition, argument] : llvm::zip_equal(definitions, define.getImports()))
    imports[definition] = argument;
  return define;
}

LogicalResult Importer::fill(comp::DefineOp define) {
  here = component.location;
  builder.setInsertionPointToEnd(&define.getBody().front());
  self = comp::SelfOp::create(builder, loc(), define.getParent(), define.getName());
  for (const Definition &definition : component.definitions) {
    here = definition.location;
    FailureOr<mlir::Value> value = import(definition);
    if (failed(value))
      return failure();
    if (!definition.defines)
      continue;
    assert(space(definition.defines->sort).size() == definition.defines->index &&
           "definitions come in the order of their index space");
    space(definition.defines->sort).push_back(*value);
  }
  importExports();
  return success();
}

/// Ends the body. Types that are no resources mean nothing from here on.
void Importer::importExports() {
  NamedValues exports;
  for (const Definition &definition : component.definitions)
    if (const Export *exported = definition.getIf<Export>())
      if (mlir::Value value = at(exported->item))
        exports.add(builder, exported->name.name, value);
  here = component.location;
  comp::ReturnOp::create(builder, loc(), builder.getArrayAttr(exports.names), exports.values);
}

FailureOr<mlir::Value> Importer::import(const Definition &definition) {
  SortIndex made = definition.defines.value_or(SortIndex());
  if (const Import *body = definition.getIf<Import>())
    return import(definition, *body);
  if (const Export *body = definition.getIf<Export>())
    return at(body->item);
  if (const CoreModule *body = definition.getIf<CoreModule>())
    return import(*body, made);
  if (const CoreInstance *body = definition.getIf<CoreInstance>())
    return import(*body, made);
  if (const NestedComponent *body = definition.getIf<NestedComponent>())
    return import(*body, made);
  if (const Instance *body = definition.getIf<Instance>())
    return import(*body, made);
  if (const Alias *body = definition.getIf<Alias>())
    return import(*body, made);
  if (const Type *body = definition.getIf<Type>())
    return import(*body, made);
  if (const Canon *body = definition.getIf<Canon>())
    return import(*body, made);
  if (const component::Value *body = definition.getIf<component::Value>())
    return import(*body, made);
  if (const Start *body = definition.getIf<Start>())
    return import(*body);
  return mlir::Value(); // custom sections and core types
}

//===----------------------------------------------------------------------===//
// Types and resources
//===----------------------------------------------------------------------===//

/// The type of the value at an index, as SSA values have it; null when it has no value.
FailureOr<mlir::Type> Importer::typeOf(SortIndex item) {
  const IndexSpaces &known = component.spaces;
  switch (item.sort) {
  case Sort::CoreFunc:
    return mlir::Type(convertCoreFunc(context, known.coreFuncs[item.index]));
  case Sort::CoreTable:
    return mlir::Type(comp::CoreTableType::get(context));
  case Sort::CoreMemory:
    return mlir::Type(
        comp::CoreMemoryType::get(context, known.coreMemories[item.index].limits.is64));
  case Sort::CoreGlobal:
    return mlir::Type(comp::CoreGlobalType::get(context));
  case Sort::CoreTag:
    return mlir::Type(comp::CoreTagType::get(context));
  case Sort::CoreType:
    return mlir::Type();
  case Sort::CoreModule:
    return mlir::Type(comp::CoreModuleType::get(context));
  case Sort::CoreInstance:
    return mlir::Type(comp::CoreInstanceType::get(context));
  case Sort::Func: {
    FailureOr<comp::FuncType> type = types.convertFunc(known.funcs[item.index], here);
    return failed(type) ? FailureOr<mlir::Type>() : mlir::Type(*type);
  }
  case Sort::Value:
    return typeOfValue(known.values[item.index]);
  case Sort::Type:
    if (shared.arena.getKind(known.types[item.index]) == TypeKind::Resource)
      return mlir::Type(comp::ResourceType::get(context));
    return mlir::Type();
  case Sort::Component:
    return mlir::Type(comp::ComponentType::get(context));
  case Sort::Instance:
    return mlir::Type(comp::InstanceType::get(context));
  }
  llvm_unreachable("every sort is handled");
}

mlir::Value Importer::makeExport(mlir::Value instance, StringRef name, mlir::Type type) {
  return comp::ExportOp::create(builder, loc(), type, instance, name);
}

/// The value of a resource type: where it first became available in this component, or in one
/// around it.
mlir::Value Importer::resourceValue(ResourceId resource) {
  if (mlir::Value known = resources.lookup(resource.index))
    return known;
  const ResourcePath *path = component.pathOf(resource);
  if (!path) {
    assert(parent && "a validated component has a path to every resource that it mentions");
    return parent->resourceValue(resource);
  }
  mlir::Value value = at(*component.definitions[path->definition].defines);
  for (auto [index, name] : llvm::enumerate(path->exports)) {
    bool last = index + 1 == path->exports.size();
    value = makeExport(value, name,
                       last ? mlir::Type(comp::ResourceType::get(context))
                            : mlir::Type(comp::InstanceType::get(context)));
  }
  resources[resource.index] = value;
  return value;
}

void Importer::resourceValues(llvm::ArrayRef<ResourceId> ids, SmallVector<mlir::Value> &values) {
  for (ResourceId id : ids)
    values.push_back(resourceValue(id));
}

FailureOr<mlir::Value> Importer::import(const Type &type, SortIndex made) {
  if (type.decl.kind != TypeDecl::Resource)
    return mlir::Value();
  if (type.decl.resource.rep != wasm::ValType::I32)
    return unsupported("a resource with a representation of the type i64");
  ResourceId resource = shared.arena.getResource(component.spaces.types[made.index]);
  StringRef name = shared.arena.getInfo(resource).name;
  if (name.empty())
    name = component.nameOf(Sort::Type, made.index);
  mlir::Value dtor;
  if (type.decl.resource.dtor)
    dtor = at(Sort::CoreFunc, *type.decl.resource.dtor);
  return mlir::Value(comp::ResourceOp::create(builder, loc(), name, self, dtor));
}

//===----------------------------------------------------------------------===//
// Component level
//===----------------------------------------------------------------------===//

FailureOr<mlir::Value> Importer::import(const Definition &definition, const Import &import) {
  if (mlir::Value argument = imports.lookup(&definition))
    return argument;
  if (import.type.kind != component::ExternKind::Type ||
      shared.arena.getKind(import.type.type) != TypeKind::Resource)
    return mlir::Value();
  return resourceValue(shared.arena.getResource(import.type.type)); // (eq N)
}

/// What a nested component is called: by the one around it, by itself, or by its number.
static std::string nameOfNested(const Component &around, const Component &nested, uint32_t index) {
  StringRef name = around.nameOf(Sort::Component, index);
  if (name.empty())
    name = nested.name;
  return name.empty() ? "component" + std::to_string(index) : name.str();
}

FailureOr<mlir::Value> Importer::import(const NestedComponent &nested, SortIndex made) {
  Importer importer(*nested.component, this, builder, shared, types);
  FailureOr<comp::DefineOp> define =
      importer.makeDefine(nameOfNested(component, *nested.component, made.index));
  if (failed(define))
    return failure();
  builder.setInsertionPoint(*define); // what it gets from here stands before it
  LogicalResult filled = importer.fill(*define);
  builder.setInsertionPointAfter(*define);
  if (failed(filled))
    return failure();
  return mlir::Value(define->getComponent());
}

FailureOr<mlir::Value> Importer::import(const Instance &instance, SortIndex made) {
  NamedValues named;
  for (const Instance::Arg &arg : instance.args)
    if (mlir::Value value = at(arg.item))
      named.add(builder, arg.name, value);
  for (const Instance::InlineExport &exported : instance.exports)
    if (mlir::Value value = at(exported.item))
      named.add(builder, exported.name.name, value);
  mlir::ArrayAttr names = builder.getArrayAttr(named.names);
  if (!instance.isInstantiate)
    return mlir::Value(comp::BundleOp::create(builder, loc(), names, named.values));
  return mlir::Value(comp::InstantiateOp::create(
      builder, loc(), at(Sort::Component, instance.component), self,
      component.nameOf(Sort::Instance, made.index), names, named.values));
}

FailureOr<mlir::Value> Importer::import(const Alias &alias, SortIndex made) {
  if (alias.target == Alias::Outer) {
    Importer *from = this;
    for (uint32_t i = 0; i < alias.outerCount; ++i)
      from = from->parent;
    return from->at(alias.sort, alias.outerIndex);
  }
  FailureOr<mlir::Type> type = typeOf(made);
  if (failed(type) || !*type)
    return failed(type) ? FailureOr<mlir::Value>() : mlir::Value();
  if (alias.target == Alias::Export)
    return makeExport(at(Sort::Instance, alias.instance), alias.name, *type);
  return mlir::Value(comp::CoreExportOp::create(
      builder, loc(), *type, at(Sort::CoreInstance, alias.instance), alias.name));
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

FailureOr<comp::DefineOp> tenon::importComponent(const Component &component, StringRef name,
                                                 mlir::OpBuilder &builder, ImportContext &context) {
  assert(component.isValidated() && "only what was validated can be imported");
  TypeConverter types(builder.getContext(), context.arena, context.diags);
  Importer importer(component, /*parent=*/nullptr, builder, context, types);
  FailureOr<comp::DefineOp> define = importer.makeDefine(name);
  if (failed(define) || failed(importer.fill(*define)))
    return failure();
  return define;
}
