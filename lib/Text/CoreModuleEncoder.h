//===- CoreModuleEncoder.h - A core module in the making --------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state that the module's three passes over its fields share. First all ids are collected
// (CoreModule.cpp), then the type definitions are read (CoreTypeFields.cpp), then all other fields
// are encoded, each into its section (CoreFields.cpp, CoreSegments.cpp); bodies and types may refer
// forward.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_COREMODULEENCODER_H
#define TENON_LIB_TEXT_COREMODULEENCODER_H

#include "CoreInstructions.h"
#include "CoreScope.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tenon::text {

/// Binary Format / Modules / Sections.
enum SectionId : uint8_t {
  CustomSectionId,
  TypeSectionId,
  ImportSectionId,
  FunctionSectionId,
  TableSectionId,
  MemorySectionId,
  GlobalSectionId,
  ExportSectionId,
  StartSectionId,
  ElementSectionId,
  CodeSectionId,
  DataSectionId,
  DataCountSectionId,
  TagSectionId,
  NumSectionIds
};

/// A section that is a vector: its elements so far.
struct VectorSection {
  ByteWriter elements;
  uint32_t count = 0;
};

/// `(@custom "name" place data*)`
struct CustomSectionText {
  bool after = true;
  /// The section beside which it stands: NumSectionIds for the end, CustomSectionId for the start.
  uint8_t anchor = NumSectionIds;
  ByteWriter contents;
};

class ModuleEncoder {
public:
  ModuleEncoder(Parser &parser, llvm::StringRef name) : parser(parser), moduleName(name) {}

  LogicalResult run(ByteWriter &out);

private:
  Parser &parser;
  llvm::StringRef moduleName;
  CoreScope scope;
  VectorSection sections[NumSectionIds];
  uint32_t numExplicitTypes = 0;
  std::optional<uint32_t> start;
  std::vector<CustomSectionText> customs;
  llvm::SmallPtrSet<const Annotation *, 4> usedAnnotations;
  using NameList = std::vector<std::pair<uint32_t, llvm::StringRef>>;
  /// By function.
  std::vector<std::pair<uint32_t, NameList>> localNames, labelNames;
  std::vector<std::pair<uint32_t, std::vector<BranchHint>>> branchHints;
  /// The next number of each space, as fields are encoded.
  uint32_t nextFunc = 0, nextTable = 0, nextMemory = 0, nextGlobal = 0, nextTag = 0;

  // First pass (CoreModule.cpp).
  const char *firstDefinition = nullptr; ///< what was defined before an import could come
  LogicalResult collectFields();
  LogicalResult collectField();
  LogicalResult collectTypes(bool isGroup);
  LogicalResult collectImport();
  LogicalResult collectEntity(llvm::StringRef word);
  LogicalResult checkImportOrder(uint64_t textOffset);
  /// The id that is next and its `(@name "...")`.
  LogicalResult collectId(IndexSpace &space);
  IndexSpace *findEntitySpace(llvm::StringRef word);

  // Second pass (CoreTypeFields.cpp).
  LogicalResult encodeTypes();
  LogicalResult encodeTypeGroup();
  LogicalResult encodeTypeDefinition(ByteWriter &out, bool isAlone);
  void writeImplicitTypes();

  // Third pass (CoreFields.cpp).
  LogicalResult encodeFields();
  LogicalResult encodeField();
  LogicalResult encodeImport();
  LogicalResult encodeExport();
  LogicalResult encodeStart();
  LogicalResult encodeEntity(wasm::ExternKind kind);
  LogicalResult encodeInlineExports(wasm::ExternKind kind, uint32_t index);
  void writeExport(llvm::StringRef name, wasm::ExternKind kind, uint32_t index, uint64_t offset);
  LogicalResult writeImport(llvm::StringRef module, llvm::StringRef name, ExternDesc &desc);
  LogicalResult encodeInlineImport(wasm::ExternKind kind);
  LogicalResult encodeFunc(uint32_t index, uint64_t offset);
  LogicalResult encodeLocals(IndexSpace &locals, ByteWriter &out);
  LogicalResult encodeTable(uint32_t index);
  LogicalResult encodeMemory(uint32_t index);
  LogicalResult encodeGlobal();
  LogicalResult encodeTag();
  FailureOr<ExternDesc> parseEntityType(wasm::ExternKind kind);
  FailureOr<uint32_t> parseTypeIndex() { return scope.types.parse(parser); }

  // Segments (CoreSegments.cpp).
  struct ElemList {
    bool usesIndices = true;
    wasm::ValType type = wasm::ValType::funcref();
    uint32_t count = 0;
    ByteWriter items;
  };
  LogicalResult encodeElem();
  LogicalResult encodeData();
  FailureOr<ElemList> parseElemList(bool allowBareIndices);
  LogicalResult parseElemIndices(ElemList &list);
  LogicalResult parseElemExpressions(ElemList &list);
  /// Without a table: table 0, which was not named.
  void writeActiveElem(std::optional<uint32_t> table, const ByteWriter &offset,
                       const ElemList &list);
  LogicalResult encodeInlineElem(uint32_t table, bool is64, wasm::ValType type, uint32_t &count);
  LogicalResult encodeInlineData(uint32_t memory, bool is64, uint64_t &size);
  /// `(offset instr*)` or one folded instruction, with its `end`.
  LogicalResult encodeOffset(ByteWriter &out);
  LogicalResult encodeConstExpr(ByteWriter &out);
  /// Strings up to the closing parenthesis.
  LogicalResult encodeDataStrings(ByteWriter &out);

  // Custom sections and names (CoreCustom.cpp).
  LogicalResult encodeCustomAnnotations();
  LogicalResult encodeCustomAnnotation(const Annotation &annotation);
  /// `(@name "...")` directly before the next token, if there is one, which is where it belongs.
  FailureOr<std::optional<llvm::StringRef>> takeNameAnnotation();
  LogicalResult parseModuleName();
  /// No annotation that means something stands where it means nothing.
  LogicalResult checkAnnotations(size_t firstToken);
  void writeCustoms(ByteWriter &out, uint8_t anchor, bool after) const;
  void writeNames(ByteWriter &out) const;
  void writeBranchHints(ByteWriter &out) const;

  void writeSections(ByteWriter &out);
};

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COREMODULEENCODER_H
