//===- ValidatorTest.cpp - What is valid, and what bodies are summarised as ===//
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

static const Bytes empty = {0x60, 0, 0};
static const Bytes toI32 = {0x60, 0, 1, 0x7f};
static const Bytes emptyBody = {0x00, 0x0b};

static ::testing::AssertionResult isRefused(const Checked &checked, llvm::StringRef beginning) {
  if (checked.isValid)
    return ::testing::AssertionFailure() << "valid";
  if (!llvm::StringRef(checked.message).starts_with(beginning))
    return ::testing::AssertionFailure() << checked.message;
  return ::testing::AssertionSuccess();
}

//===----------------------------------------------------------------------===//
// Operands and blocks
//===----------------------------------------------------------------------===//

TEST(Validator, OperandTypes) {
  EXPECT_TRUE(check(withBody({0x00, 0x41, 1, 0x41, 2, 0x6a, 0x0b}, toI32)).isValid);
  Checked wrong = check(withBody({0x00, 0x41, 1, 0x42, 2, 0x6a, 0x0b}, toI32));
  EXPECT_EQ(wrong.message, "type mismatch: i32.add expects i32, found i64");
  EXPECT_EQ(wrong.bytes[wrong.offset], 0x6a);
  EXPECT_EQ(complaint(withBody({0x00, 0x0b}, toI32)),
            "type mismatch: end expects i32, found nothing");
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 1, 0x0b})), "type mismatch: values remaining"));
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x01})), "unexpected end of section or function"));
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x0b, 0x01})), "section size mismatch"));
}

TEST(Validator, UnreachableCodeIsPolymorphicButTyped) {
  EXPECT_TRUE(check(withBody({0x00, 0x00, 0x6a, 0x0b}, toI32)).isValid);
  EXPECT_TRUE(check(withBody({0x00, 0x0f, 0x1b, 0x1a, 0x0b})).isValid); // select of unknowns
  // What was pushed after keeps its type.
  EXPECT_TRUE(
      isRefused(check(withBody({0x00, 0x00, 0x42, 0, 0x6a, 0x0b}, toI32)), "type mismatch"));
  // A reference that is known to be one, of an unknown heap type.
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x00, 0xd4, 0x0b}, toI32)), "type mismatch"));
  EXPECT_TRUE(check(withBody({0x00, 0x00, 0xd4, 0xd1, 0x0b}, toI32)).isValid);
}

TEST(Validator, BlocksHideOperandsBelow) {
  // i32.const 1, block, drop, end
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 1, 0x02, 0x40, 0x1a, 0x0b, 0x0b}, toI32)),
                        "type mismatch"));
  // if without else cannot make a result.
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 1, 0x04, 0x7f, 0x41, 2, 0x0b, 0x0b}, toI32)),
                        "type mismatch: if without else"));
  EXPECT_TRUE(
      check(withBody({0x00, 0x41, 1, 0x04, 0x7f, 0x41, 2, 0x05, 0x41, 3, 0x0b, 0x0b}, toI32))
          .isValid);
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x02, 0x40, 0x05, 0x0b, 0x0b})), "else found"));
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x02, 0x07, 0x0b, 0x0b})), "unknown type 7"));
}

TEST(Validator, NestingCostsNoRecursion) {
  Bytes body = {0x00};
  constexpr unsigned depth = 200000;
  for (unsigned i = 0; i < depth; ++i)
    body.insert(body.end(), {0x02, 0x40});
  body.insert(body.end(), depth + 1, 0x0b);
  EXPECT_TRUE(check(withBody(body)).isValid);
  body.pop_back();
  EXPECT_FALSE(check(withBody(body)).isValid);
}

TEST(Validator, OperandsAreBounded) {
  // A function with 1000 results, called again and again.
  Bytes thousand(1000, 0x7f), type = Bytes{0x60, 0, 0xe8, 0x07} + thousand;
  Bytes body = {0x00};
  for (unsigned i = 0; i < 2000; ++i)
    body.insert(body.end(), {0x10, 0x00});
  body.insert(body.end(), {0x00, 0x0b}); // unreachable, end
  EXPECT_TRUE(isRefused(check(withBody(body, type)), "more than 1000000 operands"));
}

TEST(Validator, Branches) {
  // block (result i32) i32.const 5, i32.const 0, br_table 0 1 0, end: both labels carry an i32.
  EXPECT_TRUE(
      check(withBody({0x00, 0x02, 0x7f, 0x41, 5, 0x41, 0, 0x0e, 2, 0, 1, 0, 0x0b, 0x0b}, toI32))
          .isValid);
  // The outer label of a function without results carries nothing.
  EXPECT_TRUE(isRefused(
      check(withBody({0x00, 0x02, 0x7f, 0x41, 5, 0x41, 0, 0x0e, 2, 0, 1, 0, 0x0b, 0x1a, 0x0b})),
      "type mismatch: label 1 of br_table"));
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x0c, 1, 0x0b})), "unknown label 1"));
  // A branch to a loop brings its parameters, which are none.
  EXPECT_TRUE(check(withBody({0x00, 0x03, 0x7f, 0x0c, 0x00, 0x0b, 0x0b}, toI32)).isValid);
}

