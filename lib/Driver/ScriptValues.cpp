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

/// What a number, a character or a string of a script is; nothing for other values.
static std::optional<Primitive> primitiveOf(ScriptValue::Kind kind) {
  switch (kind) {
  case ScriptValue::Bool:
    return Primitive::Bool;
  case ScriptValue::S8:
    return Primitive::S8;
  case ScriptValue::U8:
    return Primitive::U8;
  case ScriptValue::S16:
    return Primitive::S16;
  case ScriptValue::U16:
    return Primitive::U16;
  case ScriptValue::S32:
    return Primitive::S32;
  case ScriptValue::U32:
    return Primitive::U32;
  case ScriptValue::S64:
    return Primitive::S64;
  case ScriptValue::U64:
    return Primitive::U64;
  case ScriptValue::F32:
    return Primitive::F32;
  case ScriptValue::F64:
    return Primitive::F64;
  case ScriptValue::Char:
    return Primitive::Char;
  case ScriptValue::String:
    return Primitive::String;
  default:
    return std::nullopt;
  }
}

/// Nothing: one of the labels is none of the type's.
static std::optional<uint64_t> flagBits(const component::TypeArena &arena, component::TypeId type,
                                        const ScriptValue &value) {
  uint64_t bits = 0;
  for (const std::string &label : value.labels) {
    llvm::ArrayRef<component::Member> members = arena.getMembers(type);
    const auto *found = llvm::find_if(
        members, [&](const component::Member &member) { return member.name == label; });
    if (found == members.end())
      return std::nullopt;
    bits |= uint64_t(1) << (found - members.begin());
  }
  return bits;
}

/// Whether a value is written as one of an aggregate or a variant type is.
static bool isOfKind(ScriptValue::Kind kind, TypeKind type) {
  switch (kind) {
  case ScriptValue::List:
    return type == TypeKind::List || type == TypeKind::FixedList || type == TypeKind::Map;
  case ScriptValue::Record:
    return type == TypeKind::Record;
  case ScriptValue::Tuple:
    return type == TypeKind::Tuple;
  case ScriptValue::Variant:
    return type == TypeKind::Variant;
  case ScriptValue::Enum:
    return type == TypeKind::Enum;
  case ScriptValue::OptionNone:
  case ScriptValue::OptionSome:
    return type == TypeKind::Option;
  case ScriptValue::ResultOk:
  case ScriptValue::ResultErr:
    return type == TypeKind::Result;
  case ScriptValue::Flags:
    return type == TypeKind::Flags;
  default:
    return false;
  }
}

