//===- CodegenTest.cpp - Programs of core modules become IR and objects ---===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Modules.h"
#include "ProgramMaker.h"
#include "tenon/Codegen/Symbols.h"
#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::codegen;

namespace {

/// The definition of a function in printed IR, up to its closing brace.
std::string bodyOf(llvm::StringRef text, llvm::StringRef symbol) {
  size_t at = text.find(("@\"" + symbol + "\"(").str());
  while (at != llvm::StringRef::npos &&
         !text.substr(0, at).rsplit('\n').second.starts_with("define"))
    at = text.find(("@\"" + symbol + "\"(").str(), at + 1);
  return at == llvm::StringRef::npos ? "" : text.substr(at, text.find("\n}\n", at) - at).str();
}

bool contains(llvm::StringRef text, llvm::StringRef part) { return text.contains(part); }

TEST(Codegen, MemoryIsAnExternalSymbolAtAKnownAddress) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  std::string text = maker.text(2, /*beforeOptimizer=*/true);
  EXPECT_TRUE(contains(text, "@tenon.memory.base.0 = external hidden global [65536 x i8], align "
                             "4096, !absolute_symbol"));
  std::string body = bodyOf(text, "root/main.load");
  EXPECT_TRUE(contains(body, "zext i32"));
  EXPECT_TRUE(contains(body, "asm sideeffect \"\", \"r\""));
  EXPECT_FALSE(contains(body, "volatile"));
  EXPECT_FALSE(contains(body, "inbounds"));
  EXPECT_TRUE(contains(bodyOf(maker.text(0, true), "root/main.load"), "load volatile i32"));
}

TEST(Codegen, DivisionTrapsExactly) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  std::string body = bodyOf(maker.text(2, /*beforeOptimizer=*/false), "root/main.div");
  EXPECT_TRUE(contains(body, "call void @tenon_trap(i32 7)"));
  EXPECT_TRUE(contains(body, "call void @tenon_trap(i32 8)"));
  EXPECT_TRUE(contains(body, "sdiv"));
}

TEST(Codegen, TimesOneStillQuietsWhereTheOneWasALocal) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  std::string body = bodyOf(maker.text(2, /*beforeOptimizer=*/false), "root/main.times-one");
  EXPECT_TRUE(contains(body, "llvm.canonicalize.f64"));
}

TEST(Codegen, ImmutableGlobalsAreConstants) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  std::string body = bodyOf(maker.text(2, /*beforeOptimizer=*/false), "root/main.globals");
  EXPECT_TRUE(contains(body, "load i32, ptr @tenon.global.0"));
  EXPECT_TRUE(contains(body, "add i32 %0, 7"));
}

TEST(Codegen, SeveralResultsAreAStruct) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  std::string text = maker.text(2, /*beforeOptimizer=*/false);
  EXPECT_TRUE(contains(text, "{ i32, i64 } @\"root/main.pair\"()"));
}

TEST(Codegen, DataIsAnImageAtTheAddressOfItsMemory) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  CodegenResult result = maker.objects({});
  ASSERT_EQ(result.sections.size(), 1u);
  EXPECT_EQ(result.sections[0].name, ".tenon.memory.0");
  EXPECT_EQ(result.sections[0].address, 0x70000000u);
  ASSERT_EQ(result.absoluteSymbols.size(), 1u);
  EXPECT_EQ(result.absoluteSymbols[0].second, 0x70000000u);
}

TEST(Codegen, ShimTableFoldsToDirectCalls) {
  ProgramMaker maker;
  uint32_t shimInstance = maker.add("root/shim", shim);
  uint32_t target = maker.add("root/main", adder);
  // The start function of `main` runs before the table is filled, and might call through it.
  (void)shimInstance;
  maker.add("root/fixup", fixup, {ProgramMaker::core(target, 0)}, {0});
  std::string text = maker.text(2, /*beforeOptimizer=*/true);
  EXPECT_FALSE(contains(bodyOf(text, "root/shim.0"), "call i32 @\"root/main.f\""));

  ProgramMaker later;
  uint32_t first = later.add("root/main", adder);
  later.add("root/shim", shim);
  later.add("root/fixup", fixup, {ProgramMaker::core(first, 0)}, {0});
  text = later.text(2, /*beforeOptimizer=*/true);
  EXPECT_TRUE(contains(bodyOf(text, "root/shim.0"), "call i32 @\"root/main.f\""));
  // Nobody fills element 1.
  EXPECT_TRUE(contains(bodyOf(text, "root/shim.1"), "call void @tenon_trap(i32 5)"));
  // What is not known until it runs is checked.
  EXPECT_TRUE(contains(bodyOf(text, "root/shim.n"), "call void @tenon_trap(i32 4)"));
  EXPECT_TRUE(contains(bodyOf(text, "root/shim.n"), "call void @tenon_trap(i32 6)"));
}

