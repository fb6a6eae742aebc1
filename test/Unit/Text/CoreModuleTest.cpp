//===- CoreModuleTest.cpp - Core modules from text ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes are compared where the format is the question; an abbreviation is tested by what it stands
// for; and what a test encodes must be a valid module unless it says otherwise.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Text.h"
#include "tenon/Wasm/Reader.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace tenon;

namespace {

struct Encoded {
  std::vector<uint8_t> bytes;
  std::string messages;
};

Encoded encodeText(const std::string &text) {
  SourceFile file("t.wat", text);
  Encoded result;
  Diagnostics diags(
      [&](const Diagnostic &diagnostic) { result.messages += diagnostic.str() + "\n"; });
  if (FailureOr<std::vector<uint8_t>> bytes = text::encode(file, diags); succeeded(bytes))
    result.bytes = std::move(*bytes);
  return result;
}

/// The bytes of a module that must encode and be valid, without its name section.
std::string encodeFields(const std::string &fields) {
  SourceFile file("t.wat", "(module " + fields + ")");
  std::string messages;
  Diagnostics diags([&](const Diagnostic &diagnostic) { messages += diagnostic.str() + "\n"; });
  FailureOr<std::vector<uint8_t>> bytes = text::encode(file, diags);
  EXPECT_EQ(messages, "") << fields;
  if (failed(bytes))
    return "";
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(*bytes, Location::binary(file, 0), diags);
  EXPECT_TRUE(succeeded(module) && succeeded(wasm::validateModule(**module, diags)))
      << fields << "\n"
      << messages;
  std::string result(bytes->begin(), bytes->end());
  size_t names = result.find("\x04name");
  return names == std::string::npos ? result : result.substr(0, names - 2);
}

void expectSame(const std::string &abbreviation, const std::string &meaning) {
  EXPECT_EQ(llvm::toHex(encodeFields(abbreviation)), llvm::toHex(encodeFields(meaning)))
      << abbreviation << "\n"
      << meaning;
}

std::string errorOf(const std::string &fields) {
  Encoded result = encodeText("(module " + fields + ")");
  EXPECT_TRUE(result.bytes.empty()) << fields;
  return result.messages;
}

void expectError(const std::string &fields, const std::string &part) {
  std::string messages = errorOf(fields);
  EXPECT_NE(messages.find(part), std::string::npos) << fields << "\n" << messages;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

TEST(CoreModule, WritesSections) {
  std::string bytes = encodeFields("(func (export \"f\") (param i32) (result i32) local.get 0)");
  EXPECT_EQ(llvm::toHex(bytes, /*LowerCase=*/true), "0061736d01000000"
                                                    "010601"
                                                    "60017f017f"
                                                    "03020100"
                                                    "0705010166"
                                                    "0000"
                                                    "0a0601"
                                                    "0400"
                                                    "2000"
                                                    "0b");
}

TEST(CoreModule, WritesNames) {
  Encoded result = encodeText("(module $m (func $f (param $x i32)))");
  std::string bytes(result.bytes.begin(), result.bytes.end());
  std::string expected("\x00\x17\x04name"
                       "\x00\x02\x01m"
                       "\x01\x04\x01\x00\x01"
                       "f"
                       "\x02\x06\x01\x00\x01\x00\x01x",
                       25);
  ASSERT_GE(bytes.size(), expected.size());
  EXPECT_EQ(llvm::toHex(bytes.substr(bytes.size() - expected.size())), llvm::toHex(expected));
}

TEST(CoreModule, MapsBytesToText) {
  SourceFile file("t.wat", "(module\n (func\n  nop\n  (drop\n   (i32.const 1))))");
  Diagnostics diags;
  FailureOr<std::vector<uint8_t>> bytes = text::encode(file, diags);
  ASSERT_TRUE(succeeded(bytes));
  // ... locals, nop, i32.const 1, drop, end
  size_t end = bytes->size();
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(end - 5)).first, 3u);
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(end - 4)).first, 5u);
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(end - 3)).first, 5u);
  EXPECT_EQ(file.lineAndColumn(file.textOffsetOf(end - 2)).first, 4u);
}

TEST(CoreModule, TakesFieldsAloneAndBytes) {
  EXPECT_EQ(encodeText("(func) (memory 0)").bytes, encodeText("(module (func) (memory 0))").bytes);
  EXPECT_EQ(encodeText("(module quote \"(func)\" \"(memory 0)\")").bytes,
            encodeText("(module (func) (memory 0))").bytes);
  EXPECT_EQ(encodeText("(module binary \"\\00asm\" \"\\01\\00\\00\\00\")").bytes,
            encodeText("").bytes);
  EXPECT_EQ(encodeText("(module quote\n \"(func)\"\n \"(memory x)\")").messages,
            "t.wat:3:2: error: expected the limits of a memory, found 'x'\n");
}

//===----------------------------------------------------------------------===//
// Abbreviations
//===----------------------------------------------------------------------===//

