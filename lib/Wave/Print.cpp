//===- Print.cpp - Values to text -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scanner.h"
#include "tenon/Wave/Wave.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include <charconv>
#include <cmath>

using namespace tenon;
using namespace tenon::wave;
using component::Primitive;
using component::TypeId;
using component::TypeKind;
using component::Val;
using component::ValType;

/// The fewest digits that are read as the same number, and no exponent.
template <typename Float> static void printFloat(llvm::raw_ostream &os, Float number) {
  if (std::isnan(number)) {
    os << "nan";
    return;
  }
  if (std::signbit(number))
    os << '-';
  if (std::isinf(number)) {
    os << "inf";
    return;
  }
  char buffer[64]; // D.DDDe+XXX
  auto [end, status] = std::to_chars(std::begin(buffer), std::end(buffer), std::abs(number),
                                     std::chars_format::scientific);
  auto [mantissa, power] = llvm::StringRef(buffer, end - buffer).split('e');
  power.consume_front("+");
  int exponent = 0;
  (void)power.getAsInteger(10, exponent);
  std::string digits = mantissa.str();
  llvm::erase(digits, '.');
  int point = exponent + 1; // how many digits stand before the point
  if (point <= 0) {
    os << "0";
    if (digits != "0")
      os << '.' << std::string(-point, '0') << digits;
    return;
  }
  if (digits.size() <= size_t(point))
    os << digits << std::string(point - digits.size(), '0');
  else
    os << llvm::StringRef(digits).take_front(point) << '.'
       << llvm::StringRef(digits).drop_front(point);
}

static void printChar(llvm::raw_ostream &os, uint32_t c) {
  switch (c) {
  case '\\':
  case '\'':
  case '"':
    os << '\\' << char(c);
    return;
  case '\t':
    os << "\\t";
    return;
  case '\n':
    os << "\\n";
    return;
  case '\r':
    os << "\\r";
    return;
  default:
    break;
  }
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = bytes;
  if (llvm::sys::unicode::isPrintable(int(c)) && llvm::ConvertCodePointToUTF8(c, end))
    os << llvm::StringRef(bytes, end - bytes);
  else
    os << llvm::format("\\u{%x}", c);
}

static void printString(llvm::raw_ostream &os, llvm::StringRef text) {
  os << '"';
  const llvm::UTF8 *at = text.bytes_begin();
  while (at != text.bytes_end()) {
    llvm::UTF32 c = 0;
    // What is no character stands for itself nowhere; it can't come out of a component.
    if (llvm::convertUTF8Sequence(&at, text.bytes_end(), &c, llvm::strictConversion) !=
        llvm::conversionOK) {
      c = 0xfffd;
      ++at;
    }
    printChar(os, c);
  }
  os << '"';
}

namespace {

class Printer {
public:
  Printer(llvm::raw_ostream &os, const component::TypeArena &arena) : os(os), arena(arena) {}
  void print(ValType type, const Val &value);

private:
  llvm::raw_ostream &os;
  const component::TypeArena &arena;

  void printPrimitive(Primitive type, const Val &value);
  void printSequence(TypeId type, const Val &value);
  void printTuple(TypeId type, const Val &value);
  void printRecord(TypeId type, const Val &value);
  void printFlags(TypeId type, const Val &value);
  void printCase(TypeId type, const Val &value);
};

} // namespace

void Printer::printPrimitive(Primitive type, const Val &value) {
  switch (type) {
  case Primitive::Bool:
    os << (value.bits ? "true" : "false");
    return;
  case Primitive::S8:
  case Primitive::S16:
  case Primitive::S32:
  case Primitive::S64:
    os << int64_t(value.bits);
    return;
  case Primitive::U8:
  case Primitive::U16:
  case Primitive::U32:
  case Primitive::U64:
    os << value.bits;
    return;
  case Primitive::F32:
    printFloat(os, llvm::bit_cast<float>(uint32_t(value.bits)));
    return;
  case Primitive::F64:
    printFloat(os, llvm::bit_cast<double>(value.bits));
    return;
  case Primitive::Char:
    os << '\'';
    printChar(os, value.bits);
    os << '\'';
    return;
  case Primitive::String:
    printString(os, value.text);
    return;
  case Primitive::ErrorContext:
    os << "error-context(" << value.bits << ')';
    return;
  }
}

