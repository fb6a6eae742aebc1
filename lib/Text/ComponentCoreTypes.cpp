//===- ComponentCoreTypes.cpp - Core types inside components ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `core:type` and module types (Explainer.md, "Type Definitions"). A module type starts with an
// empty index space of types; a function type that is written in place is defined just before.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"
#include "tenon/Text/CoreTypes.h"

using namespace tenon;
using namespace tenon::text;

// `(core type $id? ...)`, and `(type $id? ...)` in a module type; stands after `type`.
LogicalResult ComponentParser::parseCoreTypeDefinition(uint64_t textOffset) {
  Id id;
  if (failed(parseId(id)))
    return failure();
  Head head{Sort::CoreType, id, textOffset, {}};
  FailureOr<bool> done = parseImportedOrAliased(head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter bytes;
  if (parser.consumeIfField("module")) {
    if (failed(parseModuleTypeBody(bytes)) || failed(close()))
      return failure();
  } else if (failed(parseCoreFuncType(bytes))) {
    return failure();
  }
  if (failed(close()))
    return failure();
  return finish(head, Item::CoreType, bytes);
}

// `(func (param ...)* (result ...)*)`
LogicalResult ComponentParser::parseCoreFuncType(ByteWriter &out) {
  for (llvm::StringRef word : {"sub", "rec", "struct", "array", "cont"})
    if (parser.peekField(word))
      return parser.error("core type '") << word << "' in a component is not supported yet";
  if (!parser.consumeIfField("func"))
    return parser.expected("a core type");
  auto types = [&](Parser &) { return parseIndex(Sort::CoreType); };
  std::vector<LocalName> names;
  wasm::FuncType type;
  if (failed(parseParamsAndResults(parser, types, type, &names)) || failed(close()))
    return failure();
  writeFuncType(out, type);
  return success();
}

LogicalResult ComponentParser::parseCoreValType(ByteWriter &out) {
  auto types = [&](Parser &) { return parseIndex(Sort::CoreType); };
  FailureOr<wasm::ValType> type = text::parseValType(parser, types);
  if (failed(type))
    return failure();
  writeValType(out, *type);
  return success();
}

//===--- Module types -----------------------------------------------------------===//

LogicalResult ComponentParser::parseModuleTypeBody(ByteWriter &out) {
  Nesting nesting(*this);
  if (failed(nesting.check()))
    return failure();
  Scope type(Scope::ModuleType, "", "", scope, writtenTypes.emplace_back());
  ScopeEntry entry(*this, type);
  while (!parser.peekRParen() && !parser.atEnd())
    if (failed(parseModuleDeclarator()))
      return failure();
  out.byte(0x50);
  type.writeDeclarators(out);
  return success();
}

LogicalResult ComponentParser::parseModuleDeclarator() {
  uint64_t textOffset = parser.getOffset();
  if (parser.consumeIfField("type"))
    return parseCoreTypeDefinition(textOffset);
  if (parser.peekField("alias"))
    return parseAlias();
  bool isImport = parser.peekField("import");
  if (!isImport && !parser.peekField("export"))
    return parser.expected("'(type', '(alias', '(import' or '(export' in a module type");
  parser.next();
  parser.next();
  ByteWriter bytes;
  for (unsigned i = 0; i < (isImport ? 2 : 1); ++i) {
    FailureOr<llvm::StringRef> name = parser.parseName();
    if (failed(name))
      return failure();
    bytes.name(*name);
  }
  if (failed(parseModuleExternDesc(bytes)) || failed(close()))
    return failure();
  scope->append(isImport ? Item::Import : Item::Export, bytes, textOffset);
  return success();
}

LogicalResult ComponentParser::parseModuleExternDesc(ByteWriter &out) {
  auto types = [&](Parser &) { return parseIndex(Sort::CoreType); };
  FailureOr<ExternDesc> desc = parseExternDesc(parser, types);
  if (failed(desc))
    return failure();
  uint32_t typeIndex = 0;
  bool hasTypeUse = desc->kind == wasm::ExternKind::Func || desc->kind == wasm::ExternKind::Tag;
  if (hasTypeUse && desc->typeUse.index) {
    typeIndex = *desc->typeUse.index;
  } else if (hasTypeUse) {
    ByteWriter bytes;
    writeFuncType(bytes, desc->typeUse.type);
    scope->append(Item::CoreType, bytes, desc->textOffset);
    typeIndex = scope->add(Sort::CoreType);
  }
  writeExternDesc(out, *desc, typeIndex);
  return success();
}
