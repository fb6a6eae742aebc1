//===- BodyGenerator.cpp - Function bodies: expressions -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyGenerator.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon;
using namespace tenon::generate;
using wasm::Immediates;
using wasm::Opcode;
using wasm::OpcodeInfo;

uint32_t ModuleShape::typeIndex(const Signature &signature) {
  for (uint32_t i = 0; i < types.size(); ++i)
    if (types[i] == signature)
      return i;
  types.push_back(signature);
  return uint32_t(types.size() - 1);
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

uint32_t BodyGenerator::callee() {
  uint32_t count = uint32_t(shape.functions.size());
  uint32_t behind = count - function - 1;
  if (behind == 0 || choices.oneIn(16))
    return choices.below(count);
  return function + 1 + choices.below(behind);
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
    const Candidate *candidate = &choices.of(catalogue.resulting(type));
    // Conversions that trap are rare, or nothing else would be reached.
    if (wasm::nameOf(candidate->opcode).contains(".trunc_f") && !choices.oneIn(8))
      candidate = &catalogue.resulting(type).front();
    return operation(*candidate, depth + 1);
  }
}

/// Mostly inside the first page.
void BodyGenerator::address(const Memory &memory, unsigned depth) {
  expression('i', depth);
  if (!choices.oneIn(60)) {
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
  // Most divisions have a divisor.
  llvm::StringRef name(info.name);
  if ((name.contains(".div_") || name.contains(".rem_")) && !choices.oneIn(10)) {
    bool isWide = candidate.params.back() == 'l';
    op(isWide ? Opcode::I64Const : Opcode::I32Const);
    code.s32(1);
    op(isWide ? Opcode::I64Or : Opcode::I32Or);
  }
  op(candidate.opcode);
  bool isAtomic = info.prefix == 0xfe;
  switch (info.immediates) {
  case Immediates::MemArg:
  case Immediates::MemArgLane:
    code.u32((isAtomic ? info.alignLog2 : choices.below(info.alignLog2 + 1)) | (memory ? 0x40 : 0));
    if (memory)
      code.u32(memory);
    code.u64(choices.oneIn(2) ? 0 : choices.oneIn(60) ? choices.number(4) : choices.below(64));
    if (info.immediates == Immediates::MemArgLane)
      code.byte(uint8_t(choices.below(16 >> info.alignLog2)));
    break;
  case Immediates::Lane: {
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
  bool isOpen = llvm::StringSwitch<bool>(operationName)
                    .Cases({"add", "sub", "mul", "div", "sqrt", "min", "max"}, true)
                    .Cases({"ceil", "floor", "trunc", "nearest"}, true)
                    .Cases({"demote_f64", "promote_f32"}, true)
                    .Cases({"demote_f64x2_zero", "promote_low_f32x4"}, true)
                    .Default(false);
  if (!isFloat || !isOpen)
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
  op(Opcode::LocalTee, local); // nor shall the local show it
}

void BodyGenerator::call(uint32_t called, unsigned depth) {
  expressions(shape.functions[called].params, depth);
  op(Opcode::Call, called);
}

bool BodyGenerator::callResulting(char type, unsigned depth) {
  for (uint32_t tries = 0; tries < 3; ++tries) {
    uint32_t called = callee();
    if (shape.functions[called].results != Types(1, type))
      continue;
    call(called, depth);
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
