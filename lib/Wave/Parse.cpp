//===- Parse.cpp - Text to values -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each kind of type. They recurse as deep as the type is nested, which the
// validator limits, however deep the text is.
//
//===----------------------------------------------------------------------===//

#include "Scanner.h"
#include "tenon/Component/Names.h"
#include "tenon/Wave/Wave.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"

using namespace tenon;
using namespace tenon::wave;
using component::Member;
using component::Primitive;
using component::TypeId;
using component::TypeKind;
using component::Val;
using component::ValType;

namespace {

/// Longer numbers have no meaning, and reading them takes long.
constexpr size_t maxNumberLength = 1000;

class Parser {
public:
  Parser(const SourceFile &file, uint64_t offset, const component::TypeArena &arena,
         Diagnostics &diags)
      : arena(arena), scanner(file, offset, diags) {}

  Scanner &getScanner() { return scanner; }
  FailureOr<Val> parse(ValType type);
  FailureOr<std::vector<Val>> parseArguments(const component::FuncType &type);
  LogicalResult parseEnd() {
    return scanner.atEnd() ? success() : LogicalResult(unexpected("the end of the text"));
  }

private:
  const component::TypeArena &arena;
  Scanner scanner;
  /// Where in the value the text stands, for messages: `argument 'p': field 'age': `.
  std::string path;

  FailureOr<Val> parsePrimitive(Primitive type);
  FailureOr<Val> parseInteger(Primitive type);
  FailureOr<Val> parseFloat(Primitive type);
  FailureOr<Val> parseSequence(TypeId type);
  FailureOr<Val> parseEntry(TypeId map);
  FailureOr<Val> parseTuple(TypeId type);
  FailureOr<Val> parseRecord(TypeId type);
  FailureOr<Val> parseFlags(TypeId type);
  FailureOr<Val> parseVariant(TypeId type);
  FailureOr<Val> parseFlattened(TypeId type);
  LogicalResult parsePayload(TypeId type, Val &value);
  FailureOr<llvm::StringRef> parseLabel(const llvm::Twine &what);
  FailureOr<uint32_t> parseMember(TypeId type, const llvm::Twine &what, llvm::BitVector &seen);
  /// The elements up to `close`, with commas between them and perhaps behind the last.
  template <typename F> LogicalResult parseList(char close, F &&parseElement);

