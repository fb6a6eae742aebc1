//===- Component.cpp - Text of a component -> bytes -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Definitions of a component (Explainer.md, "Component Definitions"), and the abbreviations that
// all of them share: an import, exports or an alias written inside the definition. As the core
// specification has it for modules, inline exports come after everything else of the component.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Component.h"
#include "ComponentParser.h"
#include "Quote.h"
#include "tenon/Text/CoreModule.h"
#include "tenon/Text/Text.h"

using namespace tenon;
using namespace tenon::text;

//===--- Entry ------------------------------------------------------------===//

/// The string of a `(@name "...")` before the next token, or else the id.
static FailureOr<llvm::StringRef> parseNameAnnotation(const Parser &parser, llvm::StringRef id) {
  const Annotation *annotation = parser.findAnnotation("name");
  if (!annotation)
    return id;
  Parser inner(parser.getBuffer(), *annotation, parser.getDiagnostics());
  FailureOr<llvm::StringRef> name = inner.parseName();
  if (succeeded(name) && !inner.atEnd())
    return inner.expected("')'");
  return name;
}

LogicalResult tenon::text::parseComponent(Parser &parser, llvm::StringRef name, ByteWriter &out,
                                          const Options &options) {
  out.mark(parser.getOffset());
  if (parser.consumeIfKeyword("binary"))
    return encodeBinaryStrings(parser, out);
  if (!parser.consumeIfKeyword("quote")) {
    FailureOr<llvm::StringRef> display = parseNameAnnotation(parser, name);
    if (failed(display))
      return failure();
    return ComponentParser(parser, options).parseComponentBody(name, *display, out);
  }
  auto encode = [&](Parser &quoted, ByteWriter &bytes) {
    return ComponentParser(quoted, options).parseComponentBody(name, name, bytes);
  };
  return encodeQuote(parser, encode, out);
}

//===--- Definitions --------------------------------------------------------===//

LogicalResult ComponentParser::parseComponentBody(llvm::StringRef id, llvm::StringRef name,
                                                  ByteWriter &out) {
  Nesting nesting(*this);
  if (failed(nesting.check()))
    return failure();
  uint64_t textOffset = parser.getOffset();
  Scope component(Scope::Component, id, name, scope, writtenTypes.emplace_back());
  ScopeEntry entry(*this, component);
  while (!parser.peekRParen() && !parser.atEnd())
    if (failed(parseDefinition()))
      return failure();
  component.writeComponent(out, textOffset);
  lastExports = &component.types.exports;
  return success();
}

LogicalResult ComponentParser::parseDefinition() {
  uint64_t textOffset = parser.getOffset();
  if (parser.peekField("alias"))
    return parseAlias();
  if (parser.peekField("canon"))
    return parseCanon();
  if (parser.peekField("import"))
    return parseImport();
  if (parser.peekField("export"))
    return parseExport();
  if (parser.peekField("start"))
    return parseStart();
  if (failed(parser.consumeLParen()))
    return failure();
  if (parser.consumeIfKeyword("core"))
    return parseCoreDefinition();
  if (parser.consumeIfKeyword("component"))
    return parseNestedComponent(textOffset);
  if (parser.consumeIfKeyword("instance"))
    return parseInstance(textOffset);
  if (parser.consumeIfKeyword("func"))
    return parseFunc(textOffset);
  if (parser.consumeIfKeyword("type"))
    return parseTypeDefinition(textOffset);
  if (parser.consumeIfKeyword("value"))
    return parseValue(textOffset);
  return parser.expected("a component definition");
}

LogicalResult ComponentParser::parseCoreDefinition() {
  uint64_t textOffset = parser.getOffset();
  if (parser.consumeIfKeyword("module"))
    return parseCoreModuleDefinition(textOffset);
  if (parser.consumeIfKeyword("instance"))
    return parseCoreInstance(textOffset);
  if (parser.consumeIfKeyword("type"))
    return parseCoreTypeDefinition(textOffset);
  if (parser.peekKeyword("rec"))
    return parser.error("recursive core types in components are not supported yet");
  if (parser.consumeIfKeyword("func"))
    return parseCoreItem(Sort::CoreFunc, textOffset);
  if (parser.consumeIfKeyword("table"))
    return parseCoreItem(Sort::CoreTable, textOffset);
  if (parser.consumeIfKeyword("memory"))
    return parseCoreItem(Sort::CoreMemory, textOffset);
  if (parser.consumeIfKeyword("global"))
    return parseCoreItem(Sort::CoreGlobal, textOffset);
  if (parser.consumeIfKeyword("tag"))
    return parseCoreItem(Sort::CoreTag, textOffset);
  return parser.expected("a core definition");
}

//===--- What definitions share -----------------------------------------------===//

