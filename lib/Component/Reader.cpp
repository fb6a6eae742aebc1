//===- Reader.cpp - Component bytes -> Component --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Preamble and sections (Binary.md#component-definitions). Each section becomes definitions, in
// order; the index that each defines is counted here, since it depends on nothing but the syntax.
// Nested components are read by recursion, down to a fixed depth.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Reader.h"
#include "ReaderImpl.h"
#include "tenon/Wasm/Reader.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

LogicalResult Parser::read(uint8_t &out) {
  FailureOr<uint8_t> byte = cursor.readByte();
  if (failed(byte))
    return failure();
  out = *byte;
  return success();
}

LogicalResult Parser::read(uint32_t &out) {
  FailureOr<uint32_t> value = cursor.readU32();
  if (failed(value))
    return failure();
  out = *value;
  return success();
}

LogicalResult Parser::read(llvm::StringRef &out) {
  FailureOr<llvm::StringRef> name = cursor.readName();
  if (failed(name))
    return failure();
  out = *name;
  return success();
}

LogicalResult Parser::readFlag(bool &out, const char *what) {
  size_t at = cursor.getPosition();
  uint8_t byte;
  if (failed(read(byte)))
    return failure();
  if (byte > 1)
    return cursor.errorAt(at, "expected 0 or 1 as ") << what << ", found " << unsigned(byte);
  out = byte;
  return success();
}

LogicalResult Parser::expect(uint8_t byte, const char *what) {
  size_t at = cursor.getPosition();
  uint8_t found;
  if (failed(read(found)))
    return failure();
  if (found != byte)
    return cursor.errorAt(at, "expected ")
           << what << " (" << unsigned(byte) << "), found " << unsigned(found);
  return success();
}

//===----------------------------------------------------------------------===//
// Sections
//===----------------------------------------------------------------------===//

namespace {

/// Section ids (Binary.md#component-definitions).
enum Section : uint8_t {
  CustomSection = 0,
  CoreModuleSection,
  CoreInstanceSection,
  CoreTypeSection,
  ComponentSection,
  InstanceSection,
  AliasSection,
  TypeSection,
  CanonSection,
  StartSection,
  ImportSection,
  ExportSection,
  ValueSection
};

class ComponentReader {
public:
  ComponentReader(llvm::ArrayRef<uint8_t> bytes, Location start, Diagnostics &diags,
                  unsigned nesting)
      : cursor(bytes, start, diags), diags(diags), nesting(nesting),
        component(std::make_unique<Component>()) {
    component->file = start.file;
    component->bytes = bytes;
    component->location = start;
  }

  FailureOr<std::unique_ptr<Component>> run() {
    if (failed(readPreamble()))
      return failure();
    while (!cursor.atEnd())
      if (failed(readSection()))
        return failure();
    return std::move(component);
  }

private:
  ByteCursor cursor;
  Diagnostics &diags;
  unsigned nesting;
  std::unique_ptr<Component> component;
  uint32_t counts[numSorts] = {};

  LogicalResult readPreamble();
  LogicalResult readSection();
  LogicalResult readDefinitions(uint8_t id, ByteCursor contents);
  LogicalResult readCustom(ByteCursor contents);
  LogicalResult readNested(ByteCursor contents);
  LogicalResult readCoreModule(ByteCursor contents);
  void readNames(ByteCursor contents);

  template <typename T> T &addDefinition(Location location) {
    component->definitions.emplace_back().location = location;
    return component->definitions.back().body.emplace<T>();
  }
  /// The last definition makes an item of `sort`.
  void define(Sort sort) {
    component->definitions.back().defines = SortIndex{sort, counts[unsigned(sort)]++};
  }
  /// A section that is a vec of `T`; `sortOf` says what a `T` defines.
  template <typename T, typename Sorter>
  LogicalResult readAll(Parser &parser, LogicalResult (Parser::*readOne)(T &), llvm::StringRef what,
                        Sorter &&sortOf) {
    FailureOr<uint32_t> count = parser.cursor.readCount(what);
    if (failed(count))
      return failure();
    for (uint32_t i = 0; i < *count; ++i) {
      T &one = addDefinition<T>(parser.cursor.getLocation());
      if (failed((parser.*readOne)(one)))
        return failure();
      define(sortOf(one));
    }
    return success();
  }
};

} // namespace

