//===- ReaderTest.cpp - The structure of core modules ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WasmBytes.h"
#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::wasm;
using namespace tenon::wasm::test;

static const Bytes emptyType = {0x60, 0, 0};
static const Bytes emptyBody = {0x00, 0x0b};

TEST(Reader, Header) {
  EXPECT_TRUE(check(module({})).isValid);
  EXPECT_TRUE(complaint({}).starts_with("unexpected end"));
  EXPECT_TRUE(complaint({0x00, 'a', 's', 'm', 1, 0}).starts_with("unexpected end"));
  EXPECT_EQ(complaint({0x00, 'A', 'S', 'M', 1, 0, 0, 0}), "magic header not detected");
  EXPECT_EQ(complaint({0x00, 'a', 's', 'm', 0x0d, 0, 1, 0}), "unknown binary version");
}

TEST(Reader, OrderOfSections) {
  Bytes custom = section(0, name("x"));
  EXPECT_TRUE(
      check(module({custom, types({emptyType}), custom, tags({}), globals({}), custom})).isValid);
  EXPECT_TRUE(complaint(module({globals({}), tags({})}))
                  .starts_with("unexpected content after last section"));
  EXPECT_TRUE(complaint(module({types({}), types({})}))
                  .starts_with("unexpected content after last section"));
  EXPECT_TRUE(complaint(module({section(14, {})})).starts_with("malformed section id"));
}

TEST(Reader, SizesAndCounts) {
  EXPECT_TRUE(complaint(module({section(1, {0x00, 0x00})})).starts_with("section size mismatch"));
  EXPECT_TRUE(complaint(module({{0x01, 0x05, 0x00}})).starts_with("length out of bounds"));
  EXPECT_TRUE(complaint(module({section(1, {0x01, 0x60, 0x00})})).starts_with("unexpected end"));
  // Four billion types in six bytes.
  EXPECT_TRUE(complaint(module({section(1, {0xff, 0xff, 0xff, 0xff, 0x0f, 0x60})}))
                  .starts_with("unexpected end"));
  // A zero-sized recursive group costs nothing and is nothing.
  EXPECT_TRUE(check(module({types({{0x4e, 0x00}, emptyType}), functions({{0}}), code({emptyBody})}))
                  .isValid);
}

TEST(Reader, PlacesOfErrors) {
  // The byte of the unknown import kind: header 8, section 2, count 1, names 2 x 2.
  Checked bad = check(module({imports({name("a") + name("b") + Bytes{0x07}})}));
  EXPECT_EQ(bad.message, "malformed import kind 0x07");
  EXPECT_EQ(bad.offset, 8u + 2 + 1 + 2 + 2);
}

TEST(Reader, FunctionsAndBodies) {
  EXPECT_TRUE(complaint(module({types({emptyType}), functions({{0}})}))
                  .starts_with("function and code section have inconsistent lengths"));
  EXPECT_TRUE(complaint(module({code({emptyBody})}))
                  .starts_with("function and code section have inconsistent lengths"));
  EXPECT_EQ(complaint(module({functions({{3}})})), "unknown type 3");

  Checked good = check(module({types({emptyType}), imports({name("m") + name("f") + Bytes{0, 0}}),
                               functions({{0}, {0}}), code({emptyBody, {0x00, 0x01, 0x0b}})}));
  ASSERT_TRUE(good.isValid) << good.message;
  // Offsets count from the code section's contents: count, size, body, size, body.
  EXPECT_EQ(good.module->functions[0].codeOffset, 2u);
  EXPECT_EQ(good.module->functions[1].codeOffset, 5u);
  EXPECT_EQ(good.module->functions[1].body.size(), 3u);
  EXPECT_EQ(good.bytes[good.module->functions[1].location.offset + 1], 0x01);
  EXPECT_EQ(good.module->funcTypes.size(), 3u);
  EXPECT_TRUE(good.module->isImportedFunc(0));
  EXPECT_EQ(&good.module->definedFunc(2), &good.module->functions[1]);
}

