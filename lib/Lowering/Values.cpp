//===- Values.cpp - Lifting and lowering values ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value is carried from where it is lifted to where it is lowered. Both sides flatten a type into
// the same number of values, so a value is flat on both sides or in memory on both.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

void AdapterBuilder::carry(const abi::Type &type, Source source, Dest dest) {
  // Many small loads and stores are one copy where bytes are all there is.
  if (source.inMemory() && dest.inMemory() && abi::isPlain(type) &&
      abi::elemSize(type, source.side.ptr) > 16) {
    Value bytes = e.i64(abi::elemSize(type, source.side.ptr));
    e.copy(pointerTo(dest.side, dest.address), pointerTo(source.side, source.address), bytes,
           mayOverlap(source.side, dest.side));
    return;
  }
  switch (type.kind()) {
  case abi::Kind::None:
    return;
  case abi::Kind::Record:
    return carryRecord(type, source, dest);
  case abi::Kind::Variant:
    return carryVariant(type, source, dest);
  case abi::Kind::FixedList:
    return carryFixedList(type, source, dest);
  case abi::Kind::List:
    return carryList(type.element(), source, dest);
  case abi::Kind::String:
    return carryString(source, dest);
  default:
    return carryScalar(type, source, dest);
  }
}

/// Two memories that may be one: those of the same component instance. No other shares its memory.
bool AdapterBuilder::mayOverlap(const Side &from, const Side &to) {
  return !from.isNative() && from.self == to.self;
}

void AdapterBuilder::carryScalar(const abi::Type &type, Source source, Dest dest) {
  Value value = source.inMemory() ? load(type, source) : liftFlat(type, source);
  if (type.kind() == abi::Kind::Own || type.kind() == abi::Kind::Borrow)
    value = carryHandle(type, value, source.side, dest.side);
  else if (type.kind() == abi::Kind::ReadableEnd)
    value = carryEnd(type, value, source.side, dest.side);
  else if (type.kind() == abi::Kind::ErrorContext)
    value = carryErrorContext(value, source.side, dest.side);
  if (dest.inMemory())
    store(type, value, dest);
  else
    dest.flat->push_back(value);
}

void AdapterBuilder::carryRecord(const abi::Type &type, Source source, Dest dest) {
  SmallVector<uint64_t> from = abi::fieldOffsets(type, source.side.ptr);
  SmallVector<uint64_t> to = abi::fieldOffsets(type, dest.side.ptr);
  for (auto [i, field] : llvm::enumerate(type.children()))
    carry(field, source.at(from[i]), dest.at(to[i]));
}

void AdapterBuilder::carryFixedList(const abi::Type &type, Source source, Dest dest) {
  if (!source.inMemory() || !dest.inMemory()) {
    for (uint32_t i = 0; i < type.count(); ++i)
      carry(type.element(), source.at(i * abi::elemSize(type.element(), source.side.ptr)),
            dest.at(i * abi::elemSize(type.element(), dest.side.ptr)));
    return;
  }
  // Offsets inside a value are constants; those of elements are not, so they become part of the
  // base.
  auto base = [&](const Side &side, Address address) {
    return side.isNative() ? e.offset(address.base, address.offset)
                           : e.add(address.base, e.i64(address.offset));
  };
  carryElements(type.element(), source.side, base(source.side, source.address), e.i64(type.count()),
                dest.side, base(dest.side, dest.address));
}

void AdapterBuilder::carryVariant(const abi::Type &type, Source source, Dest dest) {
  ArrayRef<abi::Type> cases = type.children();
  abi::Type tag = abi::Type::leaf(abi::discriminantSize(cases.size()) == 1   ? abi::Kind::U8
                                  : abi::discriminantSize(cases.size()) == 2 ? abi::Kind::U16
                                                                             : abi::Kind::U32);
  // A flat discriminant is a whole i32: no bits of it are dropped.
  Value discriminant =
      source.inMemory() ? load(tag, source) : liftFlat(abi::Type::leaf(abi::Kind::U32), source);
  if (source.side.isNative() && source.side.trusted)
    ; // the runtime's own
  else if (!source.inMemory() || cases.size() != uint64_t(1)
                                                     << (8 * abi::elemSize(tag, source.side.ptr)))
    e.trapIf(e.compare(LLVM::ICmpPredicate::uge, discriminant, e.i32(cases.size())),
             Trap::InvalidDiscriminant);
  if (dest.inMemory())
    store(tag, discriminant, dest);
  else
    dest.flat->push_back(discriminant);

  bool hasPayload = llvm::any_of(cases, [](const abi::Type &payload) { return !payload.isNone(); });
  if (!hasPayload)
    return;
  Source from = source.at(abi::payloadOffset(type, source.side.ptr));
  Dest to = dest.at(abi::payloadOffset(type, dest.side.ptr));
  Types joined; // of the destination
  if (!dest.inMemory())
    joined = coreTypes(ArrayRef(abi::flattenType(type, dest.side.ptr)).drop_front());
  ArrayRef<Value> fromFlat;
  if (!source.inMemory()) {
    size_t count = abi::flatCount(type) - 1;
    fromFlat = source.flat->take_front(count);
    *source.flat = source.flat->drop_front(count);
  }
  auto isEmpty = [&](unsigned i) { return cases[i].isNone(); };
  ++branchDepth;
  Values results = e.switchOn(discriminant, cases.size(), joined, isEmpty, [&](unsigned i) {
    Values payload, out;
    if (!from.inMemory())
      payload = coercePayload(cases[i], from.side, fromFlat);
    ArrayRef<Value> remaining = payload;
    carry(cases[i], from.inMemory() ? from : Source{from.side, &remaining, {}},
          to.inMemory() ? to : Dest{to.side, &out, {}});
    return joinPayload(out, joined);
  });
  --branchDepth;
  if (!dest.inMemory())
    dest.flat->append(results);
}