LogicalResult ComponentReader::readPreamble() {
  FailureOr<uint32_t> magic = cursor.readFixed32();
  if (failed(magic))
    return failure();
  if (*magic != 0x6d736100)
    return cursor.errorAt(0, "not a WebAssembly binary: magic number not found");
  FailureOr<uint32_t> version = cursor.readFixed32();
  if (failed(version))
    return failure();
  if (*version >> 16 != 1)
    return cursor.errorAt(6, "not a component: layer 1 expected, found ") << (*version >> 16);
  if ((*version & 0xffff) != 0x0d)
    return cursor.errorAt(4, "component version 13 expected, found ") << (*version & 0xffff);
  return success();
}

LogicalResult ComponentReader::readSection() {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> id = cursor.readByte();
  if (failed(id))
    return failure();
  if (*id > ValueSection)
    return cursor.errorAt(at, "malformed section id ") << unsigned(*id);
  FailureOr<ByteCursor> contents = cursor.readSized("a section");
  if (failed(contents))
    return failure();
  switch (*id) {
  case CustomSection:
    return readCustom(*contents);
  case CoreModuleSection:
    return readCoreModule(*contents);
  case ComponentSection:
    return readNested(*contents);
  default:
    return readDefinitions(*id, *contents);
  }
}

/// The sort that an `externtype` of a kind adds to.
static Sort sortOf(ExternKind kind) {
  switch (kind) {
  case ExternKind::CoreModule:
    return Sort::CoreModule;
  case ExternKind::Func:
    return Sort::Func;
  case ExternKind::Value:
    return Sort::Value;
  case ExternKind::Type:
    return Sort::Type;
  case ExternKind::Component:
    return Sort::Component;
  case ExternKind::Instance:
    return Sort::Instance;
  }
  llvm_unreachable("all kinds are above");
}

LogicalResult ComponentReader::readDefinitions(uint8_t id, ByteCursor contents) {
  Parser parser(contents, nesting);
  LogicalResult result = success();
  switch (id) {
  case CoreInstanceSection:
    result = readAll<CoreInstance>(parser, &Parser::readCoreInstance, "core instances",
                                   [](CoreInstance &) { return Sort::CoreInstance; });
    break;
  case CoreTypeSection: {
    FailureOr<uint32_t> count = parser.cursor.readCount("core types");
    if (failed(count))
      return failure();
    for (uint32_t i = 0; i < *count; ++i) {
      CoreType &type = addDefinition<CoreType>(parser.cursor.getLocation());
      if (failed(parser.readCoreType(type.decl)))
        return failure();
      define(Sort::CoreType);
    }
    break;
  }
  case InstanceSection:
    result = readAll<Instance>(parser, &Parser::readInstance, "instances",
                               [](Instance &) { return Sort::Instance; });
    break;
  case AliasSection:
    result = readAll<Alias>(parser, &Parser::readAlias, "aliases",
                            [](Alias &alias) { return alias.sort; });
    break;
  case TypeSection: {
    FailureOr<uint32_t> count = parser.cursor.readCount("types");
    if (failed(count))
      return failure();
    for (uint32_t i = 0; i < *count; ++i) {
      Type &type = addDefinition<Type>(parser.cursor.getLocation());
      if (failed(parser.readType(type.decl)))
        return failure();
      define(Sort::Type);
    }
    break;
  }
  case CanonSection:
    result = readAll<Canon>(parser, &Parser::readCanon, "canonical definitions", [](Canon &canon) {
      return canon.kind == CanonKind::Lift ? Sort::Func : Sort::CoreFunc;
    });
    break;
  case StartSection: {
    Start &start = addDefinition<Start>(contents.getLocation());
    result = parser.readStart(start);
    if (start.numResults == 1) // any other number is invalid, if it is not 0
      define(Sort::Value);
    break;
  }
  case ImportSection:
    result = readAll<Import>(parser, &Parser::readImport, "imports",
                             [](Import &import) { return sortOf(import.decl.kind); });
    break;
  case ExportSection:
    result = readAll<Export>(parser, &Parser::readExport, "exports",
                             [](Export &exported) { return exported.item.sort; });
    break;
  case ValueSection:
    result =
        readAll<Value>(parser, &Parser::readValue, "values", [](Value &) { return Sort::Value; });
    break;
  }
  if (succeeded(result) && !parser.cursor.atEnd())
    return parser.cursor.error("section size mismatch: ")
           << parser.cursor.remaining() << " bytes left";
  return result;
}

