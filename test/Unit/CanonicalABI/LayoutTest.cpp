//===- LayoutTest.cpp - Sizes, alignments, flattening ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values from CanonicalABI.md and canonical-abi/run_tests.py, and from types of WASI 0.2.
//
//===----------------------------------------------------------------------===//

#include "tenon/CanonicalABI/Layout.h"
#include <gtest/gtest.h>

using namespace tenon::abi;

namespace {

Type leaf(Kind kind) { return Type::leaf(kind); }
const PtrKind i32 = PtrKind::I32, i64 = PtrKind::I64, native = PtrKind::Native;

void expectLayout(const Type &type, PtrKind ptr, uint64_t size, uint32_t align) {
  EXPECT_EQ(elemSize(type, ptr), size);
  EXPECT_EQ(alignment(type, ptr), align);
}

std::string flat(const Type &type, PtrKind ptr) {
  std::string text;
  for (Flat each : flattenType(type, ptr))
    text += std::string(text.empty() ? "" : " ") + (each == Flat::I32   ? "i32"
                                                    : each == Flat::I64 ? "i64"
                                                    : each == Flat::F32 ? "f32"
                                                    : each == Flat::F64 ? "f64"
                                                                        : "ptr");
  return text;
}

TEST(Layout, Scalars) {
  expectLayout(leaf(Kind::Bool), i32, 1, 1);
  expectLayout(leaf(Kind::S16), i32, 2, 2);
  expectLayout(leaf(Kind::Char), i32, 4, 4);
  expectLayout(leaf(Kind::F64), i32, 8, 8);
  expectLayout(Type::own(0), i64, 4, 4);
}

TEST(Layout, PointersFollowTheMemory) {
  expectLayout(leaf(Kind::String), i32, 8, 4);
  expectLayout(leaf(Kind::String), i64, 16, 8);
  expectLayout(Type::list(leaf(Kind::U8)), native, 16, 8);
}

TEST(Layout, Records) {
  Type datetime = Type::record({leaf(Kind::U64), leaf(Kind::U32)});
  expectLayout(datetime, i32, 16, 8);
  Type mixed = Type::record({leaf(Kind::U8), leaf(Kind::U32), leaf(Kind::U8)});
  expectLayout(mixed, i32, 12, 4);
  EXPECT_EQ(fieldOffsets(mixed, i32), (llvm::SmallVector<uint64_t>{0, 4, 8}));
}

TEST(Layout, Variants) {
  expectLayout(Type::enumeration(256), i32, 1, 1);
  expectLayout(Type::enumeration(257), i32, 2, 2);
  expectLayout(Type::enumeration(65536), i32, 2, 2);
  expectLayout(Type::enumeration(65537), i32, 4, 4);
  expectLayout(Type::option(leaf(Kind::U64)), i32, 16, 8);
  // result<tuple<list<u8>, bool>, error-code>: what descriptor.read returns.
  Type read = Type::result(Type::record({Type::list(leaf(Kind::U8)), leaf(Kind::Bool)}),
                           Type::enumeration(37));
  expectLayout(read, i32, 16, 4);
  expectLayout(read, native, 32, 8);
  EXPECT_EQ(payloadOffset(read, i32), 4u);
  EXPECT_EQ(payloadOffset(read, native), 8u);
}

TEST(Layout, Flags) {
  expectLayout(Type::flags(1), i32, 1, 1);
  expectLayout(Type::flags(8), i32, 1, 1);
  expectLayout(Type::flags(9), i32, 2, 2);
  expectLayout(Type::flags(17), i32, 4, 4);
  expectLayout(Type::flags(32), i32, 4, 4);
}

TEST(Layout, FixedLists) {
  expectLayout(Type::fixedList(leaf(Kind::U16), 5), i32, 10, 2);
  EXPECT_EQ(flat(Type::fixedList(leaf(Kind::U16), 3), i32), "i32 i32 i32");
}

TEST(Layout, SizesSaturate) {
  Type type = leaf(Kind::U64);
  for (int i = 0; i < 8; ++i)
    type = Type::fixedList(type, ~uint32_t(0));
  EXPECT_EQ(elemSize(type, i32), maxSize);
  EXPECT_EQ(flatCount(type), maxFlatCount);
}

TEST(Layout, SharedTypesCostNothing) {
  Type type = leaf(Kind::U8);
  for (int i = 0; i < 64; ++i)
    type = Type::record({type, type});
  EXPECT_EQ(elemSize(type, i32), maxSize);
  EXPECT_EQ(partCount(type), ~uint32_t(0));
  EXPECT_EQ(depth(type), 65u);
}

TEST(Flattening, Variants) {
  EXPECT_EQ(flat(Type::result(leaf(Kind::F32), leaf(Kind::U32)), i32), "i32 i32");
  EXPECT_EQ(flat(Type::result(leaf(Kind::F32), leaf(Kind::F32)), i32), "i32 f32");
  EXPECT_EQ(flat(Type::result(leaf(Kind::F32), leaf(Kind::U64)), i32), "i32 i64");
  EXPECT_EQ(flat(Type::result(leaf(Kind::F64), leaf(Kind::F32)), i32), "i32 i64");
  EXPECT_EQ(flat(Type::result(leaf(Kind::String), leaf(Kind::U8)), i32), "i32 i32 i32");
  // On the native side an address stays one while nothing else shares its place.
  EXPECT_EQ(flat(Type::option(leaf(Kind::String)), native), "i32 ptr i64");
  EXPECT_EQ(flat(Type::result(leaf(Kind::String), leaf(Kind::U8)), native), "i32 i64 i64");
}

TEST(Flattening, Functions) {
  llvm::SmallVector<Type> many(17, leaf(Kind::U32));
  Type list = Type::list(leaf(Kind::U8));
  FlatSignature lift = flattenFunctype(many, {list}, i32, Context::Lift);
  EXPECT_TRUE(lift.paramsInMemory && lift.resultsInMemory);
  EXPECT_EQ(lift.params.size(), 1u);
  EXPECT_EQ(lift.results.size(), 1u);
  FlatSignature lower =
      flattenFunctype(llvm::ArrayRef(many).take_front(16), {list}, i32, Context::Lower);
  EXPECT_FALSE(lower.paramsInMemory);
  EXPECT_EQ(lower.params.size(), 17u);
  EXPECT_TRUE(lower.results.empty());
  FlatSignature host = flattenFunctype({Type::borrow(0), list}, {list}, native, Context::Lower);
  EXPECT_EQ(host.params, (llvm::SmallVector<Flat>{Flat::I32, Flat::Ptr, Flat::I64, Flat::Ptr}));
}

TEST(Flattening, AsyncFunctions) {
  using Flats = llvm::SmallVector<Flat>;
  llvm::SmallVector<Type> five(5, leaf(Kind::U32));
  llvm::ArrayRef<Type> four = llvm::ArrayRef(five).take_front(4);
  // Lowered: four flat parameters at most, results always through memory, and a status.
  FlatSignature lower = flattenFunctype(four, {leaf(Kind::U8)}, i32, Context::Lower, Async::Yes);
  EXPECT_EQ(lower.params, Flats(5, Flat::I32));
  EXPECT_TRUE(lower.resultsInMemory);
  EXPECT_EQ(lower.results, Flats{Flat::I32});
  EXPECT_TRUE(flattenFunctype(five, {}, i32, Context::Lower, Async::Yes).paramsInMemory);
  EXPECT_EQ(flattenFunctype(five, {}, i32, Context::Lower, Async::Yes).params, Flats{Flat::I32});
  // Lifted: the results are task.return's; with a callback there is its code.
  FlatSignature lift = flattenFunctype(five, {leaf(Kind::U64)}, i32, Context::Lift, Async::Yes);
  EXPECT_EQ(lift.params.size(), 5u);
  EXPECT_TRUE(lift.results.empty());
  EXPECT_FALSE(lift.resultsInMemory);
  lift = flattenFunctype(five, {leaf(Kind::U64)}, i32, Context::Lift, Async::Callback);
  EXPECT_EQ(lift.results, Flats{Flat::I32});
}

TEST(Plain, OnlyWhatBytesAreAllThereIs) {
  EXPECT_TRUE(isPlain(leaf(Kind::U8)));
  EXPECT_TRUE(isPlain(leaf(Kind::F64)));
  EXPECT_TRUE(isPlain(Type::record({leaf(Kind::U32), leaf(Kind::U32)})));
  EXPECT_TRUE(isPlain(Type::flags(8)));
  EXPECT_FALSE(isPlain(leaf(Kind::Bool)));
  EXPECT_FALSE(isPlain(leaf(Kind::Char)));
  EXPECT_FALSE(isPlain(Type::flags(7)));
  EXPECT_FALSE(isPlain(Type::own(0)));
  // Padding belongs to whoever owns the memory.
  EXPECT_FALSE(isPlain(Type::record({leaf(Kind::U64), leaf(Kind::U32)})));
}

} // namespace
