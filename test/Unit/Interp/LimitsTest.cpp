//===- LimitsTest.cpp - What a program may use ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InterpModules.h"

using namespace tenon;
using namespace tenon::interp;
using namespace tenon::interp::test;

static Value i32(uint32_t number) { return Value::of(number); }

TEST(InterpFuel, EndsAnEndlessLoop) {
  TextModule module("(module (func (export \"f\") (loop (br 0))))");
  Store store;
  Instance &instance = instantiate(store, module);
  store.fuel = 1000;
  Outcome outcome = call(store, instance, "f");
  EXPECT_EQ(outcome.trap, TrapKind::OutOfFuel);
  EXPECT_EQ(store.fuel, 0u);
}

TEST(InterpFuel, CostsOneForEachInstruction) {
  TextModule module("(module (func (export \"f\") (param i32) (result i32)"
                    " (i32.add (local.get 0) (i32.const 1))))");
  Store store;
  Instance &instance = instantiate(store, module);
  store.fuel = 100;
  EXPECT_EQ(call(store, instance, "f", i32(41)).results.front(), i32(42));
  // local.get, i32.const, i32.add, the return, and the end of the run.
  EXPECT_EQ(store.fuel, 95u);
}

TEST(InterpFuel, BulkOperationsCostByTheirSize) {
  TextModule module("(module (memory 16) (func (export \"f\") (param i32)"
                    " (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))");
  Store store;
  Instance &instance = instantiate(store, module);
  store.fuel = 1000;
  EXPECT_TRUE(call(store, instance, "f", i32(1600)).returned());
  EXPECT_EQ(store.fuel, 1000u - 100 - 6);
  EXPECT_EQ(call(store, instance, "f", i32(1 << 20)).trap, TrapKind::OutOfFuel);
  // Nothing was written beyond the first call's bytes.
  EXPECT_EQ(instance.memories[0]->bytes.data()[1600], 0);
}

TEST(InterpFuel, LocalsCostByTheirNumber) {
  std::string locals;
  for (unsigned i = 0; i < 1600; ++i)
    locals += " i32";
  TextModule module("(module (func (export \"f\") (local" + locals + ")))");
  Store store;
  Instance &instance = instantiate(store, module);
  store.fuel = 1000;
  EXPECT_TRUE(call(store, instance, "f").returned());
  EXPECT_EQ(store.fuel, 1000u - 100 - 2);
}

TEST(InterpDepth, CallsAreLimitedByTheirNumber) {
  TextModule module(
      "(module (func $f (export \"f\") (param i32) (result i32)"
      " (if (result i32) (local.get 0)"
      "  (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))");
  Limits limits;
  limits.maxCallDepth = 100;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "f", i32(99)).results.front(), i32(7));
  EXPECT_EQ(call(store, instance, "f", i32(100)).trap, TrapKind::StackExhausted);
  // The store outlives the trap.
  EXPECT_EQ(call(store, instance, "f", i32(5)).results.front(), i32(7));
}

TEST(InterpDepth, CallsAreLimitedByTheirLocals) {
  TextModule module("(module (func $f (export \"f\") (local v128 v128 v128 v128) (call $f)))");
  Limits limits;
  limits.maxStackValues = 1000;
  Store store(limits);
  EXPECT_EQ(call(store, instantiate(store, module), "f").trap, TrapKind::StackExhausted);
}

TEST(InterpDepth, TailCallsTakeNoSpace) {
  TextModule module("(module (func $f (export \"f\") (param i32) (result i32)"
                    " (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))"
                    " (return_call $f (i32.sub (local.get 0) (i32.const 1)))))");
  Limits limits;
  limits.maxCallDepth = 10;
  limits.maxStackValues = 100;
  Store store(limits);
  EXPECT_EQ(call(store, instantiate(store, module), "f", i32(100000)).results.front(), i32(7));
}

TEST(InterpMemory, IsLimitedInAll) {
  TextModule module(
      "(module (memory 1 100) (memory 1)"
      " (func (export \"f\") (param i32) (result i32) (memory.grow 0 (local.get 0))))");
  Limits limits;
  limits.maxMemoryBytes = 4 << 16;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "f", i32(3)).results.front(), i32(-1));
  EXPECT_EQ(call(store, instance, "f", i32(2)).results.front(), i32(1));
  EXPECT_EQ(call(store, instance, "f", i32(1)).results.front(), i32(-1));
  EXPECT_EQ(complaint(store, TextModule("(module (memory 1))")),
            "a memory of 1 pages is more than the limit of 262144 bytes");
}

TEST(InterpMemory, HugeOnesCostNothingUntilTheyAreUsed) {
  TextModule module("(module (memory i64 0x1000000)" // a terabyte
                    " (func (export \"f\") (param i64) (result i64)"
                    "  (i64.store (local.get 0) (i64.const 42)) (i64.load (local.get 0))))");
  Limits limits;
  limits.maxMemoryBytes = UINT64_MAX;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  Value at = Value::of((uint64_t(1) << 40) - 8), beyond = Value::of((uint64_t(1) << 40) - 7);
  EXPECT_EQ(call(store, instance, "f", at).results.front(), Value::of(uint64_t(42)));
  EXPECT_EQ(call(store, instance, "f", beyond).trap, TrapKind::MemoryOutOfBounds);
}

TEST(InterpMemory, TheImpossibleIsRefused) {
  Limits limits;
  limits.maxMemoryBytes = UINT64_MAX;
  Store store(limits);
  EXPECT_NE(complaint(store, TextModule("(module (memory i64 0x1000000000000))")), "");
}

TEST(InterpTable, IsLimitedInAll) {
  TextModule module("(module (table 1 funcref) (func (export \"f\") (param i32) (result i32)"
                    " (table.grow 0 (ref.null func) (local.get 0))))");
  Limits limits;
  limits.maxTableElements = 10;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "f", i32(10)).results.front(), i32(-1));
  EXPECT_EQ(call(store, instance, "f", i32(9)).results.front(), i32(1));
  EXPECT_EQ(complaint(store, TextModule("(module (table 11 funcref))")),
            "a table of 11 elements is more than the limit of 10");
}

TEST(InterpTable, IsLimitedByItself) {
  TextModule module("(module (table $a 1 funcref) (table $b 1 funcref)"
                    " (func (export \"f\") (param i32) (result i32)"
                    "  (table.grow $a (ref.null func) (local.get 0)))"
                    " (func (export \"g\") (param i32) (result i32)"
                    "  (table.grow $b (ref.null func) (local.get 0))))");
  Limits limits;
  limits.maxElementsOfTable = 10;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "f", i32(10)).results.front(), i32(-1));
  EXPECT_EQ(call(store, instance, "f", i32(9)).results.front(), i32(1));
  EXPECT_EQ(call(store, instance, "g", i32(9)).results.front(), i32(1));
  EXPECT_EQ(complaint(store, TextModule("(module (table 11 funcref))")),
            "a table of 11 elements is more than the limit of 10");
}

TEST(InterpExceptions, AreLimited) {
  TextModule module("(module (tag $t) (func (export \"f\") (param i32)"
                    " (loop $l (block $b (try_table (catch $t $b) (throw $t)))"
                    "  (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l))))");
  Limits limits;
  limits.maxExceptions = 10;
  Store store(limits);
  Instance &instance = instantiate(store, module);
  // Exceptions that nobody refers to make room for others.
  EXPECT_TRUE(call(store, instance, "f", i32(1000)).returned());
}
