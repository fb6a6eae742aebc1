//===- ValueLayout.cpp - Values of the arena's types in memory ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#storing, of values that stand in a component's bytes: the type is walked beside
// its layout and the bytes. Recursion is as deep as types are nested.
//
//===----------------------------------------------------------------------===//

#include "tenon/Import/ValueLayout.h"
#include "tenon/CanonicalABI/Layout.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using abi::Kind;
using component::ValType;

static constexpr abi::PtrKind ptr = abi::PtrKind::I32;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static abi::Type convertPrimitive(component::Primitive primitive) {
  static constexpr Kind kinds[] = {
      Kind::Bool, Kind::S8,  Kind::U8,  Kind::S16,  Kind::U16,    Kind::S32, Kind::U32, Kind::S64,
      Kind::U64,  Kind::F32, Kind::F64, Kind::Char, Kind::String, Kind::U32 /* error-context */};
  return abi::Type::leaf(kinds[unsigned(primitive)]);
}

abi::Type LayoutCache::get(ValType type) {
  if (type.isPrimitive())
    return convertPrimitive(type.getPrimitive());
  uint32_t index = type.getType().index;
  auto found = known.find(index);
  if (found != known.end())
    return found->second;
  abi::Type computed = compute(type.getType());
  known[index] = computed;
  return computed;
}

abi::Type LayoutCache::compute(component::TypeId id) {
  auto members = [&] {
    std::vector<abi::Type> types;
    for (const component::Member &member : arena.getMembers(id))
      types.push_back(member.type ? get(*member.type) : abi::Type::none());
    return types;
  };
  switch (arena.getKind(id)) {
  case component::TypeKind::Primitive:
    return convertPrimitive(arena.getPrimitive(id));
  case component::TypeKind::Record:
  case component::TypeKind::Tuple:
    return abi::Type::record(members());
  case component::TypeKind::Variant:
  case component::TypeKind::Result:
  case component::TypeKind::Enum:
    return abi::Type::variant(members());
  case component::TypeKind::Option:
    return abi::Type::option(get(arena.getElement(id)));
  case component::TypeKind::List:
    return abi::Type::list(get(arena.getElement(id)));
  case component::TypeKind::FixedList:
    return abi::Type::fixedList(get(arena.getElement(id)), arena.getLength(id));
  case component::TypeKind::Map:
    return abi::Type::list(abi::Type::record(members()));
  case component::TypeKind::Flags:
    return abi::Type::flags(arena.getMembers(id).size());
  case component::TypeKind::Own:
    return abi::Type::own(0);
  case component::TypeKind::Borrow:
    return abi::Type::borrow(0);
  default: // stream, future: a handle
    return abi::Type::leaf(Kind::U32);
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

bool ValueData::allocate(uint64_t size, uint64_t alignment, uint32_t &address) {
  uint64_t begin = abi::alignTo(bytes.size(), alignment);
  if (size > maxBytes || begin + size > maxBytes)
    return false;
  address = uint32_t(begin);
  bytes.resize(begin + size);
  return true;
}

void ValueData::put(uint32_t address, uint64_t number, unsigned size) {
  for (unsigned i = 0; i < size; ++i)
    bytes[address + i] = uint8_t(number >> (8 * i));
}

uint64_t ValueData::get(uint32_t address, unsigned size) const {
  uint64_t number = 0;
  for (unsigned i = 0; i < size; ++i)
    number |= uint64_t(bytes[address + i]) << (8 * i);
  return number;
}

bool ValueData::storeString(component::ValueReader &reader, uint32_t address) {
  llvm::StringRef text = *reader.readString();
  uint32_t contents;
  if (!allocate(text.size(), 1, contents))
    return false;
  llvm::copy(text, bytes.begin() + contents);
  put(address, contents, 4);
  put(address + 4, text.size(), 4);
  return true;
}

bool ValueData::storeList(component::ValueReader &reader, ValType element, const abi::Type &layout,
                          uint32_t address) {
  uint32_t length = *reader.readLength(), contents;
  uint64_t size = abi::elemSize(layout, ptr);
  if (!allocate(length * size, abi::alignment(layout, ptr), contents))
    return false;
  put(address, contents, 4);
  put(address + 4, length, 4);
  for (uint32_t i = 0; i < length; ++i)
    if (!store(reader, element, layout, contents + i * size))
      return false;
  return true;
}

bool ValueData::store(component::ValueReader &reader, ValType given, const abi::Type &layout,
                      uint32_t address) {
  ValType type = component::withoutAlias(arena, given);
  switch (layout.kind()) {
  case Kind::String:
    return storeString(reader, address);
  case Kind::List:
    return storeList(reader, arena.getElement(type.getType()), layout.element(), address);
  case Kind::Record: {
    llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(layout, ptr);
    for (auto [index, member] : llvm::enumerate(arena.getMembers(type.getType())))
      if (!store(reader, *member.type, layout.children()[index], address + offsets[index]))
        return false;
    return true;
  }
  case Kind::Variant: {
    uint32_t index = *reader.readCase(type.getType());
    put(address, index, abi::discriminantSize(layout.children().size()));
    std::optional<ValType> payload = component::getPayloadType(arena, type.getType(), index);
    return !payload || store(reader, *payload, layout.children()[index],
                             address + abi::payloadOffset(layout, ptr));
  }
  case Kind::Flags:
    put(address, *reader.readFlags(type.getType()), abi::elemSize(layout, ptr));
    return true;
  default:
    assert(type.isPrimitive() && "validation refused everything else");
    put(address, *reader.readNumber(type.getPrimitive()), abi::elemSize(layout, ptr));
    return true;
  }
}

std::optional<uint32_t> ValueData::add(ValType type, llvm::ArrayRef<uint8_t> value) {
  abi::Type layout = layouts.get(type);
  uint32_t address;
  if (!allocate(abi::elemSize(layout, ptr), abi::alignment(layout, ptr), address))
    return std::nullopt;
  Diagnostics silent([](const Diagnostic &) { assert(false && "the bytes were validated"); });
  ByteCursor cursor(value, {}, silent);
  component::ValueReader reader(arena, cursor);
  if (!store(reader, type, layout, address))
    return std::nullopt;
  return address;
}
