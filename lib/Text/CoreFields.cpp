//===- CoreFields.cpp - Fields of a core module ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Imports, exports and definitions (core specification, "Text Format / Modules"), with the
// abbreviations that put imports, exports and segments inside of definitions.
//
//===----------------------------------------------------------------------===//

#include "CoreInstructions.h"
#include "CoreModuleEncoder.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using wasm::ExternKind;

static std::optional<ExternKind> entityKind(StringRef word) {
  return llvm::StringSwitch<std::optional<ExternKind>>(word)
      .Case("func", ExternKind::Func)
      .Case("table", ExternKind::Table)
      .Case("memory", ExternKind::Memory)
      .Case("global", ExternKind::Global)
      .Case("tag", ExternKind::Tag)
      .Default(std::nullopt);
}

LogicalResult ModuleEncoder::encodeFields() {
  while (true) {
    if (failed(encodeCustomAnnotations()))
      return failure();
    if (!parser.consumeIfLParen())
      return success();
    if (failed(encodeField()))
      return failure();
  }
}

LogicalResult ModuleEncoder::encodeField() {
  StringRef word = parser.spelling(); // one that the first pass knew
  parser.next();
  if (std::optional<ExternKind> kind = entityKind(word))
    return encodeEntity(*kind);
  if (word == "import")
    return encodeImport();
  if (word == "export")
    return encodeExport();
  if (word == "start")
    return encodeStart();
  if (word == "elem")
    return encodeElem();
  if (word == "data")
    return encodeData();
  return parser.skipToClose(); // types were read before
}

//===----------------------------------------------------------------------===//
// Imports, exports, start
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::writeImport(StringRef module, StringRef name, ExternDesc &desc) {
  uint32_t typeIndex = 0;
  if (desc.kind == ExternKind::Func || desc.kind == ExternKind::Tag) {
    FailureOr<uint32_t> resolved = scope.resolve(parser, desc.typeUse);
    if (failed(resolved))
      return failure();
    typeIndex = *resolved;
  }
  VectorSection &section = sections[ImportSectionId];
  section.elements.mark(desc.textOffset);
  section.elements.name(module);
  section.elements.name(name);
  writeExternDesc(section.elements, desc, typeIndex);
  ++section.count;
  return success();
}

LogicalResult ModuleEncoder::encodeImport() {
  uint64_t offset = parser.getOffset();
  FailureOr<StringRef> module = parser.parseName("the name of a module");
  if (failed(module))
    return failure();
  FailureOr<StringRef> name = parser.parseName("the name of an import");
  if (failed(name))
    return failure();
  auto types = [&](Parser &) { return parseTypeIndex(); };
  FailureOr<ExternDesc> desc = parseExternDesc(parser, types);
  if (failed(desc))
    return failure();
  desc->textOffset = offset;
  switch (desc->kind) {
  case ExternKind::Func:
    ++nextFunc;
    break;
  case ExternKind::Table:
    ++nextTable;
    break;
  case ExternKind::Memory:
    ++nextMemory;
    break;
  case ExternKind::Global:
    ++nextGlobal;
    break;
  case ExternKind::Tag:
    ++nextTag;
    break;
  }
  return failed(writeImport(*module, *name, *desc)) ? failure() : parser.consumeRParen();
}

void ModuleEncoder::writeExport(StringRef name, ExternKind kind, uint32_t index, uint64_t offset) {
  VectorSection &section = sections[ExportSectionId];
  section.elements.mark(offset);
  section.elements.name(name);
  section.elements.byte(uint8_t(kind));
  section.elements.u32(index);
  ++section.count;
}

LogicalResult ModuleEncoder::encodeExport() {
  uint64_t offset = parser.getOffset();
  FailureOr<StringRef> name = parser.parseName("the name of an export");
  if (failed(name) || failed(parser.consumeLParen()))
    return failure();
  std::optional<ExternKind> kind = entityKind(parser.spelling());
  if (!kind)
    return parser.expected("'func', 'table', 'memory', 'global' or 'tag'");
  IndexSpace &space = *findEntitySpace(parser.spelling());
  parser.next();
  FailureOr<uint32_t> index = space.parse(parser);
  if (failed(index) || failed(parser.consumeRParen()))
    return failure();
  writeExport(*name, *kind, *index, offset);
  return parser.consumeRParen();
}