TEST(Codegen, InAScriptATableFilledLaterIsNotConstant) {
  ProgramMaker maker;
  uint32_t first = maker.add("root/main", adder);
  maker.add("root/shim", shim);
  maker.add("root/fixup", fixup, {ProgramMaker::core(first, 0)}, {0});
  maker.program.instantiateAtStart = false;
  std::string text = maker.text(2, /*beforeOptimizer=*/true);
  EXPECT_FALSE(contains(bodyOf(text, "root/shim.0"), "call i32 @\"root/main.f\""));
  EXPECT_TRUE(contains(text, "define hidden void @tenon.instantiate.2()"));
}

TEST(Codegen, CallOfAMissingFunctionTrapsWithItsName) {
  ProgramMaker maker;
  FuncRef missing;
  missing.symbol = "wasi:nowhere/x#f";
  maker.add("root/shim", shim);
  maker.add("root/fixup", fixup, {missing}, {0});
  std::string body = bodyOf(maker.text(2, /*beforeOptimizer=*/true), "root/shim.0");
  EXPECT_TRUE(contains(body, "call void @tenon_trap_missing"));
}

TEST(Codegen, ProgramsWithoutTailCallsHaveTheCConvention) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  EXPECT_FALSE(contains(maker.text(2, /*beforeOptimizer=*/true), "tailcc"));
}

TEST(Codegen, TailCallsAreMarkedForTheBackEnd) {
  for (unsigned level : {0u, 2u}) {
    ProgramMaker maker;
    FuncRef host;
    host.kind = FuncRef::Symbol;
    host.symbol = "env#h";
    maker.add("root/main", tailCalls, {host});
    // Also who makes none has the convention: anyone may call it.
    uint32_t other = maker.add("root/other", basics);
    maker.program.exports.push_back({"load", ProgramMaker::core(other, 0)});
    std::string text = maker.text(level, /*beforeOptimizer=*/false);
    EXPECT_FALSE(contains(text, "musttail"));
    EXPECT_TRUE(contains(text, "tail call tailcc"));
    EXPECT_TRUE(contains(text, "define hidden tailcc i32 @\"root/other.load\"(i32"));
    EXPECT_TRUE(contains(text, "define dso_local i32 @load(i32"));
    // The host's convention is C, behind a reference as well.
    EXPECT_TRUE(contains(bodyOf(text, "root/main.host"), "call i64 @\"env#h\"(i64"));
    EXPECT_TRUE(contains(text, "{ ptr @\"tenon.tail.env#h\""));
    EXPECT_TRUE(contains(bodyOf(text, "tenon.tail.env#h"), "call i64 @\"env#h\"(i64"));
  }
}

TEST(Codegen, ReferencesThatCantBeNullAreNotChecked) {
  ProgramMaker maker;
  maker.add("root/main", tailCalls, {ProgramMaker::core(0, 1)});
  std::string text = maker.text(0, /*beforeOptimizer=*/true);
  EXPECT_FALSE(contains(bodyOf(text, "root/main.known"), "tenon_trap"));
  EXPECT_TRUE(contains(bodyOf(text, "root/main.unknown"), "tenon_trap"));
}

TEST(Codegen, ThreadsDoNotChangeTheBytes) {
  ProgramMaker maker;
  maker.add("root/a", basics);
  maker.add("root/b", basics);
  CodegenOptions one, two;
  two.jobs = 2;
  CodegenResult first = maker.objects(one), second = maker.objects(two);
  ASSERT_EQ(first.objects.size(), second.objects.size());
  for (size_t i = 0; i < first.objects.size(); ++i) {
    EXPECT_EQ(first.objects[i].name, second.objects[i].name);
    EXPECT_TRUE(first.objects[i].bytes == second.objects[i].bytes);
  }
}

TEST(Codegen, EmitsObjectsForBothMachines) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  CodegenOptions options;
  EXPECT_EQ(maker.objects(options).objects[0].bytes[18], 62); // EM_X86_64
  options.triple = "aarch64-unknown-linux-gnu";
  EXPECT_EQ(uint8_t(maker.objects(options).objects[0].bytes[18]), 183); // EM_AARCH64
}

TEST(Codegen, RefusesTargetsThatItDoesNotKnow) {
  ProgramMaker maker;
  maker.add("root/main", basics);
  CodegenOptions options;
  options.triple = "riscv64-unknown-linux-gnu";
  EXPECT_TRUE(failed(generate(maker.program, options, maker.diags)));
  EXPECT_EQ(maker.message, "target 'riscv64-unknown-linux-gnu' is not supported yet");
}

TEST(Symbols, AreCleanAndUnique) {
  EXPECT_EQ(symbolText("wasi:io/poll@0.2.0"), "wasi:io/poll~0.2.0");
  EXPECT_EQ(symbolText(llvm::StringRef("a\0b\n", 4)), "a_b_");
  wasm::Module module;
  module.funcTypes = {0, 0, 0};
  module.funcNames = {"f", "f", ""};
  EXPECT_EQ(functionNames(module), (std::vector<std::string>{"f.func[0]", "f.func[1]", "func[2]"}));
}

} // namespace
