//===- OperatorsTest.cpp - Decoding instruction sequences -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/Operators.h"
#include "WasmBytes.h"
#include <gtest/gtest.h>
#include <set>

using namespace tenon;
using namespace tenon::wasm;
using namespace tenon::wasm::test;

namespace {
/// Decodes one operator and checks that it took all bytes.
struct Decoded {
  Bytes bytes;
  SourceFile file{"test.wasm", ""};
  std::string message;
  Diagnostics diags{[this](const Diagnostic &diagnostic) { message = diagnostic.message; }};
  OperatorReader reader;
  Operator op;
  bool succeeded;

  explicit Decoded(Bytes input)
      : bytes(std::move(input)), reader(bytes, Location::binary(file, 0), diags) {
    succeeded = llvm::succeeded(reader.next(op));
    if (succeeded)
      EXPECT_TRUE(reader.atEnd());
  }
};
} // namespace

TEST(Operators, EveryCodeNamesOneInstruction) {
  std::set<std::pair<unsigned, unsigned>> codes;
  std::set<std::string> names;
#define WASM_OP(enumerator, text, prefix, code, immediates, alignLog2, signature)                  \
  EXPECT_TRUE(codes.insert({prefix, code}).second) << text;                                        \
  EXPECT_EQ(nameOf(Opcode::enumerator), text);                                                     \
  names.insert(text);
#define WASM_GC_OP WASM_OP
#include "tenon/Wasm/Opcodes.def"
#undef WASM_GC_OP
  // `select`, `ref.test` and `ref.cast` have two codes each.
  EXPECT_EQ(names.size() + 3, codes.size());
}

TEST(Operators, DecodesNumbersOfEveryLength) {
  EXPECT_EQ(Decoded({0x41, 0x7f}).op.i32(), -1);
  EXPECT_EQ(Decoded({0x41, 0x80, 0x80, 0x04}).op.i32(), 65536);
  EXPECT_EQ(Decoded({0x41, 0xff, 0xff, 0xff, 0xff, 0x07}).op.i32(), INT32_MAX);
  EXPECT_EQ(Decoded({0x41, 0x80, 0x80, 0x80, 0x80, 0x78}).op.i32(), INT32_MIN);
  EXPECT_EQ(Decoded({0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f}).op.i64(),
            INT64_MIN);
  EXPECT_EQ(Decoded({0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}).op.i64(),
            INT64_MAX);
  EXPECT_EQ(Decoded({0x20, 0xff, 0xff, 0xff, 0xff, 0x0f}).op.index, UINT32_MAX);
  EXPECT_EQ(Decoded({0x43, 0x00, 0x00, 0x80, 0x3f}).op.bits, 0x3f800000u);
  EXPECT_EQ(Decoded({0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}).op.bits, 0x3ff0000000000000u);
}

TEST(Operators, RefusesMalformedNumbers) {
  EXPECT_EQ(Decoded({0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}).message,
            "integer representation too long");
  EXPECT_EQ(Decoded({0x41, 0xff, 0xff, 0xff, 0xff, 0x0f}).message, "integer too large");
  EXPECT_EQ(Decoded({0x20, 0x80, 0x80, 0x80, 0x80, 0x10}).message, "integer too large");
  EXPECT_EQ(Decoded({0x41, 0x80}).message, "unexpected end");
  EXPECT_FALSE(Decoded({0x44, 0, 0, 0}).succeeded);
}

TEST(Operators, DecodesMemoryArguments) {
  MemArg plain = Decoded({0x28, 0x02, 0x10}).op.memArg;
  EXPECT_EQ(plain.alignLog2, 2u);
  EXPECT_EQ(plain.memory, 0u);
  EXPECT_EQ(plain.offset, 16u);
  MemArg other = Decoded({0x28, 0x42, 0x05, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}).op.memArg;
  EXPECT_EQ(other.alignLog2, 2u);
  EXPECT_EQ(other.memory, 5u);
  EXPECT_EQ(other.offset, 0xfffffffffu);
  EXPECT_EQ(Decoded({0x28, 0x80, 0x01, 0x00}).message, "malformed memop flags 128");
  Decoded lane({0xfd, 0x54, 0x00, 0x08, 0x0f});
  EXPECT_EQ(lane.op.opcode, Opcode::V128Load8Lane);
  EXPECT_EQ(lane.op.lane, 15);
}

