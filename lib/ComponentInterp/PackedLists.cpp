//===- PackedLists.cpp - Lists of plain numbers ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackedLists.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::interp;
using component::Primitive;
using component::Val;
using component::ValType;

/// More in an element than this is seldom, and costs less as a tree than as a list of places.
constexpr size_t maxNumbers = 64;

static bool isPlain(Primitive type) { return type != Primitive::Bool && type != Primitive::Char; }

/// Appends the numbers of a value at `offset`; false when there is anything else in it.
static bool collect(const component::TypeArena &arena, const Layout &layout, ValType type,
                    uint64_t offset, PackedElement &element) {
  type = component::withoutAlias(arena, type);
  switch (layout.shapeOf(type)) {
  case Shape::Number:
    if (!isPlain(type.getPrimitive()) || element.numbers.size() == maxNumbers)
      return false;
    element.numbers.push_back({uint32_t(offset), uint32_t(layout.elemSize(type))});
    return true;
  case Shape::FixedList: {
    ValType inner = arena.getElement(type.getType());
    for (uint32_t i = 0; i < arena.getLength(type.getType()); ++i)
      if (!collect(arena, layout, inner, offset + i * layout.elemSize(inner), element))
        return false;
    return true;
  }
  case Shape::Record:
    for (ValType field : layout.fields(type.getType())) {
      offset = alignTo(offset, layout.alignment(field));
      if (!collect(arena, layout, field, offset, element))
        return false;
      offset += layout.elemSize(field);
    }
    return true;
  case Shape::String:
  case Shape::List:
  case Shape::Variant:
  case Shape::Flags:
  case Shape::Handle:
    return false;
  }
  llvm_unreachable("all shapes are above");
}

std::optional<PackedElement> interp::packedElement(const component::TypeArena &arena,
                                                   ValType list) {
  Layout layout(arena, /*ptrSize=*/4); // there are no pointers
  if (layout.isMap(list))
    return std::nullopt;
  PackedElement element;
  if (!collect(arena, layout, arena.getElement(list.getType()), 0, element))
    return std::nullopt;
  element.size = layout.elementSize(list);
  return element;
}

void interp::storePacked(const PackedElement &element, llvm::StringRef bytes, uint8_t *at) {
  uint64_t used = 0;
  for (const PackedElement::Number &number : element.numbers)
    used += number.size;
  if (used == element.size) {
    llvm::copy(bytes.bytes(), at);
    return;
  }
  for (uint64_t start = 0; start < bytes.size(); start += element.size)
    for (const PackedElement::Number &number : element.numbers)
      memcpy(at + start + number.offset, bytes.data() + start + number.offset, number.size);
}

/// The number of a primitive type that `bytes` begins with, as values have it.
static uint64_t readNumber(Primitive type, const char *bytes, size_t size) {
  uint64_t number = 0;
  memcpy(&number, bytes, size);
  bool isSigned = type == Primitive::S8 || type == Primitive::S16 || type == Primitive::S32;
  return isSigned ? uint64_t(llvm::SignExtend64(number, 8 * size)) : number;
}

/// The value of a plain type that `bytes` begins with, and skips it.
static Val readPlain(const component::TypeArena &arena, ValType type, const PackedElement &element,
                     const char *bytes, size_t &next) {
  type = component::withoutAlias(arena, type);
  Val value;
  if (type.isPrimitive()) {
    const PackedElement::Number &number = element.numbers[next++];
    value.bits = readNumber(type.getPrimitive(), bytes + number.offset, number.size);
    return value;
  }
  if (arena.getKind(type.getType()) == component::TypeKind::FixedList) {
    for (uint32_t i = 0; i < arena.getLength(type.getType()); ++i)
      value.elements.push_back(
          readPlain(arena, arena.getElement(type.getType()), element, bytes, next));
    return value;
  }
  for (const component::Member &member : arena.getMembers(type.getType()))
    value.elements.push_back(readPlain(arena, *member.type, element, bytes, next));
  return value;
}

static void unpackList(const component::TypeArena &arena, ValType list, Val &value) {
  std::string bytes = std::move(value.text);
  value.text.clear();
  PackedElement element = *packedElement(arena, list);
  for (uint64_t start = 0; start < bytes.size(); start += element.size) {
    size_t next = 0;
    value.elements.push_back(
        readPlain(arena, arena.getElement(list.getType()), element, bytes.data() + start, next));
  }
}

/// The type of element `index` of a value that is not a number.
static ValType elementType(const component::TypeArena &arena, const Layout &layout, ValType type,
                           const Val &value, size_t index) {
  switch (layout.shapeOf(type)) {
  case Shape::Record:
    return layout.fields(type.getType())[index];
  case Shape::Variant:
    return *component::getPayloadType(arena, type.getType(), value.bits);
  default:
    return arena.getElement(type.getType());
  }
}

Val interp::unpack(const component::TypeArena &arena, ValType type, const Val &value) {
  Layout layout(arena, /*ptrSize=*/4);
  type = component::withoutAlias(arena, type);
  Val unpacked = value;
  Shape shape = layout.shapeOf(type);
  if (shape == Shape::List && !value.text.empty()) {
    unpackList(arena, type, unpacked);
    return unpacked;
  }
  for (auto [index, element] : llvm::enumerate(unpacked.elements)) {
    if (!layout.isMap(type)) {
      element = unpack(arena, elementType(arena, layout, type, value, index), element);
      continue;
    }
    for (auto [field, part] : llvm::zip_equal(layout.fields(type.getType()), element.elements))
      part = unpack(arena, field, part);
  }
  return unpacked;
}
