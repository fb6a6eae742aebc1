//===- PrimitivesTest.cpp - Numbers, characters and strings in WAVE -------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WaveTypes.h"

using namespace tenon;

namespace {

TEST_F(WaveTest, BoolsAreKeywords) {
  EXPECT_EQ(again(Primitive::Bool, "true"), "true");
  EXPECT_EQ(again(Primitive::Bool, " false // or not"), "false");
  EXPECT_EQ(again(Primitive::Bool, "%true"), "v:1:1: error: expected bool, found '%true'");
  EXPECT_EQ(again(Primitive::Bool, "1"), "v:1:1: error: expected bool, found '1'");
  EXPECT_EQ(again(Primitive::Bool, ""), "v:1:1: error: expected bool, found the end of the text");
  EXPECT_EQ(again(Primitive::Bool, "true true"),
            "v:1:6: error: expected the end of the text, found 'true'");
}

TEST_F(WaveTest, IntegersHaveTheirRange) {
  EXPECT_EQ(again(Primitive::U8, "255"), "255");
  EXPECT_EQ(again(Primitive::U8, "256"), "v:1:1: error: '256' is outside of u8: 0 to 255");
  EXPECT_EQ(again(Primitive::U8, "-1"), "v:1:1: error: '-1' is outside of u8: 0 to 255");
  EXPECT_EQ(again(Primitive::S8, "-128"), "-128");
  EXPECT_EQ(again(Primitive::S8, "128"), "v:1:1: error: '128' is outside of s8: -128 to 127");
  EXPECT_EQ(again(Primitive::S16, "-32768"), "-32768");
  EXPECT_EQ(again(Primitive::U16, "65535"), "65535");
  EXPECT_EQ(again(Primitive::S32, "-2147483648"), "-2147483648");
  EXPECT_EQ(again(Primitive::U32, "4294967295"), "4294967295");
  EXPECT_EQ(again(Primitive::S64, "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(again(Primitive::S64, "9223372036854775808"),
            "v:1:1: error: '9223372036854775808' is outside of s64: -9223372036854775808 to "
            "9223372036854775807");
  EXPECT_EQ(again(Primitive::U64, "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(again(Primitive::U64, "18446744073709551616"),
            "v:1:1: error: '18446744073709551616' is outside of u64: 0 to 18446744073709551615");
}

TEST_F(WaveTest, IntegersAreDecimalAndWhole) {
  for (llvm::StringRef text : {"1.0", "1e3", "nan", "-inf", "0x10", "01", "1_000", "+1", "--1"})
    EXPECT_TRUE(llvm::StringRef(again(Primitive::S32, text)).contains("error: expected s32, found"))
        << text.str();
}

TEST_F(WaveTest, FloatsPrintTheFewestDigitsAndNoExponent) {
  EXPECT_EQ(again(Primitive::F32, "-3.1415"), "-3.1415");
  EXPECT_EQ(again(Primitive::F32, "-100000"), "-100000");
  EXPECT_EQ(again(Primitive::F32, "-0.0e-0"), "-0");
  EXPECT_EQ(again(Primitive::F64, "0.000e100"), "0");
  EXPECT_EQ(again(Primitive::F64, "nan"), "nan");
  EXPECT_EQ(again(Primitive::F64, "inf"), "inf");
  EXPECT_EQ(again(Primitive::F32, "-inf"), "-inf");
  EXPECT_EQ(again(Primitive::F64, "6.022e+23"), "602200000000000000000000");
  EXPECT_EQ(again(Primitive::F64, "0.1"), "0.1");
  EXPECT_EQ(again(Primitive::F64, "12.5e-1"), "1.25");
  EXPECT_EQ(again(Primitive::F32, "3.4028234664e38"), "340282350000000000000000000000000000000");
  EXPECT_EQ(again(Primitive::F32, "3.4028234664e39"), "inf");
  EXPECT_EQ(again(Primitive::F32, "1.4012984643e-45"),
            "0.000000000000000000000000000000000000000000001");
  EXPECT_EQ(again(Primitive::F32, "1.4012984643e-46"), "0");
  EXPECT_EQ(again(Primitive::F64, "1e99999999999999999999"), "inf");
}

TEST_F(WaveTest, FloatsAreJsonNumbers) {
  for (llvm::StringRef text :
       {"-nan", "NaN", "infinity", "-infinity", "Inf", ".5", "5.", "1e", "0x1p3", "\"1\""})
    EXPECT_TRUE(llvm::StringRef(again(Primitive::F64, text)).contains("error: expected"))
        << text.str();
  EXPECT_EQ(again(Primitive::F64, std::string(2000, '1')),
            "v:1:1: error: a number of more than 1000 characters");
}

TEST_F(WaveTest, CharactersEscapeWhatTheyMust) {
  EXPECT_EQ(again(Primitive::Char, "'x'"), "'x'");
  EXPECT_EQ(again(Primitive::Char, "'☃'"), "'☃'");
  EXPECT_EQ(again(Primitive::Char, "'\\u{1F30A}'"), "'🌊'");
  EXPECT_EQ(again(Primitive::Char, "'\\''"), "'\\''");
  EXPECT_EQ(again(Primitive::Char, "'\"'"), "'\\\"'");
  EXPECT_EQ(again(Primitive::Char, "'\\n'"), "'\\n'");
  EXPECT_EQ(again(Primitive::Char, "'\\u{0}'"), "'\\u{0}'");
  EXPECT_EQ(again(Primitive::Char, "'\\u{10ffff}'"), "'\\u{10ffff}'");
  EXPECT_EQ(again(Primitive::Char, "''"), "v:1:1: error: expected a character between the quotes");
  for (llvm::StringRef text : {"'ab'", "'\\n\\n'", "'", "'x", "'\\", "'\\'"})
    EXPECT_TRUE(llvm::StringRef(again(Primitive::Char, text)).contains("error:")) << text.str();
  EXPECT_EQ(again(Primitive::Char, "'\\u{d800}'"), "v:1:2: error: not a Unicode scalar value");
  EXPECT_EQ(again(Primitive::Char, "'\\u{110000}'"), "v:1:2: error: not a Unicode scalar value");
  for (llvm::StringRef text : {"'\\u{}'", "'\\u{x}'", "'\\u{1234567}'", "'\\u1f'", "'\\u{1f'"})
    EXPECT_EQ(again(Primitive::Char, text),
              "v:1:2: error: expected one to six hexadecimal digits: \\u{1f30a}")
        << text.str();
}

TEST_F(WaveTest, Strings) {
  EXPECT_EQ(again(Primitive::String, "\"\""), "\"\"");
  EXPECT_EQ(again(Primitive::String, "\"WAVE🌊\\u{2603}\""), "\"WAVE🌊☃\"");
  EXPECT_EQ(again(Primitive::String, "\"\\\\\\'\\\"\\t\\n\\r'\""), "\"\\\\\\'\\\"\\t\\n\\r\\'\"");
  EXPECT_EQ(again(Primitive::String, "\"a"), "v:1:1: error: the string does not end on its line");
  EXPECT_EQ(again(Primitive::String, "\"a\nb\""),
            "v:1:1: error: the string does not end on its line");
  EXPECT_EQ(again(Primitive::String, "\"ab\\z\""),
            "v:1:4: error: unknown escape: \\\\, \\', \\\", \\t, \\n, \\r and \\u{...} are known");
  EXPECT_EQ(again(Primitive::String, "word"), "v:1:1: error: expected string, found 'word'");
  EXPECT_EQ(again(Primitive::String, "\"\xff\""), "v:1:2: error: the text is not UTF-8");
}

TEST_F(WaveTest, MultilineStrings) {
  EXPECT_EQ(again(Primitive::String, "\"\"\"\n\"\"\""), "\"\"");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\nA single line\n\"\"\""), "\"A single line\"");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\r\n  one\r\n    two\\r\r\n  \"\"\""),
            "\"one\\n  two\\r\"");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\n\nempty around\n\n\"\"\""), "\"\\nempty around\\n\"");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\nbreak up \"\"\\\"\"\n\"\"\""),
            "\"break up \\\"\\\"\\\"\\\"\"");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\"\"\""),
            "v:1:4: error: expected a line break behind the opening quotes of a multiline string");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\na\"\"\""),
            "v:2:2: error: only spaces may precede the closing quotes of a multiline string");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\n a\n  \"\"\""),
            "v:2:1: error: the line is indented less than the closing quotes");
  EXPECT_EQ(again(Primitive::String, "\"\"\"\na\n"),
            "v:1:1: error: the multiline string does not end");
}

} // namespace
