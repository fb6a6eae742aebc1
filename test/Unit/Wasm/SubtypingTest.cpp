//===- SubtypingTest.cpp - Identity of types and values of constant expressions ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/Subtyping.h"
#include "WasmBytes.h"
#include "tenon/Wasm/ConstEval.h"
#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::wasm;
using namespace tenon::wasm::test;

static const Bytes empty = {0x60, 0, 0};

/// (func (param (ref null index)))
static Bytes takes(uint8_t index) { return {0x60, 1, 0x63, index, 0}; }

TEST(Subtyping, TypesAreTheSameByStructure) {
  Checked one = check(module({types({empty, takes(0), empty, takes(2), takes(1)})}));
  ASSERT_TRUE(one.isValid) << one.message;
  const std::vector<TypeDecl> &decls = one.module->typeDecls;
  EXPECT_EQ(decls[2].canonical, 0u);
  EXPECT_EQ(decls[3].canonical, 1u); // the same through another index
  EXPECT_EQ(decls[4].canonical, 4u);
  // In another module, at other indices.
  Checked other = check(module({types({{0x60, 0, 1, 0x7f}, empty, takes(1)})}));
  ASSERT_TRUE(other.isValid);
  EXPECT_EQ(other.module->typeDecls[2].digest, decls[1].digest);
  EXPECT_NE(other.module->typeDecls[0].digest, decls[0].digest);
}

TEST(Subtyping, RecursiveGroupsAreComparedAsWholes) {
  Bytes pair = Bytes{0x4e, 2} + takes(0) + empty, laterPair = Bytes{0x4e, 2} + takes(2) + empty;
  Checked twice = check(module({types({pair, laterPair, empty})}));
  ASSERT_TRUE(twice.isValid) << twice.message;
  const std::vector<TypeDecl> &decls = twice.module->typeDecls;
  EXPECT_EQ(decls[2].canonical, 0u); // names itself, at other indices
  EXPECT_EQ(decls[3].canonical, 1u);
  EXPECT_EQ(decls[4].canonical, 4u); // alone it is another type than in a group
  EXPECT_EQ(complaint(module({types({takes(1), empty})})), "unknown type 1");
}

TEST(Subtyping, DeclaredSubtypes) {
  Bytes open = Bytes{0x50, 0} + empty, sub = Bytes{0x4f, 1, 0} + empty;
  Checked good = check(module({types({open, sub})}));
  ASSERT_TRUE(good.isValid) << good.message;
  auto ref = [](uint32_t index, bool nullable) {
    return ValType::ref(ValType::Concrete, nullable, index);
  };
  const Module &m = *good.module;
  EXPECT_TRUE(matches(m, ref(1, false), ref(0, true)));
  EXPECT_FALSE(matches(m, ref(0, false), ref(1, false)));
  EXPECT_FALSE(matches(m, ref(1, true), ref(0, false)));
  EXPECT_TRUE(matches(m, ref(1, true), ValType::funcref()));
  EXPECT_TRUE(matches(m, ValType::ref(ValType::NoFunc, true), ref(1, true)));
  EXPECT_FALSE(matches(m, ValType::externref(), ValType::funcref()));
  EXPECT_FALSE(matches(m, ValType::I32, ValType::I64));
  EXPECT_NE(complaint(module({types({empty, sub})})).find("which is final"), std::string::npos);
  EXPECT_NE(complaint(module({types({open, Bytes{0x4f, 1, 0, 0x60, 0, 1, 0x7f}})}))
                .find("does not match super type"),
            std::string::npos);
}

TEST(Subtyping, ImportsOfOtherModules) {
  Checked exporter = check(module({memories({{1, 2, 4}}), exports({name("m") + Bytes{2, 0}})}));
  auto wants = [&](Bytes memory) {
    Checked importer = check(module({imports({name("a") + name("m") + Bytes{2} + memory})}));
    EXPECT_TRUE(importer.isValid) << importer.message;
    return matchesImport(*exporter.module, exporter.module->exports[0], *importer.module,
                         importer.module->imports[0]);
  };
  EXPECT_TRUE(wants({0, 2}));
  EXPECT_TRUE(wants({1, 1, 4}));
  EXPECT_FALSE(wants({0, 3}));
  EXPECT_FALSE(wants({1, 1, 3}));
  EXPECT_FALSE(wants({4, 1}));
}

TEST(ConstEval, Arithmetic) {
  // 2^31 * 2 - 1 wraps in i32; the i64 does not.
  Checked good = check(module({globals(
      {{0x7f, 0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x41, 2, 0x6c, 0x41, 1, 0x6b, 0x0b},
       {0x7e, 0, 0x42, 0x80, 0x80, 0x80, 0x80, 0x08, 0x42, 2, 0x7e, 0x42, 1, 0x7d, 0x0b}})}));
  ASSERT_TRUE(good.isValid) << good.message;
  std::vector<ConstValue> values =
      evaluateGlobals(*good.module, [](uint32_t) { return std::nullopt; });
  EXPECT_EQ(values[0].bits, 0xffffffffu);
  EXPECT_EQ(values[1].bits, 0xffffffffu);
  EXPECT_EQ(values[0].type, ValType(ValType::I32));
}

TEST(ConstEval, GlobalsThatAreNotKnown) {
  Bytes base = imports({name("env") + name("base") + Bytes{3, 0x7f, 0}});
  Checked good =
      check(module({base, globals({{0x7f, 0, 0x41, 8, 0x23, 0, 0x6a, 0x41, 12, 0x6b, 0x0b},
                                   {0x7f, 0, 0x23, 0, 0x41, 2, 0x6c, 0x0b},
                                   {0x7f, 0, 0x23, 1, 0x41, 1, 0x6a, 0x0b}})}));
  ASSERT_TRUE(good.isValid) << good.message;
  std::vector<ConstValue> values =
      evaluateGlobals(*good.module, [](uint32_t) { return std::nullopt; });
  EXPECT_EQ(values[1].kind, ConstValue::Global);
  EXPECT_EQ(values[1].index, 0u);
  EXPECT_EQ(int32_t(values[1].bits), -4);
  EXPECT_EQ(values[2].kind, ConstValue::Dynamic);
  EXPECT_EQ(int32_t(values[3].bits), -3); // still counted from the imported one
  EXPECT_EQ(values[3].index, 0u);

  values = evaluateGlobals(*good.module, [](uint32_t) { return ConstValue::i32(100); });
  EXPECT_TRUE(values[1].isNumber());
  EXPECT_EQ(values[1].bits, 96u);
  EXPECT_EQ(values[2].bits, 200u);
}

TEST(ConstEval, References) {
  Checked good = check(module({types({empty}), functions({{0}}),
                               globals({{0x70, 0, 0xd2, 0, 0x0b}, {0x6f, 0, 0xd0, 0x6f, 0x0b}}),
                               section(10, {1, 2, 0, 0x0b})}));
  ASSERT_TRUE(good.isValid) << good.message;
  std::vector<ConstValue> values =
      evaluateGlobals(*good.module, [](uint32_t) { return std::nullopt; });
  EXPECT_EQ(values[0].kind, ConstValue::Func);
  EXPECT_EQ(values[0].index, 0u);
  EXPECT_EQ(values[1].kind, ConstValue::Null);
}