TEST(Reader, Limits) {
  auto memory = [](Bytes type) { return check(module({memories({type})})); };
  EXPECT_TRUE(memory({0x01, 0x01, 0x80, 0x80, 0x04}).isValid);
  EXPECT_TRUE(memory({0x00, 0x81, 0x80, 0x04})
                  .message.starts_with("memory size must be at most "
                                       "65536 pages (4GiB)"));
  EXPECT_TRUE(memory({0x01, 0x02, 0x01}).message.starts_with("size minimum must not be greater"));
  EXPECT_EQ(memory({0x10, 0x00}).message, "malformed limits flags 0x10");
  EXPECT_EQ(memory({0x02, 0x01}).message, "shared memory must have maximum");
  Checked shared = memory({0x03, 0x01, 0x02});
  ASSERT_TRUE(shared.isValid);
  EXPECT_TRUE(shared.module->memories[0].limits.shared);
  Checked wide = memory({0x04, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40}); // 2^48
  ASSERT_TRUE(wide.isValid) << wide.message;
  EXPECT_TRUE(wide.module->memories[0].limits.is64);
  Checked bytewise = memory({0x08, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00});
  ASSERT_TRUE(bytewise.isValid) << bytewise.message;
  EXPECT_EQ(bytewise.module->memories[0].pageSizeLog2, 0);
  EXPECT_TRUE(memory({0x08, 0x00, 0x0c}).message.starts_with("invalid custom page size"));
}

TEST(Reader, ElementSegments) {
  Bytes head = types({emptyType}) + functions({{0}}) + tables({{0x70, 0x00, 0x05}});
  auto with = [&](std::initializer_list<Bytes> segments) {
    return check(module({head, elements(segments), code({emptyBody})}));
  };
  const Bytes zero = {0x41, 0x00, 0x0b}, refFunc = {0xd2, 0x00, 0x0b};
  Checked all = with({
      Bytes{0} + zero + Bytes{1, 0},        // active, indices
      Bytes{1, 0, 1, 0},                    // passive, indices
      Bytes{2, 0} + zero + Bytes{0, 1, 0},  // active, table, indices
      Bytes{3, 0, 1, 0},                    // declarative, indices
      Bytes{4} + zero + Bytes{1} + refFunc, // active, expressions
      Bytes{5, 0x70, 1} + refFunc,          // passive, expressions
      Bytes{6, 0} + zero + Bytes{0x70, 2} + refFunc + Bytes{0xd0, 0x70, 0x0b}, // and a null
      Bytes{7, 0x70, 0}, // declarative, expressions
  });
  ASSERT_TRUE(all.isValid) << all.message;
  const std::vector<ElementSegment> &segments = all.module->elements;
  using Mode = SegmentMode;
  Mode modes[] = {Mode::Active, Mode::Passive, Mode::Active, Mode::Declared,
                  Mode::Active, Mode::Passive, Mode::Active, Mode::Declared};
  size_t sizes[] = {1, 1, 1, 1, 1, 1, 2, 0};
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(segments[i].mode, modes[i]) << i;
    EXPECT_EQ(segments[i].size(), sizes[i]) << i;
    EXPECT_EQ(segments[i].usesExpressions, i >= 4) << i;
  }
  EXPECT_EQ(with({{8}}).message, "malformed elements segment kind 8");
  EXPECT_EQ(with({{1, 1, 1, 0}}).message, "malformed element kind");
  EXPECT_EQ(with({{1, 0, 1, 4}}).message, "unknown function 4");
}

