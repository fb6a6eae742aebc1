//===- BodyGenerator.cpp - Function bodies ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyGenerator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <map>

using namespace tenon;
using namespace tenon::generate;
using wasm::Immediates;
using wasm::Opcode;
using wasm::OpcodeInfo;

uint8_t generate::typeByte(char type) {
  switch (type) {
  case 'i':
    return 0x7f;
  case 'l':
    return 0x7e;
  case 'f':
    return 0x7d;
  case 'd':
    return 0x7c;
  case 'v':
    return 0x7b;
  case 'r':
    return 0x70;
  case 'e':
    return 0x6f;
  case 'x':
    return 0x69;
  }
  llvm_unreachable("not a type of a value");
}

void generate::writeOpcode(ByteWriter &to, Opcode opcode) {
  const OpcodeInfo &info = wasm::infoOf(opcode);
  if (info.prefix == 0)
    return to.byte(uint8_t(info.code));
  to.byte(info.prefix);
  to.u32(info.code);
}

uint32_t ModuleShape::typeIndex(const Signature &signature) {
  for (uint32_t i = 0; i < types.size(); ++i)
    if (types[i] == signature)
      return i;
  types.push_back(signature);
  return uint32_t(types.size() - 1);
}

uint64_t generate::interestingBits(Choices &choices, char type) {
  static constexpr uint64_t integers[] = {0,
                                          1,
                                          uint64_t(-1),
                                          2,
                                          7,
                                          8,
                                          31,
                                          32,
                                          63,
                                          127,
                                          128,
                                          255,
                                          256,
                                          65535,
                                          65536,
                                          0x7fffffff,
                                          0x80000000,
                                          0xffffffff,
                                          0x7fffffffffffffff,
                                          0x8000000000000000};
  static constexpr uint64_t singles[] = {0,          0x3f800000, 0x80000000, 0xbf800000,
                                         0x7f800000, 0xff800000, 0x7fc00000, 0x7fa00000,
                                         0xffc12345, 1,          0x007fffff, 0x4f000000,
                                         0xcf000000, 0x4f800000, 0x5f000000, 0x3f000000};
  static constexpr uint64_t doubles[] = {0,
                                         0x3ff0000000000000,
                                         0x8000000000000000,
                                         0x7ff0000000000000,
                                         0xfff0000000000000,
                                         0x7ff8000000000000,
                                         0x7ff4000000000000,
                                         0xfff8000012345678,
                                         1,
                                         0x41dfffffffc00000,
                                         0xc1e0000000000000,
                                         0x41efffffffe00000,
                                         0x43e0000000000000,
                                         0x3fe0000000000000,
                                         0x47efffffe0000000,
                                         0x36a0000000000000};
  if (choices.oneIn(3))
    return choices.number(type == 'i' || type == 'f' ? 4 : 8);
  uint64_t bits = type == 'f'   ? choices.of(llvm::ArrayRef(singles))
                  : type == 'd' ? choices.of(llvm::ArrayRef(doubles))
                                : choices.of(llvm::ArrayRef(integers));
  return type == 'i' ? uint32_t(bits) : bits;
}

void generate::writeConstant(ByteWriter &to, Choices &choices, char type) {
  switch (type) {
  case 'i':
    writeOpcode(to, Opcode::I32Const);
    return to.s32(int32_t(interestingBits(choices, type)));
  case 'l':
    writeOpcode(to, Opcode::I64Const);
    return to.s64(int64_t(interestingBits(choices, type)));
  case 'f':
    writeOpcode(to, Opcode::F32Const);
    return to.fixed32(uint32_t(interestingBits(choices, type)));
  case 'd':
    writeOpcode(to, Opcode::F64Const);
    return to.fixed64(interestingBits(choices, type));
  case 'v':
    writeOpcode(to, Opcode::V128Const);
    to.fixed64(interestingBits(choices, choices.oneIn(2) ? 'd' : 'l'));
    return to.fixed64(interestingBits(choices, choices.oneIn(2) ? 'd' : 'l'));
  default:
    writeOpcode(to, Opcode::RefNull);
    return to.byte(typeByte(type));
  }
}

