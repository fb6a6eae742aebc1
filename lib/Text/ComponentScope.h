//===- ComponentScope.h - What a component's text has defined ---*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A component, a component type, an instance type or a module type under construction: its index
// spaces with the ids bound in them, and the bytes of what it defines. Definitions are strictly
// acyclic and keep their order (Explainer.md, "Component Definitions"), so text becomes bytes in
// one walk without a tree in between: whatever an abbreviation stands for is appended just before
// the definition that uses it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_COMPONENTSCOPE_H
#define TENON_LIB_TEXT_COMPONENTSCOPE_H

#include "WrittenTypes.h"
#include "tenon/Support/ByteWriter.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"
#include <array>
#include <optional>

namespace tenon::text {

/// An index space (Explainer.md, "Index Spaces"), in the order of the name section.
enum class Sort : uint8_t {
  CoreFunc,
  CoreTable,
  CoreMemory,
  CoreGlobal,
  CoreTag,
  CoreType,
  CoreModule,
  CoreInstance,
  Func,
  Value,
  Type,
  Component,
  Instance
};
constexpr size_t numSorts = size_t(Sort::Instance) + 1;

inline bool isCore(Sort sort) { return sort <= Sort::CoreInstance; }
/// The sort's keyword, without `core`.
llvm::StringRef getKeyword(Sort sort);
/// As a user writes it: `core func`, `instance`.
std::string describe(Sort sort);
/// The sort whose keyword this is.
std::optional<Sort> parseSort(llvm::StringRef keyword, bool core);
/// `sort` (Binary.md, "Instance Definitions"): a core sort has a 0x00 before it.
void writeSort(ByteWriter &out, Sort sort);

/// What a definition is: the number of its section (Binary.md, "Component Definitions").
enum class Item : uint8_t {
  CoreModule = 1,
  CoreInstance,
  CoreType,
  Component,
  Instance,
  Alias,
  Type,
  Canon,
  Start,
  Import,
  Export,
  Value
};

class Scope {
public:
  struct IndexSpace {
    uint32_t size = 0;
    llvm::StringMap<uint32_t> ids;
    /// Ids of enclosing scopes that were used here: the aliases made for them. They yield to `ids`.
    llvm::StringMap<uint32_t> outerAliases;
    /// (index, name), ascending, for the name section.
    std::vector<std::pair<uint32_t, llvm::StringRef>> names;
  };

  enum Kind : uint8_t { Component, ComponentType, InstanceType, ModuleType };

  /// `id` is what outer aliases call it, `name` what the name section does.
  Scope(Kind kind, llvm::StringRef id, llvm::StringRef name, Scope *parent, WrittenTypes &types)
      : types(types), kind(kind), id(id), name(name), parent(parent) {}
  Scope(const Scope &) = delete;

  Kind getKind() const { return kind; }
  bool isComponent() const { return kind == Component; }
  llvm::StringRef getId() const { return id; }
  Scope *getParent() const { return parent; }

  IndexSpace &getSpace(Sort sort) { return spaces[size_t(sort)]; }
  /// Makes the next index of `sort`.
  uint32_t add(Sort sort) { return getSpace(sort).size++; }
  /// Names an index in the name section, when `name` isn't empty. Indices come in ascending order.
  void setName(Sort sort, uint32_t index, llvm::StringRef name) {
    if (!name.empty())
      getSpace(sort).names.emplace_back(index, name);
  }
  /// Binds an id; false when it is bound already.
  bool bind(Sort sort, llvm::StringRef id, uint32_t index);
  /// What `id` stands for in this very scope.
  std::optional<uint32_t> lookup(Sort sort, llvm::StringRef id) const;

  /// Appends a definition or a declarator, which came from the text at `textOffset`.
  void append(Item item, const ByteWriter &bytes, uint64_t textOffset);
  /// An export that was written inside a definition: it comes after all definitions.
  void exportLater(ByteWriter bytes, Sort sort, uint64_t textOffset) {
    laterExports.push_back({std::move(bytes), sort, textOffset});
  }

  /// The declarators: their number, then they.
  void writeDeclarators(ByteWriter &out) const;
  /// The whole component, ended by the name section.
  void writeComponent(ByteWriter &out, uint64_t textOffset);

  /// What is known of types and instances here (values need it).
  WrittenTypes &types;
  /// Import names that were made from paths.
  llvm::StringSet<> namesFromPaths;

private:
  struct LaterExport {
    ByteWriter bytes;
    Sort sort;
    uint64_t textOffset;
  };

  Kind kind;
  llvm::StringRef id;
  llvm::StringRef name;
  Scope *parent;
  std::array<IndexSpace, numSorts> spaces;
  std::vector<LaterExport> laterExports;

  ByteWriter body; ///< finished sections, or declarators
  uint32_t numDeclarators = 0;
  // The section that is being filled (components only).
  ByteWriter section;
  std::optional<Item> sectionItem;
  uint32_t sectionCount = 0;
  uint64_t sectionOffset = 0;

  void flushSection();
  void writeNameSection(ByteWriter &out) const;
};

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COMPONENTSCOPE_H