TEST(Reader, DataSegments) {
  Bytes count = section(12, {3}), memory = memories({{0, 1}});
  Bytes segments =
      datas({{0, 0x41, 0x00, 0x0b, 2, 'h', 'i'}, {1, 1, 'x'}, {2, 0, 0x41, 0x08, 0x0b, 0}});
  Checked good = check(module({memory, count, segments}));
  ASSERT_TRUE(good.isValid) << good.message;
  EXPECT_EQ(good.module->datas[0].bytes.size(), 2u);
  EXPECT_EQ(good.module->datas[1].mode, SegmentMode::Passive);
  EXPECT_TRUE(complaint(module({memory, section(12, {2}), segments}))
                  .starts_with("data count and data section have inconsistent lengths"));
  EXPECT_TRUE(complaint(module({memory, section(12, {2})}))
                  .starts_with("data count and data section have inconsistent lengths"));
  EXPECT_EQ(complaint(module({datas({{0, 0x41, 0x00, 0x0b, 0}})})), "unknown memory 0");
}

TEST(Reader, NamesNeverFail) {
  Bytes names = name("name") + Bytes{0} + sized(name("mod")) + Bytes{1} +
                sized(vec({Bytes{0} + name("main")}));
  Bytes rest = types({emptyType}) + functions({{0}}) + code({emptyBody});
  Checked good = check(module({rest, section(0, names)}));
  ASSERT_TRUE(good.isValid);
  EXPECT_EQ(good.module->moduleName(), "mod");
  EXPECT_EQ(good.module->funcName(0), "main");
  EXPECT_EQ(good.module->funcName(7), "");
  // Cut anywhere, it is still a module.
  for (size_t length = 5; length < names.size(); ++length) {
    Checked cut = check(module({rest, section(0, Bytes(names.begin(), names.begin() + length))}));
    EXPECT_TRUE(cut.isValid) << length;
  }
  // An index beyond the functions reserves nothing.
  Bytes far =
      name("name") + Bytes{1} + sized(vec({Bytes{0xff, 0xff, 0xff, 0xff, 0x0f} + name("f")}));
  Checked beyond = check(module({rest, section(0, far)}));
  ASSERT_TRUE(beyond.isValid);
  EXPECT_TRUE(beyond.module->funcNames.empty());
  EXPECT_FALSE(check(module({rest, section(0, {2, 'a', 0xff})})).isValid); // the section's own name
}

/// Two functions with a br_if at offset 5 of either, and the section before or behind the code.
static Checked withHints(const Bytes &hints, bool isBehind = false, const Bytes &more = {}) {
  Bytes body = {0x00, 0x02, 0x40, 0x41, 0x00, 0x0d, 0x00, 0x0b, 0x0b};
  Bytes bodies = code({body, body});
  Bytes named = section(0, name("metadata.code.branch_hint") + hints) + more;
  return check(
      module({types({emptyType}), imports({name("") + name("") + Bytes{0, 0}}),
              functions({{0}, {0}}), isBehind ? bodies : named, isBehind ? named : bodies}));
}

static const Bytes twoHints = vec({Bytes{1} + vec({{3, 1, 1}, {5, 1, 0}}), Bytes{2, 1, 5, 1, 1}});

static size_t numHints(const Checked &checked) {
  size_t count = 0;
  for (const Function &function : checked.module->functions)
    count += function.branchHints.size();
  return count;
}

TEST(Reader, BranchHints) {
  Checked good = withHints(twoHints);
  ASSERT_TRUE(good.isValid) << good.message;
  const Function &first = good.module->definedFunc(1), &second = good.module->definedFunc(2);
  ASSERT_TRUE(first.findBranchHint(3) && first.findBranchHint(5) && second.findBranchHint(5));
  EXPECT_TRUE(first.findBranchHint(3)->isLikely);
  EXPECT_FALSE(first.findBranchHint(5)->isLikely);
  EXPECT_TRUE(second.findBranchHint(5)->isLikely);
  for (uint32_t offset : {0u, 2u, 4u, 6u, UINT32_MAX})
    EXPECT_FALSE(first.findBranchHint(offset)) << offset;
  EXPECT_EQ(numHints(good), 3u);
}

