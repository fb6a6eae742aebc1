//===- Strings.cpp - Strings ----------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `load_string_from_range` and `store_string_into_range` of CanonicalABI.md, as far as nothing is
// transcoded between guests (Transcode.cpp). The source is checked once as a whole; well-formedness
// is found out while copying, so a string is read once.
//
// The host's strings are UTF-8. It gets a view of a guest's UTF-8, and a conversion in the arena of
// anything else.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::carryString(Source source, Dest dest) {
  Extent range = liftRange(source);
  bool transcodes =
      source.side.encoding != dest.side.encoding || source.side.encoding == Encoding::Latin1UTF16;
  if (transcodes && !dest.side.isNative())
    range = callTranscoder(source.side, range, dest.side);
  else
    range = carryStringRange(source.side, range, dest.side);
  lowerRange(range, dest);
}

Extent AdapterBuilder::carryStringRange(const Side &from, Extent range, const Side &to) {
  if (from.encoding == Encoding::UTF8)
    return carryUnits(Units::UTF8, from, range, to);
  if (from.encoding == Encoding::UTF16)
    return carryUnits(Units::UTF16, from, range, to);
  auto values = [](Extent extent) { return Values{extent.begin, extent.length}; };
  Value tag = e.i64(from.utf16Tag());
  Type begin = to.isNative() ? e.ptrType() : e.intType(64);
  Values carried = e.ifElse(
      e.isNonZero(e.bitAnd(range.length, tag)), {begin, e.intType(64)},
      [&] {
        Extent untagged = {range.begin, e.bitXor(range.length, tag)};
        return values(carryUnits(Units::UTF16, from, untagged, to));
      },
      [&] { return values(carryUnits(Units::Latin1, from, range, to)); });
  return {carried[0], carried[1]};
}

Trap AdapterBuilder::stringOutOfBounds() const {
  return isBetweenGuests() ? Trap::StringTooLong : Trap::StringOutOfBounds;
}

Extent AdapterBuilder::carryUnits(Units units, const Side &from, Extent range, const Side &to) {
  uint64_t unitBytes = units == Units::UTF16 ? 2 : 1;
  e.trapIf(e.above(range.length, abi::maxStringByteLength / unitBytes), stringOutOfBounds());
  if (!from.isNative()) {
    Value bytes = e.mul(range.length, e.i64(unitBytes));
    checkRange(from, range.begin, bytes, from.encoding == Encoding::UTF8 ? 1 : 2,
               Trap::PointerMisaligned, stringOutOfBounds());
  }
  if (units == Units::UTF8 && to.encoding == Encoding::UTF8)
    return viewOrCopyUTF8(from, range, to);
  return to.isNative() ? convertToNative(units, from, range, to)
                       : transcode(units, from, range, to);
}

Extent AdapterBuilder::viewOrCopyUTF8(const Side &from, Extent range, const Side &to) {
  if (to.takesViews) {
    Value view = pointerTo(from, {range.begin, 0});
    e.runtime("tenon_utf8_check", {view, range.length});
    return {view, range.length};
  }
  Value target = allocate(to, 1, range.length, Trap::StringTooLong);
  Value source = pointerTo(from, {range.begin, 0}), copy = pointerTo(to, {target, 0});
  if (from.trusted)
    e.copy(copy, source, range.length, /*mayOverlap=*/false);
  else
    e.runtime("tenon_utf8_copy", {copy, source, range.length});
  return {target, range.length};
}

Extent AdapterBuilder::convertToNative(Units units, const Side &from, Extent range,
                                       const Side &to) {
  markArena();
  Value slot = e.stackSlot(8, 8);
  StringRef convert = units == Units::UTF16 ? "tenon_utf16_to_native" : "tenon_latin1_to_native";
  Value begin = e.runtime(convert, {pointerTo(from, {range.begin, 0}), range.length, slot});
  return {begin, e.load(e.intType(64), slot, 8)};
}
