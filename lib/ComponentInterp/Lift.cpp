//===- Lift.cpp - Values out of core code ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#loading and #flat-lifting. Recursion is as deep as types are nested.
//
//===----------------------------------------------------------------------===//

#include "LiftLower.h"
#include "PackedLists.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::interp;
using component::Primitive;
using component::TypeKind;
using component::Val;
using component::ValType;

namespace {

class Lifter {
public:
  explicit Lifter(Context &cx) : cx(cx), layout(cx.layout) {}

  bool load(uint64_t address, ValType type, Val &out);
  bool loadRecord(uint64_t address, llvm::ArrayRef<ValType> fields, std::vector<Val> &out);
  /// Takes from the front of `flat`.
  bool lift(llvm::ArrayRef<uint64_t> &flat, ValType type, Val &out);

private:
  Context &cx;
  const Layout &layout;

  uint64_t loadInt(uint64_t address, unsigned size) const {
    uint64_t number = 0;
    memcpy(&number, cx.at(address), size);
    return number;
  }
  bool convert(uint64_t number, ValType type, Val &out);
  bool liftHandle(uint32_t index, ValType type, Val &out);
  bool loadList(uint64_t address, uint64_t length, ValType type, Val &out);
  bool loadVariant(uint64_t address, ValType type, Val &out);
  bool liftVariant(llvm::ArrayRef<uint64_t> &flat, ValType type, Val &out);
};

} // namespace

/// A number of a primitive type that stands in the low bits.
bool Lifter::convert(uint64_t number, ValType type, Val &out) {
  switch (type.getPrimitive()) {
  case Primitive::Bool:
    out.bits = uint32_t(number) != 0;
    return true;
  case Primitive::S8:
    out.bits = uint64_t(llvm::SignExtend64<8>(number));
    return true;
  case Primitive::S16:
    out.bits = uint64_t(llvm::SignExtend64<16>(number));
    return true;
  case Primitive::S32:
    out.bits = uint64_t(llvm::SignExtend64<32>(number));
    return true;
  case Primitive::U8:
    out.bits = uint8_t(number);
    return true;
  case Primitive::U16:
    out.bits = uint16_t(number);
    return true;
  case Primitive::U32:
    out.bits = uint32_t(number);
    return true;
  case Primitive::F32: // a NaN keeps its bits, which is one of the outcomes that are allowed
    out.bits = uint32_t(number);
    return true;
  case Primitive::Char:
    out.bits = uint32_t(number);
    return out.bits < 0x110000 && !(out.bits >= 0xd800 && out.bits < 0xe000)
               ? true
               : cx.fail(TrapKind::InvalidChar);
  case Primitive::S64:
  case Primitive::U64:
  case Primitive::F64:
    out.bits = number;
    return true;
  case Primitive::String:
  case Primitive::ErrorContext:
    break;
  }
  llvm_unreachable("not a number");
}

/// `lift_own`, `lift_borrow`
bool Lifter::liftHandle(uint32_t index, ValType type, Val &out) {
  TypeKind kind = type.isPrimitive() ? TypeKind::Stream : cx.arena.getKind(type.getType());
  if (kind != TypeKind::Own && kind != TypeKind::Borrow)
    return cx.fail(TrapKind::NotSupported);
  ResourceHandle *handle = nullptr;
  TrapKind trap = cx.instance.handles.find(index, cx.resourceOf(type), handle);
  if (trap != TrapKind::None)
    return cx.fail(trap);
  out.bits = handle->rep;
  if (kind == TypeKind::Borrow) {
    ++handle->numLends;
    cx.lenders.push_back(index);
    return true;
  }
  if (handle->numLends)
    return cx.fail(TrapKind::HandleLent);
  if (!handle->isOwn)
    return cx.fail(TrapKind::HandleTypeMismatch);
  cx.instance.handles.remove(index);
  return true;
}

//===----------------------------------------------------------------------===//
// From memory
//===----------------------------------------------------------------------===//

bool Lifter::loadRecord(uint64_t address, llvm::ArrayRef<ValType> fields, std::vector<Val> &out) {
  for (ValType field : fields) {
    address = alignTo(address, layout.alignment(field));
    if (!load(address, field, out.emplace_back()))
      return false;
    address += layout.elemSize(field);
  }
  return true;
}

/// `load_list_from_range`
bool Lifter::loadList(uint64_t address, uint64_t length, ValType type, Val &out) {
  uint64_t size = layout.elementSize(type);
  if (length > maxListBytes / size)
    return cx.fail(cx.listOutOfBounds());
  if (address % layout.elementAlignment(type))
    return cx.fail(TrapKind::PointerMisaligned);
  if (!cx.isInMemory(address, length * size))
    return cx.fail(cx.listOutOfBounds());
  if (packedElement(cx.arena, type)) {
    out.text.assign(cx.at(address), cx.at(address) + length * size);
    return true;
  }
  for (uint64_t i = 0; i < length; ++i) {
    Val &element = out.elements.emplace_back();
    if (layout.isMap(type)
            ? !loadRecord(address + i * size, layout.fields(type.getType()), element.elements)
            : !load(address + i * size, cx.arena.getElement(type.getType()), element))
      return false;
  }
  return true;
}

