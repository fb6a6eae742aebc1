//===- SectionReader.h - What stands in a module's sections -----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state that the files of the reader share.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_WASM_SECTIONREADER_H
#define TENON_LIB_WASM_SECTIONREADER_H

#include "tenon/Support/ByteCursor.h"
#include "tenon/Wasm/Module.h"

namespace tenon::wasm {

// Limits beyond the format's own, those of the engines (core specification, "Implementation
// Limitations"; WebAssembly JavaScript Interface, "Implementation-defined Limits").
constexpr uint32_t maxEntries = 1000000; // types, functions, imports, exports, globals, tags
constexpr uint32_t maxTables = 100000;
constexpr uint32_t maxMemories = 100;
constexpr uint32_t maxSegments = 100000;
constexpr uint32_t maxSegmentElements = 10000000;
constexpr uint32_t maxBodySize = 7654321;

class SectionReader {
public:
  explicit SectionReader(Module &module) : module(module) {}

  LogicalResult read(ByteCursor &cursor);

private:
  Module &module;
  uint8_t lastSection = 0; // by order
  bool sawCode = false;
  std::optional<CustomSection> branchHints; // the first such section, if it is before the code

  LogicalResult readHeader(ByteCursor &cursor);
  LogicalResult readSection(ByteCursor &cursor);
  LogicalResult readContents(ByteCursor &cursor, uint8_t id);

  template <typename Read>
  LogicalResult readEntries(ByteCursor &cursor, llvm::StringRef what, uint32_t limit,
                            Read readEntry);
  LogicalResult checkNumber(ByteCursor &cursor, size_t at, uint64_t number, uint64_t limit,
                            llvm::StringRef what);
  FailureOr<uint32_t> readTypeIndex(ByteCursor &cursor);
  FailureOr<uint32_t> readTagType(ByteCursor &cursor);

  LogicalResult readCustom(ByteCursor &cursor);
  LogicalResult readImport(ByteCursor &cursor);
  LogicalResult readFunction(ByteCursor &cursor);
  LogicalResult readTable(ByteCursor &cursor);
  LogicalResult readMemory(ByteCursor &cursor);
  LogicalResult readTag(ByteCursor &cursor);
  LogicalResult readGlobal(ByteCursor &cursor);
  LogicalResult readExport(ByteCursor &cursor);
  LogicalResult readCode(ByteCursor &cursor);

  // ReadSegments.cpp
  LogicalResult readElementSegment(ByteCursor &cursor);
  LogicalResult readElements(ByteCursor &cursor, ElementSegment &segment);
  LogicalResult readDataSegment(ByteCursor &cursor);
};

/// Reads the "name" section into the module, up to the first thing that is malformed.
void readNames(const CustomSection &section, Module &module);

/// Name of the section that readBranchHints reads.
constexpr llvm::StringLiteral branchHintSection = "metadata.code.branch_hint";
/// Gives the functions their hints; none, if the section is malformed anywhere.
void readBranchHints(const CustomSection &section, Module &module);

} // namespace tenon::wasm

#endif // TENON_LIB_WASM_SECTIONREADER_H