TEST(Operators, DecodesBlockTypes) {
  EXPECT_EQ(Decoded({0x02, 0x40}).op.blockType.kind, BlockType::Empty);
  EXPECT_EQ(Decoded({0x03, 0x7e}).op.blockType.type, ValType(ValType::I64));
  EXPECT_EQ(Decoded({0x04, 0x64, 0x70}).op.blockType.type, ValType::ref(ValType::Func, false));
  Decoded indexed({0x02, 0x80, 0x01});
  EXPECT_EQ(indexed.op.blockType.kind, BlockType::TypeIndex);
  EXPECT_EQ(indexed.op.blockType.typeIndex, 128u);
  EXPECT_FALSE(Decoded({0x02, 0x80, 0x7f}).succeeded);
}

TEST(Operators, DecodesTables) {
  Decoded branches({0x0e, 0x03, 0x02, 0x01, 0x80, 0x01, 0x07});
  EXPECT_EQ(branches.op.labels, llvm::ArrayRef<uint32_t>({2, 1, 128}));
  EXPECT_EQ(branches.op.index, 7u);
  // A hostile count reserves nothing.
  EXPECT_FALSE(Decoded({0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00}).succeeded);

  Decoded table({0x1f, 0x40, 0x02, 0x00, 0x03, 0x01, 0x03, 0x02});
  ASSERT_EQ(table.op.catches.size(), 2u);
  EXPECT_EQ(table.op.catches[0].kind, Catch::One);
  EXPECT_EQ(table.op.catches[0].tag, 3u);
  EXPECT_EQ(table.op.catches[0].label, 1u);
  EXPECT_EQ(table.op.catches[1].kind, Catch::AllRef);
  EXPECT_EQ(table.op.catches[1].label, 2u);
  EXPECT_FALSE(Decoded({0x1f, 0x40, 0x01, 0x04, 0x00}).succeeded);
}

TEST(Operators, KnowsPrefixesAndWhatIsMissing) {
  EXPECT_EQ(Decoded({0xfc, 0x0a, 0x01, 0x00}).op.opcode, Opcode::MemoryCopy);
  EXPECT_EQ(Decoded({0xfd, 0x93, 0x02}).op.opcode, Opcode::I32x4RelaxedDotI8x16I7x16AddS);
  EXPECT_EQ(Decoded({0xfe, 0x03, 0x00}).op.opcode, Opcode::AtomicFence);
  EXPECT_EQ(Decoded({0xfe, 0x03, 0x01}).message, "zero byte expected");
  EXPECT_EQ(Decoded({0xff}).message, "illegal opcode 0xff");
  EXPECT_EQ(Decoded({0xfc, 0x7f}).message, "illegal opcode 0xfc 0x7f");
  EXPECT_EQ(Decoded({0xfd, 0xff, 0xff, 0xff, 0xff, 0x0f}).message,
            "illegal opcode 0xfd 0xffffffff");
  EXPECT_EQ(Decoded({0xfb, 0x00, 0x00}).message, "instruction 'struct.new' is not supported yet");
  EXPECT_EQ(Decoded({}).message, "unexpected end of section or function");
}

TEST(Operators, LimitsLocals) {
  auto readLocals = [](Bytes bytes, LocalDecls &locals) {
    SourceFile file("test.wasm", "");
    Diagnostics diags([](const Diagnostic &) {});
    OperatorReader reader(bytes, Location::binary(file, 0), diags);
    return reader.readLocals(locals);
  };
  LocalDecls locals;
  ASSERT_TRUE(succeeded(readLocals({0x02, 0x03, 0x7f, 0xcd, 0x86, 0x03, 0x7e}, locals)));
  EXPECT_EQ(locals.total, 50000u);
  EXPECT_EQ(locals.runs[1].second, ValType(ValType::I64));
  EXPECT_TRUE(failed(readLocals({0x02, 0x04, 0x7f, 0xcd, 0x86, 0x03, 0x7e}, locals)));
  EXPECT_TRUE(failed(readLocals({0x02, 0x01, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e}, locals)));
}
