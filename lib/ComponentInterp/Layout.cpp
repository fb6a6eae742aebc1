//===- Layout.cpp - Sizes, alignments and flat types ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"

using namespace tenon;
using namespace tenon::interp;
using component::Primitive;
using component::TypeId;
using component::TypeKind;
using component::ValType;
using Core = wasm::ValType;

Shape Layout::shapeOf(ValType type) const {
  if (type.isPrimitive())
    return type.getPrimitive() == Primitive::String         ? Shape::String
           : type.getPrimitive() == Primitive::ErrorContext ? Shape::Handle
                                                            : Shape::Number;
  switch (arena.getKind(type.getType())) {
  case TypeKind::Primitive:
    return shapeOf(arena.getPrimitive(type.getType()));
  case TypeKind::Record:
  case TypeKind::Tuple:
    return Shape::Record;
  case TypeKind::Variant:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result:
    return Shape::Variant;
  case TypeKind::List:
  case TypeKind::Map:
    return Shape::List;
  case TypeKind::FixedList:
    return Shape::FixedList;
  case TypeKind::Flags:
    return Shape::Flags;
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    return Shape::Handle;
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    break;
  }
  llvm_unreachable("not the type of a value");
}

bool Layout::isMap(ValType type) const {
  return !type.isPrimitive() && arena.getKind(type.getType()) == TypeKind::Map;
}

llvm::SmallVector<ValType, 4> Layout::fields(TypeId type) const {
  llvm::SmallVector<ValType, 4> types;
  for (const component::Member &member : arena.getMembers(type))
    types.push_back(*member.type);
  return types;
}

/// Bytes of a number in memory.
static uint64_t numberSize(Primitive type) {
  switch (type) {
  case Primitive::Bool:
  case Primitive::S8:
  case Primitive::U8:
    return 1;
  case Primitive::S16:
  case Primitive::U16:
    return 2;
  case Primitive::S64:
  case Primitive::U64:
  case Primitive::F64:
    return 8;
  default:
    return 4;
  }
}

static uint64_t flagsSize(size_t numLabels) { return numLabels <= 8 ? 1 : numLabels <= 16 ? 2 : 4; }

uint64_t Layout::discriminantSize(uint64_t numCases) {
  return numCases <= 1 << 8 ? 1 : numCases <= 1 << 16 ? 2 : 4;
}

//===----------------------------------------------------------------------===//
// CanonicalABI.md#alignment and #element-size
//===----------------------------------------------------------------------===//

uint64_t Layout::maxCaseAlignment(TypeId type) const {
  uint64_t alignment = 1;
  for (uint32_t i = 0; i < component::getNumCases(arena, type); ++i)
    if (std::optional<ValType> payload = component::getPayloadType(arena, type, i))
      alignment = std::max(alignment, this->alignment(*payload));
  return alignment;
}

uint64_t Layout::recordAlignment(llvm::ArrayRef<ValType> fields) const {
  uint64_t alignment = 1;
  for (ValType field : fields)
    alignment = std::max(alignment, this->alignment(field));
  return alignment;
}

uint64_t Layout::alignment(ValType type) const {
  type = component::withoutAlias(arena, type);
  switch (shapeOf(type)) {
  case Shape::Number:
    return numberSize(type.getPrimitive());
  case Shape::String:
  case Shape::List:
    return ptrSize;
  case Shape::FixedList:
    return alignment(arena.getElement(type.getType()));
  case Shape::Record:
    return recordAlignment(fields(type.getType()));
  case Shape::Variant:
    return std::max(discriminantSize(component::getNumCases(arena, type.getType())),
                    maxCaseAlignment(type.getType()));
  case Shape::Flags:
    return flagsSize(arena.getMembers(type.getType()).size());
  case Shape::Handle:
    return 4;
  }
  llvm_unreachable("all shapes are above");
}

