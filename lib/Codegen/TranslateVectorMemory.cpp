//===- TranslateVectorMemory.cpp - Loads and stores of v128 ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes lanes of a vector is loaded as a float of the same size: its pin (Pins.h) keeps it
// in a vector register then.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "Pins.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateVectorMemory(const Operator &op) {
  llvm::Type *i8 = mb.i8, *i16 = builder.getInt16Ty();
  llvm::Type *f32 = builder.getFloatTy(), *f64 = builder.getDoubleTy();
  switch (op.opcode) {
  case Opcode::V128Load:
    return push(loadLanes(op.memArg, intShape(64))), true;
  case Opcode::V128Load8x8S:
    return loadExtended(op.memArg, 8, /*isSigned=*/true), true;
  case Opcode::V128Load8x8U:
    return loadExtended(op.memArg, 8, /*isSigned=*/false), true;
  case Opcode::V128Load16x4S:
    return loadExtended(op.memArg, 16, /*isSigned=*/true), true;
  case Opcode::V128Load16x4U:
    return loadExtended(op.memArg, 16, /*isSigned=*/false), true;
  case Opcode::V128Load32x2S:
    return loadExtended(op.memArg, 32, /*isSigned=*/true), true;
  case Opcode::V128Load32x2U:
    return loadExtended(op.memArg, 32, /*isSigned=*/false), true;
  case Opcode::V128Load8Splat:
    return loadSplat(op.memArg, i8), true;
  case Opcode::V128Load16Splat:
    return loadSplat(op.memArg, i16), true;
  case Opcode::V128Load32Splat:
    return loadSplat(op.memArg, f32), true;
  case Opcode::V128Load64Splat:
    return loadSplat(op.memArg, f64), true;
  case Opcode::V128Load32Zero:
    return loadZero(op.memArg, f32), true;
  case Opcode::V128Load64Zero:
    return loadZero(op.memArg, f64), true;
  case Opcode::V128Store: {
    llvm::Value *value = pop();
    return storeTo(op.memArg, value), true;
  }
  case Opcode::V128Load8Lane:
    return loadLane(op, intShape(8)), true;
  case Opcode::V128Load16Lane:
    return loadLane(op, intShape(16)), true;
  case Opcode::V128Load32Lane:
    return loadLane(op, floatShape(32)), true;
  case Opcode::V128Load64Lane:
    return loadLane(op, floatShape(64)), true;
  case Opcode::V128Store8Lane:
    return storeLane(op, intShape(8)), true;
  case Opcode::V128Store16Lane:
    return storeLane(op, intShape(16)), true;
  case Opcode::V128Store32Lane:
    return storeLane(op, intShape(32)), true;
  case Opcode::V128Store64Lane:
    return storeLane(op, intShape(64)), true;
  default:
    return false;
  }
}

/// Of vectors LLVM selects narrower loads even if they are volatile, so there is a pin then, too.
llvm::Value *FunctionTranslator::loadLanes(const wasm::MemArg &arg, llvm::Type *type) {
  llvm::Value *loaded = loadFrom(arg, type);
  if (isVolatile(arg.memory) && loadsTrap(arg.memory))
    emitPin(builder, loaded);
  return loaded;
}

/// Eight bytes: lanes of `bits` bits, each extended to twice its size.
void FunctionTranslator::loadExtended(const wasm::MemArg &arg, unsigned bits, bool isSigned) {
  llvm::Value *loaded = loadLanes(arg, builder.getDoubleTy());
  llvm::Value *lanes =
      builder.CreateBitCast(loaded, Shape::get(builder.getIntNTy(bits), 64 / bits));
  Shape *wide = intShape(2 * bits);
  pushLanes(isSigned ? builder.CreateSExt(lanes, wide) : builder.CreateZExt(lanes, wide));
}

void FunctionTranslator::loadSplat(const wasm::MemArg &arg, llvm::Type *lane) {
  llvm::Value *loaded = loadLanes(arg, lane);
  pushLanes(builder.CreateVectorSplat(128 / lane->getPrimitiveSizeInBits(), loaded));
}

void FunctionTranslator::loadZero(const wasm::MemArg &arg, llvm::Type *lane) {
  llvm::Value *loaded = loadLanes(arg, lane);
  Shape *shape = Shape::get(lane, 128 / lane->getPrimitiveSizeInBits());
  pushLanes(builder.CreateInsertElement(llvm::Constant::getNullValue(shape), loaded, uint64_t(0)));
}

void FunctionTranslator::loadLane(const Operator &op, Shape *shape) {
  llvm::Value *lanes = popLanes(shape);
  llvm::Value *loaded = loadLanes(op.memArg, shape->getElementType());
  pushLanes(builder.CreateInsertElement(lanes, loaded, uint64_t(op.lane)));
}

void FunctionTranslator::storeLane(const Operator &op, Shape *shape) {
  llvm::Value *value = builder.CreateExtractElement(popLanes(shape), uint64_t(op.lane));
  storeTo(op.memArg, value);
}
