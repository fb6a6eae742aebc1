//===- ScriptTest.cpp - .wast scripts -------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Script.h"
#include "gtest/gtest.h"

using namespace tenon;
using namespace tenon::text;

namespace {

/// The directives of a script that must parse.
std::vector<Directive> parse(const std::string &text) {
  SourceFile file("t.wast", text);
  std::string messages;
  Diagnostics diags([&](const Diagnostic &diagnostic) { messages += diagnostic.str() + "\n"; });
  FailureOr<Script> script = parseScript(file, diags);
  EXPECT_EQ(messages, "");
  return succeeded(script) ? std::move(script->directives) : std::vector<Directive>();
}

std::string errorOf(const std::string &text) {
  SourceFile file("t.wast", text);
  std::string messages;
  Diagnostics diags([&](const Diagnostic &diagnostic) { messages += diagnostic.str(); });
  EXPECT_TRUE(failed(parseScript(file, diags)));
  return messages;
}

/// The one result that an assertion expects.
ScriptValue parseResult(const std::string &value) {
  std::vector<Directive> directives = parse("(assert_return (invoke \"f\") " + value + ")");
  EXPECT_EQ(directives.size(), 1u);
  EXPECT_EQ(directives.at(0).results.size(), 1u);
  return directives.at(0).results.at(0);
}

TEST(Script, KnowsDirectives) {
  std::vector<Directive> directives =
      parse("(module $m (func (export \"f\")))\n"
            "(register \"m\" $m)\n"
            "(invoke $m \"f\" (i32.const -1) (i64.const 2))\n"
            "(assert_return (get \"g\") (f32.const 0))\n"
            "(assert_trap (invoke \"f\") \"unreachable\")\n"
            "(assert_trap (module (func)) \"out of bounds\")\n"
            "(assert_exhaustion (invoke \"f\") \"call stack exhausted\")\n"
            "(assert_exception (invoke \"f\"))\n"
            "(module definition $d)\n"
            "(module instance $i $d)\n"
            "(component instance)\n"
            "(thread $t (shared (module $m)) (invoke \"f\"))\n"
            "(wait $t)");
  const Directive::Kind kinds[] = {Directive::Module,
                                   Directive::Register,
                                   Directive::Action,
                                   Directive::AssertReturn,
                                   Directive::AssertTrap,
                                   Directive::AssertTrap,
                                   Directive::AssertExhaustion,
                                   Directive::AssertException,
                                   Directive::ModuleDefinition,
                                   Directive::ModuleInstance,
                                   Directive::ModuleInstance,
                                   Directive::Thread,
                                   Directive::Wait};
  ASSERT_EQ(directives.size(), std::size(kinds));
  for (size_t i = 0; i < std::size(kinds); ++i)
    EXPECT_EQ(directives[i].kind, kinds[i]) << i;
  EXPECT_EQ(directives[0].module->id, "m");
  EXPECT_EQ(directives[1].name, "m");
  EXPECT_EQ(directives[2].action->module, "m");
  EXPECT_EQ(directives[2].action->arguments.at(0).bits, 0xffffffffu);
  EXPECT_EQ(directives[3].action->kind, ScriptAction::Get);
  EXPECT_EQ(directives[4].message, "unreachable");
  EXPECT_TRUE(directives[5].module && directives[5].module->isEncoded());
  EXPECT_EQ(directives[9].id, "i");
  EXPECT_EQ(directives[9].definition, "d");
  EXPECT_TRUE(directives[10].isComponent);
  EXPECT_EQ(directives[11].shared, std::vector<std::string>{"m"});
  EXPECT_EQ(directives[11].thread.at(0).kind, Directive::Action);
}

TEST(Script, ReadsCoreValues) {
  EXPECT_EQ(parseResult("(i64.const -1)").bits, UINT64_MAX);
  EXPECT_EQ(parseResult("(f32.const nan:canonical)").nan, NanPattern::Canonical);
  EXPECT_FALSE(parseResult("(f64.const nan:arithmetic)").bits);
  EXPECT_EQ(parseResult("(f64.const nan:0x1)").bits, 0x7ff0000000000001u);
  ScriptValue vector = parseResult("(v128.const f32x4 1 nan:canonical 0 nan:arithmetic)");
  EXPECT_EQ(vector.shape, ScriptValue::F32x4);
  EXPECT_EQ(vector.bytes[3], 0x3f);
  EXPECT_EQ(vector.laneNans[1], NanPattern::Canonical);
  EXPECT_EQ(vector.laneNans[3], NanPattern::Arithmetic);
  EXPECT_EQ(parseResult("(v128.const i16x8 1 2 3 4 5 6 7 -1)").bytes[15], 0xff);
  EXPECT_EQ(parseResult("(ref.null func)").text, "func");
  EXPECT_EQ(parseResult("(ref.null)").text, "");
  EXPECT_FALSE(parseResult("(ref.extern)").bits);
  EXPECT_EQ(parseResult("(ref.extern 7)").bits, 7u);
  EXPECT_EQ(parseResult("(ref.struct)").text, "struct");
  EXPECT_EQ(parseResult("(either (i32.const 1) (i32.const 2))").elements.size(), 2u);
}

TEST(Script, ReadsComponentValues) {
  EXPECT_EQ(parseResult("(bool.const true)").bits, 1u);
  EXPECT_EQ(int64_t(*parseResult("(s8.const -128)").bits), -128);
  EXPECT_EQ(parseResult("(char.const \"\\u{20ac}\")").bits, 0x20acu);
  EXPECT_EQ(parseResult("(str.const \"ab\")").text, "ab");
  EXPECT_EQ(parseResult("(list.const (u8.const 1) (u8.const 2))").elements.size(), 2u);
  ScriptValue record =
      parseResult("(record.const (field \"a\" u8.const 1) (field \"b\" (str.const \"x\")))");
  EXPECT_EQ(record.labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(record.elements.at(1).text, "x");
  ScriptValue variant = parseResult("(variant.const \"c\" (tuple.const (f32.const 1)))");
  EXPECT_EQ(variant.text, "c");
  EXPECT_EQ(variant.elements.at(0).elements.at(0).bits, 0x3f800000u);
  EXPECT_TRUE(parseResult("(variant.const \"c\")").elements.empty());
  EXPECT_EQ(parseResult("(option.some (u32.const 5))").elements.at(0).bits, 5u);
  EXPECT_EQ(parseResult("(option.none)").kind, ScriptValue::OptionNone);
  EXPECT_TRUE(parseResult("(result.ok)").elements.empty());
  EXPECT_EQ(parseResult("(result.err (enum.const \"e\"))").elements.at(0).text, "e");
  EXPECT_EQ(parseResult("(flags.const \"r\" \"w\")").labels.size(), 2u);
}

TEST(Script, GoesOnAfterMalformedModules) {
  std::vector<Directive> directives =
      parse("(assert_malformed (module quote \"(func (i32.cons))\") \"unknown operator\")\n"
            "(module (type (struct)))\n"
            "(assert_invalid (module binary \"x\") \"y\")\n"
            "(module)");
  ASSERT_EQ(directives.size(), 4u);
  EXPECT_FALSE(directives[0].module->isEncoded());
  EXPECT_EQ(directives[0].module->form, ScriptModule::Quote);
  EXPECT_EQ(directives[0].module->errors.at(0).message, "unknown operator 'i32.cons'");
  EXPECT_FALSE(directives[1].module->isEncoded());
  EXPECT_EQ(directives[2].module->form, ScriptModule::Binary);
  EXPECT_EQ(directives[2].module->bytes.size(), 1u);
  EXPECT_TRUE(directives[3].module->isEncoded());
}

TEST(Script, LeadsFromBytesToLines) {
  SourceFile file("t.wast", "(module\n (func))\n(module\n (func\n  nop))");
  Diagnostics diags;
  FailureOr<Script> script = parseScript(file, diags);
  ASSERT_TRUE(succeeded(script));
  const ScriptModule &second = *script->directives.at(1).module;
  Location nop = second.binaryStart.advanced(second.bytes.size() - 2);
  EXPECT_EQ(nop.str(), "t.wast:5:3");
}

TEST(Script, IsAModuleWhenItHasNoDirectives) {
  std::vector<Directive> directives = parse("(func) (memory 0)");
  ASSERT_EQ(directives.size(), 1u);
  EXPECT_TRUE(directives[0].module->isEncoded());
  EXPECT_TRUE(parse("").empty());
}

TEST(Script, RefusesWhatIsNoScript) {
  EXPECT_EQ(errorOf("(module) (frob)"),
            "t.wast:1:10: error: expected a directive of a script, found '('");
  EXPECT_EQ(errorOf("(module"), "t.wast:1:8: error: expected ')', found the end of the text");
  EXPECT_EQ(errorOf("(assert_return (invoke \"f\") (u8.const 256))"),
            "t.wast:1:39: error: constant out of range: '256'");
  std::string deep;
  for (unsigned i = 0; i < 100000; ++i)
    deep += "(list.const ";
  EXPECT_NE(errorOf("(invoke \"f\" " + deep).find("nested too deeply"), std::string::npos);
}

} // namespace