TEST(Validator, LocalsWithoutDefault) {
  Bytes head = types({empty}) + functions({{0}, {0}}) + exports({name("f") + Bytes{0, 0}});
  auto with = [&](Bytes body) { return check(module({head, code({emptyBody, body})})); };
  const Bytes local = {1, 1, 0x64, 0}; // one (ref 0)
  EXPECT_TRUE(isRefused(with(local + Bytes{0x20, 0, 0x1a, 0x0b}), "uninitialized local 0"));
  EXPECT_TRUE(with(local + Bytes{0xd2, 0, 0x21, 0, 0x20, 0, 0x1a, 0x0b}).isValid);
  // What a block sets is unset after it.
  EXPECT_TRUE(
      isRefused(with(local + Bytes{0x02, 0x40, 0xd2, 0, 0x21, 0, 0x0b, 0x20, 0, 0x1a, 0x0b}),
                "uninitialized local 0"));
  EXPECT_TRUE(isRefused(with({1, 1, 0x64, 9, 0x0b}), "unknown type 9"));
}

//===----------------------------------------------------------------------===//
// Memories, tables, lanes
//===----------------------------------------------------------------------===//

TEST(Validator, MemoryArguments) {
  EXPECT_TRUE(check(withBody({0x00, 0x41, 0, 0x28, 2, 0, 0x0b}, toI32)).isValid);
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 0, 0x28, 3, 0, 0x0b}, toI32)),
                        "alignment must not be larger than natural"));
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 0, 0x28, 0x42, 1, 0, 0x0b}, toI32)),
                        "unknown memory 1"));
  EXPECT_TRUE(isRefused(
      check(withBody({0x00, 0x41, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x0b}, toI32)),
      "offset out of range"));
  // Atomics want their natural alignment, not less.
  EXPECT_TRUE(check(withBody({0x00, 0x41, 0, 0xfe, 0x10, 2, 0, 0x0b}, toI32)).isValid);
  EXPECT_TRUE(isRefused(check(withBody({0x00, 0x41, 0, 0xfe, 0x10, 1, 0, 0x0b}, toI32)),
                        "atomic alignment must be natural"));
}

TEST(Validator, SeveralMemoriesOfTwoWidths) {
  Bytes head = types({toI32, empty}) + functions({{1}}) + memories({{0, 1}, {4, 1}});
  auto with = [&](Bytes body) { return check(module({head, code({body})})); };
  // memory.copy 1 0: i64 destination, i32 source, i32 length.
  EXPECT_TRUE(with({0x00, 0x42, 0, 0x41, 0, 0x41, 0, 0xfc, 10, 1, 0, 0x0b}).isValid);
  EXPECT_TRUE(
      isRefused(with({0x00, 0x42, 0, 0x41, 0, 0x42, 0, 0xfc, 10, 1, 0, 0x0b}), "type mismatch"));
  EXPECT_TRUE(with({0x00, 0x42, 1, 0x40, 1, 0x50, 0x1a, 0x0b}).isValid); // memory.grow 1, i64.eqz
}

TEST(Validator, DataSegmentsNeedTheirCount) {
  Bytes head = types({empty}) + functions({{0}}) + memories({{0, 1}});
  Bytes body = code({{0x00, 0xfc, 9, 0, 0x0b}}), segment = datas({{1, 0}});
  EXPECT_TRUE(isRefused(check(module({head, body, segment})), "data count section required"));
  EXPECT_TRUE(check(module({head, section(12, {1}), body, segment})).isValid);
  EXPECT_TRUE(isRefused(check(module({head, section(12, {0}), body})), "unknown data segment 0"));
}

