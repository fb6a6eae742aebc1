//===- ValueBytes.cpp - The bytes of value definitions --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grammar says nothing of handles, streams, maps and lists of a fixed length: such values can
// be imported, or be the result of a start function, but not be written down.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/ValueBytes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

FailureOr<uint64_t> ValueReader::readBool() {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> byte = cursor.readByte();
  if (failed(byte))
    return failure();
  if (*byte > 1)
    return cursor.errorAt(at, "invalid bool ") << unsigned(*byte);
  return *byte;
}

/// LEB128 of no more bytes than the width needs; a byte where the width is 8.
FailureOr<uint64_t> ValueReader::readInteger(unsigned bits, bool isSigned) {
  if (bits == 8) {
    FailureOr<uint8_t> byte = cursor.readByte();
    if (failed(byte))
      return failure();
    return isSigned ? uint64_t(int64_t(int8_t(*byte))) : *byte;
  }
  size_t at = cursor.getPosition();
  bool fits;
  uint64_t number;
  if (isSigned) {
    FailureOr<int64_t> value = cursor.readS64();
    if (failed(value))
      return failure();
    fits = llvm::isIntN(bits, *value);
    number = uint64_t(*value);
  } else {
    FailureOr<uint64_t> value = cursor.readU64();
    if (failed(value))
      return failure();
    fits = llvm::isUIntN(bits, *value);
    number = *value;
  }
  if (!fits || cursor.getPosition() - at > (bits + 6) / 7)
    return cursor.errorAt(at, "integer too large for ") << (isSigned ? 's' : 'u') << bits;
  return number;
}

/// There is one NaN.
FailureOr<uint64_t> ValueReader::readFloat(unsigned bits) {
  size_t at = cursor.getPosition();
  bool isWrong;
  uint64_t number;
  if (bits == 32) {
    FailureOr<uint32_t> value = cursor.readFixed32();
    if (failed(value))
      return failure();
    isWrong = (*value & 0x7fffffff) > 0x7f800000 && *value != 0x7fc00000;
    number = *value;
  } else {
    FailureOr<uint64_t> value = cursor.readFixed64();
    if (failed(value))
      return failure();
    isWrong = (*value & 0x7fffffffffffffff) > 0x7ff0000000000000 && *value != 0x7ff8000000000000;
    number = *value;
  }
  if (isWrong)
    return cursor.errorAt(at, "a NaN that is not the canonical one");
  return number;
}

FailureOr<uint64_t> ValueReader::readChar() {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> first = cursor.peekByte();
  if (failed(first))
    return failure();
  unsigned length = *first < 0x80 ? 1 : *first < 0xe0 ? 2 : *first < 0xf0 ? 3 : 4;
  FailureOr<llvm::ArrayRef<uint8_t>> bytes = cursor.readBytes(length);
  if (failed(bytes))
    return failure();
  const llvm::UTF8 *begin = bytes->begin();
  llvm::UTF32 character = 0;
  if (!isValidUTF8(llvm::toStringRef(*bytes)) ||
      llvm::convertUTF8Sequence(&begin, bytes->end(), &character, llvm::strictConversion) !=
          llvm::conversionOK)
    return cursor.errorAt(at, "malformed UTF-8 encoding of a char");
  return character;
}

FailureOr<uint64_t> ValueReader::readNumber(Primitive primitive) {
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
  case Primitive::ErrorContext:
    break;
  }
  llvm_unreachable("not a number");
}

/// Options and results have a byte, the others a u32.
FailureOr<uint32_t> ValueReader::readCase(TypeId type) {
  size_t at = cursor.getPosition();
  TypeKind kind = arena.getKind(type);
  if (kind == TypeKind::Option || kind == TypeKind::Result) {
    FailureOr<uint8_t> index = cursor.readByte();
    if (failed(index))
      return failure();
    if (*index > 1)
      return cursor.errorAt(at, "invalid ")
             << (kind == TypeKind::Option ? "option " : "result ") << unsigned(*index);
    return *index;
  }
  FailureOr<uint32_t> index = cursor.readU32();
  if (failed(index))
    return failure();
  if (*index >= getNumCases(arena, type))
    return cursor.errorAt(at, "case ") << *index << " of a type with " << getNumCases(arena, type);
  return *index;
}

FailureOr<uint64_t> ValueReader::readFlags(TypeId type) {
  size_t count = arena.getMembers(type).size();
  FailureOr<llvm::ArrayRef<uint8_t>> bytes = cursor.readBytes((count + 7) / 8);
  if (failed(bytes))
    return failure();
  uint64_t bits = 0;
  for (size_t i = 0; i < std::min<size_t>(bytes->size(), 8); ++i)
    bits |= uint64_t((*bytes)[i]) << (8 * i);
  return bits & llvm::maskTrailingOnes<uint64_t>(std::min<size_t>(count, 64));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// What is inside another value.
LogicalResult ValueReader::readPart(ValType type, Val *out) {
  return read(type, out ? &out->elements.emplace_back() : nullptr);
}

LogicalResult ValueReader::readElements(ValType element, Val *out) {
  FailureOr<uint32_t> count = readLength();
  if (failed(count))
    return failure();
  for (uint32_t i = 0; i < *count; ++i)
    if (failed(readPart(element, out)))
      return failure();
  return success();
}

LogicalResult ValueReader::read(ValType given, Val *out) {
  ValType type = withoutAlias(arena, given);
  auto keep = [&](FailureOr<uint64_t> bits) -> LogicalResult {
    if (succeeded(bits) && out)
      out->bits = *bits;
    return bits;
  };
  if (type.isPrimitive()) {
    if (type.getPrimitive() == Primitive::ErrorContext)
      return notDefinable(type);
    if (type.getPrimitive() != Primitive::String)
      return keep(readNumber(type.getPrimitive()));
    FailureOr<llvm::StringRef> text = readString();
    if (succeeded(text) && out)
      out->text = text->str();
    return text;
  }
  TypeId id = type.getType();
  switch (arena.getKind(id)) {
  case TypeKind::Record:
  case TypeKind::Tuple:
    for (const Member &member : arena.getMembers(id))
      if (failed(readPart(*member.type, out)))
        return failure();
    return success();
  case TypeKind::Variant:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result: {
    FailureOr<uint32_t> index = readCase(id);
    if (failed(index))
      return failure();
    if (out)
      out->bits = *index;
    std::optional<ValType> payload = getPayloadType(arena, id, *index);
    return payload ? readPart(*payload, out) : success();
  }
  case TypeKind::List:
    return readElements(arena.getElement(id), out);
  case TypeKind::Flags:
    return keep(readFlags(id));
  case TypeKind::FixedList:
  case TypeKind::Map:
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    return notDefinable(type);
  case TypeKind::Primitive:
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    break;
  }
  llvm_unreachable("no value type");
}
