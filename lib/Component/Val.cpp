//===- Val.cpp - Values of component types ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Val.h"

using namespace tenon;
using namespace tenon::component;

ValType component::withoutAlias(const TypeArena &arena, ValType type) {
  if (!type.isPrimitive() && arena.getKind(type.getType()) == TypeKind::Primitive)
    return arena.getPrimitive(type.getType());
  return type;
}

uint32_t component::getNumCases(const TypeArena &arena, TypeId type) {
  return arena.getKind(type) == TypeKind::Option ? 2 : arena.getMembers(type).size();
}

llvm::StringRef component::getCaseName(const TypeArena &arena, TypeId type, uint32_t index) {
  switch (arena.getKind(type)) {
  case TypeKind::Option:
    return index ? "some" : "none";
  case TypeKind::Result:
    return index ? "err" : "ok";
  default:
    return arena.getMembers(type)[index].name;
  }
}

std::optional<ValType> component::getPayloadType(const TypeArena &arena, TypeId type,
                                                 uint32_t index) {
  if (arena.getKind(type) == TypeKind::Option)
    return index ? std::optional(arena.getElement(type)) : std::nullopt;
  return arena.getMembers(type)[index].type;
}