LogicalResult ModuleEncoder::encodeStart() {
  if (start)
    return parser.error("multiple start sections");
  sections[StartSectionId].elements.mark(parser.getOffset());
  FailureOr<uint32_t> index = scope.funcs.parse(parser);
  if (failed(index))
    return failure();
  start = *index;
  return parser.consumeRParen();
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::encodeInlineExports(ExternKind kind, uint32_t index) {
  while (parser.peekField("export")) {
    uint64_t offset = parser.getOffset();
    parser.consumeIfField("export");
    FailureOr<StringRef> name = parser.parseName("the name of an export");
    if (failed(name) || failed(parser.consumeRParen()))
      return failure();
    writeExport(*name, kind, index, offset);
  }
  return success();
}

FailureOr<ExternDesc> ModuleEncoder::parseEntityType(ExternKind kind) {
  ExternDesc desc;
  desc.kind = kind;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  auto take = [](auto &to, auto from) -> LogicalResult {
    if (failed(from))
      return failure();
    to = std::move(*from);
    return success();
  };
  LogicalResult parsed = failure();
  switch (kind) {
  case ExternKind::Func:
  case ExternKind::Tag:
    parsed = take(desc.typeUse, parseTypeUse(parser, types));
    break;
  case ExternKind::Table:
    parsed = take(desc.table, parseTableType(parser, types));
    break;
  case ExternKind::Memory:
    parsed = take(desc.memory, parseMemoryType(parser));
    break;
  case ExternKind::Global:
    parsed = take(desc.global, parseGlobalType(parser, types));
    break;
  }
  if (failed(parsed))
    return failure();
  return desc;
}

/// `(import "m" "n") type)`
LogicalResult ModuleEncoder::encodeInlineImport(ExternKind kind) {
  uint64_t offset = parser.getOffset();
  parser.consumeIfField("import");
  FailureOr<StringRef> module = parser.parseName("the name of a module");
  if (failed(module))
    return failure();
  FailureOr<StringRef> name = parser.parseName("the name of an import");
  if (failed(name) || failed(parser.consumeRParen()))
    return failure();
  FailureOr<ExternDesc> desc = parseEntityType(kind);
  if (failed(desc))
    return failure();
  desc->textOffset = offset;
  return failed(writeImport(*module, *name, *desc)) ? failure() : parser.consumeRParen();
}

LogicalResult ModuleEncoder::encodeEntity(ExternKind kind) {
  uint64_t offset = parser.getOffset();
  uint32_t *next[] = {&nextFunc, &nextTable, &nextMemory, &nextGlobal, &nextTag};
  uint32_t index = (*next[uint8_t(kind)])++;
  parser.parseOptionalId();
  if (failed(encodeInlineExports(kind, index)))
    return failure();
  if (parser.peekField("import"))
    return encodeInlineImport(kind);
  LogicalResult encoded = failure();
  switch (kind) {
  case ExternKind::Func:
    encoded = encodeFunc(index, offset);
    break;
  case ExternKind::Table:
    encoded = encodeTable(index);
    break;
  case ExternKind::Memory:
    encoded = encodeMemory(index);
    break;
  case ExternKind::Global:
    encoded = encodeGlobal();
    break;
  case ExternKind::Tag:
    encoded = encodeTag();
    break;
  }
  return failed(encoded) ? failure() : parser.consumeRParen();
}

/// `(local $x t)` and `(local t*)`, as runs of one type.
LogicalResult ModuleEncoder::encodeLocals(IndexSpace &locals, ByteWriter &out) {
  std::vector<std::pair<uint32_t, wasm::ValType>> runs;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  while (parser.consumeIfField("local")) {
    uint64_t at = parser.getOffset();
    FailureOr<LocalName> name = parseLocalName(parser);
    if (failed(name))
      return failure();
    bool named = name->id || name->annotated; // then it is one
    do {
      if (!named && parser.peekRParen())
        break; // `(local)`
      FailureOr<wasm::ValType> type = parseValType(parser, types);
      if (failed(type) || failed(locals.add(parser, *name, at)))
        return failure();
      if (runs.empty() || runs.back().second != *type)
        runs.emplace_back(0, *type);
      ++runs.back().first;
    } while (!named);
    if (failed(parser.consumeRParen()))
      return failure();
  }
  out.u32(runs.size());
  for (auto [count, type] : runs) {
    out.u32(count);
    writeValType(out, type);
  }
  return success();
}

LogicalResult ModuleEncoder::encodeFunc(uint32_t index, uint64_t offset) {
  auto types = [&](Parser &) { return parseTypeIndex(); };
  FailureOr<TypeUse> use = parseTypeUse(parser, types);
  if (failed(use))
    return failure();
  FailureOr<uint32_t> type = scope.resolve(parser, *use);
  if (failed(type))
    return failure();
  VectorSection &functions = sections[FunctionSectionId];
  functions.elements.mark(offset);
  functions.elements.u32(*type);
  ++functions.count;

  IndexSpace locals("local");
  for (const LocalName &name : use->paramNames)
    if (failed(locals.add(parser, name, use->textOffset)))
      return failure();
  locals.addUnnamed(uint32_t(use->type.params.size()) - locals.size());
  ByteWriter body;
  body.mark(offset);
  BodyNotes notes;
  if (failed(encodeLocals(locals, body)) ||
      failed(encodeInstructions(parser, scope, &locals, body, &notes)))
    return failure();
  body.mark(parser.getOffset());
  body.byte(0x0b); // end
  VectorSection &code = sections[CodeSectionId];
  code.elements.sized(body);
  ++code.count;
  if (std::vector<std::pair<uint32_t, StringRef>> names = locals.getNames(); !names.empty())
    localNames.emplace_back(index, std::move(names));
  if (!notes.labels.empty())
    labelNames.emplace_back(index, std::move(notes.labels));
  for (const BranchHint &hint : notes.branchHints)
    usedAnnotations.insert(hint.annotation);
  if (!notes.branchHints.empty())
    branchHints.emplace_back(index, std::move(notes.branchHints));
  return success();
}

LogicalResult ModuleEncoder::encodeTable(uint32_t index) {
  VectorSection &section = sections[TableSectionId];
  section.elements.mark(parser.getOffset());
  ++section.count;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  bool hasAddressType = parser.peekKeyword("i32") || parser.peekKeyword("i64");
  if (parser.peek(hasAddressType).kind != Token::Integer) {
    // The elements stand inside and give the size.
    wasm::TableType table;
    table.limits.is64 = parser.peekKeyword("i64");
    if (hasAddressType)
      parser.next();
    FailureOr<wasm::ValType> element = parseRefType(parser, types);
    if (failed(element))
      return failure();
    table.element = *element;
    uint32_t count = 0;
    if (failed(encodeInlineElem(index, table.limits.is64, *element, count)))
      return failure();
    table.limits.min = count;
    table.limits.max = count;
    writeTableType(section.elements, table);
    return success();
  }
  FailureOr<wasm::TableType> table = parseTableType(parser, types);
  if (failed(table))
    return failure();
  if (parser.peekRParen()) {
    writeTableType(section.elements, *table);
    return success();
  }
  section.elements.byte(0x40);
  section.elements.byte(0x00);
  writeTableType(section.elements, *table);
  return encodeConstExpr(section.elements);
}

LogicalResult ModuleEncoder::encodeMemory(uint32_t index) {
  VectorSection &section = sections[MemorySectionId];
  section.elements.mark(parser.getOffset());
  ++section.count;
  bool hasAddressType = parser.peekKeyword("i32") || parser.peekKeyword("i64");
  if (parser.peek(hasAddressType).kind == Token::Integer) {
    FailureOr<wasm::MemoryType> memory = parseMemoryType(parser);
    if (failed(memory))
      return failure();
    writeMemoryType(section.elements, *memory);
    return success();
  }
  // The data stand inside and give the size.
  wasm::MemoryType memory;
  memory.limits.is64 = parser.peekKeyword("i64");
  if (hasAddressType)
    parser.next();
  FailureOr<uint8_t> pageSize = parseOptionalPageSize(parser);
  if (failed(pageSize))
    return failure();
  memory.pageSizeLog2 = *pageSize;
  if (!parser.peekField("data"))
    return parser.expected("the limits of a memory");
  uint64_t size = 0;
  if (failed(encodeInlineData(index, memory.limits.is64, size)))
    return failure();
  uint64_t pages = size == 0 ? 0 : ((size - 1) >> memory.pageSizeLog2) + 1;
  memory.limits.min = pages;
  memory.limits.max = pages;
  writeMemoryType(section.elements, memory);
  return success();
}

LogicalResult ModuleEncoder::encodeGlobal() {
  VectorSection &section = sections[GlobalSectionId];
  section.elements.mark(parser.getOffset());
  ++section.count;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  FailureOr<wasm::GlobalType> global = parseGlobalType(parser, types);
  if (failed(global))
    return failure();
  writeGlobalType(section.elements, *global);
  return encodeConstExpr(section.elements);
}

LogicalResult ModuleEncoder::encodeTag() {
  VectorSection &section = sections[TagSectionId];
  section.elements.mark(parser.getOffset());
  ++section.count;
  auto types = [&](Parser &) { return parseTypeIndex(); };
  FailureOr<TypeUse> use = parseTypeUse(parser, types);
  if (failed(use))
    return failure();
  FailureOr<uint32_t> type = scope.resolve(parser, *use);
  if (failed(type))
    return failure();
  section.elements.byte(0); // attribute: exception
  section.elements.u32(*type);
  return success();
}
