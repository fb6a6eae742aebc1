//===- SubtypeTest.cpp - May this stand for that? -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Subtype.h"
#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::component;

namespace {

class SubtypeTest : public testing::Test {
protected:
  TypeArena arena;
  std::string message, note;
  Diagnostics diags{[this](const Diagnostic &diagnostic) {
    (diagnostic.severity == Severity::Error ? message : note) = diagnostic.message;
  }};

  ExternType func(Primitive param) {
    return ExternType::of(ExternKind::Func, arena.makeFunc({{"a", ValType(param)}},
                                                           ValType(Primitive::String), false));
  }
  /// An instance that exists: a resource `r`, and `f: func(self: borrow<r>)`.
  ExternType instanceOf(ResourceId resource, bool hasFunc = true) {
    InstanceType type;
    TypeId resourceType = arena.makeResourceType(resource);
    type.exports.add("r", ExternType::of(ExternKind::Type, resourceType));
    if (hasFunc)
      type.exports.add("f", method(resourceType));
    return ExternType::of(ExternKind::Instance, arena.makeInstance(std::move(type)));
  }
  ExternType method(TypeId resourceType) {
    TypeId self = arena.makeHandle(TypeKind::Borrow, resourceType);
    return ExternType::of(ExternKind::Func,
                          arena.makeFunc({{"self", ValType(self)}}, std::nullopt, false));
  }
  bool check(const ExternType &found, const ExternType &expected) {
    return succeeded(checkSubtype(arena, found, expected, "import 'x'", {}, diags));
  }
};

} // namespace

TEST_F(SubtypeTest, MessagesNameBothSides) {
  EXPECT_TRUE(check(func(Primitive::U32), func(Primitive::U32)));
  EXPECT_FALSE(check(func(Primitive::U64), func(Primitive::U32)));
  EXPECT_EQ(message, "import 'x': parameter 'a': expected u32, found u64");
  EXPECT_EQ(note, "expected func(a: u32) -> string, found func(a: u64) -> string");
}

/// What is said of two types that differ; the first line.
TEST_F(SubtypeTest, MessagesNameThePlace) {
  auto differ = [&](ValType found, ValType expected) {
    auto func = [&](ValType type) {
      return ExternType::of(ExternKind::Func, arena.makeFunc({}, type, false));
    };
    EXPECT_FALSE(check(func(found), func(expected)));
    return llvm::StringRef(message).drop_front(strlen("import 'x': result: ")).str();
  };
  auto record = [&](std::vector<Member> members) -> ValType {
    return arena.makeValue(TypeKind::Record, members);
  };
  auto of = [&](TypeKind kind, std::vector<Member> members, uint32_t length = 0) -> ValType {
    return arena.makeValue(kind, members, length);
  };
  ValType u8 = Primitive::U8, u16 = Primitive::U16;
  EXPECT_EQ(differ(u8, u16), "expected u16, found u8");
  EXPECT_EQ(differ(record({{"a", u8}}), record({{"a", u16}})), "field 'a': expected u16, found u8");
  EXPECT_EQ(differ(record({{"a", u8}}), record({{"a", u8}, {"b", u8}})),
            "expected field 'b', found no more fields");
  EXPECT_EQ(differ(record({{"a", u8}}), record({{"b", u8}})),
            "expected field 'b', found field 'a'");
  EXPECT_EQ(differ(of(TypeKind::Variant, {{"a", u8}}), of(TypeKind::Variant, {{"a", {}}})),
            "case 'a': expected no payload, found u8");
  EXPECT_EQ(differ(of(TypeKind::Enum, {{"a", {}}}), of(TypeKind::Enum, {{"b", {}}})),
            "expected case 'b', found case 'a'");
  EXPECT_EQ(differ(of(TypeKind::Flags, {{"a", {}}, {"b", {}}}), of(TypeKind::Flags, {{"a", {}}})),
            "expected no more flags, found flag 'b'");
  EXPECT_EQ(
      differ(of(TypeKind::Tuple, {{"", u8}, {"", u8}}), of(TypeKind::Tuple, {{"", u8}, {"", u16}})),
      "element 1: expected u16, found u8");
  EXPECT_EQ(differ(of(TypeKind::Tuple, {{"", u8}}), of(TypeKind::Tuple, {{"", u8}, {"", u16}})),
            "expected tuple<u8, u16>, found tuple<u8>");
  EXPECT_EQ(differ(of(TypeKind::Result, {{"ok", u8}, {"error", u8}}),
                   of(TypeKind::Result, {{"ok", u8}, {"error", u16}})),
            "err: expected u16, found u8");
  EXPECT_EQ(
      differ(of(TypeKind::Map, {{"", u8}, {"", u8}}), of(TypeKind::Map, {{"", u8}, {"", u16}})),
      "value: expected u16, found u8");
  EXPECT_EQ(differ(of(TypeKind::FixedList, {{"", u8}}, 2), of(TypeKind::FixedList, {{"", u8}}, 3)),
            "expected list<u8, 3>, found list<u8, 2>");
  EXPECT_EQ(differ(of(TypeKind::List, {{"", of(TypeKind::Option, {{"", u8}})}}),
                   of(TypeKind::List, {{"", of(TypeKind::Option, {{"", u16}})}})),
            "element: some: expected u16, found u8");
  EXPECT_EQ(differ(of(TypeKind::List, {{"", u8}}), u8), "expected u8, found list<u8>");
}