TEST(Reader, BranchHintsThatAreMalformedAreIgnored) {
  auto isIgnored = [](const Checked &checked) { return checked.isValid && !numHints(checked); };
  for (size_t length = 0; length < twoHints.size(); ++length)
    EXPECT_TRUE(isIgnored(withHints(Bytes(twoHints.begin(), twoHints.begin() + length)))) << length;
  EXPECT_TRUE(isIgnored(withHints(twoHints + Bytes{0})));
  EXPECT_TRUE(isIgnored(withHints(twoHints, /*isBehind=*/true)));
  const Bytes huge = {0xff, 0xff, 0xff, 0xff, 0x0f};
  EXPECT_TRUE(isIgnored(withHints(huge + twoHints)));
  EXPECT_TRUE(isIgnored(withHints(Bytes{1, 1} + huge + twoHints)));
  EXPECT_TRUE(isIgnored(withHints({1, 0, 1, 5, 1, 1})));          // an imported function
  EXPECT_TRUE(isIgnored(withHints({1, 3, 1, 5, 1, 1})));          // no function
  EXPECT_TRUE(isIgnored(withHints({1, 1, 1, 9, 1, 1})));          // behind the body
  EXPECT_TRUE(isIgnored(withHints({1, 1, 1, 5, 2, 1, 1})));       // two bytes of value
  EXPECT_TRUE(isIgnored(withHints({1, 1, 1, 5, 1, 2})));          // neither 0 nor 1
  EXPECT_TRUE(isIgnored(withHints({1, 1, 2, 5, 1, 1, 5, 1, 1}))); // an offset twice
  EXPECT_TRUE(isIgnored(withHints({1, 1, 2, 5, 1, 1, 3, 1, 1}))); // or backwards
  EXPECT_TRUE(isIgnored(withHints({2, 2, 1, 5, 1, 1, 1, 1, 5, 1, 1})));
  EXPECT_TRUE(isIgnored(withHints({2, 1, 1, 5, 1, 1, 1, 1, 3, 1, 1})));
  // The first section counts, whatever comes after it.
  Bytes other = section(0, name("metadata.code.branch_hint") + Bytes{1, 1, 1, 5, 1, 1});
  Checked twice = withHints(twoHints, false, other);
  ASSERT_TRUE(twice.isValid);
  EXPECT_EQ(numHints(twice), 3u);
  EXPECT_TRUE(isIgnored(withHints({1}, false, other)));
}

TEST(Reader, ExportNamesAreUnique) {
  Bytes rest = types({emptyType}) + functions({{0}});
  Bytes one = name("f") + Bytes{0, 0};
  Checked good = check(module({rest, exports({one}), code({emptyBody})}));
  ASSERT_TRUE(good.isValid);
  ASSERT_NE(good.module->findExport("f"), nullptr);
  EXPECT_EQ(good.module->findExport("g"), nullptr);
  EXPECT_EQ(complaint(module({rest, exports({one, one}), code({emptyBody})})),
            "duplicate export name 'f'");
}

TEST(Reader, UnsupportedTypesSaySo) {
  EXPECT_EQ(complaint(module({types({{0x5f, 0x00}})})), "struct types are not supported yet");
  EXPECT_EQ(complaint(module({types({{0x5e, 0x7f, 0x00}})})), "array types are not supported yet");
  EXPECT_TRUE(complaint(module({types({{0x60, 1, 0x6e, 0}})})).ends_with("is not supported yet"));
}

TEST(Reader, EveryPrefixOfAModuleIsRefusedOrShorter) {
  Bytes whole = module({types({{0x60, 1, 0x7f, 1, 0x7e}}), functions({{0}}), memories({{0, 1}}),
                        globals({{0x7f, 0, 0x41, 0x2a, 0x0b}}), exports({name("f") + Bytes{0, 0}}),
                        code({{0x00, 0x20, 0x00, 0x29, 0x03, 0x08, 0x0b}}),
                        datas({{0, 0x41, 0x00, 0x0b, 1, 'x'}})});
  ASSERT_TRUE(check(whole).isValid) << complaint(whole);
  for (size_t length = 0; length < whole.size(); ++length) {
    Checked cut = check(Bytes(whole.begin(), whole.begin() + length));
    EXPECT_EQ(cut.isValid, cut.message.empty()) << length;
  }
}