TEST(Validator, Lanes) {
  auto extract = [](uint8_t code, uint8_t lane) {
    return check(
        withBody(Bytes{0x00, 0xfd, 0x0c} + Bytes(16, 0) + Bytes{0xfd, code, lane, 0x1a, 0x0b}));
  };
  EXPECT_TRUE(extract(0x15, 15).isValid);
  EXPECT_TRUE(isRefused(extract(0x15, 16), "invalid lane index 16"));
  EXPECT_TRUE(extract(0x1d, 1).isValid);
  EXPECT_TRUE(isRefused(extract(0x1d, 2), "invalid lane index 2"));
  Bytes two = Bytes{0x00, 0xfd, 0x0c} + Bytes(16, 0) + Bytes{0xfd, 0x0c} + Bytes(16, 0);
  EXPECT_TRUE(check(withBody(two + Bytes{0xfd, 0x0d} + Bytes(16, 31) + Bytes{0x1a, 0x0b})).isValid);
  EXPECT_TRUE(
      isRefused(check(withBody(two + Bytes{0xfd, 0x0d} + Bytes(16, 32) + Bytes{0x1a, 0x0b})),
                "invalid lane index 32"));
}

TEST(Validator, FunctionReferencesAreDeclared) {
  Bytes head = types({empty}) + functions({{0}});
  Bytes body = code({{0x00, 0xd2, 0, 0x1a, 0x0b}});
  EXPECT_TRUE(isRefused(check(module({head, body})), "undeclared function reference"));
  EXPECT_TRUE(check(module({head, elements({{3, 0, 1, 0}}), body})).isValid);
  EXPECT_TRUE(check(module({head, exports({name("f") + Bytes{0, 0}}), body})).isValid);
  EXPECT_TRUE(check(module({head, globals({{0x70, 0, 0xd2, 0, 0x0b}}), body})).isValid);
}

//===----------------------------------------------------------------------===//
// Constant expressions, start, tags
//===----------------------------------------------------------------------===//

TEST(Validator, ConstantExpressions) {
  // i32.const 2, i32.const 3, i32.mul
  EXPECT_TRUE(check(module({globals({{0x7f, 0, 0x41, 2, 0x41, 3, 0x6c, 0x0b}})})).isValid);
  EXPECT_TRUE(isRefused(check(module({globals({{0x7f, 0, 0x41, 2, 0x67, 0x0b}})})),
                        "constant expression required, found i32.clz"));
  EXPECT_TRUE(isRefused(check(module({globals({{0x7f, 0, 0x42, 2, 0x0b}})})), "type mismatch"));
  // Globals before, immutable ones.
  Bytes two = {0x7f, 0, 0x41, 2, 0x0b}, mutableTwo = {0x7f, 1, 0x41, 2, 0x0b};
  EXPECT_TRUE(check(module({globals({two, {0x7f, 0, 0x23, 0, 0x0b}})})).isValid);
  EXPECT_TRUE(isRefused(check(module({globals({{0x7f, 0, 0x23, 0, 0x0b}})})), "unknown global 0"));
  EXPECT_TRUE(isRefused(check(module({globals({mutableTwo, {0x7f, 0, 0x23, 0, 0x0b}})})),
                        "constant expression required: global 0 is mutable"));
}

TEST(Validator, StartFunction) {
  Bytes body = code({{0x00, 0x41, 0, 0x0b}});
  EXPECT_TRUE(isRefused(check(module({types({toI32}), functions({{0}}), section(8, {0}), body})),
                        "start function"));
  EXPECT_TRUE(isRefused(check(module({section(8, {0})})), "unknown function 0"));
}

TEST(Validator, LegacyExceptions) {
  Bytes head = types({empty, {0x60, 1, 0x7f, 0}}) + functions({{0}}) + tags({{0, 1}});
  auto with = [&](Bytes body) { return check(module({head, code({body})})); };
  // try, throw 0, catch 0, drop, catch_all, rethrow 0, end
  Checked good = with({0, 0x06, 0x40, 0x41, 1, 0x08, 0, 0x07, 0, 0x1a, 0x19, 0x09, 0, 0x0b, 0x0b});
  ASSERT_TRUE(good.isValid) << good.message;
  EXPECT_TRUE(good.module->functions[0].summary.hasTry);
  EXPECT_TRUE(good.module->functions[0].summary.throws);
  // try, try, delegate 0, delegate to the caller
  EXPECT_TRUE(with({0, 0x06, 0x40, 0x06, 0x40, 0x18, 0, 0x18, 0, 0x0b}).isValid);
  EXPECT_TRUE(isRefused(with({0, 0x06, 0x40, 0x18, 1, 0x0b}), "unknown label 1"));
  EXPECT_TRUE(isRefused(with({0, 0x06, 0x40, 0x09, 0, 0x0b, 0x0b}), "invalid rethrow label"));
  EXPECT_TRUE(isRefused(with({0, 0x06, 0x40, 0x19, 0x07, 0, 0x1a, 0x0b, 0x0b}), "catch found"));
  EXPECT_TRUE(
      isRefused(with({0, 0x06, 0x40, 0x07, 0, 0x0b, 0x0b}), "type mismatch")); // payload left
  EXPECT_TRUE(
      isRefused(check(module({types({toI32}), tags({{0, 0}})})), "non-empty tag result type"));
}

