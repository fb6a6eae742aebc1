//===- Lists.cpp - Lists --------------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `load_list_from_range` and `store_list_into_range` of CanonicalABI.md.
//
// One check of the whole range, then one copy where elements are plain bytes, one pass that checks
// and copies for `bool` and `char`, else a loop. The host
// gets a view of the guest's memory where it can: nothing is copied, and nothing of the guest's
// runs while the host looks.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::carryList(const abi::Type &element, Source source, Dest dest) {
  lowerRange(carryRange(element, source.side, liftRange(source), dest.side), dest);
}

/// The pointer and the length of a list or a string.
Extent AdapterBuilder::liftRange(Source source) {
  if (source.inMemory())
    return loadRange(source);
  Value begin = source.flat->front();
  Value length = (*source.flat)[1];
  *source.flat = source.flat->drop_front(2);
  if (!source.side.isNative())
    begin = e.toWidth(begin, 64);
  return {begin, e.toWidth(length, 64)};
}

void AdapterBuilder::lowerRange(Extent range, Dest dest) {
  if (dest.inMemory())
    return storeRange(range, dest);
  unsigned bits = dest.side.lengthBits();
  dest.flat->push_back(dest.side.isNative() ? range.begin : e.toWidth(range.begin, bits));
  dest.flat->push_back(e.toWidth(range.length, bits));
}

Extent AdapterBuilder::carryRange(const abi::Type &element, const Side &from, Extent range,
                                  const Side &to) {
  Trap outOfBounds = isBetweenGuests() ? Trap::ListTooLong : Trap::ListOutOfBounds;
  uint64_t fromSize = std::max<uint64_t>(abi::elemSize(element, from.ptr), 1);
  uint64_t toSize = std::max<uint64_t>(abi::elemSize(element, to.ptr), 1);
  // From here on byte lengths stay below 2^32, on both sides: pointers at most double a size.
  e.trapIf(e.above(range.length, abi::maxListByteLength / fromSize), outOfBounds);
  Value bytes = e.mul(range.length, e.i64(fromSize));
  if (!from.isNative())
    checkRange(from, range.begin, bytes, abi::alignment(element, from.ptr), Trap::PointerMisaligned,
               outOfBounds);

  if (to.takesViews && abi::isPlain(element))
    return {pointerTo(from, {range.begin, 0}), range.length};
  Value toBytes = e.mul(range.length, e.i64(toSize));
  Value target = allocate(to, abi::alignment(element, to.ptr), toBytes, Trap::ListTooLong);
  carryElements(element, from, range.begin, range.length, to, target);
  return {target, range.length};
}

/// Carries `length` elements between ranges that have been checked.
void AdapterBuilder::carryElements(const abi::Type &element, const Side &from, Value begin,
                                   Value length, const Side &to, Value target) {
  uint64_t fromSize = abi::elemSize(element, from.ptr);
  uint64_t toSize = abi::elemSize(element, to.ptr);
  if (abi::isPlain(element)) {
    e.copy(pointerTo(to, {target, 0}), pointerTo(from, {begin, 0}), e.mul(length, e.i64(fromSize)),
           mayOverlap(from, to));
    return;
  }
  if (element.kind() == abi::Kind::Bool || element.kind() == abi::Kind::Char) {
    StringRef kernel = element.kind() == abi::Kind::Bool ? "tenon_list_bool" : "tenon_list_char";
    e.runtime(kernel, {pointerTo(to, {target, 0}), pointerTo(from, {begin, 0}), length});
    return;
  }
  auto at = [&](const Side &side, Value start, Value index, uint64_t size) -> Address {
    Value bytes = e.mul(index, e.i64(size));
    return {side.isNative() ? e.offset(start, bytes) : e.add(start, bytes), 0};
  };
  ++loopDepth;
  e.loop(length, [&](Value index) {
    Source source{from, nullptr, at(from, begin, index, fromSize)};
    Dest dest{to, nullptr, at(to, target, index, toSize)};
    carry(element, source, dest);
  });
  --loopDepth;
}
