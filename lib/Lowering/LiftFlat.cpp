//===- LiftFlat.cpp - Flat lifting ----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#flat-lifting: a scalar out of a flat value. The bits above a narrow integer are
// dropped, whatever the guest left there. NaNs pass as they are: lifting may canonicalize them and
// lowering may give them any payload, so keeping it is one of the outcomes that the specification
// allows.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// The bits of a flags value that have labels.
static uint32_t flagsMask(uint32_t numLabels) {
  return numLabels >= 32 ? ~uint32_t(0) : (uint32_t(1) << numLabels) - 1;
}

Value AdapterBuilder::liftFlat(const abi::Type &type, Source source) {
  assert(!source.flat->empty() && "validation made the signature from the type");
  Value value = source.flat->front();
  *source.flat = source.flat->drop_front();
  switch (type.kind()) {
  case abi::Kind::Bool:
    return e.zext(e.isNonZero(value), 32);
  case abi::Kind::U8:
    return e.bitAnd(value, e.i32(0xff));
  case abi::Kind::U16:
    return e.bitAnd(value, e.i32(0xffff));
  case abi::Kind::S8:
    return e.sext(e.trunc(value, 8), 32);
  case abi::Kind::S16:
    return e.sext(e.trunc(value, 16), 32);
  case abi::Kind::Flags:
    return e.bitAnd(value, e.i32(flagsMask(type.count())));
  case abi::Kind::Char:
    return checkChar(value);
  default:
    return value;
  }
}

Value AdapterBuilder::checkChar(Value value) {
  e.trapIf(e.above(value, 0x10ffff), Trap::InvalidChar);
  // 0xd800 to 0xdfff are the values whose upper bits are 0x1b.
  Value surrogate = e.compare(LLVM::ICmpPredicate::eq, e.shiftRight(value, 11), e.i32(0x1b));
  e.trapIf(surrogate, Trap::InvalidChar);
  return value;
}

/// The flat values of a variant's case, out of those that all cases share (`CoerceValueIter`).
Values AdapterBuilder::coercePayload(const abi::Type &payload, const Side &side,
                                     ArrayRef<Value> joined) {
  Values values;
  for (auto [value, want] : llvm::zip(joined, coreTypes(abi::flattenType(payload, side.ptr))))
    values.push_back(reinterpret(value, want));
  return values;
}

/// The same bits as another flat type; widening adds zeros, narrowing wraps.
Value AdapterBuilder::reinterpret(Value value, Type want) {
  Type have = value.getType();
  if (have == want)
    return value;
  if (isa<LLVM::LLVMPointerType>(have))
    return e.ptrToInt(value);
  if (isa<LLVM::LLVMPointerType>(want))
    return e.intToPtr(value);
  if (isa<FloatType>(have))
    value = e.bitcast(value, e.intType(have.getIntOrFloatBitWidth()));
  value = e.toWidth(value, want.getIntOrFloatBitWidth());
  return isa<FloatType>(want) ? e.bitcast(value, want) : value;
}
