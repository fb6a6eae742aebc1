//===- Lists.cpp - Lists and strings --------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `load_list_from_range` and `store_list_into_range`, `load_string_from_range` and
// `store_string_into_range` of CanonicalABI.md, for UTF-8 on both sides.
//
// One check of the whole range, then one copy where elements are plain bytes, else a loop. The host
// gets a view of the guest's memory where it can: nothing is copied, and nothing of the guest's
// runs while the host looks.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::carryListOrString(const abi::Type &type, Source source, Dest dest) {
  bool isString = type.kind() == abi::Kind::String;
  abi::Type element = isString ? abi::Type::leaf(abi::Kind::U8) : type.element();
  Extent range = source.inMemory() ? loadRange(source) : takeRange(source);
  Extent result = carryRange(element, isString, source.side, range, dest.side);
  if (dest.inMemory())
    storeRange(result, dest);
  else
    giveRange(result, dest);
}

Extent AdapterBuilder::takeRange(Source source) {
  Value begin = source.flat->front();
  Value length = (*source.flat)[1];
  *source.flat = source.flat->drop_front(2);
  if (!source.side.isNative())
    begin = e.toWidth(begin, 64);
  return {begin, e.toWidth(length, 64)};
}

void AdapterBuilder::giveRange(Extent range, Dest dest) {
  unsigned bits = dest.side.lengthBits();
  dest.flat->push_back(dest.side.isNative() ? range.begin : e.toWidth(range.begin, bits));
  dest.flat->push_back(e.toWidth(range.length, bits));
}

Extent AdapterBuilder::carryRange(const abi::Type &element, bool isString, const Side &from,
                                  Extent range, const Side &to) {
  Trap outOfBounds = isString ? Trap::StringTooLong : Trap::ListTooLong;
  uint64_t limit = isString ? abi::maxStringByteLength : abi::maxListByteLength;
  uint64_t fromSize = std::max<uint64_t>(abi::elemSize(element, from.ptr), 1);
  uint64_t toSize = std::max<uint64_t>(abi::elemSize(element, to.ptr), 1);
  // From here on byte lengths stay below 2^32, on both sides: pointers at most double a size.
  e.trapIf(e.above(range.length, limit / fromSize), outOfBounds);
  Value bytes = e.mul(range.length, e.i64(fromSize));
  if (!from.isNative())
    checkRange(from, range.begin, bytes, abi::alignment(element, from.ptr), Trap::PointerMisaligned,
               outOfBounds);
  if (isString && !from.trusted) {
    Value valid = e.runtime("tenon_utf8_valid", {pointerTo(from, {range.begin, 0}), bytes});
    e.trapIf(e.compare(LLVM::ICmpPredicate::eq, valid, e.i32(0)), Trap::InvalidUTF8);
  }

  if (to.takesViews && abi::isPlain(element))
    return {pointerTo(from, {range.begin, 0}), range.length};
  Value toBytes = e.mul(range.length, e.i64(toSize));
  Value target = allocate(to, abi::alignment(element, to.ptr), toBytes);
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
