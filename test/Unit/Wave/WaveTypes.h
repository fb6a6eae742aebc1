//===- WaveTypes.h - Types for tests of WAVE --------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_UNIT_WAVE_WAVETYPES_H
#define TENON_TEST_UNIT_WAVE_WAVETYPES_H

#include "tenon/Wave/Wave.h"
#include <gtest/gtest.h>

namespace tenon {

using component::Member;
using component::Primitive;
using component::TypeId;
using component::TypeKind;
using component::Val;
using component::ValType;

/// An arena, short ways to make types in it, and WAVE both ways.
class WaveTest : public testing::Test {
protected:
  component::TypeArena arena;

  ValType one(TypeKind kind, ValType element) { return arena.makeValue(kind, {{"", element}}); }
  ValType list(ValType element) { return one(TypeKind::List, element); }
  ValType option(ValType payload) { return one(TypeKind::Option, payload); }
  ValType make(TypeKind kind, llvm::ArrayRef<Member> members) {
    return arena.makeValue(kind, members);
  }
  ValType result(std::optional<ValType> ok, std::optional<ValType> error) {
    return make(TypeKind::Result, {{"ok", ok}, {"error", error}});
  }
  ValType labels(TypeKind kind, llvm::ArrayRef<llvm::StringRef> names) {
    std::vector<Member> members;
    for (llvm::StringRef name : names)
      members.push_back({name, std::nullopt});
    return make(kind, members);
  }

  /// Reads, prints; or the first message, behind its place.
  std::string again(ValType type, llvm::StringRef text) {
    std::string message;
    Diagnostics diags([&](const Diagnostic &diagnostic) {
      if (message.empty())
        message = diagnostic.str();
    });
    SourceFile file("v", text.str());
    FailureOr<Val> value = wave::parseValue(file, arena, type, diags);
    if (failed(value))
      return message;
    EXPECT_EQ(message, "");
    std::string out;
    llvm::raw_string_ostream os(out);
    wave::printValue(os, arena, type, *value);
    return out;
  }
};

} // namespace tenon

#endif // TENON_TEST_UNIT_WAVE_WAVETYPES_H
