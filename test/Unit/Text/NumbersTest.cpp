//===- NumbersTest.cpp - Number literals ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Numbers.h"
#include "gtest/gtest.h"
#include <bit>
#include <string>

using namespace tenon::text;

namespace {

TEST(Numbers, ChecksIntegerRanges) {
  EXPECT_EQ(parseUnsigned("0xffff_ffff", 32), 0xffffffffu);
  EXPECT_EQ(parseUnsigned("4294967296", 32), std::nullopt);
  EXPECT_EQ(parseUnsigned("18446744073709551615", 64), UINT64_MAX);
  EXPECT_EQ(parseUnsigned("18446744073709551616", 64), std::nullopt);
  EXPECT_EQ(parseUnsigned("+1", 32), std::nullopt);
  EXPECT_EQ(parseSigned("-128", 8), -128);
  EXPECT_EQ(parseSigned("128", 8), std::nullopt);
  EXPECT_EQ(parseSigned("-0x8000000000000000", 64), INT64_MIN);
  EXPECT_EQ(parseUninterpreted("-1", 32), 0xffffffffu);
  EXPECT_EQ(parseUninterpreted("0xffffffff", 32), 0xffffffffu);
  EXPECT_EQ(parseUninterpreted("-0x80000001", 32), std::nullopt);
}

TEST(Numbers, RefusesWhatIsNoNumber) {
  // Parts of tokens such as "offset=" come here unchecked.
  for (const char *text : {"", "_1", "1_", "1__0", "0x", "1a", "0xg", "-1"})
    EXPECT_EQ(parseUnsigned(text, 64), std::nullopt) << text;
}

TEST(Numbers, RoundsFloatsToNearest) {
  EXPECT_EQ(parseF32("1.5"), std::bit_cast<uint32_t>(1.5f));
  EXPECT_EQ(parseF32("0x1.000001p0"), 0x3f800000u); // a tie: to even
  EXPECT_EQ(parseF32("0x1.000003p0"), 0x3f800002u); // a tie: to even
  EXPECT_EQ(parseF32("0x1.0000010001p0"), 0x3f800001u);
  EXPECT_EQ(parseF64("0.1"), std::bit_cast<uint64_t>(0.1));
  EXPECT_EQ(parseF64("1_000.2_5e-0_2"), std::bit_cast<uint64_t>(10.0025));
  EXPECT_EQ(parseF64("0x1p-1074"), 1u);
  EXPECT_EQ(parseF64("0x1p-1075"), 0u);
  EXPECT_EQ(parseF64("-0x0p5"), uint64_t(1) << 63);
  EXPECT_EQ(parseF64("0x10"), std::bit_cast<uint64_t>(16.0));
  EXPECT_EQ(parseF64("7."), std::bit_cast<uint64_t>(7.0));
  EXPECT_EQ(parseF64("0xa.p1"), std::bit_cast<uint64_t>(20.0));
}

TEST(Numbers, KnowsTheLimitsOfFloats) {
  EXPECT_EQ(parseF32("0x1.fffffep127"), 0x7f7fffffu);
  EXPECT_EQ(parseF32("0x1.fffffefp127"), 0x7f7fffffu); // rounds down
  EXPECT_EQ(parseF32("0x1.ffffffp127"), std::nullopt); // rounds to infinity
  EXPECT_EQ(parseF32("3.5e38"), std::nullopt);
  EXPECT_EQ(parseF64("1e309"), std::nullopt);
  EXPECT_EQ(parseF64("-inf"), 0xfff0000000000000u);
}

TEST(Numbers, IsNotImpressedByExponents) {
  EXPECT_EQ(parseF64("1e99999999999999999999"), std::nullopt);
  EXPECT_EQ(parseF64("1e-99999999999999999999"), 0u);
  EXPECT_EQ(parseF64("0e99999999999999999999"), 0u);
  EXPECT_EQ(parseF64("0x0p99999999999999999999"), 0u);
  EXPECT_EQ(parseF64("1e0000000000000000000001"), std::bit_cast<uint64_t>(10.0));
  EXPECT_EQ(parseF64("1e99999999"), std::nullopt);
  EXPECT_EQ(parseF64("0x1p-99999999"), 0u);
}

TEST(Numbers, KeepsNanPayloads) {
  EXPECT_EQ(parseF32("nan"), 0x7fc00000u);
  EXPECT_EQ(parseF32("-nan:0x1"), 0xff800001u);
  EXPECT_EQ(parseF32("nan:0x7f_ffff"), 0x7fffffffu);
  EXPECT_EQ(parseF32("nan:0x800000"), std::nullopt);
  EXPECT_EQ(parseF32("nan:0x0"), std::nullopt);
  EXPECT_EQ(parseF64("nan:0xfffffffffffff"), 0x7fffffffffffffffu);
}

} // namespace