namespace {

struct Candidate {
  Opcode opcode;
  Types params;
};

/// Instructions by their only result; ' ' for those without one.
class Catalogue {
public:
  explicit Catalogue(const Features &features) {
#define WASM_OP(enumerator, ...) add(Opcode::enumerator, features);
#include "tenon/Wasm/Opcodes.def"
  }
  const std::vector<Candidate> &resulting(char type) const { return byResult.at(type); }

private:
  std::map<char, std::vector<Candidate>> byResult;

  void add(Opcode opcode, const Features &features) {
    const OpcodeInfo &info = wasm::infoOf(opcode);
    auto [params, results] = llvm::StringRef(info.signature).split(':');
    llvm::StringRef name(info.name);
    bool isKnown = info.immediates == Immediates::None || info.immediates == Immediates::MemArg ||
                   info.immediates == Immediates::MemArgLane ||
                   info.immediates == Immediates::Lane || info.immediates == Immediates::Shuffle;
    if (!info.isSupported || !isKnown || params.empty() || results.size() > 1 ||
        name.contains("relaxed") || name.contains("atomic.wait"))
      return;
    if ((info.prefix == 0xfd && !features.simd) || (info.prefix == 0xfe && !features.threads))
      return;
    byResult[results.empty() ? ' ' : results[0]].push_back({opcode, params.str()});
  }
};

class BodyGenerator {
public:
  BodyGenerator(ModuleShape &shape, Choices &choices, uint32_t function)
      : shape(shape), choices(choices), signature(shape.functions[function]),
        catalogue(shape.features) {}

  ByteWriter run();

private:
  ModuleShape &shape;
  Choices &choices;
  const Signature signature;
  Catalogue catalogue;
  ByteWriter code;
  Types locals;              ///< with the parameters; two of each type behind them, then counters
  std::vector<Types> labels; ///< what a branch takes along; innermost last
  unsigned budget = 0;   ///< instructions that may still be made before everything becomes short
  unsigned counters = 0; ///< loops with a counter that are open
  static constexpr unsigned maxDepth = 7;
  static constexpr unsigned maxCounters = 2;
  uint32_t firstCounter = 0;

  void op(Opcode opcode) {
    writeOpcode(code, opcode);
    budget -= budget > 0;
  }
  void op(Opcode opcode, uint32_t index) {
    op(opcode);
    code.u32(index);
  }
  void constant(char type) { writeConstant(code, choices, type); }
  void i32(int32_t value) {
    op(Opcode::I32Const);
    code.s32(value);
  }
  char anyType() {
    static constexpr char types[] = {'i', 'l', 'f', 'd', 'v'};
    return types[choices.below(shape.features.simd ? 5 : 4)];
  }
  void block(Opcode opcode, const Signature &type) {
    op(opcode);
    blockType(type);
  }
  void blockType(const Signature &type);
  void end() { op(Opcode::End); }
  void open(const Types &label) { labels.push_back(label); }
  void close() {
    labels.pop_back();
    end();
  }

  uint32_t localOf(char type);
  void fuel();
  void expression(char type, unsigned depth);
  void expressions(const Types &types, unsigned depth) {
    for (char type : types)
      expression(type, depth);
  }
  void leaf(char type);
  void operation(const Candidate &candidate, unsigned depth);
  void address(const Memory &memory, unsigned depth);
  void closeNaN(Opcode opcode, char type);
  void call(uint32_t callee, unsigned depth);
  bool callResulting(char type, unsigned depth);
  void conditional(char type, unsigned depth);
  void blockExpression(char type, unsigned depth);
  void guarded(char type, unsigned depth);
  void branchWithValue(char type, unsigned depth);
  void statements(unsigned depth);
  void statement(unsigned depth);
  void discard(const Types &types);
  void loop(unsigned depth);
  void counted(unsigned depth);
  void bulk(unsigned depth);
  void table(unsigned depth);
  void wide(unsigned depth);
  void callIndirect(unsigned depth);
  /// What ends a block early; nothing is reached behind it.
  void leave(unsigned depth);
  void branchTable(unsigned depth);
};

} // namespace

