//===- Store.cpp - Storing, and memory to store into ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#storing. A guest gives memory through its realloc, whose result is checked like
// any pointer from a guest; the native side takes it from the stack or from the runtime's arena.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "tenon-abi/state.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::store(const abi::Type &type, Value value, Dest dest) {
  unsigned bytes = abi::elemSize(type, dest.side.ptr);
  if (isa<IntegerType>(value.getType()))
    value = e.toWidth(value, bytes * 8);
  e.store(value, pointerTo(dest.side, dest.address), bytes);
}

void AdapterBuilder::storeRange(Extent range, Dest dest) {
  unsigned bytes = abi::ptrSize(dest.side.ptr);
  Value begin = dest.side.isNative() ? range.begin : e.toWidth(range.begin, bytes * 8);
  e.store(begin, pointerTo(dest.side, dest.address), bytes);
  e.store(e.toWidth(range.length, bytes * 8), pointerTo(dest.side, dest.address.plus(bytes)),
          bytes);
}

/// `LiftLowerContext.allocate`; see `reallocate`.
Value AdapterBuilder::allocate(const Side &side, uint32_t alignment, Value bytes,
                               Trap outOfBounds) {
  if (side.isNative())
    return nativeMemory(bytes, alignment);
  return reallocate(side, e.i64(0), e.i64(0), alignment, bytes, outOfBounds);
}

/// `LiftLowerContext.reallocate` of a guest, and the checks that follow each of its calls. `bytes`
/// is below 2^32. `outOfBounds` is for a value of another guest; one of the host's has traps of its
/// own.
Value AdapterBuilder::reallocate(const Side &side, Value old, Value oldBytes, uint32_t alignment,
                                 Value bytes, Trap outOfBounds) {
  assert(side.realloc && "validation wants a realloc where memory is needed");
  if (side.mayLeaveMatters)
    setFlag(side.self, offsetof(tenon_self, cannot_leave), true);
  unsigned bits = side.lengthBits();
  Values results =
      callWithContext(side, side.realloc,
                      {e.toWidth(old, bits), e.toWidth(oldBytes, bits),
                       e.constant(e.intType(bits), alignment), e.toWidth(bytes, bits)});
  if (side.mayLeaveMatters)
    setFlag(side.self, offsetof(tenon_self, cannot_leave), false);
  Value begin = e.toWidth(results.front(), 64);
  bool ofGuest = isBetweenGuests();
  checkRange(side, begin, bytes, alignment,
             ofGuest ? Trap::PointerMisaligned : Trap::ReallocMisaligned,
             ofGuest ? outOfBounds : Trap::ReallocOutOfBounds);
  return begin;
}

/// Memory for an argument that must be converted, or for a result.
Value AdapterBuilder::nativeMemory(Value bytes, uint32_t alignment) {
  markArena();
  return e.runtime("tenon_arena_alloc", {bytes, e.i64(alignment)});
}

/// What the arena is used for lasts until the call is over; results to the outside last until it
/// calls an export again.
void AdapterBuilder::markArena() {
  if (arenaMark)
    return;
  bool forResults = spec.caller.isNative();
  arenaMark = e.atEntry([&]() -> Value {
    if (!forResults)
      return e.runtime("tenon_arena_mark", {});
    Value everything = e.zero(e.ptrType());
    e.runtime("tenon_arena_release", everything);
    return everything;
  });
}
