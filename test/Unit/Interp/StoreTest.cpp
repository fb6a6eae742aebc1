//===- StoreTest.cpp - Instances, imports, host functions, threads --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InterpModules.h"

using namespace tenon;
using namespace tenon::interp;
using namespace tenon::interp::test;
using wasm::ValType;

static Value i32(uint32_t number) { return Value::of(number); }

TEST(InterpHost, FunctionsGetArgumentsAndGiveResults) {
  Store store;
  ImportMap imports;
  imports.define(
      "host", "mix",
      store.addFunction({{ValType::I32, ValType::I64}, {ValType::I64, ValType::I32}},
                        [](llvm::ArrayRef<Value> args, llvm::MutableArrayRef<Value> results) {
                          results[0] = args[1];
                          results[1] = args[0];
                          return TrapKind::None;
                        }));
  TextModule module(
      "(module (import \"host\" \"mix\" (func $mix (param i32 i64) (result i64 i32)))"
      " (func (export \"f\") (result i64 i32) (call $mix (i32.const 1) (i64.const 2)))"
      " (func (export \"tail\") (result i64 i32)"
      "  (return_call $mix (i32.const 3) (i64.const 4))))");
  Instance &instance = instantiate(store, module, imports);
  Outcome outcome = call(store, instance, "f");
  EXPECT_EQ(outcome.results[0], Value::of(uint64_t(2)));
  EXPECT_EQ(outcome.results[1], i32(1));
  outcome = call(store, instance, "tail");
  EXPECT_EQ(outcome.results[0], Value::of(uint64_t(4)));
  EXPECT_EQ(outcome.results[1], i32(3));
}

TEST(InterpHost, FunctionsMayTrap) {
  Store store;
  ImportMap imports;
  imports.define("host", "fail",
                 store.addFunction({}, [](llvm::ArrayRef<Value>, llvm::MutableArrayRef<Value>) {
                   return TrapKind::NotSupported;
                 }));
  TextModule module("(module (func (export \"f\") (import \"host\" \"fail\")))");
  EXPECT_EQ(call(store, instantiate(store, module, imports), "f").trap, TrapKind::NotSupported);
}

TEST(InterpImports, AreMatchedByKindAndType) {
  Store store;
  ImportMap imports;
  imports.define("host", "g", store.addGlobal({ValType::I32, false}, i32(5)));
  imports.define("host", "m", store.addMemory({{1, 2, false, false}, 16}));
  imports.define("host", "t", store.addTable({ValType::funcref(), {1, 2, false, false}}));
  imports.define("host", "tag", store.addTag({{ValType::I32}, {}}));
  auto why = [&](llvm::StringRef import) {
    return complaint(store, TextModule(("(module (import \"host\" " + import + "))").str()),
                     imports);
  };
  EXPECT_EQ(why("\"g\" (global i32)"), "");
  EXPECT_EQ(why("\"m\" (memory 1 2)"), "");
  EXPECT_EQ(why("\"t\" (table 1 2 funcref)"), "");
  EXPECT_EQ(why("\"tag\" (tag (param i32))"), "");
  EXPECT_EQ(why("\"none\" (global i32)"), "unknown import 'host' 'none'");
  for (const char *wrong : {"\"g\" (global i64)", "\"g\" (global (mut i32))", "\"g\" (func)"})
    EXPECT_EQ(why(wrong), "incompatible import type of 'host' 'g'");
  EXPECT_EQ(why("\"m\" (memory 2)"), "incompatible import type of 'host' 'm'");
  EXPECT_EQ(why("\"tag\" (tag (param i64))"), "incompatible import type of 'host' 'tag'");
}

TEST(InterpImports, AreMatchedWithCurrentSizes) {
  TextModule owner("(module (memory (export \"m\") 1 3)"
                   " (func (export \"grow\") (drop (memory.grow (i32.const 1)))))");
  Store store;
  Instance &instance = instantiate(store, owner);
  ImportMap imports;
  imports.define("owner", instance);
  TextModule wantsTwo("(module (import \"owner\" \"m\" (memory 2)))");
  EXPECT_NE(complaint(store, wantsTwo, imports), "");
  EXPECT_TRUE(call(store, instance, "grow").returned());
  EXPECT_EQ(complaint(store, wantsTwo, imports), "");
}

TEST(InterpInstances, ShareWhatTheyImport) {
  TextModule owner(
      "(module (memory (export \"m\") 1) (global (export \"g\") (mut i32) (i32.const 1))"
      " (table (export \"t\") 1 funcref)"
      " (func (export \"load\") (result i32) (i32.load (i32.const 8)))"
      " (func (export \"run\") (result i32) (call_indirect (result i32) (i32.const 0))))");
  TextModule user(
      "(module (import \"owner\" \"m\" (memory 1))"
      " (import \"owner\" \"g\" (global $g (mut i32))) (import \"owner\" \"t\" (table 1 funcref))"
      " (func $f (result i32) (global.get $g)) (elem (i32.const 0) $f)"
      " (func (export \"set\") (param i32) (i32.store (i32.const 8) (local.get 0))"
      "  (global.set $g (local.get 0))))");
  Store store;
  Instance &first = instantiate(store, owner);
  ImportMap imports;
  imports.define("owner", first);
  Instance &second = instantiate(store, user, imports);
  EXPECT_TRUE(call(store, second, "set", i32(9)).returned());
  EXPECT_EQ(call(store, first, "load").results.front(), i32(9));
  EXPECT_EQ(call(store, first, "run").results.front(), i32(9));
  EXPECT_EQ(first.memories[0], second.memories[0]);
  // Another instance of the same module has its own.
  Instance &other = instantiate(store, owner);
  EXPECT_EQ(call(store, other, "load").results.front(), i32(0));
  EXPECT_EQ(call(store, other, "run").trap, TrapKind::UninitializedElement);
}

