//===- Load.cpp - Loading -------------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#loading: scalars out of a memory, and the checks that make a pointer usable. A
// guest's address is kept as an offset into its memory, and becomes a pointer only where it is
// used: memory may grow, and in some worlds move, at every call. The native side is trusted with
// its own pointers.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "tenon/Dialect/Core/CoreDialect.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Value AdapterBuilder::pointerTo(const Side &side, Address address) {
  if (side.isNative())
    return e.offset(address.base, address.offset);
  assert(side.memoryInstance && "validation wants a memory where values go through one");
  Value memory = core::MemoryBaseOp::create(e.getBuilder(), e.getLoc(), e.ptrType(),
                                            side.memoryInstance, side.memoryExport);
  return e.offset(e.offset(memory, address.base), address.offset);
}

Value AdapterBuilder::memoryBytes(const Side &side) {
  assert(side.memoryInstance && "validation wants a memory where values go through one");
  return core::MemoryBytesOp::create(e.getBuilder(), e.getLoc(), e.intType(64), side.memoryInstance,
                                     side.memoryExport);
}

Value AdapterBuilder::load(const abi::Type &type, Source source) {
  unsigned bytes = abi::elemSize(type, source.side.ptr);
  Value pointer = pointerTo(source.side, source.address);
  if (type.kind() == abi::Kind::F32)
    return e.load(Float32Type::get(e.getBuilder().getContext()), pointer, bytes);
  if (type.kind() == abi::Kind::F64)
    return e.load(Float64Type::get(e.getBuilder().getContext()), pointer, bytes);
  Value value = e.load(e.intType(bytes * 8), pointer, bytes);
  switch (type.kind()) {
  case abi::Kind::Bool:
    return e.zext(e.isNonZero(value), 32);
  case abi::Kind::S8:
  case abi::Kind::S16:
    return e.sext(value, 32);
  case abi::Kind::Flags: {
    value = e.toWidth(value, 32);
    if (type.count() == bytes * 8)
      return value;
    return e.bitAnd(value, e.i32((uint32_t(1) << type.count()) - 1));
  }
  case abi::Kind::Char:
    return checkChar(value);
  default:
    return bytes < 4 ? e.zext(value, 32) : value;
  }
}

Extent AdapterBuilder::loadRange(Source source) {
  unsigned bytes = abi::ptrSize(source.side.ptr);
  Value begin, length;
  if (source.side.isNative()) {
    begin = e.load(e.ptrType(), pointerTo(source.side, source.address), bytes);
  } else {
    begin = e.load(e.intType(bytes * 8), pointerTo(source.side, source.address), bytes);
    begin = e.toWidth(begin, 64);
  }
  length = e.load(e.intType(bytes * 8), pointerTo(source.side, source.address.plus(bytes)), bytes);
  return {begin, e.toWidth(length, 64)};
}

/// Traps unless [begin, begin + bytes) lies in the memory and `begin` is aligned. `bytes` is below
/// 2^32.
void AdapterBuilder::checkRange(const Side &side, Value begin, Value bytes, uint32_t alignment,
                                Trap misaligned, Trap outOfBounds) {
  if (alignment > 1)
    e.trapIf(e.isNonZero(e.bitAnd(begin, e.i64(alignment - 1))), misaligned);
  Value size = memoryBytes(side);
  if (side.ptr == abi::PtrKind::I32) { // the sum stays below 2^33
    e.trapIf(e.compare(LLVM::ICmpPredicate::ugt, e.add(begin, bytes), size), outOfBounds);
    return;
  }
  e.trapIf(e.compare(LLVM::ICmpPredicate::ugt, bytes, size), outOfBounds);
  e.trapIf(e.compare(LLVM::ICmpPredicate::ugt, begin, e.sub(size, bytes)), outOfBounds);
}

/// A pointer to a value of `type` that came as a flat value.
Address AdapterBuilder::checkedPointer(const Side &side, Value pointer, const abi::Type &type) {
  if (side.isNative())
    return {pointer, 0};
  Value begin = e.toWidth(pointer, 64);
  checkRange(side, begin, e.i64(abi::elemSize(type, side.ptr)), abi::alignment(type, side.ptr),
             Trap::PointerMisaligned, Trap::PointerOutOfBounds);
  return {begin, 0};
}