TEST(CoreModule, SharesTypes) {
  expectSame("(func (param i32)) (func (param i32)) (func (result i32) unreachable)",
             "(type (func (param i32))) (type (func (result i32)))"
             "(func (type 0)) (func (type 0)) (func (type 1) unreachable)");
  // Written types come first, wherever they stand.
  expectSame("(func (param i32)) (type (func))",
             "(type (func)) (type (func (param i32))) (func (type 1))");
}

TEST(CoreModule, UnfoldsInstructions) {
  expectSame("(func (result i32) (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))",
             "(func (result i32) i32.const 1 i32.const 2 i32.const 3 i32.mul i32.add)");
  expectSame("(func (block $l (br_if $l (i32.const 1)) (br 0)))",
             "(func block i32.const 1 br_if 0 br 0 end)");
  expectSame("(func (if (i32.const 1) (then (nop)) (else (unreachable))))",
             "(func i32.const 1 if nop else unreachable end)");
  expectSame("(func (result i32) i32.const 5 (if $l (param i32) (result i32) (i32.const 1)"
             " (then (br $l)) (else)))",
             "(func (result i32) i32.const 5 i32.const 1 if $l (param i32) (result i32)"
             " br 0 else $l end $l)");
}

TEST(CoreModule, CountsLabelsFromInside) {
  expectSame("(func block $a block $b block $a br $a br $b end br $a end br $a end)",
             "(func block block block br 0 br 1 end br 1 end br 0 end)");
  // The conditions of an if are outside of its label.
  expectSame("(func (block $a (if $a (block (result i32) (br $a)) (then (br $a)))))",
             "(func block block (result i32) br 1 end if br 0 end end)");
}

TEST(CoreModule, PullsImportsAndExportsOut) {
  expectSame("(func $f (export \"a\") (export \"b\") (import \"m\" \"n\") (param i32))"
             "(global (export \"g\") (import \"m\" \"g\") (mut i32))",
             "(import \"m\" \"n\" (func $f (param i32))) (import \"m\" \"g\" (global (mut i32)))"
             "(export \"a\" (func $f)) (export \"b\" (func 0)) (export \"g\" (global 0))");
}

TEST(CoreModule, PullsSegmentsOut) {
  expectSame("(memory (data \"ab\" \"c\"))", "(memory 1 1) (data (i32.const 0) \"abc\")");
  expectSame("(memory i64 (data))", "(memory i64 0 0) (data (i64.const 0))");
  expectSame("(func $f) (table $t funcref (elem $f $f))",
             "(func $f) (table $t 2 2 funcref) (elem (table $t) (i32.const 0) func 0 0)");
  expectSame("(func $f) (table $t (ref null func) (elem (ref.func $f) (item ref.null func)))",
             "(func $f) (table $t 2 2 funcref) (elem (table 0) (offset (i32.const 0)) funcref"
             " (item (ref.func 0)) (ref.null func))");
}

TEST(CoreModule, NumbersSegmentsInsideOfDefinitions) {
  expectSame("(memory (data \"a\")) (data $d \"b\") (func data.drop $d)",
             "(memory 1 1) (data (i32.const 0) \"a\") (data \"b\") (func data.drop 1)");
}

TEST(CoreModule, LeavesIndicesOut) {
  expectSame("(memory 1) (table 1 funcref) (elem $e funcref) (data $d \"\")"
             "(func (i32.load (i32.const 0)) drop table.size drop"
             " (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))"
             " (table.init $e (i32.const 0) (i32.const 0) (i32.const 0))"
             " (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))"
             " (call_indirect (i32.const 0)))",
             "(memory 1) (table 1 funcref) (elem $e funcref) (data $d \"\")"
             "(func (i32.load 0 offset=0 align=4 (i32.const 0)) drop table.size 0 drop"
             " (memory.init 0 0 (i32.const 0) (i32.const 0) (i32.const 0))"
             " (table.init 0 0 (i32.const 0) (i32.const 0) (i32.const 0))"
             " (memory.copy 0 0 (i32.const 0) (i32.const 0) (i32.const 0))"
             " (call_indirect 0 (type 0) (i32.const 0)))");
}

TEST(CoreModule, TellsLanesFromMemories) {
  expectSame("(memory 1) (func (param v128)"
             " (v128.load8_lane 3 (i32.const 0) (local.get 0)) drop"
             " (v128.load8_lane 0 3 (i32.const 0) (local.get 0)) drop)",
             "(memory $m 1) (func (param v128)"
             " (v128.load8_lane offset=0 3 (i32.const 0) (local.get 0)) drop"
             " (v128.load8_lane $m align=1 3 (i32.const 0) (local.get 0)) drop)");
}