  PendingDiagnostic error(const llvm::Twine &message) { return scanner.error(path + message); }
  PendingDiagnostic errorAt(uint64_t offset, const llvm::Twine &message) {
    return scanner.errorAt(offset, path + message);
  }
  PendingDiagnostic unexpected(const llvm::Twine &expected) {
    return error("expected " + expected + ", found " + scanner.describe());
  }
  /// Parses a value with `place` added to where messages say they are.
  FailureOr<Val> parseAt(const llvm::Twine &place, ValType type) {
    size_t length = path.size();
    path += place.str() + ": ";
    FailureOr<Val> value = parse(type);
    path.resize(length);
    return value;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Primitive types
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

template <typename F> LogicalResult Parser::parseList(char close, F &&parseElement) {
  while (!scanner.consume(close)) {
    if (failed(parseElement()))
      return failure();
    if (!scanner.consume(',') && !scanner.peek(close))
      return unexpected(llvm::Twine("',' or '") + llvm::Twine(close) + "'");
  }
  return success();
}

/// `(KEY, VALUE)` of a map.
FailureOr<Val> Parser::parseEntry(TypeId map) {
  llvm::ArrayRef<Member> members = arena.getMembers(map);
  Val entry;
  if (!scanner.consume('('))
    return unexpected("(" + arena.str(*members[0].type) + ", " + arena.str(*members[1].type) + ")");
  for (auto [member, behind] : llvm::zip_equal(members, llvm::StringRef(",)"))) {
    FailureOr<Val> part = parse(*member.type);
    if (failed(part))
      return failure();
    if (!scanner.consume(behind))
      return unexpected(llvm::Twine("'") + llvm::Twine(behind) + "'");
    entry.elements.push_back(std::move(*part));
  }
  return entry;
}

/// A list, a fixed-length list, or a map.
FailureOr<Val> Parser::parseSequence(TypeId type) {
  uint64_t begin = scanner.getOffset();
  if (!scanner.consume('['))
    return unexpected(arena.str(type));
  Val value;
  TypeKind kind = arena.getKind(type);
  if (failed(parseList(']', [&]() -> LogicalResult {
        std::string place = "element " + std::to_string(value.elements.size());
        FailureOr<Val> element =
            kind == TypeKind::Map ? parseEntry(type) : parseAt(place, arena.getElement(type));
        if (failed(element))
          return failure();
        value.elements.push_back(std::move(*element));
        return success();
      })))
    return failure();
  if (kind == TypeKind::FixedList && value.elements.size() != arena.getLength(type))
    return errorAt(begin, "expected ")
           << arena.str(type) << ", found " << value.elements.size() << " elements";
  return value;
}

FailureOr<Val> Parser::parseTuple(TypeId type) {
  uint64_t begin = scanner.getOffset();
  if (!scanner.consume('('))
    return unexpected(arena.str(type));
  llvm::ArrayRef<Member> members = arena.getMembers(type);
  Val value;
  if (failed(parseList(')', [&]() -> LogicalResult {
        size_t index = value.elements.size();
        if (index == members.size())
          return error("expected ") << arena.str(type) << ", found more values";
        FailureOr<Val> element = parseAt("element " + llvm::Twine(index), *members[index].type);
        if (failed(element))
          return failure();
        value.elements.push_back(std::move(*element));
        return success();
      })))
    return failure();
  if (value.elements.size() != members.size())
    return errorAt(begin, "expected ") << arena.str(type) << ", found " << value.elements.size()
                                       << " of " << members.size() << " values";
  return value;
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

/// Without the `%`.
FailureOr<llvm::StringRef> Parser::parseLabel(const llvm::Twine &what) {
  llvm::StringRef word = scanner.peekWord();
  llvm::StringRef label = word;
  label.consume_front("%");
  if (!component::isLabel(label))
    return unexpected(what);
  scanner.advance(word.size());
  return label;
}

/// The index of the field or flag that is named here, for the first time.
FailureOr<uint32_t> Parser::parseMember(TypeId type, const llvm::Twine &what,
                                        llvm::BitVector &seen) {
  uint64_t place = scanner.getOffset();
  FailureOr<llvm::StringRef> label = parseLabel(what + " of " + arena.str(type));
  if (failed(label))
    return failure();
  llvm::ArrayRef<Member> members = arena.getMembers(type);
  const Member *found =
      llvm::find_if(members, [&](const Member &member) { return member.name == *label; });
  if (found == members.end())
    return errorAt(place, arena.str(type)) << " has no " << what << " '" << *label << "'";
  uint32_t index = found - members.begin();
  if (seen[index])
    return errorAt(place, what) << " '" << *label << "' is given twice";
  seen.set(index);
  return index;
}

FailureOr<Val> Parser::parseFlags(TypeId type) {
  if (!scanner.consume('{'))
    return unexpected(arena.str(type));
  llvm::BitVector seen(arena.getMembers(type).size());
  Val value;
  if (failed(parseList('}', [&]() -> LogicalResult {
        FailureOr<uint32_t> index = parseMember(type, "flag", seen);
        if (failed(index))
          return failure();
        value.bits |= uint64_t(1) << *index;
        return success();
      })))
    return failure();
  return value;
}

static bool isOption(const component::TypeArena &arena, ValType type) {
  return !type.isPrimitive() && arena.getKind(type.getType()) == TypeKind::Option;
}

/// Fields in any order; options that are left out are `none`, and `{:}` leaves out all.
FailureOr<Val> Parser::parseRecord(TypeId type) {
  uint64_t begin = scanner.getOffset();
  if (!scanner.consume('{'))
    return unexpected(arena.str(type));
  llvm::ArrayRef<Member> members = arena.getMembers(type);
  llvm::BitVector seen(members.size());
  Val value;
  value.elements.resize(members.size());
  bool isEmpty = scanner.consume(':');
  if (!isEmpty && scanner.peek('}'))
    return errorAt(begin, "expected ") << arena.str(type) << ", found flags: a record without "
                                       << "fields is written {:}";
  if (isEmpty && !scanner.peek('}'))
    return unexpected("'}'");
  if (failed(parseList('}', [&]() -> LogicalResult {
        FailureOr<uint32_t> index = parseMember(type, "field", seen);
        if (failed(index))
          return failure();
        if (!scanner.consume(':'))
          return unexpected("':' and a value");
        const Member &member = members[*index];
        FailureOr<Val> field = parseAt("field '" + member.name + "'", *member.type);
        if (failed(field))
          return failure();
        value.elements[*index] = std::move(*field);
        return success();
      })))
    return failure();
  for (auto [index, member] : llvm::enumerate(members))
    if (!seen[index] && !isOption(arena, *member.type))
      return errorAt(begin, "the field '")
             << member.name << "' (" << arena.str(*member.type) << ") is missing";
  return value;
}

//===----------------------------------------------------------------------===//
// Variants
//===----------------------------------------------------------------------===//

/// What stands behind the label of case `value.bits`.
LogicalResult Parser::parsePayload(TypeId type, Val &value) {
  std::optional<ValType> payload = component::getPayloadType(arena, type, value.bits);
  llvm::StringRef name = component::getCaseName(arena, type, value.bits);
  if (!payload)
    return scanner.peek('(') ? LogicalResult(error("case '" + name + "' has no payload"))
                             : LogicalResult(success());
  if (!scanner.consume('('))
    return error("case '" + name + "' has a payload: expected (") << arena.str(*payload) << ')';
  FailureOr<Val> found = parseAt("case '" + name + "'", *payload);
  if (failed(found))
    return failure();
  value.elements.push_back(std::move(*found));
  return scanner.consume(')') ? success() : LogicalResult(unexpected("')'"));
}

/// Variants and enums, whose cases have names of their own.
FailureOr<Val> Parser::parseVariant(TypeId type) {
  uint64_t begin = scanner.getOffset();
  llvm::StringRef word = scanner.peekWord();
  if (isKeyword(word))
    return unexpected(arena.str(type)) << ": a case of that name is written '%" << word << "'";
  FailureOr<llvm::StringRef> label = parseLabel(arena.str(type));
  if (failed(label))
    return failure();
  Val value;
  for (uint32_t count = component::getNumCases(arena, type); value.bits < count; ++value.bits) {
    if (component::getCaseName(arena, type, value.bits) != *label)
      continue;
    if (failed(parsePayload(type, value)))
      return failure();
    return value;
  }
  return errorAt(begin, arena.str(type)) << " has no case '" << *label << "'";
}

/// Options and results: with their cases, or the payload of `some` or `ok` alone where that is
/// neither.
FailureOr<Val> Parser::parseFlattened(TypeId type) {
  llvm::StringRef word = scanner.peekWord();
  Val value;
  for (value.bits = 0; value.bits < 2; ++value.bits) {
    if (component::getCaseName(arena, type, value.bits) != word)
      continue;
    scanner.advance(word.size());
    if (failed(parsePayload(type, value)))
      return failure();
    return value;
  }
  value.bits = arena.getKind(type) == TypeKind::Option;
  std::optional<ValType> payload = component::getPayloadType(arena, type, value.bits);
  if (payload)
    payload = component::withoutAlias(arena, *payload);
  bool isFlat = payload &&
                (payload->isPrimitive() || (arena.getKind(payload->getType()) != TypeKind::Option &&
                                            arena.getKind(payload->getType()) != TypeKind::Result));
  if (!isFlat)
    return unexpected(arena.str(type));
  FailureOr<Val> found = parse(*payload);
  if (failed(found))
    return failure();
  value.elements.push_back(std::move(*found));
  return value;
}

FailureOr<Val> Parser::parse(ValType type) {
  type = component::withoutAlias(arena, type);
  if (type.isPrimitive())
    return parsePrimitive(type.getPrimitive());
  TypeId id = type.getType();
  switch (arena.getKind(id)) {
  case TypeKind::Record:
    return parseRecord(id);
  case TypeKind::Variant:
  case TypeKind::Enum:
    return parseVariant(id);
  case TypeKind::List:
  case TypeKind::FixedList:
  case TypeKind::Map:
    return parseSequence(id);
  case TypeKind::Tuple:
    return parseTuple(id);
  case TypeKind::Flags:
    return parseFlags(id);
  case TypeKind::Option:
  case TypeKind::Result:
    return parseFlattened(id);
  case TypeKind::Own:
  case TypeKind::Borrow:
  case TypeKind::Stream:
  case TypeKind::Future:
    return error("a value of ") << arena.str(id) << " cannot be written";
  case TypeKind::Primitive:
  case TypeKind::Func:
  case TypeKind::Resource:
  case TypeKind::Instance:
  case TypeKind::Component:
    break;
  }
  llvm_unreachable("not the type of a value");
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

FailureOr<std::vector<Val>> Parser::parseArguments(const component::FuncType &type) {
  std::vector<Val> values;
  if (!scanner.consume('('))
    return unexpected("'('");
  if (failed(parseList(')', [&]() -> LogicalResult {
        size_t index = values.size();
        if (index == type.params.size())
          return error("") << index << (index == 1 ? " argument" : " arguments")
                           << " expected, found more";
        const component::Param &param = type.params[index];
        FailureOr<Val> value = parseAt("argument '" + param.name + "'", param.type);
        if (failed(value))
          return failure();
        values.push_back(std::move(*value));
        return success();
      })))
    return failure();
  uint64_t close = scanner.getEnd() - 1;
  for (const component::Param &param : type.params.drop_front(values.size())) {
    if (!isOption(arena, param.type))
      return errorAt(close, "the argument '")
             << param.name << "' (" << arena.str(param.type) << ") is missing";
    values.emplace_back();
  }
  if (failed(parseEnd()))
    return failure();
  return values;
}

FailureOr<Val> wave::parseValue(const SourceFile &file, const component::TypeArena &arena,
                                ValType type, Diagnostics &diags) {
  Parser parser(file, 0, arena, diags);
  if (failed(parser.getScanner().checkEncoding()))
    return failure();
  FailureOr<Val> value = parser.parse(type);
  if (failed(value) || failed(parser.parseEnd()))
    return failure();
  return value;
}

FailureOr<Call> wave::parseCall(const SourceFile &file, Diagnostics &diags) {
  Scanner scanner(file, 0, diags);
  if (failed(scanner.checkEncoding()))
    return failure();
  llvm::StringRef text = file.getContents();
  size_t open = text.find('(');
  std::string name = text.take_front(open).trim().str();
  if (name.empty())
    return scanner.error("expected the name of a function");
  if (open == llvm::StringRef::npos)
    return scanner.errorAt(text.size(), "expected '(' and arguments behind the function's name");
  return Call{std::move(name), open};
}

FailureOr<std::vector<Val>> wave::parseArguments(const SourceFile &file, const Call &call,
                                                 const component::TypeArena &arena,
                                                 const component::FuncType &type,
                                                 Diagnostics &diags) {
  return Parser(file, call.arguments, arena, diags).parseArguments(type);
}
