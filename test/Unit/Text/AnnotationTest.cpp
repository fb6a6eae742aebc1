//===- AnnotationTest.cpp - Annotations become custom sections ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Text.h"
#include "tenon/Wasm/Reader.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace tenon;

namespace {

/// What became of a module: its sections in order (custom ones as `name:contents in hex`), or the
/// first error.
std::vector<std::string> sectionsOf(const std::string &text) {
  SourceFile file("t.wat", text);
  std::vector<std::string> result;
  Diagnostics diags([&](const Diagnostic &diagnostic) { result.push_back(diagnostic.message); });
  FailureOr<std::vector<uint8_t>> bytes = text::encode(file, diags);
  if (failed(bytes))
    return result;
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(*bytes, Location::binary(file, 0), diags);
  EXPECT_TRUE(succeeded(module) && succeeded(wasm::validateModule(**module, diags))) << text;
  auto readU32 = [&](size_t &at) {
    uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      uint8_t byte = (*bytes)[at++];
      value |= uint32_t(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
  };
  for (size_t at = 8; at < bytes->size();) {
    uint8_t id = (*bytes)[at++];
    size_t end = readU32(at);
    end += at;
    if (id == 0) {
      size_t length = readU32(at);
      std::string name(bytes->begin() + at, bytes->begin() + at + length);
      result.push_back(name + ":" +
                       llvm::toHex(llvm::ArrayRef(*bytes).slice(at + length, end - at - length),
                                   /*LowerCase=*/true));
    } else
      result.push_back(std::to_string(id));
    at = end;
  }
  return result;
}

using Sections = std::vector<std::string>;

TEST(Annotations, CustomSectionsStandWhereTheySay) {
  EXPECT_EQ(
      sectionsOf("(module (@custom \"a\" (before first) \"1\") (@custom \"b\" \"2\" \"\" \"3\")"
                 " (func) (@custom \"c\" (after func) \"4\") (@custom \"d\" (before func))"
                 " (@custom \"e\" (after last)) (@custom \"f\" (before data))"
                 " (@custom \"g\" (after type)) (@custom \"h\" (after type)))"),
      (Sections{"a:31", "1", "g:", "h:", "d:", "3", "c:34", "10", "f:", "b:3233", "e:"}));
}

TEST(Annotations, NamesGoBeforeIds) {
  // Subsections: 0 the module, 1 functions, 2 locals.
  EXPECT_EQ(sectionsOf("(module $m (@name \"M\") (func $f (@name \"F\")))").back(), "name:"
                                                                                    "0002014d"
                                                                                    "010401000146");
  EXPECT_EQ(sectionsOf("(module (func (param (@name \"a\") i32) (param $b (@name \"B\") i32)"
                       " (local (@name \"c\") i32) (local $d i32) (local i32 i64)"
                       " (drop (local.get $b)) (drop (local.get $d))))")
                .back(),
            "name:"
            "020f"
            "01"   // a function
            "0004" // number 0 with four names
            "000161"
            "010142"
            "020163"
            "030164");
  EXPECT_EQ(sectionsOf("(module (type (@name \"T\") (func)) (import \"\" \"\" (func (@name \"F\")))"
                       " (table (@name \"A\") 1 funcref) (memory (@name \"B\") 1)"
                       " (tag $t (@name \"G\")) (global (@name \"C\") i32 (i32.const 0)))")
                .back(),
            "name:"
            "010401000146"
            "040401000154"
            "050401000141"
            "060401000142"
            "070401000143"
            "0b0401000147");
}

TEST(Annotations, LabelsAreNumberedInTheOrderOfBlocks) {
  EXPECT_EQ(sectionsOf("(module (func block $a loop (if $c (i32.const 0) (then (block $d)))"
                       " end end))")
                .back(),
            "name:"
            "030c"
            "01"
            "0003"
            "000161"
            "020163"
            "030164");
}

TEST(Annotations, NamesBelongToOneThing) {
  EXPECT_EQ(sectionsOf("(module (func (param (@name \"a\") i32 i32)))"),
            Sections{"expected ')', found 'i32'"});
  EXPECT_EQ(sectionsOf("(module (func (local $x (@name \"a\") (@name \"b\") i32)))"),
            Sections{"@name annotation: multiple names"});
  EXPECT_EQ(sectionsOf("(module (func (local (@name a) i32)))"),
            Sections{"expected the name of a @name annotation, found 'a'"});
  EXPECT_EQ(sectionsOf("(module (func (@name \"a\" \"b\")))"),
            Sections{"@name annotation: unexpected token"});
  EXPECT_EQ(sectionsOf("(module (func (nop (@name \"a\"))))"),
            Sections{"misplaced @name annotation"});
}

TEST(Annotations, BranchHints) {
  // The offsets count from the body's first byte, which says how many runs of locals there are.
  EXPECT_EQ(sectionsOf("(module (func) (func (param i32)"
                       " local.get 0 (@metadata.code.branch_hint \"\\00\") if end"
                       " (@metadata.code.branch_hint \"\\01\") (if (local.get 0) (then))"
                       " (block (@metadata.code.branch_hint \"\\01\") (br_if 0 (local.get 0)))))"),
            (Sections{"1", "3",
                      "metadata.code.branch_hint:"
                      "01"     // a function
                      "0103"   // number 1 with three hints
                      "030100" // after `00` and `20 00`
                      "080101" // after `04 40 0b` and `20 00`
                      "0f0101",
                      "10"}));
  const std::string hint = "(@metadata.code.branch_hint \"\\00\")";
  const std::string start = "@metadata.code.branch_hint annotation: ";
  EXPECT_EQ(sectionsOf("(module (func (local i32) " + hint + hint + "(br_if 0 (local.get 0))))"),
            Sections{start + "duplicate annotation"});
  EXPECT_EQ(sectionsOf("(module (func " + hint + " (nop)))"),
            Sections{start + "invalid target: it stands before 'if' or 'br_if'"});
  EXPECT_EQ(sectionsOf("(module " + hint + " (func))"),
            Sections{start + "not before an instruction of a function"});
  EXPECT_EQ(sectionsOf("(module (global i32 " + hint + " (i32.const 0)))"),
            Sections{start + "not before an instruction of a function"});
  EXPECT_EQ(sectionsOf("(module (func (nop) " + hint + "))"),
            Sections{start + "not before an instruction of a function"});
  for (const char *data : {"", "\"\\02\"", "\"\\00\\00\""})
    EXPECT_EQ(sectionsOf("(module (func (@metadata.code.branch_hint " + std::string(data) +
                         ") (br_if 0 (i32.const 0))))"),
              Sections{start + "expected \"\\00\" or \"\\01\""});
  EXPECT_EQ(sectionsOf("(module (func (@metadata.code.branch_hint 0) (br_if 0 (i32.const 0))))"),
            Sections{start + "unexpected token"});
}

TEST(Annotations, OthersMeanNothing) {
  EXPECT_EQ(sectionsOf("(module (@who \"knows\") (func (@what (it \"is\")) (nop) (@?)))"),
            (Sections{"1", "3", "10"}));
}

} // namespace
