//===- ReaderImpl.h - The reader's state ------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One `Parser` reads one section (or less): a cursor and the productions of Binary.md as members,
// each of which fills the syntax tree of Definitions.h. Reader.cpp: sections; ReadTypes.cpp and
// ReadCoreTypes.cpp: types; ReadDefinitions.cpp: the rest.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_READERIMPL_H
#define TENON_LIB_COMPONENT_READERIMPL_H

#include "tenon/Component/Component.h"
#include "tenon/Support/ByteCursor.h"

namespace tenon::component {

/// How deep components and type scopes may be nested in each other.
constexpr unsigned maxNesting = 100;

class Parser {
public:
  /// `nesting` counts the components and type scopes around.
  Parser(ByteCursor cursor, unsigned nesting) : cursor(cursor), nesting(nesting) {}

  ByteCursor cursor;

  // Scalars.
  LogicalResult read(uint8_t &out);
  LogicalResult read(uint32_t &out);
  LogicalResult read(llvm::StringRef &out);
  LogicalResult readFlag(bool &out, const char *what);
  LogicalResult expect(uint8_t byte, const char *what);

  /// vec(T), the elements read by `readOne(T &)`.
  template <typename T, typename F>
  LogicalResult readVec(std::vector<T> &out, llvm::StringRef what, F &&readOne) {
    FailureOr<uint32_t> count = cursor.readCount(what);
    if (failed(count))
      return failure();
    // An element of ours is much bigger than the byte that it may take in the file.
    out.reserve(std::min<size_t>(*count, 64));
    for (uint32_t i = 0; i < *count; ++i) {
      out.emplace_back();
      if (failed(readOne(out.back())))
        return failure();
    }
    return success();
  }

  // Types.
  LogicalResult readValType(ValTypeRef &out);
  LogicalResult readResultList(std::optional<ValTypeRef> &out);
  LogicalResult readType(TypeDecl &out);
  LogicalResult readExternType(ExternDecl &out);
  LogicalResult readCoreType(CoreTypeDecl &out);
  LogicalResult readCoreValType(wasm::ValType &out);

  // Definitions.
  LogicalResult readSort(Sort &out);
  LogicalResult readSortIndex(SortIndex &out);
  LogicalResult readExternName(ExternName &out);
  LogicalResult readCoreInstance(CoreInstance &out);
  LogicalResult readInstance(Instance &out);
  LogicalResult readAlias(Alias &out);
  LogicalResult readCanon(Canon &out);
  LogicalResult readStart(Start &out);
  LogicalResult readImport(Import &out);
  LogicalResult readExport(Export &out);
  LogicalResult readValue(Value &out);

private:
  unsigned nesting;

  LogicalResult readOptionalValType(std::optional<ValTypeRef> &out);
  LogicalResult readMembers(ValTypeDecl &out, llvm::StringRef what, bool named, bool typed);
  LogicalResult readDefValType(uint8_t opcode, ValTypeDecl &out);
  LogicalResult readFuncType(FuncTypeDecl &out);
  LogicalResult readResource(ResourceDecl &out);
  LogicalResult readTypeScope(TypeDecl &out);
  LogicalResult readTypeScopeDecl(TypeScopeDecl &out, bool isComponent);
  LogicalResult readCoreSubtype(CoreTypeDecl &out);
  LogicalResult readCoreFuncType(wasm::FuncType &out);
  LogicalResult readCoreModuleDecl(CoreModuleDecl &out);
  LogicalResult readCoreExternType(CoreExternDecl &out);
  LogicalResult readCoreSort(Sort &out);
  LogicalResult readLimits(wasm::Limits &out, uint8_t &flags);
  LogicalResult readCanonOptions(CanonOptions &out);
  LogicalResult readCanonOption(CanonOptions &out, bool &hasEncoding);
};

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_READERIMPL_H
