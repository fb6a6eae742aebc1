//===- Difference.cpp - Where two types differ ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two types of many fields that differ in one look alike when both are printed. So the two are
// walked side by side, down to the first part that is not equal. As deep as types are nested.
//
//===----------------------------------------------------------------------===//

#include "Difference.h"

using namespace tenon;
using namespace tenon::component;

namespace {

class Walk {
public:
  Walk(const TypeArena &arena, Difference &out) : arena(arena), out(out) {}

  void types(TypeId found, TypeId expected);

private:
  const TypeArena &arena;
  Difference &out;

  void funcs(const FuncType &found, const FuncType &expected);
  void values(ValType found, ValType expected);
  void members(TypeId found, TypeId expected);
  void optional(std::optional<ValType> found, std::optional<ValType> expected,
                llvm::StringRef nothing);
  /// The end of the walk.
  void here(std::string found, std::string expected) {
    out.found = std::move(found);
    out.expected = std::move(expected);
  }
  /// One side has no part where the other has one, or one of another name.
  void names(const llvm::Twine &what, llvm::StringRef found, llvm::StringRef expected) {
    auto spell = [&](llvm::StringRef name) {
      return name.empty() ? ("no more " + what + "s").str() : (what + " '" + name + "'").str();
    };
    here(spell(found), spell(expected));
  }
};

/// What a part of a type is called in a path, and by which of its names.
std::string partOf(TypeKind kind, llvm::StringRef name, size_t index) {
  switch (kind) {
  case TypeKind::Record:
    return "field '" + name.str() + "'";
  case TypeKind::Variant:
    return "case '" + name.str() + "'";
  case TypeKind::Tuple:
    return "element " + std::to_string(index);
  case TypeKind::Result:
    return index ? "err" : "ok";
  case TypeKind::Map:
    return index ? "value" : "key";
  case TypeKind::Option:
    return "some";
  default: // list, stream, future
    return "element";
  }
}

llvm::StringRef memberWord(TypeKind kind) {
  switch (kind) {
  case TypeKind::Record:
    return "field";
  case TypeKind::Variant:
  case TypeKind::Enum:
    return "case";
  case TypeKind::Flags:
    return "flag";
  default:
    return "element";
  }
}

} // namespace

void Walk::types(TypeId found, TypeId expected) {
  if (arena.getKind(found) == TypeKind::Func && arena.getKind(expected) == TypeKind::Func)
    return funcs(arena.getFunc(found), arena.getFunc(expected));
  if (arena.isValueType(found) && arena.isValueType(expected))
    return values(found, expected);
  here(arena.str(found), arena.str(expected));
}

void Walk::funcs(const FuncType &found, const FuncType &expected) {
  if (found.isAsync != expected.isAsync)
    return here(found.isAsync ? "async func" : "func", expected.isAsync ? "async func" : "func");
  for (size_t i = 0; i < std::max(found.params.size(), expected.params.size()); ++i) {
    llvm::StringRef name = i < found.params.size() ? found.params[i].name : "";
    llvm::StringRef wanted = i < expected.params.size() ? expected.params[i].name : "";
    if (name != wanted)
      return names("parameter", name, wanted);
    if (arena.isEqual(found.params[i].type, expected.params[i].type))
      continue;
    out.path += ": parameter '" + name.str() + "'";
    return values(found.params[i].type, expected.params[i].type);
  }
  out.path += ": result";
  optional(found.result, expected.result, "no result");
}

void Walk::optional(std::optional<ValType> found, std::optional<ValType> expected,
                    llvm::StringRef nothing) {
  if (found && expected)
    return values(*found, *expected);
  here(found ? arena.str(*found) : nothing.str(), expected ? arena.str(*expected) : nothing.str());
}

void Walk::values(ValType found, ValType expected) {
  bool hasParts = !found.isPrimitive() && !expected.isPrimitive() &&
                  arena.getKind(found.getType()) == arena.getKind(expected.getType());
  if (!hasParts)
    return here(arena.str(found), arena.str(expected));
  switch (arena.getKind(found.getType())) {
  case TypeKind::FixedList:
    if (arena.getLength(found.getType()) != arena.getLength(expected.getType()))
      return here(arena.str(found), arena.str(expected));
    return members(found.getType(), expected.getType());
  case TypeKind::Primitive:
  case TypeKind::Own:
  case TypeKind::Borrow:
    return here(arena.str(found), arena.str(expected));
  default:
    return members(found.getType(), expected.getType());
  }
}

void Walk::members(TypeId found, TypeId expected) {
  TypeKind kind = arena.getKind(found);
  llvm::ArrayRef<Member> ours = arena.getMembers(found), theirs = arena.getMembers(expected);
  if (kind == TypeKind::Tuple && ours.size() != theirs.size())
    return here(arena.str(found), arena.str(expected));
  for (size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    llvm::StringRef name = i < ours.size() ? ours[i].name : "";
    llvm::StringRef wanted = i < theirs.size() ? theirs[i].name : "";
    if (name != wanted)
      return names(memberWord(kind), name, wanted);
    const std::optional<ValType> &a = ours[i].type, &b = theirs[i].type;
    if (a.has_value() == b.has_value() && (!a || arena.isEqual(*a, *b)))
      continue;
    out.path += ": " + partOf(kind, name, i);
    return optional(a, b, "no payload");
  }
  here(arena.str(found), arena.str(expected));
}

Difference component::findDifference(const TypeArena &arena, TypeId found, TypeId expected) {
  Difference difference;
  Walk(arena, difference).types(found, expected);
  if (difference.found == difference.expected)
    difference.found = "one with other resource types";
  return difference;
}
