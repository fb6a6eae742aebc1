//===- Val.h - Values of component types ------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value as a tree, without its type: whoever makes or reads one has the type beside it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_VAL_H
#define TENON_COMPONENT_VAL_H

#include "tenon/Component/Types.h"
#include <string>
#include <vector>

namespace tenon::component {

struct Val {
  /// bool, char: the number                   integers: signed ones are sign-extended
  /// floats: the bits                         flags: bit i is label i
  /// variant, enum, option, result: the case  own, borrow: the handle, or what stands for it
  uint64_t bits = 0;
  std::string text; ///< string, in UTF-8
  /// record, tuple, list: what is in it       variant, option, result: the payload, or nothing
  /// map: the entries, each with two elements
  std::vector<Val> elements;

  bool operator==(const Val &other) const = default;
};

/// The primitive that `type` names, or `type` itself when it names none.
ValType withoutAlias(const TypeArena &arena, ValType type);

/// variant, enum, option and result: how many cases there are.
uint32_t getNumCases(const TypeArena &arena, TypeId type);
/// The name of a case: a label, `none` and `some`, or `ok` and `err`.
llvm::StringRef getCaseName(const TypeArena &arena, TypeId type, uint32_t index);
/// The type of a case's payload, if it has one.
std::optional<ValType> getPayloadType(const TypeArena &arena, TypeId type, uint32_t index);

} // namespace tenon::component

#endif // TENON_COMPONENT_VAL_H