LogicalResult ComponentReader::readCoreModule(ByteCursor contents) {
  CoreModule &definition = addDefinition<CoreModule>(contents.getLocation());
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(contents.getBytes(), contents.getLocation(), diags);
  if (failed(module))
    return failure();
  definition.module = std::move(*module);
  define(Sort::CoreModule);
  return success();
}

LogicalResult ComponentReader::readNested(ByteCursor contents) {
  if (nesting + 1 >= maxNesting)
    return contents.error("components nested too deep: at most ") << maxNesting << " levels";
  NestedComponent &definition = addDefinition<NestedComponent>(contents.getLocation());
  ComponentReader reader(contents.getBytes(), contents.getLocation(), diags, nesting + 1);
  FailureOr<std::unique_ptr<Component>> nested = reader.run();
  if (failed(nested))
    return failure();
  definition.component = std::move(*nested);
  define(Sort::Component);
  return success();
}

LogicalResult ComponentReader::readCustom(ByteCursor contents) {
  Location location = contents.getLocation();
  FailureOr<llvm::StringRef> name = contents.readName();
  if (failed(name))
    return failure();
  if (*name == "component-name")
    readNames(contents);
  addDefinition<Custom>(location) = {*name, contents.getBytes().drop_front(contents.getPosition())};
  return success();
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Binary.md#name-section. Never an error: what can't be read is left out.
void ComponentReader::readNames(ByteCursor contents) {
  Diagnostics silent([](const Diagnostic &) {});
  ByteCursor rest(contents.getBytes().drop_front(contents.getPosition()), contents.getLocation(),
                  silent);
  while (!rest.atEnd()) {
    FailureOr<uint8_t> id = rest.readByte();
    if (failed(id))
      return;
    FailureOr<ByteCursor> subsection = rest.readSized("a subsection");
    if (failed(subsection))
      return;
    Parser parser(*subsection, nesting);
    if (*id == 0) {
      if (failed(parser.read(component->name)))
        return;
    } else if (*id == 1) {
      Sort sort;
      if (failed(parser.readSort(sort)))
        return;
      FailureOr<uint32_t> count = parser.cursor.readCount("names");
      if (failed(count))
        return;
      for (uint32_t i = 0; i < *count; ++i) {
        uint32_t index;
        llvm::StringRef name;
        if (failed(parser.read(index)) || failed(parser.read(name)))
          return;
        if (index < ~0u - 1) // the map's own two keys
          component->names[unsigned(sort)].try_emplace(index, name);
      }
    }
  }
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

bool component::isComponent(llvm::ArrayRef<uint8_t> bytes) {
  static constexpr uint8_t magic[] = {0x00, 0x61, 0x73, 0x6d};
  return bytes.size() >= 8 && bytes.take_front(4).equals(magic) && bytes[6] == 1 && bytes[7] == 0;
}

FailureOr<std::unique_ptr<Component>> component::readComponent(llvm::ArrayRef<uint8_t> bytes,
                                                               Location start, Diagnostics &diags) {
  return ComponentReader(bytes, start, diags, 0).run();
}

llvm::StringRef Component::nameOf(Sort sort, uint32_t index) const {
  return names[unsigned(sort)].lookup(index);
}

const ResourcePath *Component::pathOf(ResourceId resource) const {
  auto found = resourcePaths.find(resource.index);
  return found == resourcePaths.end() ? nullptr : &found->second;
}
