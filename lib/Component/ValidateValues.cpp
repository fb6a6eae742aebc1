//===- ValidateValues.cpp - Value definitions and start -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#start-definitions and #value-definitions: a value's bytes are what its type asks for,
// and every value of a component is consumed exactly once, by an export, an instantiation or a
// start function. What an export adds to the index space counts as consumed.
//
// The grammar of values says nothing of handles, streams, maps and lists of a fixed length: such
// values can be imported, but not written down.
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Support/ByteCursor.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// The bytes of a value
//===----------------------------------------------------------------------===//

namespace {

/// Reads val(t). Every value takes at least a byte, and types are not deep (`checkType`), so the
/// work and the recursion are bounded.
class ValueReader {
public:
  ValueReader(const TypeArena &arena, ByteCursor &cursor) : arena(arena), cursor(cursor) {}

  LogicalResult read(ValType type);

private:
  const TypeArena &arena;
  ByteCursor &cursor;

  LogicalResult read(Primitive primitive);
  LogicalResult readCase(llvm::ArrayRef<Member> cases);
  LogicalResult readTag(llvm::ArrayRef<Member> cases, llvm::StringRef what);
  LogicalResult readBool();
  LogicalResult readInteger(unsigned bits, bool isSigned);
  LogicalResult readFloat(unsigned bits);
  LogicalResult readChar();
  LogicalResult notDefinable(ValType type) {
    return cursor.error("a value of the type ") << arena.str(type) << " can't be defined";
  }
};

} // namespace

LogicalResult ValueReader::readBool() {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> byte = cursor.readByte();
  if (failed(byte))
    return failure();
  return *byte <= 1 ? success()
                    : LogicalResult(cursor.errorAt(at, "invalid bool ") << unsigned(*byte));
}

/// LEB128 of no more bytes than the width needs.
LogicalResult ValueReader::readInteger(unsigned bits, bool isSigned) {
  if (bits == 8)
    return cursor.readByte();
  size_t at = cursor.getPosition();
  bool fits;
  if (isSigned) {
    FailureOr<int64_t> value = cursor.readS64();
    if (failed(value))
      return failure();
    fits = llvm::isIntN(bits, *value);
  } else {
    FailureOr<uint64_t> value = cursor.readU64();
    if (failed(value))
      return failure();
    fits = llvm::isUIntN(bits, *value);
  }
  if (!fits || cursor.getPosition() - at > (bits + 6) / 7)
    return cursor.errorAt(at, "integer too large for ") << (isSigned ? 's' : 'u') << bits;
  return success();
}

/// There is one NaN.
LogicalResult ValueReader::readFloat(unsigned bits) {
  size_t at = cursor.getPosition();
  bool isWrong;
  if (bits == 32) {
    FailureOr<uint32_t> value = cursor.readFixed32();
    if (failed(value))
      return failure();
    isWrong = (*value & 0x7fffffff) > 0x7f800000 && *value != 0x7fc00000;
  } else {
    FailureOr<uint64_t> value = cursor.readFixed64();
    if (failed(value))
      return failure();
    isWrong = (*value & 0x7fffffffffffffff) > 0x7ff0000000000000 && *value != 0x7ff8000000000000;
  }
  return isWrong ? LogicalResult(cursor.errorAt(at, "a NaN that is not the canonical one"))
                 : success();
}

LogicalResult ValueReader::readChar() {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> first = cursor.peekByte();
  if (failed(first))
    return failure();
  unsigned length = *first < 0x80 ? 1 : *first < 0xe0 ? 2 : *first < 0xf0 ? 3 : 4;
  FailureOr<llvm::ArrayRef<uint8_t>> bytes = cursor.readBytes(length);
  if (failed(bytes))
    return failure();
  if (!isValidUTF8(llvm::toStringRef(*bytes)))
    return cursor.errorAt(at, "malformed UTF-8 encoding of a char");
  return success();
}

LogicalResult ValueReader::read(Primitive primitive) {
  switch (primitive) {
  case Primitive::Bool:
    return readBool();
  case Primitive::S8:
  case Primitive::U8:
    return readInteger(8, primitive == Primitive::S8);
  case Primitive::S16:
  case Primitive::U16:
    return readInteger(16, primitive == Primitive::S16);
  case Primitive::S32:
  case Primitive::U32:
    return readInteger(32, primitive == Primitive::S32);
  case Primitive::S64:
  case Primitive::U64:
    return readInteger(64, primitive == Primitive::S64);
  case Primitive::F32:
    return readFloat(32);
  case Primitive::F64:
    return readFloat(64);
  case Primitive::Char:
    return readChar();
  case Primitive::String:
    return cursor.readName();
  case Primitive::ErrorContext:
    return notDefinable(primitive);
  }
  llvm_unreachable("all primitives are above");
}

