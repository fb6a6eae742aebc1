//===- BodyStatements.cpp - Function bodies: statements -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyGenerator.h"

using namespace tenon;
using namespace tenon::generate;
using wasm::Opcode;

/// Takes values from the stack: into locals, or away.
void BodyGenerator::discard(const Types &types) {
  for (char type : llvm::reverse(types)) {
    if (choices.oneIn(2))
      op(Opcode::Drop);
    else
      op(Opcode::LocalSet, localOf(type));
  }
}

void BodyGenerator::statements(unsigned depth) {
  for (unsigned count = choices.below(4); count > 0 && budget > 0; --count)
    statement(depth + 1);
}

void BodyGenerator::statement(unsigned depth) {
  if (depth >= maxDepth)
    return;
  switch (choices.below(16)) {
  case 0:
  case 1: {
    char type = anyType();
    expression(type, depth);
    return op(Opcode::LocalSet, localOf(type));
  }
  case 2: {
    uint32_t global = choices.below(uint32_t(shape.globals.size()));
    if (global == 0 || !shape.globals[global].isMutable)
      return;
    expression(shape.globals[global].type, depth);
    return op(Opcode::GlobalSet, global);
  }
  case 3:
    expression(anyType(), depth);
    return op(Opcode::Drop);
  case 4:
    expression('i', depth);
    block(Opcode::If, {});
    open("");
    statements(depth);
    if (choices.oneIn(6))
      leave(depth);
    return close();
  case 5:
    return loop(depth);
  case 6:
    return counted(depth);
  case 7:
    return bulk(depth);
  case 8:
    return table(depth);
  case 9: {
    uint32_t called = callee();
    call(called, depth);
    return discard(shape.functions[called].results);
  }
  case 10:
    return callIndirect(depth);
  case 11:
    if (shape.features.wideArithmetic)
      return wide(depth);
    return;
  case 12:
    return branchTable(depth);
  default:
    return operation(choices.of(catalogue.resulting(' ')), depth);
  }
}

void BodyGenerator::loop(unsigned depth) {
  block(Opcode::Loop, {});
  open("");
  fuel();
  statements(depth);
  expression('i', depth);
  op(Opcode::BrIf, 0);
  close();
}

/// A loop of a few rounds over a counter that nothing else writes: the optimiser's food.
void BodyGenerator::counted(unsigned depth) {
  if (counters >= maxCounters)
    return;
  uint32_t counter = firstCounter + counters++;
  i32(0);
  op(Opcode::LocalSet, counter);
  block(Opcode::Loop, {});
  open("?"); // a branch to it from elsewhere could go on for ever
  statements(depth);
  op(Opcode::LocalGet, counter);
  i32(1);
  op(Opcode::I32Add);
  op(Opcode::LocalTee, counter);
  i32(int32_t(1 + choices.below(40)));
  op(Opcode::I32LtU);
  op(Opcode::BrIf, 0);
  close();
  --counters;
}

void BodyGenerator::bulk(unsigned depth) {
  uint32_t to = choices.below(uint32_t(shape.memories.size()));
  uint32_t from = choices.below(uint32_t(shape.memories.size()));
  auto length = [&](bool is64) {
    expression('i', depth);
    i32(choices.oneIn(4) ? 0xfff : 0x1f);
    op(Opcode::I32And);
    if (is64)
      op(Opcode::I64ExtendI32U);
  };
  bool to64 = shape.memories[to].is64, from64 = shape.memories[from].is64;
  switch (choices.below(5)) {
  case 0:
    address(shape.memories[to], depth);
    expression('i', depth);
    length(to64);
    return op(Opcode::MemoryFill, to);
  case 1:
    address(shape.memories[to], depth);
    address(shape.memories[from], depth);
    length(to64 && from64);
    op(Opcode::MemoryCopy, to);
    return code.u32(from);
  case 2:
    address(shape.memories[to], depth);
    i32(int32_t(choices.below(20)));
    i32(int32_t(choices.below(20)));
    op(Opcode::MemoryInit, 1 + choices.below(shape.datas));
    return code.u32(to);
  case 3:
    if (choices.oneIn(4))
      op(Opcode::DataDrop, 1 + choices.below(shape.datas));
    return;
  default:
    i32(int32_t(choices.below(2)));
    if (to64)
      op(Opcode::I64ExtendI32U);
    op(Opcode::MemoryGrow, to);
    if (to64)
      op(Opcode::I32WrapI64);
    return op(Opcode::LocalSet, localOf('i'));
  }
}

