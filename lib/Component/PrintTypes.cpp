//===- PrintTypes.cpp - Types in WIT terms --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For messages: what a user knows from WIT, cut off where it gets too long to be read.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Definitions.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::component;

llvm::StringRef component::spell(Primitive primitive) {
  static constexpr llvm::StringLiteral names[] = {"bool", "s8",   "u8",     "s16",          "u16",
                                                  "s32",  "u32",  "s64",    "u64",          "f32",
                                                  "f64",  "char", "string", "error-context"};
  return names[unsigned(primitive)];
}

llvm::StringRef component::spell(ExternKind kind) {
  static constexpr llvm::StringLiteral names[] = {"core module", "func",      "value",
                                                  "type",        "component", "instance"};
  return names[unsigned(kind)];
}

llvm::StringRef component::spell(Sort sort) {
  static constexpr llvm::StringLiteral names[] = {
      "core func", "core table",  "core memory",   "core global", "core tag",
      "core type", "core module", "core instance", "func",        "value",
      "type",      "component",   "instance"};
  return names[unsigned(sort)];
}

llvm::StringRef component::spell(CanonKind kind) {
  switch (kind) {
#define TENON_CANON(Name, Spelling, Opcode)                                                        \
  case CanonKind::Name:                                                                            \
    return Spelling;
#include "tenon/Component/Canon.def"
  }
  llvm_unreachable("all kinds are above");
}

namespace {

class Printer {
public:
  explicit Printer(const TypeArena &arena) : arena(arena), os(text) {}

  std::string take() { return std::move(text); }

  void print(ValType type) {
    if (type.isPrimitive())
      os << spell(type.getPrimitive());
    else
      print(type.getType());
  }

  void print(TypeId type) {
    if (text.size() > limit) {
      os << "...";
      return;
    }
    switch (arena.getKind(type)) {
    case TypeKind::Primitive:
      os << spell(arena.getPrimitive(type));
      return;
    case TypeKind::Record:
      return printNamed("record", type);
    case TypeKind::Variant:
      return printNamed("variant", type);
    case TypeKind::Flags:
      return printNamed("flags", type);
    case TypeKind::Enum:
      return printNamed("enum", type);
    case TypeKind::List:
      return printArgs("list", type);
    case TypeKind::FixedList:
      os << "list<";
      print(arena.getElement(type));
      os << ", " << arena.getLength(type) << '>';
      return;
    case TypeKind::Tuple:
      return printArgs("tuple", type);
    case TypeKind::Option:
      return printArgs("option", type);
    case TypeKind::Result:
      return printArgs("result", type);
    case TypeKind::Stream:
      return printArgs("stream", type);
    case TypeKind::Future:
      return printArgs("future", type);
    case TypeKind::Map:
      return printArgs("map", type);
    case TypeKind::Own:
    case TypeKind::Borrow:
      os << (arena.getKind(type) == TypeKind::Own ? "own<" : "borrow<")
         << nameOf(arena.getResource(type)) << '>';
      return;
    case TypeKind::Func:
      return printFunc(arena.getFunc(type));
    case TypeKind::Resource:
      os << "resource";
      if (!arena.getInfo(arena.getResource(type)).name.empty())
        os << ' ' << arena.getInfo(arena.getResource(type)).name;
      return;
    case TypeKind::Instance:
      os << "instance";
      return;
    case TypeKind::Component:
      os << "component";
      return;
    }
  }

  void printFunc(const FuncType &func) {
    os << (func.isAsync ? "async func(" : "func(");
    llvm::StringRef separator = "";
    for (const Param &param : func.params) {
      os << separator << param.name << ": ";
      separator = ", ";
      if (text.size() > limit)
        break;
      print(param.type);
    }
    os << ')';
    if (func.result) {
      os << " -> ";
      print(*func.result);
    }
  }

private:
  /// Where a message stops being readable.
  static constexpr size_t limit = 300;
  const TypeArena &arena;
  std::string text;
  llvm::raw_string_ostream os;

  llvm::StringRef nameOf(ResourceId resource) {
    llvm::StringRef name = arena.getInfo(resource).name;
    return name.empty() ? "resource" : name;
  }

  void printNamed(llvm::StringRef keyword, TypeId type) {
    os << keyword << " { ";
    llvm::StringRef separator = "";
    for (const Member &member : arena.getMembers(type)) {
      os << separator << member.name;
      separator = ", ";
      if (text.size() > limit) {
        os << "...";
        break;
      }
      if (!member.type)
        continue;
      bool isVariant = keyword == "variant";
      os << (isVariant ? "(" : ": ");
      print(*member.type);
      if (isVariant)
        os << ')';
    }
    os << " }";
  }

  void printArgs(llvm::StringRef keyword, TypeId type) {
    os << keyword;
    llvm::ArrayRef<Member> members = arena.getMembers(type);
    // `result<T>` for `result<T, _>`, `stream` for `stream<_>`.
    while (!members.empty() && !members.back().type)
      members = members.drop_back();
    if (members.empty())
      return;
    llvm::StringRef separator = "<";
    for (const Member &member : members) {
      os << separator;
      separator = ", ";
      if (text.size() > limit) {
        os << "...";
        break;
      }
      if (member.type)
        print(*member.type);
      else
        os << '_';
    }
    os << '>';
  }
};

} // namespace

std::string TypeArena::str(ValType type) const {
  Printer printer(*this);
  printer.print(type);
  return printer.take();
}

std::string TypeArena::str(TypeId type) const {
  Printer printer(*this);
  printer.print(type);
  return printer.take();
}

std::string TypeArena::str(const ExternType &type) const {
  switch (type.kind) {
  case ExternKind::CoreModule:
    return "core module";
  case ExternKind::Value:
    return "value of " + str(*type.value);
  case ExternKind::Type:
    return getKind(type.type) == TypeKind::Resource ? str(type.type) : "type " + str(type.type);
  case ExternKind::Func:
  case ExternKind::Component:
  case ExternKind::Instance:
    return str(type.type);
  }
  llvm_unreachable("all kinds are above");
}