void BodyGenerator::blockType(const Signature &type) {
  if (type.params.empty() && type.results.empty())
    return code.byte(0x40);
  if (type.params.empty() && type.results.size() == 1)
    return code.byte(typeByte(type.results[0]));
  code.s33(shape.typeIndex(type));
}

uint32_t BodyGenerator::localOf(char type) {
  llvm::SmallVector<uint32_t, 8> found;
  for (uint32_t i = 0; i < firstCounter; ++i)
    if (locals[i] == type)
      found.push_back(i);
  return choices.of(llvm::ArrayRef<uint32_t>(found));
}

/// Takes one from the fuel, or traps.
void BodyGenerator::fuel() {
  op(Opcode::GlobalGet, 0);
  op(Opcode::I32Eqz);
  block(Opcode::If, {});
  op(Opcode::Unreachable);
  end();
  op(Opcode::GlobalGet, 0);
  i32(1);
  op(Opcode::I32Sub);
  op(Opcode::GlobalSet, 0);
}

void BodyGenerator::leaf(char type) {
  switch (choices.below(3)) {
  case 0:
    return constant(type);
  case 1:
    return op(Opcode::LocalGet, localOf(type));
  default:
    if (type == 'r' && choices.oneIn(2))
      return op(Opcode::RefFunc, choices.below(uint32_t(shape.functions.size())));
    for (uint32_t tries = 0; tries < 4; ++tries) {
      uint32_t global = choices.below(uint32_t(shape.globals.size()));
      if (global != 0 && shape.globals[global].type == type)
        return op(Opcode::GlobalGet, global);
    }
    return constant(type);
  }
}

void BodyGenerator::expression(char type, unsigned depth) {
  if (depth >= maxDepth || budget == 0)
    return leaf(type);
  bool isRef = type == 'r' || type == 'e';
  switch (choices.below(16)) {
  case 0:
  case 1:
    return leaf(type);
  case 2:
    expression(type, depth + 1);
    return op(Opcode::LocalTee, localOf(type));
  case 3:
    return conditional(type, depth + 1);
  case 4:
    return blockExpression(type, depth + 1);
  case 5:
    if (callResulting(type, depth + 1))
      return;
    return leaf(type);
  case 6:
    return branchWithValue(type, depth + 1);
  case 7:
    if (shape.features.exceptions)
      return guarded(type, depth + 1);
    return leaf(type);
  case 8: {
    expression(type, depth + 1);
    expression(type, depth + 1);
    expression('i', depth + 1);
    if (!isRef && !choices.oneIn(4))
      return op(Opcode::Select);
    op(Opcode::SelectTyped, 1);
    return code.byte(typeByte(type));
  }
  case 9:
    if (type == 'i' && choices.oneIn(2)) {
      expression(choices.oneIn(2) ? 'r' : 'e', depth + 1);
      return op(Opcode::RefIsNull);
    }
    if (type == 'r') {
      expression('i', depth + 1);
      i32(ModuleShape::tableSize - 1);
      op(Opcode::I32And);
      return op(Opcode::TableGet, 0);
    }
    [[fallthrough]];
  default:
    if (isRef)
      return leaf(type);
    return operation(choices.of(llvm::ArrayRef(catalogue.resulting(type))), depth + 1);
  }
}

/// Mostly inside the first page.
void BodyGenerator::address(const Memory &memory, unsigned depth) {
  expression('i', depth);
  if (!choices.oneIn(24)) {
    i32(choices.oneIn(3) ? 0xff : 0xffff);
    op(Opcode::I32And);
  }
  if (memory.is64)
    op(Opcode::I64ExtendI32U);
}