void BodyGenerator::table(unsigned depth) {
  auto small = [&] {
    expression('i', depth);
    i32(7);
    op(Opcode::I32And);
  };
  switch (choices.below(4)) {
  case 0:
    small();
    expression('r', depth);
    return op(Opcode::TableSet, 0);
  case 1:
    small();
    small();
    i32(int32_t(choices.below(5)));
    op(Opcode::TableCopy, 0);
    return code.u32(0);
  case 2:
    small();
    expression('r', depth);
    i32(int32_t(choices.below(5)));
    return op(Opcode::TableFill, 0);
  default:
    op(Opcode::TableSize, 0);
    return op(Opcode::LocalSet, localOf('i'));
  }
}

void BodyGenerator::wide(unsigned depth) {
  static constexpr Opcode opcodes[] = {Opcode::I64Add128, Opcode::I64Sub128, Opcode::I64MulWideS,
                                       Opcode::I64MulWideU};
  Opcode opcode = choices.of(llvm::ArrayRef(opcodes));
  expressions(llvm::StringRef(wasm::infoOf(opcode).signature).split(':').first.str(), depth);
  op(opcode);
  discard("ll");
}

void BodyGenerator::callIndirect(unsigned depth) {
  uint32_t like = callee();
  const Signature type = shape.functions[like];
  expressions(type.params, depth);
  if (!choices.oneIn(8))
    i32(int32_t(like % ModuleShape::tableSize));
  else {
    expression('i', depth);
    i32(15);
    op(Opcode::I32And);
  }
  op(Opcode::CallIndirect, shape.typeIndex(type));
  code.u32(0);
  discard(type.results);
}

void BodyGenerator::branchTable(unsigned depth) {
  llvm::SmallVector<uint32_t, 8> targets;
  block(Opcode::Block, {});
  open("");
  for (uint32_t i = 0; i < labels.size(); ++i)
    if (labels[labels.size() - 1 - i].empty())
      targets.push_back(i);
  expression('i', depth);
  i32(7);
  op(Opcode::I32And);
  op(Opcode::BrTable);
  uint32_t count = choices.below(6);
  code.u32(count);
  for (uint32_t i = 0; i <= count; ++i)
    code.u32(choices.of(llvm::ArrayRef<uint32_t>(targets)));
  close();
}

void BodyGenerator::leave(unsigned depth) {
  switch (choices.below(5)) {
  case 0: {
    uint32_t label = choices.below(uint32_t(labels.size()));
    const Types types = labels[labels.size() - 1 - label];
    if (types == "?")
      break;
    expressions(types, depth);
    return op(Opcode::Br, label);
  }
  case 1:
    if (shape.features.exceptions) {
      uint32_t tag = choices.below(uint32_t(shape.tags.size()));
      expressions(shape.tags[tag], depth);
      return op(Opcode::Throw, tag);
    }
    break;
  case 2:
    if (shape.features.tailCalls)
      for (uint32_t i = 0; i < shape.functions.size(); ++i)
        if (shape.functions[i].results == signature.results) {
          expressions(shape.functions[i].params, depth);
          if (choices.oneIn(2))
            return op(Opcode::ReturnCall, i);
          i32(int32_t(i % ModuleShape::tableSize));
          op(Opcode::ReturnCallIndirect, shape.typeIndex(shape.functions[i]));
          return code.u32(0);
        }
    break;
  case 3:
    if (choices.oneIn(3))
      return op(Opcode::Unreachable);
    break;
  default:
    break;
  }
  expressions(signature.results, depth);
  op(Opcode::Return);
}
