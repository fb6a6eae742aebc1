//===- ScriptValues.cpp - Component values of a script --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptValues.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::driver;
using component::Primitive;
using component::TypeKind;
using component::Val;
using component::ValType;
using text::ScriptValue;

/// An integer as values have it, whatever the script called its type.
static uint64_t normalize(Primitive type, uint64_t bits) {
  switch (type) {
  case Primitive::S8:
    return uint64_t(llvm::SignExtend64<8>(bits));
  case Primitive::S16:
    return uint64_t(llvm::SignExtend64<16>(bits));
  case Primitive::S32:
    return uint64_t(llvm::SignExtend64<32>(bits));
  case Primitive::Bool:
  case Primitive::U8:
    return uint8_t(bits);
  case Primitive::U16:
    return uint16_t(bits);
  case Primitive::U32:
  case Primitive::F32:
  case Primitive::Char:
  case Primitive::ErrorContext:
    return uint32_t(bits);
  case Primitive::S64:
  case Primitive::U64:
  case Primitive::F64:
  case Primitive::String:
    return bits;
  }
  llvm_unreachable("all primitives are above");
}

static uint64_t flagBits(const component::TypeArena &arena, component::TypeId type,
                         const ScriptValue &value) {
  uint64_t bits = 0;
  for (auto [index, member] : llvm::enumerate(arena.getMembers(type)))
    if (llvm::is_contained(value.labels, member.name))
      bits |= uint64_t(1) << index;
  return bits;
}

/// A variant's case by its name, for every type that is a variant in the ABI.
static std::optional<uint32_t> caseOf(const component::TypeArena &arena, component::TypeId type,
                                      const ScriptValue &value) {
  switch (value.kind) {
  case ScriptValue::OptionNone:
  case ScriptValue::ResultOk:
    return 0;
  case ScriptValue::OptionSome:
  case ScriptValue::ResultErr:
    return 1;
  case ScriptValue::Variant:
  case ScriptValue::Enum:
    for (auto [index, member] : llvm::enumerate(arena.getMembers(type)))
      if (member.name == value.text)
        return index;
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// The type of element `index` of a value of an aggregate type.
static std::optional<ValType> elementType(const component::TypeArena &arena, component::TypeId type,
                                          const Val &value, size_t index) {
  switch (arena.getKind(type)) {
  case TypeKind::List:
  case TypeKind::FixedList:
    return arena.getElement(type);
  case TypeKind::Record:
  case TypeKind::Tuple:
    return arena.getMembers(type)[index].type;
  default:
    return component::getPayloadType(arena, type, value.bits);
  }
}

/// How many elements a value has that is not a list; nothing: any number.
static std::optional<size_t> numElements(const component::TypeArena &arena, component::TypeId type,
                                         const Val &value) {
  switch (arena.getKind(type)) {
  case TypeKind::List:
    return std::nullopt;
  case TypeKind::FixedList:
    return arena.getLength(type);
  case TypeKind::Record:
  case TypeKind::Tuple:
    return arena.getMembers(type).size();
  default:
    return component::getPayloadType(arena, type, value.bits) ? 1 : 0;
  }
}

static bool isVariant(TypeKind kind) {
  return kind == TypeKind::Variant || kind == TypeKind::Enum || kind == TypeKind::Option ||
         kind == TypeKind::Result;
}

static bool isHandle(TypeKind kind) {
  return kind == TypeKind::Own || kind == TypeKind::Borrow || kind == TypeKind::Stream ||
         kind == TypeKind::Future;
}

/// The entries of a map, which are pairs.
static std::optional<Val> typeEntries(const component::TypeArena &arena, const ScriptValue &value,
                                      component::TypeId map) {
  Val typed;
  llvm::ArrayRef<component::Member> members = arena.getMembers(map);
  for (const ScriptValue &pair : value.elements) {
    if (pair.elements.size() != members.size())
      return std::nullopt;
    Val &entry = typed.elements.emplace_back();
    for (auto [element, member] : llvm::zip_equal(pair.elements, members)) {
      std::optional<Val> one = typeValue(arena, element, *member.type);
      if (!one)
        return std::nullopt;
      entry.elements.push_back(std::move(*one));
    }
  }
  return typed;
}

std::optional<Val> tenon::driver::typeValue(const component::TypeArena &arena,
                                            const ScriptValue &value, ValType type) {
  type = component::withoutAlias(arena, type);
  Val typed;
  if (type.isPrimitive() || isHandle(arena.getKind(type.getType()))) {
    bool isString = type.isPrimitive() && type.getPrimitive() == component::Primitive::String;
    if (!isString && !value.bits)
      return std::nullopt;
    typed.text = isString ? value.text : "";
    typed.bits = normalize(type.isPrimitive() ? type.getPrimitive() : Primitive::U32,
                           value.bits.value_or(0));
    return typed;
  }
  TypeKind kind = arena.getKind(type.getType());
  if (kind == TypeKind::Flags) {
    typed.bits = flagBits(arena, type.getType(), value);
    return typed;
  }
  if (kind == TypeKind::Map)
    return typeEntries(arena, value, type.getType());
  if (isVariant(kind)) {
    std::optional<uint32_t> index = caseOf(arena, type.getType(), value);
    if (!index || *index >= component::getNumCases(arena, type.getType()))
      return std::nullopt;
    typed.bits = *index;
  }
  if (numElements(arena, type.getType(), typed).value_or(value.elements.size()) !=
      value.elements.size())
    return std::nullopt;
  for (auto [index, element] : llvm::enumerate(value.elements)) {
    std::optional<Val> one =
        typeValue(arena, element, *elementType(arena, type.getType(), typed, index));
    if (!one)
      return std::nullopt;
    typed.elements.push_back(std::move(*one));
  }
  return typed;
}

bool tenon::driver::matchesComponent(const component::TypeArena &arena, const ScriptValue &expected,
                                     ValType type, const Val &found) {
  if (expected.kind == ScriptValue::F32 || expected.kind == ScriptValue::F64)
    return matchesFloat(found.bits, expected.kind == ScriptValue::F64, expected.nan,
                        expected.bits.value_or(0));
  type = component::withoutAlias(arena, type);
  if (type.isPrimitive() || isHandle(arena.getKind(type.getType())) ||
      arena.getKind(type.getType()) == TypeKind::Flags ||
      arena.getKind(type.getType()) == TypeKind::Map)
    return typeValue(arena, expected, type) == found;
  if (isVariant(arena.getKind(type.getType())) &&
      caseOf(arena, type.getType(), expected) != found.bits)
    return false;
  if (expected.elements.size() != found.elements.size())
    return false;
  for (auto [index, element] : llvm::enumerate(expected.elements))
    if (!matchesComponent(arena, element, *elementType(arena, type.getType(), found, index),
                          found.elements[index]))
      return false;
  return true;
}