void BodyGenerator::operation(const Candidate &candidate, unsigned depth) {
  const OpcodeInfo &info = wasm::infoOf(candidate.opcode);
  uint32_t memory = choices.below(uint32_t(shape.memories.size()));
  for (char param : candidate.params) {
    if (param == 'a')
      address(shape.memories[memory], depth);
    else
      expression(param, depth);
  }
  op(candidate.opcode);
  bool isAtomic = info.prefix == 0xfe;
  switch (info.immediates) {
  case Immediates::MemArg:
  case Immediates::MemArgLane:
    code.u32((isAtomic ? info.alignLog2 : choices.below(info.alignLog2 + 1)) | (memory ? 0x40 : 0));
    if (memory)
      code.u32(memory);
    code.u64(choices.oneIn(2) ? 0 : choices.oneIn(8) ? choices.number(4) : choices.below(64));
    if (info.immediates == Immediates::MemArgLane)
      code.byte(uint8_t(choices.below(16 >> info.alignLog2)));
    break;
  case Immediates::Lane: {
    llvm::StringRef name(info.name);
    unsigned lanes = name.starts_with("i8x16")   ? 16
                     : name.starts_with("i16x8") ? 8
                     : name.contains("32x4")     ? 4
                                                 : 2;
    code.byte(uint8_t(choices.below(lanes)));
    break;
  }
  case Immediates::Shuffle:
    for (unsigned i = 0; i < 16; ++i)
      code.byte(uint8_t(choices.below(32)));
    break;
  default:
    break;
  }
  llvm::StringRef results = llvm::StringRef(info.signature).split(':').second;
  if (!results.empty())
    closeNaN(candidate.opcode, results[0]);
}

/// Where the bits of a NaN are open, the canonical one is put in its place.
void BodyGenerator::closeNaN(Opcode opcode, char type) {
  auto [shapeName, operationName] = wasm::nameOf(opcode).split('.');
  bool isFloat =
      shapeName == "f32" || shapeName == "f64" || shapeName == "f32x4" || shapeName == "f64x2";
  static constexpr llvm::StringLiteral open[] = {"add",
                                                 "sub",
                                                 "mul",
                                                 "div",
                                                 "sqrt",
                                                 "min",
                                                 "max",
                                                 "ceil",
                                                 "floor",
                                                 "trunc",
                                                 "nearest",
                                                 "demote_f64",
                                                 "promote_f32",
                                                 "demote_f64x2_zero",
                                                 "promote_low_f32x4"};
  if (!isFloat || !llvm::is_contained(open, operationName))
    return;
  uint32_t local = localOf(type);
  op(Opcode::LocalTee, local);
  auto canonical = [&] {
    ByteWriter &to = code;
    if (shapeName == "f32") {
      op(Opcode::F32Const);
      to.fixed32(0x7fc00000);
    } else if (shapeName == "f64") {
      op(Opcode::F64Const);
      to.fixed64(0x7ff8000000000000);
    } else {
      op(Opcode::V128Const);
      for (unsigned i = 0; i < 2; ++i)
        to.fixed64(shapeName == "f32x4" ? 0x7fc000007fc00000 : 0x7ff8000000000000);
    }
  };
  canonical();
  op(Opcode::LocalGet, local);
  op(Opcode::LocalGet, local);
  op(shapeName == "f32"     ? Opcode::F32Eq
     : shapeName == "f64"   ? Opcode::F64Eq
     : shapeName == "f32x4" ? Opcode::F32x4Eq
                            : Opcode::F64x2Eq);
  op(type == 'v' ? Opcode::V128Bitselect : Opcode::Select);
}

void BodyGenerator::call(uint32_t callee, unsigned depth) {
  expressions(shape.functions[callee].params, depth);
  op(Opcode::Call, callee);
}

bool BodyGenerator::callResulting(char type, unsigned depth) {
  uint32_t first = choices.below(uint32_t(shape.functions.size()));
  for (uint32_t i = 0; i < shape.functions.size(); ++i) {
    uint32_t callee = (first + i) % uint32_t(shape.functions.size());
    if (shape.functions[callee].results != Types(1, type))
      continue;
    call(callee, depth);
    return true;
  }
  return false;
}

void BodyGenerator::conditional(char type, unsigned depth) {
  expression('i', depth);
  block(Opcode::If, {"", Types(1, type)});
  open(Types(1, type));
  if (choices.oneIn(3))
    statements(depth);
  expression(type, depth);
  op(Opcode::Else);
  if (choices.oneIn(3))
    statements(depth);
  expression(type, depth);
  close();
}

