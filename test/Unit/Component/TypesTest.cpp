//===- TypesTest.cpp - The type arena -------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Types.h"
#include <gtest/gtest.h>

using namespace tenon::component;

TEST(TypeArena, EqualStructureIsEqual) {
  TypeArena arena;
  TypeId word = arena.makePrimitive(Primitive::U32);
  TypeId a = arena.makeValue(TypeKind::Record, {{"x", ValType(Primitive::U32)}});
  TypeId b = arena.makeValue(TypeKind::Record, {{"x", ValType(word)}});
  TypeId c = arena.makeValue(TypeKind::Record, {{"y", ValType(Primitive::U32)}});
  EXPECT_FALSE(a == b);
  EXPECT_TRUE(arena.isEqual(a, b));
  EXPECT_FALSE(arena.isEqual(a, c));
  EXPECT_TRUE(arena.isEqual(arena.makeAlias(a), b));
  EXPECT_TRUE(arena.isEqual(ValType(word), ValType(Primitive::U32)));
  // `result<u32>` is not `result<_, u32>`.
  TypeId ok = arena.makeValue(TypeKind::Result, {{"ok", ValType(word)}, {"error", std::nullopt}});
  TypeId error =
      arena.makeValue(TypeKind::Result, {{"ok", std::nullopt}, {"error", ValType(word)}});
  EXPECT_FALSE(arena.isEqual(ok, error));
}

TEST(TypeArena, HandlesAreAsEqualAsTheirResources) {
  TypeArena arena;
  ResourceId r = arena.makeResource(ResourceInfo::Defined, "r");
  ResourceId s = arena.makeResource(ResourceInfo::Defined, "s");
  TypeId first = arena.makeResourceType(r), again = arena.makeResourceType(r);
  EXPECT_TRUE(arena.isEqual(arena.makeHandle(TypeKind::Own, first),
                            arena.makeHandle(TypeKind::Own, again)));
  EXPECT_FALSE(arena.isEqual(arena.makeHandle(TypeKind::Own, first),
                             arena.makeHandle(TypeKind::Borrow, first)));
  EXPECT_FALSE(arena.isEqual(first, arena.makeResourceType(s)));
}

TEST(TypeArena, FunctionsListResourcesByFirstOccurrence) {
  TypeArena arena;
  ResourceId r = arena.makeResource(ResourceInfo::Defined, "r");
  ResourceId s = arena.makeResource(ResourceInfo::Defined, "s");
  TypeId ownR = arena.makeHandle(TypeKind::Own, arena.makeResourceType(r));
  TypeId ownS = arena.makeHandle(TypeKind::Own, arena.makeResourceType(s));
  TypeId both = arena.makeValue(TypeKind::Tuple, {{"", ValType(ownS)}, {"", ValType(ownR)}});
  TypeId func = arena.makeFunc({{"a", ValType(both)}, {"b", ValType(ownR)}}, ValType(ownS), false);
  EXPECT_EQ(arena.getFunc(func).resources.vec(), (std::vector<ResourceId>{s, r}));
}

TEST(TypeArena, SubstitutionReplacesResourcesAndLeavesTheRestAlone) {
  TypeArena arena;
  ResourceId r = arena.makeResource(ResourceInfo::Abstract, "r");
  ResourceId s = arena.makeResource(ResourceInfo::Defined, "s");
  TypeId borrow = arena.makeHandle(TypeKind::Borrow, arena.makeResourceType(r));
  TypeId plain = arena.makeValue(TypeKind::List, {{"", ValType(Primitive::U8)}});
  TypeId func = arena.makeFunc({{"self", ValType(borrow)}}, ValType(plain), false);
  Substitution substitution;
  substitution.resources[r.index] = s;
  EXPECT_TRUE(arena.substitute(plain, substitution) == plain);
  TypeId replaced = arena.substitute(func, substitution);
  EXPECT_EQ(arena.getFunc(replaced).resources.vec(), std::vector<ResourceId>{s});
  EXPECT_EQ(arena.str(replaced), "func(self: borrow<s>) -> list<u8>");
  EXPECT_EQ(arena.str(func), "func(self: borrow<r>) -> list<u8>");
}

TEST(TypeArena, SharedPartsDoNotMakeWalksLong) {
  TypeArena arena;
  TypeId type = arena.makeValue(TypeKind::List, {{"", ValType(Primitive::U8)}});
  for (int i = 0; i < 60; ++i)
    type = arena.makeValue(TypeKind::Tuple, {{"", ValType(type)}, {"", ValType(type)}});
  EXPECT_EQ(arena.getSize(type), UINT32_MAX);
  EXPECT_EQ(arena.getDepth(type), 61u);
  Substitution substitution;
  EXPECT_TRUE(arena.substitute(type, substitution) == type);
  EXPECT_LT(arena.str(type).size(), 4000u);
}

TEST(TypeArena, PrintsInWitTerms) {
  TypeArena arena;
  auto printed = [&](TypeKind kind, llvm::ArrayRef<Member> members) {
    return arena.str(arena.makeValue(kind, members));
  };
  ValType u8(Primitive::U8);
  EXPECT_EQ(printed(TypeKind::Variant, {{"a", std::nullopt}, {"b", u8}}), "variant { a, b(u8) }");
  EXPECT_EQ(printed(TypeKind::Result, {{"ok", std::nullopt}, {"error", u8}}), "result<_, u8>");
  EXPECT_EQ(printed(TypeKind::Result, {{"ok", std::nullopt}, {"error", std::nullopt}}), "result");
  EXPECT_EQ(printed(TypeKind::Stream, {{"", std::nullopt}}), "stream");
  EXPECT_EQ(printed(TypeKind::Map, {{"", ValType(Primitive::String)}, {"", u8}}),
            "map<string, u8>");
  EXPECT_EQ(arena.str(arena.makeFunc({}, std::nullopt, /*isAsync=*/true)), "async func()");
}
