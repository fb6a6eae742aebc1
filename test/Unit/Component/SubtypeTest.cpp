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
  std::string message;
  Diagnostics diags{[this](const Diagnostic &diagnostic) { message = diagnostic.message; }};

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
  EXPECT_EQ(message, "import 'x': expected func(a: u32) -> string, found func(a: u64) -> string");
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
  EXPECT_EQ(message,
            "import 'g': expected func(self: borrow<r>), found one with other resource types");
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
  EXPECT_EQ(missing[0].path, "wasi:a/b@0.2.0#f");
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
