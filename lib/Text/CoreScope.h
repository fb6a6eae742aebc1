//===- CoreScope.h - What the ids of a core module mean ---------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The index spaces of a module (core specification, "Text Format / Modules / Indices") and its
// function types, to which uses of types without a name add (the abbreviation of type uses).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_CORESCOPE_H
#define TENON_LIB_TEXT_CORESCOPE_H

#include "tenon/Text/CoreTypes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::text {

/// Numbers and ids of one kind of thing.
class IndexSpace {
public:
  /// `what` is for messages: "function", "local".
  explicit IndexSpace(llvm::StringRef what) : what(what) {}

  uint32_t size() const { return count; }
  /// Gives the next number, to `id` if there is one. Fails when the id is taken.
  LogicalResult add(Parser &parser, std::optional<llvm::StringRef> id, uint64_t textOffset);
  LogicalResult add(Parser &parser, const LocalName &name, uint64_t textOffset);
  void addUnnamed(uint32_t number) { count += number; }
  /// The id or number that is next, as a number. Numbers aren't checked: that is validation.
  FailureOr<uint32_t> parse(Parser &parser) const;
  /// Replaces what the name section says of an entry.
  void setDebugName(uint32_t index, llvm::StringRef name) { debugNames[index] = name; }
  /// (index, name), ascending, for the name section.
  std::vector<std::pair<uint32_t, llvm::StringRef>> getNames() const;

private:
  llvm::StringRef what;
  uint32_t count = 0;
  llvm::StringMap<uint32_t> indices;
  std::vector<std::pair<uint32_t, llvm::StringRef>> ids;
  llvm::DenseMap<uint32_t, llvm::StringRef> debugNames;
};

/// The function types of a module by type index.
class TypeList {
public:
  /// A type definition that a type use may be abbreviated to (alone in its group, final, no
  /// supertype).
  void add(wasm::FuncType type);
  /// One that no abbreviation means.
  void addDistinct(wasm::FuncType type) { types.push_back(std::move(type)); }
  uint32_t size() const { return uint32_t(types.size()); }
  const wasm::FuncType *find(uint32_t index) const {
    return index < types.size() ? &types[index] : nullptr;
  }
  /// The index of an equal type; the first one, or a new one.
  uint32_t intern(const wasm::FuncType &type);
  llvm::ArrayRef<wasm::FuncType> get() const { return types; }

private:
  std::vector<wasm::FuncType> types;
  llvm::StringMap<uint32_t> byEncoding;
};

struct CoreScope {
  IndexSpace types{"type"};
  IndexSpace funcs{"function"};
  IndexSpace tables{"table"};
  IndexSpace memories{"memory"};
  IndexSpace globals{"global"};
  IndexSpace tags{"tag"};
  IndexSpace elems{"elem segment"};
  IndexSpace datas{"data segment"};
  TypeList typeList;
  bool usesDataCount = false; ///< an instruction names a data segment

  /// The index that a type use means. When it was written by index alone, its type is filled in
  /// (left empty when the index is out of range: validation will say so).
  FailureOr<uint32_t> resolve(Parser &parser, TypeUse &use);
};

} // namespace tenon::text

#endif // TENON_LIB_TEXT_CORESCOPE_H