TEST(Validator, TryTable) {
  Bytes head = types({empty, {0x60, 1, 0x7f, 0}}) + functions({{0}}) + tags({{0, 1}});
  auto with = [&](Bytes body) { return check(module({head, code({body})})); };
  // block (result i32), try_table (catch 0 0), end, i32.const 0, end, drop
  EXPECT_TRUE(
      with({0, 0x02, 0x7f, 0x1f, 0x40, 1, 0, 0, 0, 0x0b, 0x41, 0, 0x0b, 0x1a, 0x0b}).isValid);
  // The label of catch_all expects nothing.
  EXPECT_TRUE(isRefused(with({0, 0x02, 0x7f, 0x1f, 0x40, 1, 2, 0, 0x0b, 0x41, 0, 0x0b, 0x1a, 0x0b}),
                        "type mismatch"));
  EXPECT_TRUE(isRefused(with({0, 0x1f, 0x40, 1, 0, 7, 0, 0x0b, 0x0b}), "unknown tag 7"));
}

TEST(Validator, TailCalls) {
  Bytes head = types({empty, toI32}) + functions({{0}, {1}});
  auto with = [&](Bytes first) {
    return check(module({head, code({first, {0x00, 0x41, 0, 0x0b}})}));
  };
  EXPECT_TRUE(isRefused(with({0x00, 0x12, 1, 0x0b}), "type mismatch: the results of a tail call"));
  Checked good = with({0x00, 0x12, 0, 0x0b});
  ASSERT_TRUE(good.isValid);
  EXPECT_TRUE(good.module->functions[0].summary.tailCalls);
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

TEST(Validator, Summaries) {
  Bytes body = {0x00, 0x10, 2,    0x10, 0,    0x10, 2, // call 2, 0, 2
                0x41, 1,    0x24, 1,                   // global.set 1
                0x41, 0,    0x41, 0,    0x36, 2,    0, // i32.store
                0x41, 1,    0x40, 1,    0x1a,          // memory.grow 1
                0x41, 0,    0xd0, 0x70, 0x26, 0,       // table.set 0
                0x41, 0,    0x11, 0,    0,             // call_indirect
                0x03, 0x40, 0x0b, 0x0b};               // loop
  Checked good = check(module(
      {types({empty}), functions({{0}, {0}, {0}}), tables({{0x70, 0, 1}, {0x70, 0, 1}}),
       memories({{0, 1}, {0, 1}}), globals({{0x7f, 0, 0x41, 0, 0x0b}, {0x7f, 1, 0x41, 0, 0x0b}}),
       exports({name("f") + Bytes{0, 1}}), elements({{0, 0x41, 0, 0x0b, 1, 2}}),
       code({body, emptyBody, {0x00, 0x41, 0, 0x2d, 0, 0, 0x1a, 0x0b}})}));
  ASSERT_TRUE(good.isValid) << good.message;
  const FuncSummary &first = good.module->functions[0].summary;
  EXPECT_EQ(llvm::ArrayRef<uint32_t>(first.directCallees), llvm::ArrayRef<uint32_t>({0, 2}));
  EXPECT_TRUE(first.callsIndirect && first.growsMemory && first.writesMemory && first.hasLoop);
  EXPECT_FALSE(first.readsMemory || first.tailCalls || first.throws || first.hasTry);
  const FuncSummary &last = good.module->functions[2].summary;
  EXPECT_TRUE(last.readsMemory);
  EXPECT_FALSE(last.writesMemory || last.callsIndirect);
  EXPECT_EQ(last.numOperators, 4u);

  const ModuleSummary &summary = good.module->summary;
  EXPECT_EQ(summary.tableWritten, (llvm::SmallVector<bool, 2>{true, false}));
  EXPECT_EQ(summary.globalWritten, (llvm::SmallVector<bool, 4>{false, true}));
  EXPECT_EQ(summary.memoryWritten, (llvm::SmallVector<bool, 1>{true, false}));
  EXPECT_EQ(summary.memoryGrown, (llvm::SmallVector<bool, 1>{false, true}));
  EXPECT_EQ(summary.funcEscapes, (std::vector<bool>{false, true, true}));
}

TEST(Validator, BodiesCanBeValidatedAlone) {
  Checked good = check(withBody({0x00, 0x03, 0x40, 0x0b, 0x0b}));
  ASSERT_TRUE(good.isValid);
  Function copy = good.module->functions[0];
  copy.summary = FuncSummary();
  Diagnostics diags([](const Diagnostic &) {});
  ASSERT_TRUE(succeeded(validateBody(*good.module, copy, diags)));
  EXPECT_TRUE(copy.summary.hasLoop);
}