TEST(CoreModule, UnfoldsExceptions) {
  expectSame("(tag $e (param i32)) (func (result i32)"
             " (block $l (result i32) (try_table (catch $e $l) (throw $e (i32.const 1)))"
             " (i32.const 2)))",
             "(tag (param i32)) (func (result i32) block (result i32)"
             " try_table (catch 0 0) i32.const 1 throw 0 end i32.const 2 end)");
  expectSame("(tag $e) (func (try $t (do (throw $e)) (catch $e (rethrow $t)) (catch_all)))",
             "(tag) (func try throw 0 catch 0 rethrow 0 catch_all end)");
  expectSame("(func (try $o (do (try (do) (delegate $o))) (catch_all)))",
             "(func try try delegate 0 catch_all end)");
}

TEST(CoreModule, PlacesCustomSections) {
  std::string plain = encodeFields("(type (func)) (func)");
  std::string custom = encodeFields("(@custom \"c\" (after func) \"xy\") (type (func)) (func)");
  size_t code = plain.size() - 6;
  EXPECT_EQ(llvm::toHex(custom), llvm::toHex(plain.substr(0, code) +
                                             std::string("\x00\x04\x01"
                                                         "cxy",
                                                         6) +
                                             plain.substr(code)));
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

TEST(CoreModule, ReportsTheTokenAtFault) {
  EXPECT_EQ(errorOf("\n (func (local.get $x))"), "t.wat:2:19: error: unknown local '$x'\n");
  EXPECT_EQ(errorOf("(func (i32.cons 1))"), "t.wat:1:16: error: unknown operator 'i32.cons'\n");
  EXPECT_EQ(encodeText("(module (func").messages,
            "t.wat:1:14: error: expected ')', found the end of the text\n");
}

TEST(CoreModule, RefusesMalformedText) {
  expectError("(func $f) (func $f)", "duplicate function '$f'");
  expectError("(func (param $x i32) (local $x i32))", "duplicate local '$x'");
  expectError("(func) (import \"a\" \"b\" (func))", "import after function");
  expectError("(memory 0) (table (import \"a\" \"b\") 1 funcref)", "import after memory");
  expectError("(func $f) (start $f) (start $f)", "multiple start sections");
  expectError("(type $t (func)) (func (type $t) (param i32))", "inline function type");
  expectError("(func block $a end $b)", "mismatching label '$b'");
  expectError("(func block end $b)", "mismatching label '$b'");
  expectError("(func i32.const 0 if else else end)", "'else' without an open 'if'");
  expectError("(func end)", "'end' without an open block");
  expectError("(func block)", "expected 'end'");
  expectError("(func (block nop end))", "'end' without an open block");
  expectError("(func (i32.add i32.const 1))", "expected '(' or ')'");
  expectError("(func (if (i32.const 0)))", "expected '(then'");
  expectError("(func (block (param $x i32)))", "a parameter has no name here");
  expectError("(memory 1) (func (i32.load align=3 (i32.const 0)) drop)", "power of two");
  expectError("(memory 1) (func (i32.load align=0 (i32.const 0)) drop)", "power of two");
  expectError("(memory 1) (func (i32.load offset=0x1_ (i32.const 0)) drop)", "malformed");
  expectError("(func (i32.const 0x1_0000_0000) drop)", "constant out of range");
  expectError("(func (i32.const 1.0) drop)", "expected an integer");
  expectError("(func (f32.const nan:0x0) drop)", "constant out of range");
  expectError("(func (v128.const i8x16 1 2) drop)", "expected a lane's number");
  expectError("(func (br $l))", "unknown label '$l'");
  expectError("(func (then))", "unknown operator 'then'");
  expectError("(frob)", "unknown module field 'frob'");
  expectError("(func (@custom \"c\"))", "misplaced @custom annotation");
  expectError("(@custom)", "missing section name");
}

TEST(CoreModule, SaysWhatIsNotSupportedYet) {
  expectError("(type (struct))", "a type 'struct' is not supported yet");
  expectError("(import \"\" \"\" (func (exact (type 0))))",
              "exact function types are not supported yet");
  expectError("(func (param i31ref))", "the type 'i31ref' is not supported yet");
  expectError("(func (drop (struct.new 0)))", "'struct.new' is not supported yet");
}

TEST(CoreModule, NestsAsDeepAsMemoryGoes) {
  constexpr size_t depth = 100000;
  std::string text = "(module (func ";
  for (size_t i = 0; i < depth; ++i)
    text += "(block (i32.eqz ";
  text += "(i32.const 0)";
  for (size_t i = 0; i < depth; ++i)
    text += ") drop)";
  Encoded result = encodeText(text + "))");
  EXPECT_EQ(result.messages, "");
  EXPECT_GT(result.bytes.size(), 4 * depth);

  text = "(module (func (result i32) ";
  for (size_t i = 0; i < depth; ++i)
    text += "(i32.eqz ";
  text += "(i32.const 0)" + std::string(depth, ')');
  result = encodeText(text + "))");
  EXPECT_EQ(result.messages, "");
  EXPECT_GT(result.bytes.size(), depth);
  EXPECT_NE(encodeText("(module " + std::string(depth, '(')).messages, "");
}

} // namespace
