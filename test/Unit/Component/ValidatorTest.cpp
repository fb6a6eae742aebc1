//===- ValidatorTest.cpp - Is it a component? -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ComponentBytes.h"
#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::component;
using namespace tenon::component::test;

namespace {
/// (type (instance (export "r" (type (sub resource)))
///                 (type (borrow 0)) (type (func (param "self" 1) (result u64)))
///                 (export "[method]r.get" (func (type 2)))))
Bytes interfaceType() {
  return join({{0x42, 0x04},
               {0x04},
               externName("r"),
               {0x03, 0x01},
               {0x01, 0x68, 0x00},
               {0x01, 0x40, 0x01},
               name("self"),
               {0x01, 0x00, 0x77},
               {0x04},
               externName("[method]r.get"),
               {0x01, 0x02}});
}
} // namespace

TEST(ComponentValidator, LowerKnowsItsTypesAndResources) {
  Checked checked(componentOf({
      one(7, interfaceType()),
      one(10, join({externName("a:b/c@0.2.0"), {0x05, 0x00}})),  // instance 0
      one(6, join({{0x01, 0x00, 0x00}, name("[method]r.get")})), // func 0
      one(8, {0x01, 0x00, 0x00, 0x00}),                          // lower func 0
  }));
  ASSERT_TRUE(checked.isValid) << checked.message;
  const Component &component = *checked.component;
  const Canon *lower = component.definitions.back().getIf<Canon>();
  ASSERT_TRUE(lower);
  EXPECT_EQ(checked.arena.str(lower->funcType), "func(self: borrow<r>) -> u64");
  EXPECT_EQ(lower->coreType.params.size(), 1u);
  EXPECT_EQ(lower->coreType.results[0], wasm::ValType(wasm::ValType::I64));
  ASSERT_EQ(lower->resources.size(), 1u);
  // The resource was never given a type index: it is found in the instance that definition 1 made.
  const ResourcePath *path = component.pathOf(lower->resources[0]);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->definition, 1u);
  ASSERT_EQ(path->exports.size(), 1u);
  EXPECT_EQ(path->exports[0], "r");
  // Seen from outside, the resource is imported.
  const ComponentType &type = checked.arena.getComponent(component.type);
  ASSERT_EQ(type.importedResources.size(), 1u);
  EXPECT_EQ(type.importedResources[0].path.size(), 2u);
}

TEST(ComponentValidator, EveryImportOfAnInterfaceHasItsOwnResource) {
  Checked checked(componentOf({
      one(7, interfaceType()),
      one(10, join({externName("x"), {0x05, 0x00}})),
      one(10, join({externName("y"), {0x05, 0x00}})),
      one(6, join({{0x03, 0x00, 0x00}, name("r")})),
      one(6, join({{0x03, 0x00, 0x01}, name("r")})),
  }));
  ASSERT_TRUE(checked.isValid) << checked.message;
  const std::vector<TypeId> &types = checked.component->spaces.types;
  EXPECT_FALSE(checked.arena.isEqual(types[1], types[2]));
}

TEST(ComponentValidator, ExportedFunctionsMentionNamedTypesOnly) {
  // (type (record (field "x" u32))) (import "f" (func (param "p" 0)))
  Checked checked(componentOf({
      one(7, join({{0x72, 0x01}, name("x"), {0x79}})),
      one(7, join({{0x40, 0x01}, name("p"), {0x00, 0x01, 0x00}})),
      one(10, join({externName("f"), {0x01, 0x01}})),
  }));
  EXPECT_FALSE(checked.isValid);
  EXPECT_EQ(checked.message,
            "func not valid as an import: it mentions a type that was not imported "
            "before: func(p: record { x: u32 })");
}

TEST(ComponentValidator, InstantiationChecksArgumentsInWitTerms) {
  // (component (import "f" (func (param "a" u32)))) with "f" of type (func (param "a" u64))
  auto importing = [](uint8_t param) {
    return join({one(7, join({{0x40, 0x01}, name("a"), {param, 0x01, 0x00}})),
                 one(10, join({externName("f"), {0x01, 0x00}}))});
  };
  Checked checked(componentOf({
      section(4, componentOf({importing(0x79)})),
      importing(0x77),
      one(5, join({{0x00, 0x00, 0x01}, name("f"), {0x01, 0x00}})),
  }));
  EXPECT_FALSE(checked.isValid);
  EXPECT_EQ(checked.message, "import 'f': parameter 'a': expected u32, found u64");
}

TEST(ComponentValidator, OnlyItsDefinerMakesAResource) {
  Checked defined(componentOf({one(7, {0x3f, 0x7f, 0x00}), one(8, {0x02, 0x00})}));
  ASSERT_TRUE(defined.isValid) << defined.message;
  const Canon *canon = defined.component->definitions[1].getIf<Canon>();
  EXPECT_EQ(defined.component->pathOf(canon->resources[0])->definition, 0u);
  Checked imported(componentOf({
      one(10, join({externName("r"), {0x03, 0x01}})),
      one(8, {0x02, 0x00}),
  }));
  EXPECT_EQ(imported.message,
            "resource.new needs a resource that this component defines: type 0 is not one");
}

TEST(ComponentValidator, RemovedNameFormsAreForTheDriverOnly) {
  Bytes bytes = componentOf({
      one(7, {0x42, 0x00}),
      one(10, join({externName("url=<./a.wasm>"), {0x05, 0x00}})),
  });
  EXPECT_FALSE(Checked(bytes).isValid);
  ValidatorOptions lenient;
  lenient.strictNames = false;
  EXPECT_TRUE(Checked(bytes, lenient).isValid);
}

TEST(ComponentValidator, HugeTypesAreDiagnosed) {
  // Each type is a tuple of two of the one before.
  Bytes types = {0x1e, 0x70, 0x7d};
  for (uint8_t i = 0; i < 29; ++i)
    types = join({types, {0x6f, 0x02, i, i}});
  Checked checked(componentOf({section(7, types)}));
  EXPECT_FALSE(checked.isValid);
  EXPECT_EQ(checked.message, "type too large: at most 1000000 parts, written out");
}
