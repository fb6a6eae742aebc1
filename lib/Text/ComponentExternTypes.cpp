//===- ComponentExternTypes.cpp - Types of imports and exports ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `externtype`, and the component and instance types that consist of them (Explainer.md, "Type
// Definitions" and "Declarators"). A func, instance, component or core module in an import refers
// to a type definition; where the text writes the type in place, it is defined just before.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"
#include "tenon/Support/ByteCursor.h"

using namespace tenon;
using namespace tenon::text;

//===--- externtype -----------------------------------------------------------===//

// A declarator always has something after its id: `(type $t u8)`, `(type $t (func))`.
bool ComponentParser::peekTypeReference() const {
  if (!parser.peekField("type"))
    return false;
  Token::Kind index = parser.peek(2).kind;
  Token::Kind after = parser.peek(3).kind;
  return (index == Token::Id || index == Token::Integer) &&
         (after == Token::RParen || after == Token::String);
}

FailureOr<Sort> ComponentParser::parseExternType(ByteWriter &out, Id &id) {
  if (failed(parser.consumeLParen()))
    return failure();
  bool core = parser.consumeIfKeyword("core");
  std::optional<Sort> sort;
  if (parser.peek().kind == Token::Keyword)
    sort = parseSort(parser.spelling(), core);
  if (!sort || (core && sort != Sort::CoreModule))
    return parser.expected(core ? "'module'" : "the type of an import or export");
  parser.next();
  if (failed(parseId(id)) || failed(parseExternTypeBody(*sort, out)) || failed(close()))
    return failure();
  return *sort;
}

LogicalResult ComponentParser::parseExternTypeBody(Sort sort, ByteWriter &out) {
  writeSort(out, sort);
  if (sort == Sort::Type)
    return parseTypeBound(out);
  if (sort == Sort::Value)
    return parseValueBound(out);
  FailureOr<uint32_t> type = parseTypeUseBody(sort);
  if (failed(type))
    return failure();
  out.u32(*type);
  return success();
}

FailureOr<uint32_t> ComponentParser::parseTypeUseBody(Sort sort) {
  uint64_t textOffset = parser.getOffset();
  bool core = sort == Sort::CoreModule;
  if (peekTypeReference()) {
    parser.next();
    parser.next();
    FailureOr<uint32_t> index = parseIndexAndNames(core ? Sort::CoreType : Sort::Type);
    if (failed(index) || failed(close()))
      return failure();
    return *index;
  }
  ByteWriter bytes;
  bytes.mark(textOffset);
  if (core) {
    if (failed(parseModuleTypeBody(bytes)))
      return failure();
    scope->append(Item::CoreType, bytes, textOffset);
    return scope->add(Sort::CoreType);
  }
  LogicalResult parsed = success();
  if (sort == Sort::Func)
    parsed = parseFuncTypeBody(bytes);
  else
    parsed = parseDeclarators(sort == Sort::Component ? Scope::ComponentType : Scope::InstanceType,
                              /*id=*/"", bytes);
  if (failed(parsed))
    return failure();
  return defineType(bytes, textOffset);
}

// `(eq T)` or `(sub resource)`
LogicalResult ComponentParser::parseTypeBound(ByteWriter &out) {
  if (parser.consumeIfField("sub", "resource")) {
    out.byte(0x01);
    return close();
  }
  if (!parser.consumeIfField("eq"))
    return parser.expected("'(eq' or '(sub resource)'");
  out.byte(0x00);
  uint64_t textOffset = parser.getOffset();
  if (parser.peekIndex() || parser.peekField("type")) {
    FailureOr<uint32_t> index = parseReference(Sort::Type);
    if (failed(index))
      return failure();
    out.u32(*index);
    return close();
  }
  ByteWriter bytes;
  bytes.mark(textOffset);
  bool isValue = false;
  if (failed(parseDefType(bytes, isValue)))
    return failure();
  out.u32(isValue ? defineValType(bytes, textOffset) : defineType(bytes, textOffset));
  return close();
}