bool Lifter::loadVariant(uint64_t address, ValType type, Val &out) {
  uint32_t numCases = component::getNumCases(cx.arena, type.getType());
  uint64_t size = Layout::discriminantSize(numCases);
  out.bits = loadInt(address, size);
  if (out.bits >= numCases)
    return cx.fail(TrapKind::InvalidDiscriminant);
  std::optional<ValType> payload = component::getPayloadType(cx.arena, type.getType(), out.bits);
  address = alignTo(address + size, layout.maxCaseAlignment(type.getType()));
  return !payload || load(address, *payload, out.elements.emplace_back());
}

bool Lifter::load(uint64_t address, ValType type, Val &out) {
  type = component::withoutAlias(cx.arena, type);
  unsigned ptrSize = cx.options.ptrSize();
  switch (layout.shapeOf(type)) {
  case Shape::Number:
    return convert(loadInt(address, layout.elemSize(type)), type, out);
  case Shape::String:
    return loadString(cx, loadInt(address, ptrSize), loadInt(address + ptrSize, ptrSize), out.text);
  case Shape::List:
    return loadList(loadInt(address, ptrSize), loadInt(address + ptrSize, ptrSize), type, out);
  case Shape::FixedList: {
    ValType element = cx.arena.getElement(type.getType());
    uint64_t size = layout.elemSize(element);
    for (uint32_t i = 0; i < cx.arena.getLength(type.getType()); ++i)
      if (!load(address + i * size, element, out.elements.emplace_back()))
        return false;
    return true;
  }
  case Shape::Record:
    return loadRecord(address, layout.fields(type.getType()), out.elements);
  case Shape::Variant:
    return loadVariant(address, type, out);
  case Shape::Flags: {
    size_t numLabels = cx.arena.getMembers(type.getType()).size();
    out.bits = loadInt(address, layout.elemSize(type)) & ((uint64_t(1) << numLabels) - 1);
    return true;
  }
  case Shape::Handle:
    return liftHandle(loadInt(address, 4), type, out);
  }
  llvm_unreachable("all shapes are above");
}

//===----------------------------------------------------------------------===//
// From flat values
//===----------------------------------------------------------------------===//

static uint64_t take(llvm::ArrayRef<uint64_t> &flat) {
  uint64_t value = flat.front();
  flat = flat.drop_front();
  return value;
}

/// The payload takes as many of the values as it wants, the variant as many as its widest case.
bool Lifter::liftVariant(llvm::ArrayRef<uint64_t> &flat, ValType type, Val &out) {
  size_t count = layout.flattenVariant(type.getType()).size();
  llvm::ArrayRef<uint64_t> own = flat.take_front(count);
  flat = flat.drop_front(count);
  out.bits = uint32_t(take(own));
  if (out.bits >= component::getNumCases(cx.arena, type.getType()))
    return cx.fail(TrapKind::InvalidDiscriminant);
  std::optional<ValType> payload = component::getPayloadType(cx.arena, type.getType(), out.bits);
  return !payload || lift(own, *payload, out.elements.emplace_back());
}

bool Lifter::lift(llvm::ArrayRef<uint64_t> &flat, ValType type, Val &out) {
  type = component::withoutAlias(cx.arena, type);
  switch (layout.shapeOf(type)) {
  case Shape::Number:
    return convert(take(flat), type, out);
  case Shape::String: {
    uint64_t address = take(flat);
    return loadString(cx, address, take(flat), out.text);
  }
  case Shape::List: {
    uint64_t address = take(flat);
    return loadList(address, take(flat), type, out);
  }
  case Shape::FixedList:
    for (uint32_t i = 0; i < cx.arena.getLength(type.getType()); ++i)
      if (!lift(flat, cx.arena.getElement(type.getType()), out.elements.emplace_back()))
        return false;
    return true;
  case Shape::Record:
    for (ValType field : layout.fields(type.getType()))
      if (!lift(flat, field, out.elements.emplace_back()))
        return false;
    return true;
  case Shape::Variant:
    return liftVariant(flat, type, out);
  case Shape::Flags: {
    size_t numLabels = cx.arena.getMembers(type.getType()).size();
    out.bits = take(flat) & ((uint64_t(1) << numLabels) - 1);
    return true;
  }
  case Shape::Handle:
    return liftHandle(take(flat), type, out);
  }
  llvm_unreachable("all shapes are above");
}

bool interp::liftValues(Context &cx, size_t maxFlat, llvm::ArrayRef<uint64_t> flat,
                        llvm::ArrayRef<ValType> types, std::vector<Val> &values) {
  Lifter lifter(cx);
  Layout::Flat flatTypes;
  for (ValType type : types)
    cx.layout.flatten(type, flatTypes);
  if (flatTypes.size() > maxFlat) {
    uint64_t address = take(flat);
    if (address % cx.layout.recordAlignment(types))
      return cx.fail(TrapKind::PointerMisaligned);
    if (!cx.isInMemory(address, cx.layout.recordSize(types)))
      return cx.fail(TrapKind::PointerOutOfBounds);
    return lifter.loadRecord(address, types, values);
  }
  for (ValType type : types)
    if (!lifter.lift(flat, type, values.emplace_back()))
      return false;
  return true;
}
