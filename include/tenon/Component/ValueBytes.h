//===- ValueBytes.h - The bytes of value definitions ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#value-definitions, `val(t)`: what the type asks for, one after the other. The validator
// checks a whole value; afterwards whoever needs it reads it again, in parts (to lay it out) or as
// a tree.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_VALUEBYTES_H
#define TENON_COMPONENT_VALUEBYTES_H

#include "tenon/Component/Val.h"
#include "tenon/Support/ByteCursor.h"

namespace tenon::component {

/// Every value takes at least a byte, and types are not deep, so what reading one costs and how
/// deep it recurses is bounded.
class ValueReader {
public:
  ValueReader(const TypeArena &arena, ByteCursor &cursor) : arena(arena), cursor(cursor) {}

  /// Reads past a value; fails, with a diagnostic, where there is none of that type.
  LogicalResult check(ValType type) { return read(type, nullptr); }
  /// Reads a value as a tree.
  LogicalResult read(ValType type, Val &out) { return read(type, &out); }

  // The parts.
  /// The bits of a bool, integer, float or char, as `Val` has them.
  FailureOr<uint64_t> readNumber(Primitive primitive);
  FailureOr<llvm::StringRef> readString() { return cursor.readName(); }
  /// The number of elements of a list.
  FailureOr<uint32_t> readLength() { return cursor.readCount("elements"); }
  /// The case of a variant, enum, option or result.
  FailureOr<uint32_t> readCase(TypeId type);
  /// Bit i is label i.
  FailureOr<uint64_t> readFlags(TypeId type);

private:
  const TypeArena &arena;
  ByteCursor &cursor;

  LogicalResult read(ValType type, Val *out);
  LogicalResult readElements(ValType element, Val *out);
  LogicalResult readPart(ValType type, Val *out);
  FailureOr<uint64_t> readBool();
  FailureOr<uint64_t> readInteger(unsigned bits, bool isSigned);
  FailureOr<uint64_t> readFloat(unsigned bits);
  FailureOr<uint64_t> readChar();
  LogicalResult notDefinable(ValType type) {
    return cursor.error("a value of the type ") << arena.str(type) << " can't be defined";
  }
};

} // namespace tenon::component

#endif // TENON_COMPONENT_VALUEBYTES_H