/// What the encoded type of an import or export says of `index`, which has that type.
void ComponentParser::noteExternType(llvm::ArrayRef<uint8_t> externType, uint32_t index) {
  ByteCursor cursor(externType, parser.getLocation(), parser.getDiagnostics());
  WrittenTypes &types = scope->types;
  switch (*cursor.readByte()) {
  case 0x03:
    if (*cursor.readByte() == 0x00) // (eq N)
      types.typeAliases[index] = {&types, *cursor.readU32()};
    return;
  case 0x04:
    types.components[index] = types.findExternType(*cursor.readU32());
    return;
  case 0x05:
    types.instances[index] = types.findExternType(*cursor.readU32());
    return;
  default:
    return;
  }
}

void ComponentParser::noteExport(llvm::StringRef name, Sort sort, uint32_t index,
                                 WrittenTypes::Exports &exports) {
  if (sort == Sort::Type)
    exports.types[name] = {&scope->types, index};
  else if (sort == Sort::Instance)
    exports.instances[name] = scope->types.instances.lookup(index);
}

// `(eq v)` or `T`
LogicalResult ComponentParser::parseValueBound(ByteWriter &out) {
  if (!parser.consumeIfField("eq")) {
    out.byte(0x01);
    return parseValType(out);
  }
  out.byte(0x00);
  FailureOr<uint32_t> index = parseReference(Sort::Value);
  if (failed(index))
    return failure();
  out.u32(*index);
  return close();
}

//===--- Component and instance types -------------------------------------------===//

LogicalResult ComponentParser::parseDeclarators(Scope::Kind kind, llvm::StringRef id,
                                                ByteWriter &out) {
  Nesting nesting(*this);
  if (failed(nesting.check()))
    return failure();
  Scope type(kind, id, "", scope, writtenTypes.emplace_back());
  ScopeEntry entry(*this, type);
  while (!parser.peekRParen() && !parser.atEnd())
    if (failed(parseDeclarator()))
      return failure();
  out.byte(kind == Scope::ComponentType ? 0x41 : 0x42);
  type.writeDeclarators(out);
  lastExports = &type.types.exports;
  return success();
}

LogicalResult ComponentParser::parseDeclarator() {
  uint64_t textOffset = parser.getOffset();
  if (parser.consumeIfField("core", "type"))
    return parseCoreTypeDefinition(textOffset);
  if (parser.consumeIfField("type"))
    return parseTypeDefinition(textOffset);
  if (parser.peekField("alias"))
    return parseAlias();
  if (parser.consumeIfField("export"))
    return parseExternDeclarator(Item::Export, textOffset);
  if (scope->getKind() == Scope::InstanceType)
    return parser.expected("'(core type', '(type', '(alias' or '(export' in an instance type");
  if (parser.consumeIfField("import"))
    return parseExternDeclarator(Item::Import, textOffset);
  return parser.expected(
      "'(core type', '(type', '(alias', '(import' or '(export' in a component type");
}

// `"name" attribute* bind-id(externtype))`
LogicalResult ComponentParser::parseExternDeclarator(Item item, uint64_t textOffset) {
  FailureOr<ExternName> name = parseExternName();
  if (failed(name))
    return failure();
  ByteWriter bytes;
  bytes.append(name->bytes);
  Id id;
  size_t typeStart = bytes.size();
  FailureOr<Sort> sort = parseExternType(bytes, id);
  if (failed(sort) || failed(close()))
    return failure();
  scope->append(item, bytes, textOffset);
  uint32_t index = scope->add(*sort);
  noteExternType(bytes.getBytes().drop_front(typeStart), index);
  if (item == Item::Export)
    noteExport(name->name, *sort, index, scope->types.exports);
  return bind(*sort, id, index, textOffset);
}
