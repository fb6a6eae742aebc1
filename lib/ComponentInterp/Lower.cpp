//===- Lower.cpp - Values into core code ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#storing and #flat-lowering. Recursion is as deep as types are nested.
//
//===----------------------------------------------------------------------===//

#include "LiftLower.h"
#include "PackedLists.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using component::Primitive;
using component::TypeKind;
using component::Val;
using component::ValType;

bool Context::call(Function &function, llvm::ArrayRef<uint64_t> args, FlatValues &results) {
  llvm::SmallVector<Value, 16> values;
  for (uint64_t arg : args)
    values.push_back(Value::of(arg));
  Outcome outcome = store.invoke(function, values);
  if (!outcome.returned())
    return fail(outcome.kind == Outcome::Threw ? TrapKind::UncaughtException : outcome.trap);
  for (const Value &value : outcome.results)
    results.push_back(value.as<uint64_t>());
  return true;
}

bool Context::reallocate(uint64_t old, uint64_t oldSize, uint64_t alignment, uint64_t size,
                         TrapKind outOfBounds, uint64_t &address) {
  FlatValues results;
  instance.mayLeave = false;
  if (!call(*options.realloc, {old, oldSize, alignment, size}, results))
    return false;
  instance.mayLeave = true;
  address = results.front();
  if (address % alignment)
    return fail(isBetweenGuests ? TrapKind::PointerMisaligned : TrapKind::ReallocMisaligned);
  if (isInMemory(address, size))
    return true;
  return fail(isBetweenGuests ? outOfBounds : TrapKind::ReallocOutOfBounds);
}

namespace {

class Lowerer {
public:
  explicit Lowerer(Context &cx) : cx(cx), layout(cx.layout) {}

  bool store(const Val &value, ValType type, uint64_t address);
  bool storeRecord(llvm::ArrayRef<Val> values, llvm::ArrayRef<ValType> fields, uint64_t address);
  bool lower(const Val &value, ValType type, FlatValues &flat);

private:
  Context &cx;
  const Layout &layout;

  void storeInt(uint64_t number, uint64_t address, unsigned size) {
    memcpy(cx.at(address), &number, size);
  }
  bool lowerHandle(const Val &value, ValType type, uint32_t &index);
  bool storeList(const Val &value, ValType type, uint64_t &address, uint64_t &length);
  bool storeVariant(const Val &value, ValType type, uint64_t address);
};

} // namespace

/// `lower_own`, `lower_borrow`
bool Lowerer::lowerHandle(const Val &value, ValType type, uint32_t &index) {
  TypeKind kind = type.isPrimitive() ? TypeKind::Stream : cx.arena.getKind(type.getType());
  if (kind != TypeKind::Own && kind != TypeKind::Borrow)
    return cx.fail(TrapKind::NotSupported);
  ResourceHandle handle;
  handle.type = cx.resourceOf(type);
  handle.rep = value.bits;
  handle.isOwn = kind == TypeKind::Own;
  if (kind == TypeKind::Borrow) {
    if (handle.type->impl == &cx.instance) {
      index = handle.rep;
      return true;
    }
    handle.borrowScope = cx.task;
    ++cx.task->numBorrows;
  }
  index = cx.instance.handles.add(handle);
  return index ? true : cx.fail(TrapKind::HandleTableFull);
}

//===----------------------------------------------------------------------===//
// Into memory
//===----------------------------------------------------------------------===//

bool Lowerer::storeRecord(llvm::ArrayRef<Val> values, llvm::ArrayRef<ValType> fields,
                          uint64_t address) {
  for (auto [value, field] : llvm::zip_equal(values, fields)) {
    address = alignTo(address, layout.alignment(field));
    if (!store(value, field, address))
      return false;
    address += layout.elemSize(field);
  }
  return true;
}

/// `store_list_into_range`
bool Lowerer::storeList(const Val &value, ValType type, uint64_t &address, uint64_t &length) {
  uint64_t size = layout.elementSize(type);
  length = value.text.empty() ? value.elements.size() : value.text.size() / size;
  if (!cx.reallocate(0, 0, layout.elementAlignment(type), length * size, TrapKind::ListTooLong,
                     address))
    return false;
  if (!value.text.empty()) {
    storePacked(*packedElement(cx.arena, type), value.text, cx.at(address));
    return true;
  }
  for (auto [index, element] : llvm::enumerate(value.elements)) {
    uint64_t at = address + index * size;
    if (layout.isMap(type) ? !storeRecord(element.elements, layout.fields(type.getType()), at)
                           : !store(element, cx.arena.getElement(type.getType()), at))
      return false;
  }
  return true;
}