/// The number of a case, and its payload.
LogicalResult ValueReader::readCase(llvm::ArrayRef<Member> cases) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> index = cursor.readU32();
  if (failed(index))
    return failure();
  if (*index >= cases.size())
    return cursor.errorAt(at, "case ") << *index << " of a type with " << cases.size();
  return cases[*index].type ? read(*cases[*index].type) : success();
}

/// The same for options and results, whose case is a byte.
LogicalResult ValueReader::readTag(llvm::ArrayRef<Member> cases, llvm::StringRef what) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> index = cursor.readByte();
  if (failed(index))
    return failure();
  if (*index > 1)
    return cursor.errorAt(at, "invalid ") << what << ' ' << unsigned(*index);
  return cases[*index].type ? read(*cases[*index].type) : success();
}

LogicalResult ValueReader::read(ValType type) {
  if (type.isPrimitive())
    return read(type.getPrimitive());
  TypeId id = type.getType();
  switch (arena.getKind(id)) {
  case TypeKind::Primitive:
    return read(arena.getPrimitive(id));
  case TypeKind::Record:
  case TypeKind::Tuple:
    for (const Member &member : arena.getMembers(id))
      if (failed(read(*member.type)))
        return failure();
    return success();
  case TypeKind::Variant:
  case TypeKind::Enum:
    return readCase(arena.getMembers(id));
  case TypeKind::Option:
    return readTag({Member{"none", std::nullopt}, arena.getMembers(id).front()}, "option");
  case TypeKind::Result:
    return readTag(arena.getMembers(id), "result");
  case TypeKind::List: {
    FailureOr<uint32_t> count = cursor.readCount("elements");
    if (failed(count))
      return failure();
    for (uint32_t i = 0; i < *count; ++i)
      if (failed(read(arena.getElement(id))))
        return failure();
    return success();
  }
  case TypeKind::Flags:
    return cursor.readBytes((arena.getMembers(id).size() + 7) / 8);
  case TypeKind::FixedList:
  case TypeKind::Map:
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    return notDefinable(type);
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    break;
  }
  llvm_unreachable("no value type");
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

void Validator::addValue(Scope &scope, ValType type, Location location, bool isConsumed) {
  scope.spaces->values.push_back(type);
  scope.values.push_back({location, isConsumed});
}

LogicalResult Validator::visit(Scope &scope, const Value &value, Location location) {
  if (failed(checkEnabled(Feature::Values, "a value definition", location)))
    return failure();
  FailureOr<ValType> type = resolve(scope, value.type, location);
  if (failed(type))
    return failure();
  ByteCursor cursor(value.bytes, value.location, diags);
  if (failed(ValueReader(arena, cursor).read(*type)))
    return failure();
  if (!cursor.atEnd())
    return cursor.error("") << cursor.remaining() << " bytes after a value of the type "
                            << arena.str(*type);
  addValue(scope, *type, location, /*isConsumed=*/false);
  return success();
}

FailureOr<ValType> Validator::consumeValue(Scope &scope, uint32_t index, Location location) {
  if (failed(checkIndex(index, scope.spaces->values, "value", location)))
    return failure();
  if (std::exchange(scope.values[index].isConsumed, true))
    return diags.error(location, "value ") << index << " is consumed a second time";
  return scope.spaces->values[index];
}

LogicalResult Validator::visit(Scope &scope, const Start &start, Location location) {
  if (failed(checkEnabled(Feature::Values, "a component's start function", location)) ||
      failed(checkIndex(start.func, scope.spaces->funcs, "func", location)))
    return failure();
  const FuncType &func = arena.getFunc(scope.spaces->funcs[start.func]);
  if (start.args.size() != func.params.size())
    return diags.error(location, "start function: ")
           << start.args.size() << " arguments given, " << func.params.size() << " expected";
  for (auto [index, param] : llvm::zip_equal(start.args, func.params)) {
    FailureOr<ValType> found = consumeValue(scope, index, location);
    if (failed(found))
      return failure();
    if (!arena.isEqual(*found, param.type))
      return diags.error(location, "start function, argument '")
             << param.name << "': expected " << arena.str(param.type) << ", found "
             << arena.str(*found);
  }
  unsigned numResults = func.result ? 1 : 0;
  if (start.numResults != numResults)
    return diags.error(location, "start function: ")
           << start.numResults << " results named, " << numResults << " expected";
  if (func.result)
    addValue(scope, *func.result, location, /*isConsumed=*/false);
  return success();
}

LogicalResult Validator::checkAllConsumed(const Scope &scope) {
  for (auto [index, value] : llvm::enumerate(scope.values))
    if (!value.isConsumed)
      return diags.error(value.location, "value ")
             << index << " is never consumed: an export, an instantiation or a start function has "
             << "to take it";
  return success();
}
