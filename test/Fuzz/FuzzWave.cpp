//===- FuzzWave.cpp - Values that nobody would write ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first byte chooses a type, the rest is a text. Whatever it is: it is a value without a
// diagnostic, or there is one. A value that is printed is read as the same value again.
//
//===----------------------------------------------------------------------===//

#include "tenon/Wave/Wave.h"
#include <cstdlib>

using namespace tenon;
using namespace tenon::component;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

namespace {

/// Types with everything that has a text, and one that holds all of them.
class Types {
public:
  Types() {
    for (unsigned i = 0; i < unsigned(Primitive::ErrorContext); ++i)
      types.push_back(Primitive(i));
    make(TypeKind::List, {{"", types[2]}});
    make(TypeKind::List, {{"", ValType(Primitive::String)}});
    types.push_back(arena.makeValue(TypeKind::FixedList, {{"", ValType(Primitive::S16)}}, 2));
    make(TypeKind::Map, {{"", ValType(Primitive::Char)}, {"", ValType(Primitive::F32)}});
    make(TypeKind::Option, {{"", types.back()}});
    make(TypeKind::Option, {{"", types.back()}});
    make(TypeKind::Flags, {{"a", {}}, {"some", {}}, {"b-2", {}}});
    make(TypeKind::Enum, {{"a", {}}, {"none", {}}, {"ok", {}}});
    make(TypeKind::Variant, {{"a", types.back()}, {"err", {}}, {"B", ValType(Primitive::F64)}});
    make(TypeKind::Result, {{"ok", types.back()}, {"error", ValType(Primitive::Bool)}});
    make(TypeKind::Result, {{"ok", {}}, {"error", {}}});
    make(TypeKind::Tuple, {{"", types.back()}, {"", types[types.size() - 2]}});
    make(TypeKind::Record, {{"inf", types.back()}, {"x", types[types.size() - 8]}});
    make(TypeKind::Record, {{"x", types[types.size() - 9]}});
    std::vector<Member> all;
    for (ValType type : types)
      all.push_back({"", type});
    make(TypeKind::Tuple, all);
    make(TypeKind::List, {{"", types.back()}});
  }

  TypeArena arena;
  std::vector<ValType> types;

private:
  void make(TypeKind kind, llvm::ArrayRef<Member> members) {
    types.push_back(arena.makeValue(kind, members));
  }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size)
    return 0;
  Types types;
  ValType type = types.types[data[0] % types.types.size()];
  Diagnostics diags([](const Diagnostic &) {});
  SourceFile file("fuzz", std::string(reinterpret_cast<const char *>(data + 1), size - 1));
  FailureOr<Val> value = wave::parseValue(file, types.arena, type, diags);
  require(succeeded(value) == (diags.getNumErrors() == 0));
  if (failed(value))
    return 0;
  std::string text;
  llvm::raw_string_ostream os(text);
  wave::printValue(os, types.arena, type, *value);
  SourceFile printed("printed", text);
  FailureOr<Val> again = wave::parseValue(printed, types.arena, type, diags);
  require(succeeded(again) && *again == *value);
  return 0;
}