/// The case of a value of a type that is a variant in the ABI; nothing: the type has no such case.
static std::optional<uint32_t> caseOf(const component::TypeArena &arena, component::TypeId type,
                                      const ScriptValue &value) {
  switch (value.kind) {
  case ScriptValue::OptionNone:
  case ScriptValue::ResultOk:
    return 0;
  case ScriptValue::OptionSome:
  case ScriptValue::ResultErr:
    return 1;
  default:
    for (auto [index, member] : llvm::enumerate(arena.getMembers(type)))
      if (member.name == value.text)
        return index;
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
  case TypeKind::Map:
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

static bool isNumber(ValType type) {
  return type.isPrimitive() && type.getPrimitive() != Primitive::String &&
         type.getPrimitive() != Primitive::ErrorContext;
}

/// A number, a string or a handle. There is no way to write a handle: scripts give its number.
static std::optional<Val> typeScalar(const component::TypeArena &arena, const ScriptValue &value,
                                     ValType type) {
  Val typed;
  typed.bits = value.bits.value_or(0);
  bool isString = type.isPrimitive() && type.getPrimitive() == Primitive::String;
  if (isNumber(type) || isString) {
    typed.text = isString ? value.text : "";
    bool fits = primitiveOf(value.kind) == type.getPrimitive() && (isString || value.bits);
    return fits ? std::optional(typed) : std::nullopt;
  }
  return value.kind == ScriptValue::U32 ? std::optional(typed) : std::nullopt;
}

/// An entry of a map is written as a tuple.
static bool isEntry(const component::TypeArena &arena, const ScriptValue &value,
                    component::TypeId map) {
  return value.kind == ScriptValue::Tuple && value.elements.size() == arena.getMembers(map).size();
}

static bool isScalar(const component::TypeArena &arena, ValType type) {
  return type.isPrimitive() || isHandle(arena.getKind(type.getType()));
}

/// Whether the fields of a record are called as the type has them.
static bool hasFields(const component::TypeArena &arena, component::TypeId type,
                      const ScriptValue &value) {
  return llvm::equal(value.labels, arena.getMembers(type),
                     [](const std::string &label, const component::Member &member) {
                       return member.name == label;
                     });
}

/// What there is to a value that is no scalar but its elements: the case or the flags. Nothing: it
/// is not of the type.
static std::optional<Val> typeOutside(const component::TypeArena &arena, const ScriptValue &value,
                                      component::TypeId type) {
  TypeKind kind = arena.getKind(type);
  if (!isOfKind(value.kind, kind) || (kind == TypeKind::Record && !hasFields(arena, type, value)))
    return std::nullopt;
  Val typed;
  std::optional<uint64_t> bits = 0;
  if (kind == TypeKind::Flags)
    bits = flagBits(arena, type, value);
  else if (isVariant(kind))
    bits = caseOf(arena, type, value);
  if (!bits)
    return std::nullopt;
  typed.bits = *bits;
  if (kind == TypeKind::Flags)
    return typed;
  size_t count = numElements(arena, type, typed).value_or(value.elements.size());
  return count == value.elements.size() ? std::optional(typed) : std::nullopt;
}

std::optional<Val> tenon::driver::typeValue(const component::TypeArena &arena,
                                            const ScriptValue &value, ValType type) {
  type = component::withoutAlias(arena, type);
  if (isScalar(arena, type))
    return typeScalar(arena, value, type);
  std::optional<Val> typed = typeOutside(arena, value, type.getType());
  if (!typed)
    return std::nullopt;
  auto add = [&](const ScriptValue &element, ValType elementType, Val &to) {
    std::optional<Val> one = typeValue(arena, element, elementType);
    if (one)
      to.elements.push_back(std::move(*one));
    return one.has_value();
  };
  for (auto [index, element] : llvm::enumerate(value.elements)) {
    if (arena.getKind(type.getType()) != TypeKind::Map) {
      if (!add(element, *elementType(arena, type.getType(), *typed, index), *typed))
        return std::nullopt;
      continue;
    }
    if (!isEntry(arena, element, type.getType()))
      return std::nullopt;
    Val &entry = typed->elements.emplace_back();
    for (auto [part, member] : llvm::zip_equal(element.elements, arena.getMembers(type.getType())))
      if (!add(part, *member.type, entry))
        return std::nullopt;
  }
  return typed;
}

static bool matchesEntry(const component::TypeArena &arena, const ScriptValue &expected,
                         component::TypeId map, const Val &found) {
  if (expected.kind == ScriptValue::Either)
    return llvm::any_of(expected.elements, [&](const ScriptValue &choice) {
      return matchesEntry(arena, choice, map, found);
    });
  if (!isEntry(arena, expected, map))
    return false;
  auto parts = llvm::zip_equal(expected.elements, arena.getMembers(map), found.elements);
  return llvm::all_of(parts, [&](auto part) {
    const auto &[element, member, one] = part;
    return matchesComponent(arena, element, *member.type, one);
  });
}

bool tenon::driver::matchesComponent(const component::TypeArena &arena, const ScriptValue &expected,
                                     ValType type, const Val &found) {
  if (expected.kind == ScriptValue::Either)
    return llvm::any_of(expected.elements, [&](const ScriptValue &choice) {
      return matchesComponent(arena, choice, type, found);
    });
  type = component::withoutAlias(arena, type);
  if (isNumber(type) && (expected.kind == ScriptValue::F32 || expected.kind == ScriptValue::F64))
    return primitiveOf(expected.kind) == type.getPrimitive() &&
           matchesFloat(found.bits, expected.kind == ScriptValue::F64, expected.nan,
                        expected.bits.value_or(0));
  if (isScalar(arena, type))
    return typeScalar(arena, expected, type) == found;
  std::optional<Val> outside = typeOutside(arena, expected, type.getType());
  if (!outside || outside->bits != found.bits || expected.elements.size() != found.elements.size())
    return false;
  for (auto [index, element] : llvm::enumerate(expected.elements)) {
    const Val &one = found.elements[index];
    if (arena.getKind(type.getType()) != TypeKind::Map) {
      if (!matchesComponent(arena, element, *elementType(arena, type.getType(), found, index), one))
        return false;
      continue;
    }
    if (!matchesEntry(arena, element, type.getType(), one))
      return false;
  }
  return true;
}
