//===- TranslateVector.cpp - v128: bits, lanes, shuffles ===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A v128 is a <2 x i64>; each instruction casts it to the lanes that its name speaks of. Casts
// cost nothing, and a cast of a cast is not made.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "VectorOps.h"
#include "llvm/Analysis/ConstantFolding.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateVector(const Operator &op) {
  return translateVectorMemory(op) || translateVectorInteger(op) || translateVectorFloat(op) ||
         translateVectorBits(op) || translateVectorLanes(op) || translateVectorWidening(op) ||
         translateVectorConversion(op) || translateVectorRelaxed(op);
}

FunctionTranslator::Shape *FunctionTranslator::intShape(unsigned bits) {
  return Shape::get(builder.getIntNTy(bits), 128 / bits);
}

FunctionTranslator::Shape *FunctionTranslator::floatShape(unsigned bits) {
  return Shape::get(bits == 32 ? builder.getFloatTy() : builder.getDoubleTy(), 128 / bits);
}

FunctionTranslator::Shape *FunctionTranslator::shapeOf(const Operator &op) {
  llvm::StringRef name = wasm::nameOf(op.opcode);
  bool isFloat = name.consume_front("f");
  unsigned bits = 0;
  if (isFloat || name.consume_front("i"))
    name.consumeInteger(10, bits);
  assert(bits && "v128's own instructions have no lanes");
  return isFloat ? floatShape(bits) : intShape(bits);
}

llvm::Value *FunctionTranslator::popLanes(Shape *shape) {
  llvm::Value *value = pop();
  if (auto *cast = llvm::dyn_cast<llvm::BitCastInst>(value))
    value = cast->getOperand(0);
  if (value->getType() == shape)
    return value;
  if (auto *constant = llvm::dyn_cast<llvm::Constant>(value))
    return llvm::ConstantFoldCastOperand(llvm::Instruction::BitCast, constant, shape,
                                         mb.module->getDataLayout());
  return builder.CreateBitCast(value, shape);
}

void FunctionTranslator::pushLanes(llvm::Value *value) {
  stack.push_back(value);
  value = popLanes(intShape(64));
  push(value);
}

bool FunctionTranslator::translateVectorBits(const Operator &op) {
  using llvm::Instruction;
  Shape *bits = intShape(64);
  switch (op.opcode) {
  case Opcode::V128Not:
    return push(builder.CreateNot(pop())), true;
  case Opcode::V128And:
    return vectorBinary(bits, Instruction::And), true;
  case Opcode::V128Andnot:
    push(builder.CreateNot(pop()));
    return vectorBinary(bits, Instruction::And), true;
  case Opcode::V128Or:
    return vectorBinary(bits, Instruction::Or), true;
  case Opcode::V128Xor:
    return vectorBinary(bits, Instruction::Xor), true;
  case Opcode::V128Bitselect: {
    llvm::Value *mask = pop(), *right = pop(), *left = pop();
    return push(builder.CreateOr(builder.CreateAnd(left, mask),
                                 builder.CreateAnd(right, builder.CreateNot(mask)))),
           true;
  }
  case Opcode::V128AnyTrue: {
    llvm::Value *all = builder.CreateBitCast(pop(), builder.getInt128Ty());
    return pushFlag(builder.CreateIsNotNull(all)), true;
  }
  default:
    return false;
  }
}

bool FunctionTranslator::translateVectorLanes(const Operator &op) {
  switch (op.opcode) {
  case Opcode::V128Const:
    push(llvm::ConstantDataVector::getRaw(
        llvm::StringRef(reinterpret_cast<const char *>(op.bytes.data()), 16), 2, mb.i64));
    return true;
  case Opcode::I8x16Splat:
  case Opcode::I16x8Splat:
  case Opcode::I32x4Splat:
  case Opcode::I64x2Splat:
  case Opcode::F32x4Splat:
  case Opcode::F64x2Splat:
    return splat(op), true;
  case Opcode::I8x16ExtractLaneU:
  case Opcode::I16x8ExtractLaneU:
  case Opcode::I32x4ExtractLane:
  case Opcode::I64x2ExtractLane:
  case Opcode::F32x4ExtractLane:
  case Opcode::F64x2ExtractLane:
    return extractLane(op, /*isSigned=*/false), true;
  case Opcode::I8x16ExtractLaneS:
  case Opcode::I16x8ExtractLaneS:
    return extractLane(op, /*isSigned=*/true), true;
  case Opcode::I8x16ReplaceLane:
  case Opcode::I16x8ReplaceLane:
  case Opcode::I32x4ReplaceLane:
  case Opcode::I64x2ReplaceLane:
  case Opcode::F32x4ReplaceLane:
  case Opcode::F64x2ReplaceLane:
    return replaceLane(op), true;
  case Opcode::I8x16Shuffle:
    return shuffle(op), true;
  case Opcode::I8x16Swizzle: {
    llvm::Value *indices = popLanes(intShape(8)), *bytes = popLanes(intShape(8));
    return pushLanes(VectorOps(builder).swizzle(bytes, indices)), true;
  }
  case Opcode::I8x16AllTrue:
  case Opcode::I16x8AllTrue:
  case Opcode::I32x4AllTrue:
  case Opcode::I64x2AllTrue:
    return pushFlag(builder.CreateAndReduce(builder.CreateIsNotNull(popLanes(shapeOf(op))))), true;
  case Opcode::I8x16Bitmask:
  case Opcode::I16x8Bitmask:
  case Opcode::I32x4Bitmask:
  case Opcode::I64x2Bitmask: {
    Shape *shape = shapeOf(op);
    llvm::Value *signs = builder.CreateIsNeg(popLanes(shape));
    return pushFlag(builder.CreateBitCast(signs, builder.getIntNTy(shape->getNumElements()))), true;
  }
  default:
    return false;
  }
}

void FunctionTranslator::splat(const Operator &op) {
  Shape *shape = shapeOf(op);
  llvm::Value *value = pop();
  if (value->getType() != shape->getElementType())
    value = builder.CreateTrunc(value, shape->getElementType());
  pushLanes(builder.CreateVectorSplat(shape->getNumElements(), value));
}

void FunctionTranslator::extractLane(const Operator &op, bool isSigned) {
  Shape *shape = shapeOf(op);
  llvm::Value *value = builder.CreateExtractElement(popLanes(shape), uint64_t(op.lane));
  bool isNarrow = shape->getScalarType()->isIntegerTy() && shape->getScalarSizeInBits() < 32;
  push(isNarrow ? builder.CreateIntCast(value, mb.i32, isSigned) : value);
}

void FunctionTranslator::replaceLane(const Operator &op) {
  Shape *shape = shapeOf(op);
  llvm::Value *value = pop();
  if (value->getType() != shape->getElementType())
    value = builder.CreateTrunc(value, shape->getElementType());
  pushLanes(builder.CreateInsertElement(popLanes(shape), value, uint64_t(op.lane)));
}

void FunctionTranslator::shuffle(const Operator &op) {
  llvm::Value *right = popLanes(intShape(8)), *left = popLanes(intShape(8));
  llvm::SmallVector<int, 16> mask(op.bytes.begin(), op.bytes.end());
  pushLanes(builder.CreateShuffleVector(left, right, mask));
}