LogicalResult ComponentParser::bind(Sort sort, const Id &id, uint32_t index, uint64_t textOffset) {
  scope->setName(sort, index, id.name);
  if (id.id.empty() || scope->bind(sort, id.id, index))
    return success();
  return parser.errorAt(textOffset, "duplicate ")
         << describe(sort) << " identifier '$" << id.id << "'";
}

LogicalResult ComponentParser::parseId(Id &id) {
  id.id = parser.parseOptionalId().value_or("");
  FailureOr<llvm::StringRef> name = parseNameAnnotation(parser, id.id);
  if (failed(name))
    return failure();
  id.name = *name;
  return success();
}

FailureOr<ComponentParser::Head> ComponentParser::parseHead(Sort sort, uint64_t textOffset) {
  Id id;
  if (failed(parseId(id)))
    return failure();
  FailureOr<InlineNames> inlines = parseInlineNames();
  if (failed(inlines))
    return failure();
  return Head{sort, id, textOffset, std::move(*inlines)};
}

LogicalResult ComponentParser::finish(const Head &head, Item item, const ByteWriter &bytes) {
  scope->append(item, bytes, head.textOffset);
  return finishIndex(head, scope->add(head.sort));
}

LogicalResult ComponentParser::finishIndex(const Head &head, uint32_t index) {
  if (failed(bind(head.sort, head.id, index, head.textOffset)))
    return failure();
  for (const ExternName &name : head.inlines.exports) {
    ByteWriter bytes;
    bytes.append(name.bytes);
    writeSort(bytes, head.sort);
    bytes.u32(index);
    bytes.byte(0x00); // no type ascription
    scope->exportLater(std::move(bytes), head.sort, name.textOffset);
    noteExport(name.name, head.sort, index, scope->types.exports);
  }
  return success();
}

FailureOr<bool> ComponentParser::parseImportedOrAliased(const Head &head) {
  if (head.inlines.import) {
    ByteWriter bytes;
    bytes.append(head.inlines.import->bytes);
    size_t typeStart = bytes.size();
    if (failed(parseExternTypeBody(head.sort, bytes)) || failed(close()))
      return failure();
    noteExternType(bytes.getBytes().drop_front(typeStart), scope->getSpace(head.sort).size);
    if (failed(finish(head, Item::Import, bytes)))
      return failure();
    return true;
  }
  if (!peekInlineAlias())
    return false;
  Id none;
  FailureOr<SortIndex> alias = parseAliasTarget(head.sort, none);
  if (failed(alias) || failed(close()) || failed(finishIndex(head, alias->index)))
    return failure();
  return true;
}

//===--- Definitions of one kind each -----------------------------------------===//

LogicalResult ComponentParser::parseNestedComponent(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::Component, textOffset);
  if (failed(head))
    return failure();
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter bytes;
  if (parser.consumeIfKeyword("binary")) {
    if (failed(encodeBinaryStrings(parser, bytes)))
      return failure();
  } else if (failed(parseComponentBody(head->id.id, head->id.name, bytes))) {
    return failure();
  } else {
    scope->types.components[scope->getSpace(Sort::Component).size] = lastExports;
  }
  if (failed(close()))
    return failure();
  return finish(*head, Item::Component, bytes);
}

LogicalResult ComponentParser::parseCoreModuleDefinition(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::CoreModule, textOffset);
  if (failed(head))
    return failure();
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter bytes;
  if (failed(parseCoreModule(parser, head->id.name, bytes)) || failed(close()))
    return failure();
  return finish(*head, Item::CoreModule, bytes);
}

// `(func $f typeuse (canon lift ...))`
LogicalResult ComponentParser::parseFunc(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::Func, textOffset);
  if (failed(head))
    return failure();
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  FailureOr<uint32_t> type = parseTypeUseBody(Sort::Func);
  if (failed(type))
    return failure();
  if (!parser.consumeIfField("canon", "lift"))
    return parser.expected("'(canon lift'");
  ByteWriter bytes;
  if (failed(parseLiftOperands(bytes)) || failed(close()) || failed(close()))
    return failure();
  bytes.u32(*type);
  return finish(*head, Item::Canon, bytes);
}

LogicalResult ComponentParser::parseCoreItem(Sort sort, uint64_t textOffset) {
  Id id;
  if (failed(parseId(id)))
    return failure();
  Head head{sort, id, textOffset, {}};
  if (peekInlineName("export") || peekInlineName("import"))
    return parser.error("a ") << describe(sort) << " can be neither imported nor exported";
  FailureOr<bool> done = parseImportedOrAliased(head);
  if (failed(done) || *done)
    return LogicalResult(done);
  if (sort != Sort::CoreFunc)
    return parser.expected("'(alias core export'");
  if (!parser.consumeIfField("canon"))
    return parser.expected("'(canon' or '(alias core export'");
  ByteWriter bytes;
  if (failed(parseCoreFuncCanon(bytes)) || failed(close()) || failed(close()))
    return failure();
  return finish(head, Item::Canon, bytes);
}
