//===- Flatten.cpp - Core signatures of component functions ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A type may be exponentially bigger than its definition, and flat lists are of interest only up to
// the limit, so they are kept cut off and each type is done once.
//
//===----------------------------------------------------------------------===//

#include "Flatten.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::component;

/// Where a flat list is cut off: it is longer than any limit.
static constexpr size_t cutOff = maxFlatParams + 1;

//===----------------------------------------------------------------------===//
// Element size
//===----------------------------------------------------------------------===//

static unsigned sizeOf(Primitive primitive) {
  switch (primitive) {
  case Primitive::Bool:
  case Primitive::S8:
  case Primitive::U8:
    return 1;
  case Primitive::S16:
  case Primitive::U16:
    return 2;
  case Primitive::S32:
  case Primitive::U32:
  case Primitive::F32:
  case Primitive::Char:
  case Primitive::ErrorContext:
    return 4;
  case Primitive::S64:
  case Primitive::U64:
  case Primitive::F64:
    return 8;
  case Primitive::String:
    return 16;
  }
  llvm_unreachable("all primitives are above");
}

static unsigned discriminantSize(size_t cases) {
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

/// Sizes that are too large anyway stay so, instead of wrapping.
static uint64_t saturate(uint64_t size) { return std::min(size, maxElementSize); }

Flattener::Layout Flattener::layoutOfVariant(TypeId type) {
  unsigned discriminant = discriminantSize(arena.getMembers(type).size());
  if (arena.getKind(type) == TypeKind::Option || arena.getKind(type) == TypeKind::Result)
    discriminant = 1;
  Layout payload;
  for (const Member &member : arena.getMembers(type)) {
    if (!member.type)
      continue;
    Layout one = layout(*member.type);
    payload.size = std::max(payload.size, one.size);
    payload.align = std::max(payload.align, one.align);
  }
  Layout result;
  result.align = std::max(payload.align, discriminant);
  result.size =
      llvm::alignTo(llvm::alignTo(discriminant, payload.align) + payload.size, result.align);
  return result;
}

Flattener::Layout Flattener::layout(ValType type) {
  if (type.isPrimitive()) {
    unsigned size = sizeOf(type.getPrimitive());
    return {size, std::min(size, 8u)};
  }
  TypeId id = type.getType();
  auto known = layouts.find(id.index);
  if (known != layouts.end())
    return known->second;
  Layout result;
  switch (arena.getKind(id)) {
  case TypeKind::Primitive:
    return layout(arena.getPrimitive(id));
  case TypeKind::Record:
  case TypeKind::Tuple:
    for (const Member &member : arena.getMembers(id)) {
      Layout field = layout(*member.type);
      result.size = saturate(llvm::alignTo(result.size, field.align) + field.size);
      result.align = std::max(result.align, field.align);
    }
    result.size = llvm::alignTo(result.size, result.align);
    break;
  case TypeKind::Variant:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result:
    result = layoutOfVariant(id);
    break;
  case TypeKind::Flags: {
    size_t count = arena.getMembers(id).size();
    result.align = count <= 8 ? 1 : count <= 16 ? 2 : 4;
    result.size = result.align;
    break;
  }
  case TypeKind::FixedList: {
    Layout element = layout(arena.getElement(id));
    result = {element.size * arena.getLength(id), element.align};
    break;
  }
  case TypeKind::List:
  case TypeKind::Map:
    result = {16, 8};
    break;
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    result = {4, 4};
    break;
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    llvm_unreachable("no value type");
  }
  result.size = saturate(result.size);
  layouts.try_emplace(id.index, result);
  return result;
}

bool Flattener::containsPointer(ValType type) {
  if (type.isPrimitive())
    return type.getPrimitive() == Primitive::String;
  TypeId id = type.getType();
  switch (arena.getKind(id)) {
  case TypeKind::Primitive:
    return arena.getPrimitive(id) == Primitive::String;
  case TypeKind::List:
  case TypeKind::Map:
    return true;
  case TypeKind::Stream: // what goes through it is not in the value
  case TypeKind::Future:
    return false;
  default:
    break;
  }
  auto known = pointers.find(id.index);
  if (known != pointers.end())
    return known->second;
  bool result = false;
  for (const Member &member : arena.getMembers(id))
    result |= member.type && containsPointer(*member.type);
  pointers.try_emplace(id.index, result);
  return result;
}

//===----------------------------------------------------------------------===//
// Flattening
//===----------------------------------------------------------------------===//

static wasm::ValType flatPrimitive(Primitive primitive) {
  switch (primitive) {
  case Primitive::S64:
  case Primitive::U64:
    return wasm::ValType::I64;
  case Primitive::F32:
    return wasm::ValType::F32;
  case Primitive::F64:
    return wasm::ValType::F64;
  default:
    return wasm::ValType::I32;
  }
}

void Flattener::flatten(ValType type, wasm::ValType pointer,
                        llvm::SmallVectorImpl<wasm::ValType> &out) {
  if (type.isPrimitive()) {
    if (type.getPrimitive() == Primitive::String)
      out.append(2, pointer);
    else
      out.push_back(flatPrimitive(type.getPrimitive()));
    return;
  }
  auto &known = flats[pointer == wasm::ValType::I64];
  auto found = known.find(type.getType().index);
  if (found != known.end()) {
    out.append(found->second.begin(), found->second.end());
    return;
  }
  Flat flat = flattenUncached(type.getType(), pointer);
  if (flat.size() > cutOff)
    flat.resize(cutOff);
  out.append(flat.begin(), flat.end());
  flats[pointer == wasm::ValType::I64].try_emplace(type.getType().index, std::move(flat));
}

Flattener::Flat Flattener::flattenUncached(TypeId type, wasm::ValType pointer) {
  Flat flat;
  switch (arena.getKind(type)) {
  case TypeKind::Primitive:
    flatten(arena.getPrimitive(type), pointer, flat);
    break;
  case TypeKind::Record:
  case TypeKind::Tuple:
    for (const Member &member : arena.getMembers(type)) {
      if (flat.size() >= cutOff)
        break;
      flatten(*member.type, pointer, flat);
    }
    break;
  case TypeKind::FixedList:
    for (uint32_t i = 0; i < arena.getLength(type) && flat.size() < cutOff; ++i)
      flatten(arena.getElement(type), pointer, flat);
    break;
  case TypeKind::Variant:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result:
    return flattenVariant(type, pointer);
  case TypeKind::List:
  case TypeKind::Map:
    flat.append(2, pointer);
    break;
  case TypeKind::Flags:
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    flat.push_back(wasm::ValType::I32);
    break;
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    llvm_unreachable("no value type");
  }
  return flat;
}

static wasm::ValType join(wasm::ValType a, wasm::ValType b) {
  if (a == b)
    return a;
  bool both32 = (a == wasm::ValType::I32 && b == wasm::ValType::F32) ||
                (a == wasm::ValType::F32 && b == wasm::ValType::I32);
  return both32 ? wasm::ValType::I32 : wasm::ValType::I64;
}

Flattener::Flat Flattener::flattenVariant(TypeId type, wasm::ValType pointer) {
  Flat flat = {wasm::ValType::I32};
  for (const Member &member : arena.getMembers(type)) {
    if (!member.type)
      continue;
    Flat payload;
    flatten(*member.type, pointer, payload);
    for (size_t i = 0; i < payload.size(); ++i) {
      if (i + 1 < flat.size())
        flat[i + 1] = join(flat[i + 1], payload[i]);
      else
        flat.push_back(payload[i]);
    }
  }
  return flat;
}

llvm::SmallVector<wasm::ValType> Flattener::flattenParams(const FuncType &func,
                                                          wasm::ValType pointer) {
  llvm::SmallVector<wasm::ValType> flat;
  for (const Param &param : func.params) {
    if (flat.size() >= cutOff)
      break;
    flatten(param.type, pointer, flat);
  }
  return flat;
}

llvm::SmallVector<wasm::ValType> Flattener::flattenResult(const FuncType &func,
                                                          wasm::ValType pointer) {
  llvm::SmallVector<wasm::ValType> flat;
  if (func.result)
    flatten(*func.result, pointer, flat);
  return flat;
}

wasm::FuncType Flattener::flatten(const FuncType &func, const CanonOptions &options, bool isLift,
                                  wasm::ValType pointer) {
  llvm::SmallVector<wasm::ValType> params = flattenParams(func, pointer);
  llvm::SmallVector<wasm::ValType> results = flattenResult(func, pointer);
  unsigned limit = options.isAsync && !isLift ? maxFlatAsyncParams : maxFlatParams;
  if (params.size() > limit)
    params.assign(1, pointer);
  if (!options.isAsync) {
    if (results.size() > maxFlatResults) {
      results.clear();
      if (isLift)
        results.push_back(pointer);
      else
        params.push_back(pointer);
    }
  } else if (isLift) {
    results.clear();
    if (options.callback)
      results.push_back(wasm::ValType::I32);
  } else {
    if (!results.empty())
      params.push_back(pointer);
    results.assign(1, wasm::ValType::I32);
  }
  wasm::FuncType type;
  type.params.assign(params.begin(), params.end());
  type.results.assign(results.begin(), results.end());
  return type;
}