bool Lowerer::storeVariant(const Val &value, ValType type, uint64_t address) {
  uint64_t size = Layout::discriminantSize(component::getNumCases(cx.arena, type.getType()));
  storeInt(value.bits, address, size);
  address = alignTo(address + size, layout.maxCaseAlignment(type.getType()));
  return value.elements.empty() ||
         store(value.elements.front(),
               *component::getPayloadType(cx.arena, type.getType(), value.bits), address);
}

bool Lowerer::store(const Val &value, ValType type, uint64_t address) {
  type = component::withoutAlias(cx.arena, type);
  unsigned ptrSize = cx.options.ptrSize();
  uint64_t contents = 0, length = 0;
  switch (layout.shapeOf(type)) {
  case Shape::Number:
  case Shape::Flags:
    storeInt(value.bits, address, layout.elemSize(type));
    return true;
  case Shape::String:
    if (!storeString(cx, value.text, contents, length))
      return false;
    storeInt(contents, address, ptrSize);
    storeInt(length, address + ptrSize, ptrSize);
    return true;
  case Shape::List:
    if (!storeList(value, type, contents, length))
      return false;
    storeInt(contents, address, ptrSize);
    storeInt(length, address + ptrSize, ptrSize);
    return true;
  case Shape::FixedList: {
    ValType element = cx.arena.getElement(type.getType());
    for (auto [index, one] : llvm::enumerate(value.elements))
      if (!store(one, element, address + index * layout.elemSize(element)))
        return false;
    return true;
  }
  case Shape::Record:
    return storeRecord(value.elements, layout.fields(type.getType()), address);
  case Shape::Variant:
    return storeVariant(value, type, address);
  case Shape::Handle: {
    uint32_t index = 0;
    if (!lowerHandle(value, type, index))
      return false;
    storeInt(index, address, 4);
    return true;
  }
  }
  llvm_unreachable("all shapes are above");
}

//===----------------------------------------------------------------------===//
// Into flat values
//===----------------------------------------------------------------------===//

bool Lowerer::lower(const Val &value, ValType type, FlatValues &flat) {
  type = component::withoutAlias(cx.arena, type);
  uint64_t contents = 0, length = 0;
  switch (layout.shapeOf(type)) {
  case Shape::Number:
    flat.push_back(layout.elemSize(type) == 8 ? value.bits : uint32_t(value.bits));
    return true;
  case Shape::Flags:
    flat.push_back(value.bits);
    return true;
  case Shape::String:
  case Shape::List: {
    bool isString = layout.shapeOf(type) == Shape::String;
    if (isString ? !storeString(cx, value.text, contents, length)
                 : !storeList(value, type, contents, length))
      return false;
    flat.append({contents, length});
    return true;
  }
  case Shape::FixedList:
    for (const Val &element : value.elements)
      if (!lower(element, cx.arena.getElement(type.getType()), flat))
        return false;
    return true;
  case Shape::Record:
    for (auto [field, element] : llvm::zip_equal(layout.fields(type.getType()), value.elements))
      if (!lower(element, field, flat))
        return false;
    return true;
  case Shape::Variant: {
    size_t end = flat.size() + layout.flattenVariant(type.getType()).size();
    flat.push_back(value.bits);
    if (!value.elements.empty() &&
        !lower(value.elements.front(),
               *component::getPayloadType(cx.arena, type.getType(), value.bits), flat))
      return false;
    flat.resize(end);
    return true;
  }
  case Shape::Handle: {
    uint32_t index = 0;
    if (!lowerHandle(value, type, index))
      return false;
    flat.push_back(index);
    return true;
  }
  }
  llvm_unreachable("all shapes are above");
}

bool interp::lowerValues(Context &cx, size_t maxFlat, llvm::ArrayRef<Val> values,
                         llvm::ArrayRef<ValType> types, std::optional<uint64_t> outParam,
                         FlatValues &flat) {
  Lowerer lowerer(cx);
  Layout::Flat flatTypes;
  for (ValType type : types)
    cx.layout.flatten(type, flatTypes);
  if (flatTypes.size() <= maxFlat) {
    for (auto [value, type] : llvm::zip_equal(values, types))
      if (!lowerer.lower(value, type, flat))
        return false;
    return true;
  }
  uint64_t alignment = cx.layout.recordAlignment(types), size = cx.layout.recordSize(types);
  uint64_t address = outParam.value_or(0);
  if (!outParam) {
    if (!cx.reallocate(0, 0, alignment, size, TrapKind::PointerOutOfBounds, address))
      return false;
    flat.push_back(address);
  }
  if (address % alignment)
    return cx.fail(TrapKind::PointerMisaligned);
  if (!cx.isInMemory(address, size))
    return cx.fail(TrapKind::PointerOutOfBounds);
  return lowerer.storeRecord(values, types, address);
}
