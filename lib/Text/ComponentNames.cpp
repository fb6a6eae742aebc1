//===- ComponentNames.cpp - Imports, exports and their names ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md, "Import and Export Definitions". An import written as `(import "./x.wasm" ...)`
// names a file, which no extern name can: it becomes a plain name with the path as its
// `external-id`, so that bytes carry what the text meant.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"
#include "tenon/Text/Text.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::text;

//===--- Names ------------------------------------------------------------------===//

namespace {
struct AttributeKind {
  llvm::StringLiteral word;
  uint8_t code;
};
} // namespace

static constexpr AttributeKind attributeKinds[] = {
    {"implements", 0x00}, {"versionsuffix", 0x01}, {"external-id", 0x02}};

/// `nameattributes` of Binary.md. Of the two codes without attributes, which mean the same, 0x00.
static void writeExternName(ByteWriter &out, llvm::StringRef name, uint32_t numAttributes,
                            const ByteWriter &attributes) {
  out.byte(numAttributes ? 0x02 : 0x00);
  out.name(name);
  if (!numAttributes)
    return;
  out.u32(numAttributes);
  out.append(attributes);
}

FailureOr<ComponentParser::ExternName> ComponentParser::parseExternName() {
  ExternName result;
  result.textOffset = parser.getOffset();
  if (parser.peekField("interface"))
    return parser.error("expected a name: '(interface \"...\")' was removed from the Component "
                        "Model, and the name stands alone");
  FailureOr<llvm::StringRef> name = parser.parseName();
  if (failed(name))
    return failure();
  result.name = *name;
  ByteWriter attributes;
  uint32_t count = 0;
  bool seen[std::size(attributeKinds)] = {};
  for (size_t i = 0; i < std::size(attributeKinds);) {
    if (!parser.peekField(attributeKinds[i].word)) {
      ++i;
      continue;
    }
    if (std::exchange(seen[i], true))
      return parser.error("unexpected token: a second '") << attributeKinds[i].word << "'";
    parser.next();
    parser.next();
    FailureOr<llvm::StringRef> value = parser.parseName();
    if (failed(value) || failed(close()))
      return failure();
    attributes.byte(attributeKinds[i].code);
    attributes.name(*value);
    ++count;
    i = 0; // attributes come in any order
  }
  result.bytes.mark(result.textOffset);
  writeExternName(result.bytes, result.name, count, attributes);
  return result;
}

bool ComponentParser::peekInlineName(llvm::StringRef word) const {
  if (!parser.peekField(word) || parser.peek(2).kind != Token::String)
    return false;
  size_t at = 3;
  auto isAttribute = [&] {
    return parser.peek(at).kind == Token::LParen &&
           llvm::any_of(
               attributeKinds,
               [&](const AttributeKind &kind) { return parser.peekKeyword(kind.word, at + 1); }) &&
           parser.peek(at + 2).kind == Token::String && parser.peek(at + 3).kind == Token::RParen;
  };
  while (isAttribute())
    at += 4;
  return parser.peek(at).kind == Token::RParen;
}

FailureOr<ComponentParser::InlineNames> ComponentParser::parseInlineNames() {
  InlineNames result;
  while (peekInlineName("export")) {
    parser.next();
    parser.next();
    FailureOr<ExternName> name = parseExternName();
    if (failed(name) || failed(close()))
      return failure();
    result.exports.push_back(std::move(*name));
  }
  if (!peekInlineName("import"))
    return result;
  parser.next();
  parser.next();
  FailureOr<ExternName> name = parseImportName();
  if (failed(name) || failed(close()))
    return failure();
  result.import = std::move(*name);
  return result;
}

//===--- Paths --------------------------------------------------------------------===//

static bool isPath(llvm::StringRef name) {
  return name.starts_with("./") || name.starts_with("../") || name.starts_with("/") ||
         name.ends_with(".wasm") || name.ends_with(".wat");
}

/// Words of lower-case letters and digits with a `-` between them (a `label` of Explainer.md).
static std::string makeLabel(llvm::StringRef text) {
  std::string label;
  bool wordEnded = false;
  for (char c : text) {
    if (!llvm::isAlnum(c)) {
      wordEnded = !label.empty();
      continue;
    }
    if (label.empty() && llvm::isDigit(c))
      label = "c";
    if (std::exchange(wordEnded, false))
      label += '-';
    label += llvm::toLower(c);
  }
  return label.empty() ? "component" : label;
}

