//===- ConvertTypes.cpp - Arena types and core types as MLIR types --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR types are uniqued and know nothing of names by which types were mentioned or of which
// resource is meant: a handle becomes `own<N>` or `borrow<N>`, where N is the resource's place
// among those that the function mentions. So the conversion of a type that mentions a resource
// depends on the function, and is remembered only while that function is converted.
//
//===----------------------------------------------------------------------===//

#include "ConvertTypes.h"

using namespace tenon;
using component::TypeId;
using component::TypeKind;

//===----------------------------------------------------------------------===//
// Core types
//===----------------------------------------------------------------------===//

static llvm::StringRef spellHeap(wasm::ValType::Heap heap) {
  switch (heap) {
  case wasm::ValType::Func:
    return "func";
  case wasm::ValType::Extern:
    return "extern";
  case wasm::ValType::Exn:
    return "exn";
  case wasm::ValType::NoFunc:
    return "nofunc";
  case wasm::ValType::NoExtern:
    return "noextern";
  case wasm::ValType::NoExn:
    return "noexn";
  case wasm::ValType::Any:
    return "any";
  case wasm::ValType::Concrete:
    return "concrete";
  case wasm::ValType::NoHeap:
    break;
  }
  llvm_unreachable("a reference has a heap type");
}

static mlir::Type convertCore(mlir::MLIRContext *context, wasm::ValType type) {
  switch (type.getKind()) {
  case wasm::ValType::I32:
    return mlir::IntegerType::get(context, 32);
  case wasm::ValType::I64:
    return mlir::IntegerType::get(context, 64);
  case wasm::ValType::F32:
    return mlir::Float32Type::get(context);
  case wasm::ValType::F64:
    return mlir::Float64Type::get(context);
  case wasm::ValType::V128:
    return mlir::VectorType::get({16}, mlir::IntegerType::get(context, 8));
  case wasm::ValType::Ref:
    return comp::CoreRefType::get(context,
                                  mlir::StringAttr::get(context, spellHeap(type.getHeap())));
  case wasm::ValType::Bottom:
    break;
  }
  llvm_unreachable("no value has the bottom type");
}

comp::CoreFuncType tenon::convertCoreFunc(mlir::MLIRContext *context, const wasm::FuncType &type) {
  llvm::SmallVector<mlir::Type> params, results;
  for (wasm::ValType param : type.params)
    params.push_back(convertCore(context, param));
  for (wasm::ValType result : type.results)
    results.push_back(convertCore(context, result));
  return comp::CoreFuncType::get(context, mlir::FunctionType::get(context, params, results));
}

mlir::Type tenon::typeWithoutParts(mlir::MLIRContext *context, wasm::ExternKind kind) {
  if (kind == wasm::ExternKind::Table)
    return comp::CoreTableType::get(context);
  if (kind == wasm::ExternKind::Global)
    return comp::CoreGlobalType::get(context);
  assert(kind == wasm::ExternKind::Tag && "functions and memories have types with parts");
  return comp::CoreTagType::get(context);
}

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

mlir::Type TypeConverter::unsupported(llvm::StringRef what) {
  (void)LogicalResult(diags.error(use, "the type ") << what << " is not supported yet");
  return {};
}

mlir::Type TypeConverter::convert(component::Primitive primitive) {
  if (primitive == component::Primitive::ErrorContext)
    return comp::ErrorContextType::get(context);
  std::optional<comp::Primitive> same = comp::symbolizePrimitive(component::spell(primitive));
  assert(same && "the dialect spells primitive types like the arena");
  return comp::PrimitiveType::get(context, *same);
}

mlir::Type TypeConverter::convert(component::ValType type) {
  return type.isPrimitive() ? convert(type.getPrimitive()) : convert(type.getType());
}

mlir::Type TypeConverter::convert(TypeId type) {
  llvm::DenseMap<uint32_t, mlir::Type> &memo = arena.mentionsResource(type) ? inFunc : plain;
  if (mlir::Type known = memo.lookup(type.index))
    return known;
  mlir::Type converted = convertUncached(type);
  memo[type.index] = converted;
  return converted;
}

