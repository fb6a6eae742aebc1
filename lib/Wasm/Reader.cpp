//===- Reader.cpp - Core wasm bytes -> Module -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Binary Format / Modules": the header, the order and the frames of sections,
// and what stands in each; element and data segments are in ReadSegments.cpp, types in
// TypeReader.cpp, names in NameSection.cpp, branch hints in BranchHints.cpp. Type indices of
// functions and tags are checked here already, so that a Module that was read can be asked for the
// type of any of them.
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/Reader.h"
#include "SectionReader.h"
#include "TypeReader.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::wasm;

//===----------------------------------------------------------------------===//
// Sections
//===----------------------------------------------------------------------===//

namespace {
enum SectionId : uint8_t {
  Custom,
  Type,
  ImportSection,
  FunctionSection,
  TableSection,
  Memory,
  GlobalSection,
  ExportSection,
  Start,
  Element,
  Code,
  Data,
  DataCount,
  Tag
};
constexpr unsigned numSections = 14;

/// Position of each section in a module; custom sections stand anywhere.
constexpr uint8_t sectionOrder[numSections] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};
constexpr const char *sectionNames[numSections] = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag"};
} // namespace

LogicalResult SectionReader::checkNumber(ByteCursor &cursor, size_t at, uint64_t number,
                                         uint64_t limit, llvm::StringRef what) {
  if (number > limit)
    return cursor.errorAt(at, "too many ")
           << what << ": no more than " << limit << " are supported";
  return success();
}

template <typename Read>
LogicalResult SectionReader::readEntries(ByteCursor &cursor, llvm::StringRef what, uint32_t limit,
                                         Read readEntry) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> count = cursor.readCount(what);
  if (failed(count) || failed(checkNumber(cursor, at, *count, limit, what)))
    return failure();
  for (uint32_t i = 0; i < *count; ++i)
    if (failed(readEntry(cursor)))
      return failure();
  return success();
}

FailureOr<uint32_t> SectionReader::readTypeIndex(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> index = cursor.readU32();
  if (succeeded(index) && *index >= module.types.size())
    return cursor.errorAt(at, "unknown type ") << *index;
  return index;
}

FailureOr<uint32_t> SectionReader::readTagType(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> attribute = cursor.readByte();
  if (failed(attribute))
    return failure();
  if (*attribute != 0)
    return cursor.errorAt(at, "malformed tag attribute");
  return readTypeIndex(cursor);
}

LogicalResult SectionReader::readImport(ByteCursor &cursor) {
  Import import;
  import.location = cursor.getLocation();
  FailureOr<llvm::StringRef> moduleName = cursor.readName();
  if (failed(moduleName))
    return failure();
  FailureOr<llvm::StringRef> name = cursor.readName();
  if (failed(name))
    return failure();
  import.module = *moduleName;
  import.name = *name;
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> kind = cursor.readByte();
  if (failed(kind))
    return failure();
  constexpr uint8_t exactFunc = 0x20; // of the custom descriptors proposal
  if (*kind == exactFunc)
    return cursor.errorAt(at, "exact function imports are not supported yet");
  if (*kind > uint8_t(ExternKind::Tag))
    return cursor.errorAt(at, "malformed import kind 0x") << llvm::utohexstr(*kind, true, 2);
  import.kind = ExternKind(*kind);
  switch (import.kind) {
  case ExternKind::Func: {
    FailureOr<uint32_t> type = readTypeIndex(cursor);
    if (failed(type))
      return failure();
    import.typeIndex = *type;
    module.funcTypes.push_back(*type);
    ++module.numImportedFuncs;
    break;
  }
  case ExternKind::Table: {
    FailureOr<TableType> type = readTableType(cursor);
    if (failed(type))
      return failure();
    import.table = *type;
    module.tableTypes.push_back(*type);
    ++module.numImportedTables;
    break;
  }
  case ExternKind::Memory: {
    FailureOr<MemoryType> type = readMemoryType(cursor);
    if (failed(type))
      return failure();
    import.memory = *type;
    module.memoryTypes.push_back(*type);
    ++module.numImportedMemories;
    break;
  }
  case ExternKind::Global: {
    FailureOr<GlobalType> type = readGlobalType(cursor);
    if (failed(type))
      return failure();
    import.global = *type;
    module.globalTypes.push_back(*type);
    ++module.numImportedGlobals;
    break;
  }
  case ExternKind::Tag: {
    FailureOr<uint32_t> type = readTagType(cursor);
    if (failed(type))
      return failure();
    import.typeIndex = *type;
    module.tagTypes.push_back(*type);
    ++module.numImportedTags;
    break;
  }
  }
  module.imports.push_back(import);
  return success();
}