/// Whether some import in the text is called `name`.
static bool isImportName(const TokenBuffer &buffer, llvm::StringRef name) {
  llvm::ArrayRef<Token> tokens = buffer.getTokens();
  for (size_t i = 1; i < tokens.size(); ++i)
    if (tokens[i].kind == Token::String && tokens[i - 1].kind == Token::Keyword &&
        buffer.spelling(tokens[i - 1]) == "import" &&
        buffer.value(tokens[i]).equals_insensitive(name))
      return true;
  return false;
}

std::string ComponentParser::makeNameFromPath(llvm::StringRef path) {
  llvm::StringRef stem = path.substr(path.rfind('/') + 1);
  if (!stem.consume_back(".wasm"))
    stem.consume_back(".wat");
  std::string label = makeLabel(stem);
  std::string name = label;
  for (unsigned number = 2;
       isImportName(parser.getBuffer(), name) || !scope->namesFromPaths.insert(name).second;
       ++number)
    name = label + "-" + std::to_string(number);
  return name;
}

FailureOr<ComponentParser::ExternName> ComponentParser::parseImportName() {
  const Token &token = parser.peek();
  if (!parser.peekString() || !isPath(parser.getBuffer().value(token)))
    return parseExternName();
  FailureOr<ExternName> written = parseExternName();
  if (failed(written))
    return failure();
  llvm::StringRef path = written->name;
  if (!options.allowPathImports)
    return parser.errorAt(token, "import name \"") << path << "\" is a path, not a name";
  if (written->bytes.getBytes().front() == 0x02)
    return parser.errorAt(token, "import name \"")
           << path << "\" is a path, and can have no further attributes";
  ByteWriter attribute;
  attribute.byte(0x02);
  attribute.name(path);
  std::string name = makeNameFromPath(path);
  ExternName result;
  result.textOffset = token.offset;
  result.bytes.mark(token.offset);
  writeExternName(result.bytes, name, 1, attribute);
  parser.getDiagnostics().warning(parser.locationOf(token), "import name \"")
      << path << "\" is a path; read as \"" << name << "\" (external-id \"" << path << "\")";
  return result;
}

//===--- Definitions ----------------------------------------------------------------===//

// `(import "name" attribute* bind-id(externtype))`
LogicalResult ComponentParser::parseImport() {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  FailureOr<ExternName> name = parseImportName();
  if (failed(name))
    return failure();
  ByteWriter bytes;
  bytes.append(name->bytes);
  Id id;
  size_t typeStart = bytes.size();
  FailureOr<Sort> sort = parseExternType(bytes, id);
  if (failed(sort) || failed(close()))
    return failure();
  scope->append(Item::Import, bytes, textOffset);
  uint32_t index = scope->add(*sort);
  noteExternType(bytes.getBytes().drop_front(typeStart), index);
  return bind(*sort, id, index, textOffset);
}

// `(export $id? "name" attribute* externidx externtype?)`
LogicalResult ComponentParser::parseExport() {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  Id id;
  if (failed(parseId(id)))
    return failure();
  FailureOr<ExternName> name = parseExternName();
  if (failed(name))
    return failure();
  FailureOr<SortIndex> item = parseExternIndex(/*core=*/false);
  if (failed(item))
    return failure();
  ByteWriter bytes;
  bytes.append(name->bytes);
  writeSort(bytes, item->sort);
  bytes.u32(item->index);
  if (parser.peekRParen()) {
    bytes.byte(0x00);
  } else {
    bytes.byte(0x01);
    Id unused;
    if (failed(parseExternType(bytes, unused)))
      return failure();
  }
  if (failed(close()))
    return failure();
  scope->append(Item::Export, bytes, textOffset);
  uint32_t index = scope->add(item->sort);
  WrittenTypes &types = scope->types;
  if (item->sort == Sort::Type)
    types.typeAliases[index] = {&types, item->index};
  else if (item->sort == Sort::Instance)
    types.instances[index] = types.instances.lookup(item->index);
  else if (item->sort == Sort::Component)
    types.components[index] = types.components.lookup(item->index);
  noteExport(name->name, item->sort, index, types.exports);
  return bind(item->sort, id, index, textOffset);
}
