//===- FloatTest.cpp - One answer where there are several -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InterpModules.h"
#include <limits>

using namespace tenon;
using namespace tenon::interp;
using namespace tenon::interp::test;

static const char floats[] = R"wat((module
  (func (export "add") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
  (func (export "min") (param f32 f32) (result f32) (f32.min (local.get 0) (local.get 1)))
  (func (export "ceil") (param f32 f32) (result f32) (f32.ceil (local.get 0)))
  (func (export "neg") (param f32 f32) (result f32) (f32.neg (local.get 0)))
  (func (export "copysign") (param f32 f32) (result f32) (f32.copysign (local.get 0) (local.get 1)))
  (func (export "promote") (param f32) (result f64) (f64.promote_f32 (local.get 0)))
  (func (export "demote") (param f64) (result f32) (f32.demote_f64 (local.get 0)))
  (func (export "f32x4.mul") (param v128 v128) (result v128) (f32x4.mul (local.get 0) (local.get 1)))
  (func (export "f32x4.pmin") (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "nmadd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "trunc") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))))wat";

namespace {
class InterpFloats : public testing::Test {
protected:
  TextModule module{floats};
  Store store;
  Instance &instance = instantiate(store, module);

  Value run(llvm::StringRef name, llvm::ArrayRef<Value> args) {
    return call(store, instance, name, args).results.front();
  }
};
} // namespace

static Value bits(uint32_t number) { return Value::of(number); }
constexpr uint32_t one = 0x3f800000, canonicalNaN = 0x7fc00000, otherNaN = 0xffa12345;

TEST_F(InterpFloats, ArithmeticMakesTheCanonicalNaN) {
  for (const char *name : {"add", "min", "ceil"}) {
    EXPECT_EQ(run(name, {bits(otherNaN), bits(one)}), bits(canonicalNaN)) << name;
    EXPECT_EQ(run(name, {bits(0xffc00000), bits(one)}), bits(canonicalNaN)) << name;
  }
  EXPECT_EQ(run("add", {bits(0x7f800000), bits(0xff800000)}), bits(canonicalNaN));
  EXPECT_EQ(run("promote", bits(otherNaN)), Value::of(uint64_t(0x7ff8000000000000)));
  EXPECT_EQ(run("demote", Value::of(uint64_t(0xfff0000000000001))), bits(canonicalNaN));
  Lanes<uint32_t> nans = {otherNaN, one, 0x7fc00001, 0}, ones = {one, one, one, otherNaN};
  Lanes<uint32_t> product = {canonicalNaN, one, canonicalNaN, canonicalNaN};
  EXPECT_EQ(run("f32x4.mul", {Value::of(nans), Value::of(ones)}), Value::of(product));
}

TEST_F(InterpFloats, BitsOfNaNsAreKeptByWhatOnlyMovesThem) {
  EXPECT_EQ(run("neg", {bits(otherNaN), bits(one)}), bits(otherNaN ^ 0x80000000));
  EXPECT_EQ(run("copysign", {bits(otherNaN), bits(one)}), bits(otherNaN & 0x7fffffff));
  Lanes<uint32_t> nans = {otherNaN, one, one, otherNaN}, ones = {one, otherNaN, one, 0x7fc00001};
  EXPECT_EQ(run("f32x4.pmin", {Value::of(nans), Value::of(ones)}), Value::of(nans));
}

TEST_F(InterpFloats, RelaxedInstructionsFollowTheDeterministicProfile) {
  // (1 + 2^-52)^2 - (1 + 2^-51) is 2^-104 when it is rounded once.
  double x = 1 + 0x1p-52;
  Lanes<double> factor = {x, x}, addend = {-(1 + 0x1p-51), 0}, sum = {0, x * x};
  EXPECT_EQ(run("madd", {Value::of(factor), Value::of(factor), Value::of(addend)}), Value::of(sum));
  Lanes<double> difference = {-(1 + 0x1p-51) * 2, -(x * x)};
  EXPECT_EQ(run("nmadd", {Value::of(factor), Value::of(factor), Value::of(addend)}),
            Value::of(difference));
  Lanes<float> large = {1e30f, -1e30f, std::numeric_limits<float>::quiet_NaN(), -1.5f};
  EXPECT_EQ(run("trunc", Value::of(large)), Value::of(Lanes<int32_t>{INT32_MAX, INT32_MIN, 0, -1}));
  Lanes<uint8_t> bytes, order;
  for (unsigned i = 0; i < 16; ++i) {
    bytes[i] = uint8_t(i + 1);
    order[i] = uint8_t(i * 4);
  }
  Lanes<uint8_t> swizzled = {1, 5, 9, 13};
  EXPECT_EQ(run("swizzle", {Value::of(bytes), Value::of(order)}), Value::of(swizzled));
}