/// A block with parameters, statements and perhaps an early exit.
void BodyGenerator::blockExpression(char type, unsigned depth) {
  Types params;
  while (params.size() < 3 && choices.oneIn(3))
    params += anyType();
  expressions(params, depth);
  block(Opcode::Block, {params, Types(1, type)});
  open(Types(1, type));
  for (char param : llvm::reverse(params))
    op(Opcode::LocalSet, localOf(param));
  statements(depth);
  if (choices.oneIn(6))
    leave(depth);
  else
    expression(type, depth);
  close();
}

/// A block whose exceptions are caught: one tag with its payload, or everything.
void BodyGenerator::guarded(char type, unsigned depth) {
  Types result(1, type);
  bool isAll = choices.oneIn(3), hasRef = choices.oneIn(3);
  uint32_t tag = choices.below(uint32_t(shape.tags.size()));
  Types payload = isAll ? Types() : shape.tags[tag];
  block(Opcode::Block, {"", result});
  open(result);
  Types caught = payload + (hasRef ? "x" : "");
  op(Opcode::Block);
  if (hasRef || caught.size() > 1)
    code.s33(shape.typeIndex({"", caught}));
  else
    blockType({"", caught});
  open("?"); // nothing but the catch clause branches there
  op(Opcode::TryTable);
  blockType({"", result});
  code.u32(1);
  code.byte(isAll ? 2 + hasRef : hasRef);
  if (!isAll)
    code.u32(tag);
  code.u32(0);
  open(result);
  statements(depth);
  expression(type, depth);
  close();
  op(Opcode::Br, 1);
  close();
  if (hasRef)
    op(choices.oneIn(4) ? Opcode::ThrowRef : Opcode::Drop);
  discard(payload);
  expression(type, depth);
  close();
}

/// A br_if that takes a value along, and leaves it when it does not branch.
void BodyGenerator::branchWithValue(char type, unsigned depth) {
  for (uint32_t i = 0; i < labels.size(); ++i) {
    if (labels[labels.size() - 1 - i] != Types(1, type))
      continue;
    expression(type, depth);
    expression('i', depth);
    return op(Opcode::BrIf, i);
  }
  leaf(type);
}

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
    uint32_t callee = choices.below(uint32_t(shape.functions.size()));
    call(callee, depth);
    return discard(shape.functions[callee].results);
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
    return operation(choices.of(llvm::ArrayRef(catalogue.resulting(' '))), depth);
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
  uint32_t like = choices.below(uint32_t(shape.functions.size()));
  const Signature type = shape.functions[like];
  expressions(type.params, depth);
  if (choices.oneIn(2))
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
      return op(Opcode::Unreachable);
    expressions(types, depth);
    return op(Opcode::Br, label);
  }
  case 1:
    if (shape.features.exceptions) {
      uint32_t tag = choices.below(uint32_t(shape.tags.size()));
      expressions(shape.tags[tag], depth);
      return op(Opcode::Throw, tag);
    }
    return op(Opcode::Unreachable);
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
    [[fallthrough]];
  case 3:
    expressions(signature.results, depth);
    return op(Opcode::Return);
  default:
    return op(Opcode::Unreachable);
  }
}

ByteWriter BodyGenerator::run() {
  locals = signature.params;
  Types own;
  for (char type : llvm::StringRef("ilfdvre"))
    own += Types(type == 'v' && !shape.features.simd ? 0 : 2, type);
  locals += own;
  firstCounter = uint32_t(locals.size());
  budget = 20 + choices.below(300);

  open(signature.results);
  fuel();
  for (unsigned count = 0; count < 8 && budget > 60; ++count)
    statement(0);
  expressions(signature.results, 0);
  end();

  ByteWriter result;
  result.u32(uint32_t(own.size() + 1));
  for (char type : own) {
    result.u32(1);
    result.byte(typeByte(type));
  }
  result.u32(maxCounters);
  result.byte(typeByte('i'));
  result.append(code);
  return result;
}

ByteWriter generate::generateBody(ModuleShape &shape, Choices &choices, uint32_t function) {
  return BodyGenerator(shape, choices, function).run();
}
