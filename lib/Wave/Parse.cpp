//===- Parse.cpp - Text to values -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that is made of other values, and calls.
//
//===----------------------------------------------------------------------===//

#include "Parser.h"
#include "tenon/Component/Names.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::wave;
using component::Member;
using component::TypeId;
using component::TypeKind;
using component::Val;
using component::ValType;

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

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
