//===- CoreModule.cpp - Text of a core module -> bytes --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of work on a module, its first pass (numbers and ids of everything), and the order of
// its sections.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/CoreModule.h"
#include "CoreModuleEncoder.h"
#include "Quote.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// First pass: ids
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::collectFields() {
  while (parser.peekLParen())
    if (failed(collectField()))
      return failure();
  if (!parser.peekRParen() && !parser.atEnd())
    return parser.expected("a module field");
  return success();
}

LogicalResult ModuleEncoder::collectField() {
  parser.next();
  uint64_t at = parser.getOffset();
  FailureOr<StringRef> word = parser.parseKeyword("a module field");
  if (failed(word))
    return failure();
  if (*word == "type" || *word == "rec")
    return collectTypes(*word == "rec");
  if (*word == "import")
    return collectImport();
  if (findEntitySpace(*word))
    return collectEntity(*word);
  LogicalResult collected = success();
  if (*word == "elem" || *word == "data")
    collected = collectId(*word == "elem" ? scope.elems : scope.datas);
  else if (*word != "export" && *word != "start")
    return parser.errorAt(at, "unexpected token: unknown module field '") << *word << "'";
  return failed(collected) ? failure() : parser.skipToClose();
}

IndexSpace *ModuleEncoder::findEntitySpace(StringRef word) {
  if (word == "func")
    return &scope.funcs;
  if (word == "table")
    return &scope.tables;
  if (word == "memory")
    return &scope.memories;
  if (word == "global")
    return &scope.globals;
  if (word == "tag")
    return &scope.tags;
  return nullptr;
}

LogicalResult ModuleEncoder::collectId(IndexSpace &space) {
  uint64_t at = parser.getOffset();
  uint32_t index = space.size();
  if (failed(space.add(parser, parser.parseOptionalId(), at)))
    return failure();
  FailureOr<std::optional<StringRef>> name = takeNameAnnotation();
  if (failed(name))
    return failure();
  if (*name)
    space.setDebugName(index, **name);
  return success();
}

LogicalResult ModuleEncoder::collectTypes(bool isGroup) {
  if (!isGroup)
    return failed(collectId(scope.types)) ? failure() : parser.skipToClose();
  while (parser.consumeIfField("type"))
    if (failed(collectId(scope.types)) || failed(parser.skipToClose()))
      return failure();
  return parser.consumeRParen();
}

LogicalResult ModuleEncoder::checkImportOrder(uint64_t textOffset) {
  if (!firstDefinition)
    return success();
  return parser.errorAt(textOffset, "import after ") << firstDefinition;
}

LogicalResult ModuleEncoder::collectImport() {
  if (failed(checkImportOrder(parser.getOffset())) ||
      failed(parser.parseName("the name of a module")) ||
      failed(parser.parseName("the name of an import")) || failed(parser.consumeLParen()))
    return failure();
  IndexSpace *space = findEntitySpace(parser.spelling());
  if (!space)
    return parser.expected("'func', 'table', 'memory', 'global' or 'tag'");
  parser.next();
  if (failed(collectId(*space)) || failed(parser.skipToClose()))
    return failure();
  return parser.consumeRParen();
}

/// `(func`, `(table`, `(memory`, `(global`, `(tag`: defined, or imported by the abbreviation.
LogicalResult ModuleEncoder::collectEntity(StringRef word) {
  if (failed(collectId(*findEntitySpace(word))))
    return failure();
  while (parser.consumeIfField("export"))
    if (failed(parser.skipToClose()))
      return failure();
  if (parser.peekField("import")) {
    if (failed(checkImportOrder(parser.getOffset())))
      return failure();
  } else if (!firstDefinition)
    firstDefinition = word == "func"     ? "function"
                      : word == "table"  ? "table"
                      : word == "memory" ? "memory"
                      : word == "global" ? "global"
                                         : "tag";
  // Segments that are written inside of what they fill have numbers too.
  while (word == "table" || word == "memory") {
    if (parser.peekRParen() || parser.atEnd())
      break;
    if (word == "table" && parser.peekField("elem"))
      scope.elems.addUnnamed(1);
    if (word == "memory" && parser.peekField("data"))
      scope.datas.addUnnamed(1);
    bool opens = parser.peekLParen();
    parser.next();
    if (opens && failed(parser.skipToClose()))
      return failure();
  }
  return parser.skipToClose();
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

void ModuleEncoder::writeSections(ByteWriter &out) {
  static constexpr uint8_t order[] = {
      TypeSectionId,      ImportSectionId, FunctionSectionId, TableSectionId, MemorySectionId,
      TagSectionId,       GlobalSectionId, ExportSectionId,   StartSectionId, ElementSectionId,
      DataCountSectionId, CodeSectionId,   DataSectionId};
  writeCustoms(out, CustomSectionId, /*after=*/false);
  for (uint8_t id : order) {
    writeCustoms(out, id, /*after=*/false);
    ByteWriter contents;
    if (id == StartSectionId) {
      if (start)
        contents.u32(*start);
    } else if (id == DataCountSectionId) {
      if (scope.usesDataCount)
        contents.u32(scope.datas.size());
    } else if (sections[id].count) {
      contents.u32(sections[id].count);
      contents.append(sections[id].elements);
    }
    if (id == CodeSectionId)
      writeBranchHints(out);
    if (!contents.empty())
      out.section(id, contents);
    writeCustoms(out, id, /*after=*/true);
  }
  writeCustoms(out, NumSectionIds, /*after=*/true);
  writeNames(out);
}

LogicalResult ModuleEncoder::run(ByteWriter &out) {
  size_t first = parser.getPosition();
  if (failed(parseModuleName()) || failed(collectFields()))
    return failure();
  parser.setPosition(first);
  if (failed(encodeTypes()))
    return failure();
  parser.setPosition(first);
  if (failed(encodeFields()) || failed(checkAnnotations(first)))
    return failure();
  writeImplicitTypes();
  out.raw(StringRef("\0asm\1\0\0\0", 8));
  writeSections(out);
  return success();
}

LogicalResult tenon::text::parseCoreModule(Parser &parser, StringRef name, ByteWriter &out) {
  out.mark(parser.getOffset());
  if (parser.consumeIfKeyword("binary"))
    return encodeBinaryStrings(parser, out);
  if (parser.consumeIfKeyword("quote"))
    return encodeQuote(
        parser,
        [](Parser &inside, ByteWriter &to) {
          if (!inside.consumeIfField("module"))
            return parseCoreModule(inside, "", to);
          StringRef id = inside.parseOptionalId().value_or("");
          if (failed(parseCoreModule(inside, id, to)))
            return LogicalResult(failure());
          return inside.consumeRParen();
        },
        out);
  return ModuleEncoder(parser, name).run(out);
}
