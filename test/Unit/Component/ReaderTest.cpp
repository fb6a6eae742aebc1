//===- ReaderTest.cpp - Component bytes -----------------------------------===//
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

TEST(ComponentReader, TellsComponentsFromModules) {
  EXPECT_TRUE(isComponent(componentOf({})));
  EXPECT_FALSE(isComponent(Bytes{0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00}));
  EXPECT_FALSE(isComponent(Bytes{0x00, 0x61, 0x73}));
  EXPECT_TRUE(Checked(componentOf({})).isValid);
  EXPECT_EQ(Checked({0x00, 0x61, 0x73, 0x6d, 0x0c, 0x00, 0x01, 0x00}).message,
            "component version 13 expected, found 12");
}

TEST(ComponentReader, CountsAndSizesAreBounded) {
  EXPECT_EQ(Checked(componentOf({{0x07, 0x7f}})).message,
            "unexpected end: a section of 127 bytes, 0 left");
  EXPECT_EQ(Checked(componentOf({section(7, {0xbf, 0x84, 0x3d, 0x73})})).message,
            "unexpected end: 999999 types expected, 1 bytes left");
  EXPECT_EQ(Checked(componentOf({section(7, {0x00, 0x00})})).message,
            "section size mismatch: 1 bytes left");
  EXPECT_EQ(Checked(componentOf({section(13, {})})).message, "malformed section id 13");
}

TEST(ComponentReader, NestingIsBounded) {
  Bytes bytes = componentOf({});
  for (int i = 0; i < 98; ++i)
    bytes = componentOf({section(4, bytes)});
  EXPECT_TRUE(Checked(bytes).isValid);
  for (int i = 0; i < 900; ++i)
    bytes = componentOf({section(4, bytes)});
  Checked tooDeep(bytes);
  EXPECT_FALSE(tooDeep.isValid);
  EXPECT_EQ(tooDeep.message, "components nested too deep: at most 100 levels");
  // Types in types are bounded as well: `(type (instance (type (instance ...))))`.
  Bytes type = {0x42, 0x00};
  for (int i = 0; i < 1000; ++i)
    type = join({{0x42, 0x01, 0x01}, type});
  EXPECT_EQ(Checked(componentOf({one(7, type)})).message,
            "types nested too deep: at most 100 levels");
}

TEST(ComponentReader, DefinitionsKnowTheirIndices) {
  Checked checked(componentOf({
      one(7, {0x7f}),                                         // type 0: bool
      section(4, componentOf({})),                            // component 0
      section(5, {0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}), // instances 0 and 1
      one(7, {0x70, 0x00}),                                   // type 1: list<bool>
  }));
  ASSERT_TRUE(checked.isValid) << checked.message;
  const std::vector<Definition> &definitions = checked.component->definitions;
  ASSERT_EQ(definitions.size(), 5u);
  EXPECT_EQ(definitions[3].defines->sort, Sort::Instance);
  EXPECT_EQ(definitions[3].defines->index, 1u);
  EXPECT_EQ(definitions[4].defines->sort, Sort::Type);
  EXPECT_EQ(definitions[4].defines->index, 1u);
  EXPECT_EQ(checked.arena.str(checked.component->spaces.types[1]), "list<bool>");
}

TEST(ComponentReader, NamesAreReadAndNeverAnError) {
  Bytes good = join({name("component-name"), section(0, name("me")),
                     section(1, join({{0x01, 0x01, 0x03}, name("third")}))});
  Checked checked(componentOf({section(0, good)}));
  ASSERT_TRUE(checked.isValid);
  EXPECT_EQ(checked.component->name, "me");
  EXPECT_EQ(checked.component->nameOf(Sort::Func, 3), "third");
  EXPECT_EQ(checked.component->nameOf(Sort::Func, 4), "");
  Bytes bad = join({name("component-name"), {0xff, 0xfe, 0x01}});
  EXPECT_TRUE(Checked(componentOf({section(0, bad)})).isValid);
}