TEST_F(SubtypeTest, MessagesAboutFunctions) {
  auto func = [&](llvm::ArrayRef<Param> params, std::optional<ValType> result, bool isAsync) {
    return ExternType::of(ExternKind::Func, arena.makeFunc(params, result, isAsync));
  };
  ValType u8 = Primitive::U8;
  EXPECT_FALSE(check(func({}, u8, false), func({}, std::nullopt, false)));
  EXPECT_EQ(message, "import 'x': result: expected no result, found u8");
  EXPECT_FALSE(check(func({{"a", u8}}, u8, false), func({{"b", u8}}, u8, false)));
  EXPECT_EQ(message, "import 'x': expected parameter 'b', found parameter 'a'");
  EXPECT_FALSE(check(func({}, u8, false), func({{"b", u8}}, u8, false)));
  EXPECT_EQ(message, "import 'x': expected parameter 'b', found no more parameters");
  EXPECT_FALSE(check(func({}, u8, true), func({}, u8, false)));
  EXPECT_EQ(message, "import 'x': expected func, found async func");
}

TEST_F(SubtypeTest, InstancesMayExportMoreButNotLess) {
  ResourceId resource = arena.makeResource(ResourceInfo::Defined, "r");
  ExternType more = instanceOf(resource), less = instanceOf(resource, /*hasFunc=*/false);
  EXPECT_TRUE(check(more, less));
  EXPECT_FALSE(check(less, more));
  EXPECT_EQ(message, "import 'x': missing export 'f': func(self: borrow<r>)");
}

TEST_F(SubtypeTest, TwoVersionsOfAnInterfaceShareTheHostsResource) {
  // component { import "v1": instance, import "v2": instance, import "g": func(self: borrow<v1.r>)
  // }
  ComponentType type;
  ResourceId r1 = arena.makeResource(ResourceInfo::Abstract, "r");
  ResourceId r2 = arena.makeResource(ResourceInfo::Abstract, "r");
  type.imports.add("v1", instanceOf(r1));
  type.imports.add("v2", instanceOf(r2));
  type.imports.add("g", method(arena.makeResourceType(r1)));
  type.importedResources.push_back({r1, {"v1", "r"}});
  type.importedResources.push_back({r2, {"v2", "r"}});
  TypeId component = arena.makeComponent(std::move(type));

  ResourceId host = arena.makeResource(ResourceInfo::Defined, "r");
  ResourceId other = arena.makeResource(ResourceInfo::Defined, "r");
  {
    Instantiation instantiation(arena, component, diags);
    EXPECT_TRUE(succeeded(instantiation.supply("v1", instanceOf(host), {})));
    EXPECT_TRUE(succeeded(instantiation.supply("v2", instanceOf(host), {})));
    EXPECT_TRUE(succeeded(instantiation.supply("g", method(arena.makeResourceType(host)), {})));
    EXPECT_EQ(instantiation.lookUp(r1), host);
    EXPECT_EQ(instantiation.lookUp(r2), host);
  }
  Instantiation instantiation(arena, component, diags);
  EXPECT_TRUE(succeeded(instantiation.supply("v1", instanceOf(host), {})));
  EXPECT_TRUE(failed(instantiation.supply("g", method(arena.makeResourceType(other)), {})));
  EXPECT_EQ(
      message,
      "import 'g': parameter 'self': expected borrow<r>, found one with other resource types");
}

TEST_F(SubtypeTest, MissingFunctionsAreCollectedWhereTheyAreNotErrors) {
  ResourceId r = arena.makeResource(ResourceInfo::Abstract, "r");
  ComponentType type;
  type.imports.add("wasi:a/b@0.2.0", instanceOf(r));
  type.importedResources.push_back({r, {"wasi:a/b@0.2.0", "r"}});
  Instantiation instantiation(arena, arena.makeComponent(std::move(type)), diags);
  ResourceId host = arena.makeResource(ResourceInfo::Defined, "r");
  std::vector<MissingExport> missing;
  EXPECT_TRUE(succeeded(
      instantiation.supply("wasi:a/b@0.2.0", instanceOf(host, /*hasFunc=*/false), {}, &missing)));
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].name, "f");
}

TEST_F(SubtypeTest, EveryInstantiationMakesFreshResources) {
  ResourceId r = arena.makeResource(ResourceInfo::Defined, "r");
  ComponentType type;
  TypeId resourceType = arena.makeResourceType(r);
  type.exports.add("r", ExternType::of(ExternKind::Type, resourceType));
  type.exports.add("f", method(resourceType));
  type.exportedResources.push_back({r, {"r"}});
  TypeId component = arena.makeComponent(std::move(type));
  TypeId one = Instantiation(arena, component, diags).finish();
  TypeId two = Instantiation(arena, component, diags).finish();
  auto exported = [&](TypeId instance, llvm::StringRef name) {
    return arena.getInstance(instance).exports.find(name)->type;
  };
  EXPECT_FALSE(arena.isEqual(exported(one, "r"), exported(two, "r")));
  EXPECT_EQ(arena.getFunc(exported(one, "f")).resources.vec(),
            std::vector<ResourceId>{arena.getResource(exported(one, "r"))});
}

TEST_F(SubtypeTest, ComponentsMayImportLess) {
  ComponentType needs, free;
  needs.imports.add("a", func(Primitive::U8));
  ExternType needing = ExternType::of(ExternKind::Component, arena.makeComponent(std::move(needs)));
  ExternType closed = ExternType::of(ExternKind::Component, arena.makeComponent(std::move(free)));
  EXPECT_TRUE(check(closed, needing));
  EXPECT_FALSE(check(needing, closed));
  EXPECT_EQ(message, "import 'x': it imports 'a' (func(a: u8) -> string), which is not expected");
}
