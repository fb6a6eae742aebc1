//===- ParsePrimitives.cpp - Numbers, characters and strings --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Error.h"

using namespace tenon;
using namespace tenon::wave;
using component::Primitive;
using component::Val;

/// Longer numbers have no meaning, and reading them takes long.
constexpr size_t maxNumberLength = 1000;

FailureOr<Val> Parser::parseInteger(Primitive type) {
  llvm::StringRef text = scanner.peekNumber();
  bool isInteger = !text.empty() && text.find_first_not_of("-0123456789") == llvm::StringRef::npos;
  if (!isInteger)
    return unexpected(spell(type));
  unsigned place = unsigned(type) - unsigned(Primitive::S8); // s8, u8, s16, ...
  unsigned bits = 8u << (place / 2);
  bool isSigned = place % 2 == 0;
  llvm::StringRef digits = text;
  bool isNegative = digits.consume_front("-");
  uint64_t magnitude = 0;
  uint64_t most = isSigned     ? (uint64_t(1) << (bits - 1)) - !isNegative
                  : isNegative ? 0
                               : ~uint64_t(0) >> (64 - bits);
  if (digits.getAsInteger(10, magnitude) || magnitude > most) {
    PendingDiagnostic outside = error("'");
    outside << text.take_front(40) << "' is outside of " << spell(type) << ": ";
    if (isSigned)
      outside << '-' << (uint64_t(1) << (bits - 1)) << " to " << (uint64_t(1) << (bits - 1)) - 1;
    else
      outside << "0 to " << (~uint64_t(0) >> (64 - bits));
    return outside;
  }
  scanner.advance(text.size());
  Val value;
  value.bits = isNegative ? -magnitude : magnitude;
  return value;
}

FailureOr<Val> Parser::parseFloat(Primitive type) {
  const llvm::fltSemantics &semantics =
      type == Primitive::F32 ? llvm::APFloat::IEEEsingle() : llvm::APFloat::IEEEdouble();
  llvm::APFloat number(semantics);
  llvm::StringRef text = scanner.peekNumber(), word = scanner.peekWord();
  if (text.size() > maxNumberLength)
    return error("a number of more than ") << maxNumberLength << " characters";
  if (word == "nan")
    number = llvm::APFloat::getNaN(semantics);
  else if (word == "inf" || text == "-inf")
    number = llvm::APFloat::getInf(semantics, /*Negative=*/text == "-inf");
  else if (text.empty() ||
           llvm::errorToBool(
               number.convertFromString(text, llvm::APFloat::rmNearestTiesToEven).takeError()))
    return unexpected(spell(type));
  scanner.advance(std::max(text.size(), word.size()));
  Val value;
  value.bits = number.bitcastToAPInt().getZExtValue();
  return value;
}

FailureOr<Val> Parser::parsePrimitive(Primitive type) {
  Val value;
  switch (type) {
  case Primitive::Bool: {
    llvm::StringRef word = scanner.peekWord();
    if (word != "true" && word != "false")
      return unexpected("bool");
    scanner.advance(word.size());
    value.bits = word == "true";
    return value;
  }
  case Primitive::Char: {
    std::optional<FailureOr<uint32_t>> c = scanner.parseChar();
    if (!c)
      return unexpected("char");
    if (failed(*c))
      return failure();
    value.bits = **c;
    return value;
  }
  case Primitive::String: {
    std::optional<FailureOr<std::string>> text = scanner.parseString();
    if (!text)
      return unexpected("string");
    if (failed(*text))
      return failure();
    value.text = std::move(**text);
    return value;
  }
  case Primitive::F32:
  case Primitive::F64:
    return parseFloat(type);
  case Primitive::ErrorContext:
    return error("a value of error-context cannot be written");
  default:
    return parseInteger(type);
  }
}