void Printer::printSequence(TypeId type, const Val &value) {
  os << '[';
  llvm::ListSeparator comma(", ");
  for (const Val &element : value.elements) {
    os << comma;
    if (arena.getKind(type) == TypeKind::Map)
      printTuple(type, element);
    else
      print(arena.getElement(type), element);
  }
  os << ']';
}

/// A tuple, or an entry of a map.
void Printer::printTuple(TypeId type, const Val &value) {
  os << '(';
  llvm::ListSeparator comma(", ");
  for (auto [member, element] : llvm::zip_equal(arena.getMembers(type), value.elements)) {
    os << comma;
    print(*member.type, element);
  }
  os << ')';
}

void Printer::printRecord(TypeId type, const Val &value) {
  os << '{';
  llvm::ListSeparator comma(", ");
  bool isEmpty = true;
  for (auto [member, element] : llvm::zip_equal(arena.getMembers(type), value.elements)) {
    bool isOption =
        !member.type->isPrimitive() && arena.getKind(member.type->getType()) == TypeKind::Option;
    if (isOption && !element.bits)
      continue;
    os << comma << member.name << ": ";
    print(*member.type, element);
    isEmpty = false;
  }
  os << (isEmpty ? ":}" : "}");
}

void Printer::printFlags(TypeId type, const Val &value) {
  os << '{';
  llvm::ListSeparator comma(", ");
  for (auto [index, member] : llvm::enumerate(arena.getMembers(type)))
    if (value.bits >> index & 1)
      os << comma << member.name;
  os << '}';
}

void Printer::printCase(TypeId type, const Val &value) {
  TypeKind kind = arena.getKind(type);
  llvm::StringRef name = component::getCaseName(arena, type, value.bits);
  bool hasOwnNames = kind == TypeKind::Variant || kind == TypeKind::Enum;
  os << (hasOwnNames && isKeyword(name) ? "%" : "") << name;
  if (value.elements.empty())
    return;
  os << '(';
  print(*component::getPayloadType(arena, type, value.bits), value.elements.front());
  os << ')';
}

void Printer::print(ValType type, const Val &value) {
  type = component::withoutAlias(arena, type);
  if (type.isPrimitive())
    return printPrimitive(type.getPrimitive(), value);
  TypeId id = type.getType();
  switch (arena.getKind(id)) {
  case TypeKind::Record:
    return printRecord(id, value);
  case TypeKind::Variant:
  case TypeKind::Enum:
  case TypeKind::Option:
  case TypeKind::Result:
    return printCase(id, value);
  case TypeKind::List:
  case TypeKind::FixedList:
  case TypeKind::Map:
    return printSequence(id, value);
  case TypeKind::Tuple:
    return printTuple(id, value);
  case TypeKind::Flags:
    return printFlags(id, value);
  case TypeKind::Own:
  case TypeKind::Borrow: {
    llvm::StringRef name = arena.getInfo(arena.getResource(id)).name;
    os << (name.empty() ? "resource" : name) << '(' << value.bits << ')';
    return;
  }
  case TypeKind::Stream:
  case TypeKind::Future:
    os << (arena.getKind(id) == TypeKind::Stream ? "stream(" : "future(") << value.bits << ')';
    return;
  case TypeKind::Primitive:
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    break;
  }
  llvm_unreachable("not the type of a value");
}

void wave::printValue(llvm::raw_ostream &os, const component::TypeArena &arena, ValType type,
                      const Val &value) {
  Printer(os, arena).print(type, value);
}
