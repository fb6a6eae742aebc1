//===- Module.h - A core module, read and summarised ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the reader finds in a core module (core specification, "Binary Format"). Function bodies
// stay bytes: the validator walks them once and leaves a summary of each, the translator walks them
// again. The bytes are borrowed from the SourceFile's owner, which outlives the Module.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_MODULE_H
#define TENON_WASM_MODULE_H

#include "tenon/Support/Diagnostics.h"
#include "tenon/Wasm/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <array>
#include <vector>

namespace tenon::wasm {

struct Import {
  llvm::StringRef module;
  llvm::StringRef name;
  ExternKind kind = ExternKind::Func;
  uint32_t typeIndex = 0; ///< functions and tags
  TableType table;
  MemoryType memory;
  GlobalType global;
  Location location;
};

struct Export {
  llvm::StringRef name;
  ExternKind kind = ExternKind::Func;
  uint32_t index = 0;
  Location location;
};

/// A constant expression: its bytes (operators up to and with `end`), evaluated by whoever needs
/// it.
struct ConstExpr {
  llvm::ArrayRef<uint8_t> bytes;
  Location location;
};

/// What identifies a type across modules: two types are the same exactly when their digests are.
using TypeDigest = std::array<uint8_t, 32>;

/// What a type's declaration says beside the type: its recursive group, supertype and finality
/// (core specification, "Types / Recursive Types").
struct TypeDecl {
  uint32_t groupStart = 0; ///< index of the first type of its recursive group
  uint32_t groupSize = 1;
  std::optional<uint32_t> supertype;
  bool isFinal = true;
  /// The lowest index of a type of this module that is the same type: calls through tables compare
  /// these, not indices.
  uint32_t canonical = 0;
  TypeDigest digest = {};
  Location location;
};

/// What the validator learned of a function body. Everything is about this body alone, not callees.
/// Lists of indices are ascending and hold each index once.
struct FuncSummary {
  llvm::SmallVector<uint32_t, 4> directCallees;
  llvm::SmallVector<uint32_t, 0> globalsWritten;  ///< global.set
  llvm::SmallVector<uint32_t, 0> tablesWritten;   ///< table.set/fill/copy/init/grow
  llvm::SmallVector<uint32_t, 0> memoriesWritten; ///< stores, fill, copy, init, atomics
  llvm::SmallVector<uint32_t, 0> memoriesGrown;
  llvm::SmallVector<uint32_t, 0> funcRefs; ///< ref.func
  bool callsIndirect = false;              ///< call_indirect, call_ref and their tail forms
  bool tailCalls = false;                  ///< any return_call*
  bool growsMemory = false;
  bool writesMemory = false; ///< stores, fill, copy, init, atomics
  bool readsMemory = false;
  bool throws = false; ///< throw, throw_ref, rethrow
  bool hasTry = false;
  bool hasLoop = false;
  uint32_t numOperators = 0;
};

/// What the producer expects of an `if` or `br_if` (branch hinting proposal): a guess, of which
/// nothing is known but that it is well-formed.
struct BranchHint {
  uint32_t offset = 0; ///< of the instruction, from the body's first byte
  bool isLikely = false;
};

/// A function defined by the module (imports are not here).
struct Function {
  uint32_t typeIndex = 0;
  /// The whole body with its local declarations, without its size.
  llvm::ArrayRef<uint8_t> body;
  /// Of the body's first byte, in the file.
  Location location;
  /// Of the body's first byte, counted from the start of the code section's contents: the number
  /// that trap reports print.
  uint32_t codeOffset = 0;
  llvm::SmallVector<BranchHint, 0> branchHints; ///< ascending by offset, each of them once
  FuncSummary summary;

  /// What is expected of the branch at `offset` of the body.
  const BranchHint *findBranchHint(uint32_t offset) const;
};

struct Table {
  TableType type;
  std::optional<ConstExpr> init; ///< table with an initialiser expression
};

struct Global {
  GlobalType type;
  ConstExpr init;
};

enum class SegmentMode : uint8_t { Active, Passive, Declared };

struct ElementSegment {
  SegmentMode mode = SegmentMode::Active;
  uint32_t table = 0;
  ConstExpr offset; ///< active only
  ValType type;
  /// Function indices, or an expression for each element; one of the two is used.
  std::vector<uint32_t> functions;
  std::vector<ConstExpr> expressions;
  bool usesExpressions = false;
  Location location;
  size_t size() const { return usesExpressions ? expressions.size() : functions.size(); }
};

struct DataSegment {
  SegmentMode mode = SegmentMode::Active;
  uint32_t memory = 0;
  ConstExpr offset; ///< active only
  llvm::ArrayRef<uint8_t> bytes;
  Location location;
};

struct CustomSection {
  llvm::StringRef name;
  llvm::ArrayRef<uint8_t> bytes;
  Location location;
};

/// Facts about the module as a whole that code generation relies on: who may write what. A table or
/// a global that is exported or imported may be written by others as well: see the program's facts.
struct ModuleSummary {
  llvm::SmallVector<bool, 2> tableWritten; ///< per table index: table.set/fill/copy/init/grow on it
  llvm::SmallVector<bool, 4> globalWritten; ///< per global index: global.set on it
  llvm::SmallVector<bool, 1> memoryGrown;   ///< per memory index
  llvm::SmallVector<bool, 1> memoryWritten;
  /// Per function index: exported, in an element segment, or a ref.func outside of bodies. The rule
  /// that ref.func in a body needs such a declaration makes it all that can escape.
  std::vector<bool> funcEscapes;
};

struct Module {
  const SourceFile *file = nullptr;
  llvm::ArrayRef<uint8_t> bytes; ///< the module's own bytes
  Location location;             ///< of its first byte

  std::vector<FuncType> types;
  std::vector<TypeDecl> typeDecls; ///< one for each type
  std::vector<Import> imports;
  std::vector<Function> functions; ///< defined ones
  std::vector<Table> tables;
  std::vector<MemoryType> memories;
  std::vector<Global> globals;
  std::vector<uint32_t> tags; ///< type indices
  std::vector<Export> exports;
  std::optional<uint32_t> start;
  std::vector<ElementSegment> elements;
  std::vector<DataSegment> datas;
  std::optional<uint32_t> dataCount;
  std::vector<CustomSection> customs;
  ModuleSummary summary;

  // Index spaces: imports first, then definitions. Filled by the reader.
  std::vector<uint32_t> funcTypes; ///< type index of every function
  std::vector<TableType> tableTypes;
  std::vector<MemoryType> memoryTypes;
  std::vector<GlobalType> globalTypes;
  std::vector<uint32_t> tagTypes;
  uint32_t numImportedFuncs = 0, numImportedTables = 0, numImportedMemories = 0,
           numImportedGlobals = 0, numImportedTags = 0;

  const FuncType &typeOfFunc(uint32_t index) const { return types[funcTypes[index]]; }
  bool isImportedFunc(uint32_t index) const { return index < numImportedFuncs; }
  const Function &definedFunc(uint32_t index) const { return functions[index - numImportedFuncs]; }
  const Export *findExport(llvm::StringRef name) const;

  /// Names of the "name" section, as far as it is well-formed.
  llvm::StringRef moduleName() const;
  /// Empty when there is none.
  llvm::StringRef funcName(uint32_t index) const;

  llvm::StringMap<uint32_t> exportsByName; ///< name -> index in `exports`
  std::vector<llvm::StringRef>
      funcNames; ///< by function index; may be shorter than the index space
  llvm::StringRef nameOfModule;
};

} // namespace tenon::wasm

#endif // TENON_WASM_MODULE_H