LogicalResult SectionReader::readFunction(ByteCursor &cursor) {
  FailureOr<uint32_t> type = readTypeIndex(cursor);
  if (failed(type))
    return failure();
  Function function;
  function.typeIndex = *type;
  module.functions.push_back(std::move(function));
  module.funcTypes.push_back(*type);
  return success();
}

LogicalResult SectionReader::readTable(ByteCursor &cursor) {
  // 0x40 0x00 announces an initialiser; a reference type never begins like that.
  FailureOr<uint8_t> first = cursor.peekByte();
  if (failed(first))
    return failure();
  bool hasInit = *first == 0x40;
  if (hasInit) {
    cursor.setPosition(cursor.getPosition() + 1);
    size_t at = cursor.getPosition();
    FailureOr<uint8_t> zero = cursor.readByte();
    if (failed(zero))
      return failure();
    if (*zero != 0)
      return cursor.errorAt(at, "malformed table: zero byte expected");
  }
  FailureOr<TableType> type = readTableType(cursor);
  if (failed(type))
    return failure();
  Table table{*type, std::nullopt};
  if (hasInit) {
    FailureOr<ConstExpr> init = readConstExpr(cursor);
    if (failed(init))
      return failure();
    table.init = *init;
  }
  module.tables.push_back(table);
  module.tableTypes.push_back(*type);
  return success();
}

LogicalResult SectionReader::readMemory(ByteCursor &cursor) {
  FailureOr<MemoryType> type = readMemoryType(cursor);
  if (failed(type))
    return failure();
  module.memories.push_back(*type);
  module.memoryTypes.push_back(*type);
  return success();
}

LogicalResult SectionReader::readTag(ByteCursor &cursor) {
  FailureOr<uint32_t> type = readTagType(cursor);
  if (failed(type))
    return failure();
  module.tags.push_back(*type);
  module.tagTypes.push_back(*type);
  return success();
}

LogicalResult SectionReader::readGlobal(ByteCursor &cursor) {
  FailureOr<GlobalType> type = readGlobalType(cursor);
  if (failed(type))
    return failure();
  FailureOr<ConstExpr> init = readConstExpr(cursor);
  if (failed(init))
    return failure();
  module.globals.push_back({*type, *init});
  module.globalTypes.push_back(*type);
  return success();
}

LogicalResult SectionReader::readExport(ByteCursor &cursor) {
  Export entry;
  entry.location = cursor.getLocation();
  FailureOr<llvm::StringRef> name = cursor.readName();
  if (failed(name))
    return failure();
  entry.name = *name;
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> kind = cursor.readByte();
  if (failed(kind))
    return failure();
  if (*kind > uint8_t(ExternKind::Tag))
    return cursor.errorAt(at, "malformed export kind 0x") << llvm::utohexstr(*kind, true, 2);
  entry.kind = ExternKind(*kind);
  FailureOr<uint32_t> index = cursor.readU32();
  if (failed(index))
    return failure();
  entry.index = *index;
  if (!module.exportsByName.try_emplace(entry.name, uint32_t(module.exports.size())).second)
    return cursor.getDiagnostics().error(entry.location, "duplicate export name '")
           << entry.name << "'";
  module.exports.push_back(entry);
  return success();
}

LogicalResult SectionReader::readCode(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> count = cursor.readU32();
  if (failed(count))
    return failure();
  if (*count != module.functions.size())
    return cursor.errorAt(at, "function and code section have inconsistent lengths: ")
           << module.functions.size() << " functions, " << *count << " bodies";
  for (Function &function : module.functions) {
    size_t bodyAt = cursor.getPosition();
    FailureOr<ByteCursor> body = cursor.readSized("function body");
    if (failed(body) || failed(checkNumber(cursor, bodyAt, body->remaining(), maxBodySize,
                                           "bytes in a function body")))
      return failure();
    function.body = body->getBytes();
    function.location = body->getLocation();
    function.codeOffset = uint32_t(cursor.getPosition() - function.body.size());
  }
  sawCode = true;
  return success();
}

LogicalResult SectionReader::readCustom(ByteCursor &cursor) {
  CustomSection section;
  section.location = cursor.getLocation();
  FailureOr<llvm::StringRef> name = cursor.readName();
  if (failed(name))
    return failure();
  section.name = *name;
  section.bytes = cursor.getBytes().drop_front(cursor.getPosition());
  cursor.setPosition(cursor.getBytes().size());
  module.customs.push_back(section);
  if (section.name == branchHintSection && !sawCode && !branchHints)
    branchHints = section;
  return success();
}