TEST(InterpInstances, WhatTrapsLeavesWhatWasWritten) {
  TextModule module(
      "(module (memory 1) (func (export \"f\")"
      " (i32.store (i32.const 0) (i32.const 1)) (i32.store (i32.const 65533) (i32.const -1))))");
  Store store;
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "f").trap, TrapKind::MemoryOutOfBounds);
  const uint8_t *bytes = instance.memories[0]->bytes.data();
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[65533], 0);
  EXPECT_EQ(bytes[65535], 0);
}

TEST(InterpInstances, ExceptionsLeaveWithTagAndPayload) {
  TextModule module("(module (tag $t (export \"t\") (param i32 i64))"
                    " (func (export \"f\") (throw $t (i32.const 1) (i64.const 2))))");
  Store store;
  Instance &instance = instantiate(store, module);
  Outcome outcome = call(store, instance, "f");
  ASSERT_EQ(outcome.kind, Outcome::Threw);
  EXPECT_EQ(outcome.exception->tag, instance.tags[0]);
  EXPECT_EQ(outcome.exception->payload[0], i32(1));
  EXPECT_EQ(outcome.exception->payload[1], Value::of(uint64_t(2)));
}

TEST(InterpHash, SeesMemoriesGlobalsAndTables) {
  TextModule module(
      "(module (memory 1) (table 4 funcref) (global $g (mut i64) (i64.const 0)) (elem declare func "
      "$f)"
      " (func $f)"
      " (func (export \"store\") (param i32) (i32.store8 (i32.const 65535) (local.get 0)))"
      " (func (export \"set\") (global.set $g (i64.const 1)))"
      " (func (export \"table\") (table.set (i32.const 3) (ref.func $f)))"
      " (func (export \"grow\") (drop (memory.grow (i32.const 1)))))");
  Store store, other;
  Instance &instance = instantiate(store, module);
  std::vector<uint64_t> hashes = {hashState(instance)};
  EXPECT_EQ(hashes[0], hashState(instantiate(other, module)));
  EXPECT_TRUE(call(store, instance, "store", i32(1)).returned());
  hashes.push_back(hashState(instance));
  EXPECT_TRUE(call(store, instance, "store", i32(0)).returned());
  EXPECT_EQ(hashes[0], hashState(instance));
  for (const char *name : {"set", "table", "grow"}) {
    EXPECT_TRUE(call(store, instance, name).returned());
    hashes.push_back(hashState(instance));
  }
  for (size_t i = 0; i < hashes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      EXPECT_NE(hashes[i], hashes[j]) << i << ' ' << j;
}

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

static const char waiting[] =
    "(module (memory 1 1 shared)"
    " (func (export \"wait\") (param i64) (result i32)"
    "  (memory.atomic.wait32 (i32.const 8) (i32.const 0) (local.get 0)))"
    " (func (export \"notify\") (result i32)"
    "  (memory.atomic.notify (i32.const 8) (i32.const 1)))"
    " (func (export \"unaligned\") (result i32) (i32.atomic.load (i32.const 1))))";

TEST(InterpThreads, AWaitEndsByNotifyInOrder) {
  TextModule module(waiting);
  Store store;
  Instance &instance = instantiate(store, module);
  Function &wait = *instance.findFunction("wait");
  Thread first(store, wait, Value::of(int64_t(-1))), second(store, wait, Value::of(int64_t(-1)));
  EXPECT_EQ(first.run(), Thread::Blocked);
  EXPECT_EQ(second.run(), Thread::Blocked);
  EXPECT_EQ(first.run(), Thread::Blocked);
  EXPECT_EQ(call(store, instance, "notify").results.front(), i32(1));
  EXPECT_EQ(second.run(), Thread::Blocked);
  EXPECT_EQ(first.run(), Thread::Done);
  EXPECT_EQ(first.takeOutcome().results.front(), i32(0));
  EXPECT_EQ(call(store, instance, "notify").results.front(), i32(1));
  EXPECT_EQ(call(store, instance, "notify").results.front(), i32(0));
  EXPECT_EQ(second.run(), Thread::Done);
}

TEST(InterpThreads, AWaitAloneTimesOutOrTraps) {
  TextModule module(waiting);
  Store store;
  Instance &instance = instantiate(store, module);
  EXPECT_EQ(call(store, instance, "wait", Value::of(int64_t(1000))).results.front(), i32(2));
  EXPECT_EQ(call(store, instance, "wait", Value::of(int64_t(-1))).trap, TrapKind::Deadlock);
  EXPECT_EQ(call(store, instance, "notify").results.front(), i32(0));
  EXPECT_EQ(call(store, instance, "unaligned").trap, TrapKind::UnalignedAtomic);
}

TEST(InterpThreads, TurnsEndAfterSoManyInstructions) {
  TextModule module("(module (func (export \"f\") (param i32) (result i32)"
                    " (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
                    " (i32.const 7)))");
  Store store;
  Instance &instance = instantiate(store, module);
  Thread thread(store, *instance.findFunction("f"), i32(100));
  unsigned turns = 1;
  while (thread.run(50) == Thread::Ready)
    ++turns;
  EXPECT_EQ(thread.getState(), Thread::Done);
  EXPECT_EQ(thread.takeOutcome().results.front(), i32(7));
  EXPECT_EQ(turns, 11u); // 5 instructions a round, and two at the end
}