uint64_t Layout::recordSize(llvm::ArrayRef<ValType> fields) const {
  uint64_t size = 0;
  for (ValType field : fields)
    size = alignTo(size, alignment(field)) + elemSize(field);
  return alignTo(size, recordAlignment(fields));
}

uint64_t Layout::elemSize(ValType type) const {
  type = component::withoutAlias(arena, type);
  switch (shapeOf(type)) {
  case Shape::Number:
    return numberSize(type.getPrimitive());
  case Shape::String:
  case Shape::List:
    return 2 * ptrSize;
  case Shape::FixedList:
    return arena.getLength(type.getType()) * elemSize(arena.getElement(type.getType()));
  case Shape::Record:
    return recordSize(fields(type.getType()));
  case Shape::Variant: {
    uint32_t numCases = component::getNumCases(arena, type.getType());
    uint64_t size = alignTo(discriminantSize(numCases), maxCaseAlignment(type.getType()));
    uint64_t largest = 0;
    for (uint32_t i = 0; i < numCases; ++i)
      if (std::optional<ValType> payload = component::getPayloadType(arena, type.getType(), i))
        largest = std::max(largest, elemSize(*payload));
    return alignTo(size + largest, alignment(type));
  }
  case Shape::Flags:
    return flagsSize(arena.getMembers(type.getType()).size());
  case Shape::Handle:
    return 4;
  }
  llvm_unreachable("all shapes are above");
}

uint64_t Layout::elementAlignment(ValType list) const {
  return isMap(list) ? recordAlignment(fields(list.getType()))
                     : alignment(arena.getElement(list.getType()));
}

uint64_t Layout::elementSize(ValType list) const {
  return isMap(list) ? recordSize(fields(list.getType()))
                     : elemSize(arena.getElement(list.getType()));
}

//===----------------------------------------------------------------------===//
// CanonicalABI.md#flattening
//===----------------------------------------------------------------------===//

static Core join(Core a, Core b) {
  if (a == b)
    return a;
  bool isWord = (a == Core::I32 && b == Core::F32) || (a == Core::F32 && b == Core::I32);
  return isWord ? Core::I32 : Core::I64;
}

Layout::Flat Layout::flattenVariant(TypeId type) const {
  Flat flat;
  for (uint32_t i = 0; i < component::getNumCases(arena, type); ++i) {
    std::optional<ValType> payload = component::getPayloadType(arena, type, i);
    if (!payload)
      continue;
    Flat own;
    flatten(*payload, own);
    for (size_t at = 0; at < own.size(); ++at)
      if (at < flat.size())
        flat[at] = join(flat[at], own[at]);
      else
        flat.push_back(own[at]);
  }
  flat.insert(flat.begin(), Core::I32);
  return flat;
}

void Layout::flatten(ValType type, Flat &flat) const {
  // Nobody asks for the rest.
  constexpr size_t enough = 4 * maxFlatParams;
  if (flat.size() > enough)
    return;
  type = component::withoutAlias(arena, type);
  switch (shapeOf(type)) {
  case Shape::Number:
    switch (type.getPrimitive()) {
    case Primitive::S64:
    case Primitive::U64:
      return flat.push_back(Core::I64);
    case Primitive::F32:
      return flat.push_back(Core::F32);
    case Primitive::F64:
      return flat.push_back(Core::F64);
    default:
      return flat.push_back(Core::I32);
    }
  case Shape::String:
  case Shape::List:
    return flat.append(2, ptrSize == 8 ? Core::I64 : Core::I32);
  case Shape::FixedList:
    for (uint32_t i = 0; i < arena.getLength(type.getType()) && flat.size() <= enough; ++i)
      flatten(arena.getElement(type.getType()), flat);
    return;
  case Shape::Record:
    for (ValType field : fields(type.getType()))
      flatten(field, flat);
    return;
  case Shape::Variant: {
    Flat own = flattenVariant(type.getType());
    flat.append(own.begin(), own.end());
    return;
  }
  case Shape::Flags:
  case Shape::Handle:
    return flat.push_back(Core::I32);
  }
}