LogicalResult SectionReader::readContents(ByteCursor &cursor, uint8_t id) {
  using C = ByteCursor;
  switch (SectionId(id)) {
  case Custom:
    return readCustom(cursor);
  case Type: {
    LogicalResult result =
        readEntries(cursor, "types", maxEntries, [&](C &c) { return readRecType(c, module); });
    if (succeeded(result))
      canonicalizeTypes(module);
    return result;
  }
  case ImportSection:
    return readEntries(cursor, "imports", maxEntries, [&](C &c) { return readImport(c); });
  case FunctionSection:
    return readEntries(cursor, "functions", maxEntries, [&](C &c) { return readFunction(c); });
  case TableSection:
    return readEntries(cursor, "tables", maxTables, [&](C &c) { return readTable(c); });
  case Memory:
    return readEntries(cursor, "memories", maxMemories, [&](C &c) { return readMemory(c); });
  case Tag:
    return readEntries(cursor, "tags", maxEntries, [&](C &c) { return readTag(c); });
  case GlobalSection:
    return readEntries(cursor, "globals", maxEntries, [&](C &c) { return readGlobal(c); });
  case ExportSection:
    return readEntries(cursor, "exports", maxEntries, [&](C &c) { return readExport(c); });
  case Start: {
    FailureOr<uint32_t> index = cursor.readU32();
    if (failed(index))
      return failure();
    module.start = *index;
    return success();
  }
  case Element:
    return readEntries(cursor, "element segments", maxSegments,
                       [&](C &c) { return readElementSegment(c); });
  case DataCount: {
    FailureOr<uint32_t> count = cursor.readU32();
    if (failed(count))
      return failure();
    module.dataCount = *count;
    return success();
  }
  case Code:
    return readCode(cursor);
  case Data:
    return readEntries(cursor, "data segments", maxSegments,
                       [&](C &c) { return readDataSegment(c); });
  }
  llvm_unreachable("every section is above");
}

LogicalResult SectionReader::readSection(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> id = cursor.readByte();
  if (failed(id))
    return failure();
  if (*id >= numSections)
    return cursor.errorAt(at, "malformed section id ") << unsigned(*id);
  if (*id != Custom) {
    if (sectionOrder[*id] <= lastSection)
      return cursor.errorAt(at, "unexpected content after last section: the ")
             << sectionNames[*id] << " section stands twice or too late";
    lastSection = sectionOrder[*id];
  }
  size_t sizeAt = cursor.getPosition();
  FailureOr<uint32_t> size = cursor.readU32();
  if (failed(size))
    return failure();
  if (*size > cursor.remaining())
    return cursor.errorAt(sizeAt, "length out of bounds: unexpected end: ")
           << sectionNames[*id] << " section of " << *size << " bytes, " << cursor.remaining()
           << " left";
  ByteCursor contents(cursor.getBytes().slice(cursor.getPosition(), *size), cursor.getLocation(),
                      cursor.getDiagnostics());
  cursor.setPosition(cursor.getPosition() + *size);
  if (failed(readContents(contents, *id)))
    return failure();
  if (!contents.atEnd())
    return contents.error("section size mismatch: ")
           << contents.remaining() << " bytes left in the " << sectionNames[*id] << " section";
  return success();
}

LogicalResult SectionReader::readHeader(ByteCursor &cursor) {
  constexpr uint8_t magic[] = {0x00, 'a', 's', 'm'}, version[] = {0x01, 0x00, 0x00, 0x00};
  FailureOr<llvm::ArrayRef<uint8_t>> found = cursor.readBytes(4);
  if (failed(found))
    return failure();
  if (*found != llvm::ArrayRef(magic))
    return cursor.errorAt(0, "magic header not detected");
  found = cursor.readBytes(4);
  if (failed(found))
    return failure();
  if (*found != llvm::ArrayRef(version))
    return cursor.errorAt(4, "unknown binary version");
  return success();
}

LogicalResult SectionReader::read(ByteCursor &cursor) {
  if (failed(readHeader(cursor)))
    return failure();
  while (!cursor.atEnd())
    if (failed(readSection(cursor)))
      return failure();
  if (!sawCode && !module.functions.empty())
    return cursor.error("function and code section have inconsistent lengths: ")
           << module.functions.size() << " functions, no bodies";
  if (module.dataCount && *module.dataCount != module.datas.size())
    return cursor.error("data count and data section have inconsistent lengths: ")
           << *module.dataCount << " announced, " << module.datas.size() << " found";
  for (const CustomSection &section : module.customs)
    if (section.name == "name")
      readNames(section, module);
  if (branchHints)
    readBranchHints(*branchHints, module);
  return success();
}

FailureOr<std::unique_ptr<Module>> wasm::readModule(llvm::ArrayRef<uint8_t> bytes, Location start,
                                                    Diagnostics &diags) {
  auto module = std::make_unique<Module>();
  module->file = start.file;
  module->bytes = bytes;
  module->location = start;
  ByteCursor cursor(bytes, start, diags);
  if (failed(SectionReader(*module).read(cursor)))
    return failure();
  return module;
}