LogicalResult TypeConverter::convertMembers(TypeId type,
                                            llvm::SmallVectorImpl<mlir::StringAttr> &names,
                                            llvm::SmallVectorImpl<mlir::Type> &types) {
  for (const component::Member &member : arena.getMembers(type)) {
    names.push_back(mlir::StringAttr::get(context, member.name));
    types.push_back(member.type ? convert(*member.type) : mlir::Type());
    if (member.type && !types.back())
      return failure();
  }
  return success();
}

mlir::Type TypeConverter::convertUncached(TypeId type) {
  llvm::SmallVector<mlir::StringAttr> names;
  llvm::SmallVector<mlir::Type> types;
  TypeKind kind = arena.getKind(type);
  switch (kind) {
  case TypeKind::Primitive:
    return convert(arena.getPrimitive(type));
  case TypeKind::Own:
    return comp::OwnType::get(context, slots.lookup(arena.getResource(type).index));
  case TypeKind::Borrow:
    return comp::BorrowType::get(context, slots.lookup(arena.getResource(type).index));
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    llvm_unreachable("not a value type");
  case TypeKind::Record:
  case TypeKind::Variant:
  case TypeKind::List:
  case TypeKind::FixedList:
  case TypeKind::Map:
  case TypeKind::Tuple:
  case TypeKind::Flags:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result:
  case TypeKind::Stream:
  case TypeKind::Future:
    break;
  }
  if (failed(convertMembers(type, names, types)))
    return {};
  if (kind == TypeKind::Record)
    return comp::RecordType::get(context, names, types);
  if (kind == TypeKind::Variant)
    return comp::VariantType::get(context, names, types);
  if (kind == TypeKind::List)
    return comp::ListType::get(context, types.front());
  if (kind == TypeKind::FixedList)
    return comp::FixedListType::get(context, types.front(), arena.getLength(type));
  if (kind == TypeKind::Map)
    return comp::MapType::get(context, types[0], types[1]);
  if (kind == TypeKind::Tuple)
    return comp::TupleType::get(context, types);
  if (kind == TypeKind::Flags)
    return comp::FlagsType::get(context, names);
  if (kind == TypeKind::Enum)
    return comp::EnumType::get(context, names);
  if (kind == TypeKind::Stream)
    return comp::StreamType::get(context, types.front());
  if (kind == TypeKind::Future)
    return comp::FutureType::get(context, types.front());
  if (kind == TypeKind::Option)
    return comp::OptionType::get(context, types.front());
  return comp::ResultType::get(context, types[0], types[1]);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

FailureOr<comp::FuncType> TypeConverter::convertFunc(TypeId type, Location where) {
  comp::FuncType &known = funcs[type.index];
  if (known)
    return known;
  use = where;
  if (arena.getSize(type) > maxSize)
    return diags.error(use, "function type with more than ") << maxSize << " parts";
  const component::FuncType &func = arena.getFunc(type);
  inFunc.clear();
  slots.clear();
  for (component::ResourceId resource : func.resources)
    slots.try_emplace(resource.index, slots.size());

  llvm::SmallVector<mlir::StringAttr> names;
  llvm::SmallVector<mlir::Type> params;
  mlir::Type result;
  for (const component::Param &param : func.params) {
    names.push_back(mlir::StringAttr::get(context, param.name));
    params.push_back(convert(param.type));
    if (!params.back())
      return failure();
  }
  if (func.result && !(result = convert(*func.result)))
    return failure();
  known = comp::FuncType::get(context, names, params, result, func.isAsync);
  return known;
}

TypeId TypeConverter::functionOf(component::ValType type) {
  if (type.isPrimitive())
    return arena.makeFunc({}, type, /*isAsync=*/false);
  TypeId &known = functionsOfValues[type.getType().index];
  if (!known.isValid())
    known = arena.makeFunc({}, type, /*isAsync=*/false);
  return known;
}
