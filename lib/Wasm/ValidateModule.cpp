//===- ValidateModule.cpp - A module as a whole ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Validation / Modules": everything outside of function bodies, in the order
// in which the index spaces become known, then the bodies, one by one.
//
//===----------------------------------------------------------------------===//

#include "Validator.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::wasm;

/// Longer chains of supertypes are refused, as by every engine.
static constexpr unsigned maxSubtypingDepth = 63;

namespace {
class ModuleValidator {
public:
  ModuleValidator(Module &module, Diagnostics &diags)
      : module(module), diags(diags), validator(module, diags) {}

  LogicalResult validate();

private:
  Module &module;
  Diagnostics &diags;
  Validator validator;
  llvm::SmallVector<uint32_t, 16> funcRefs; // of constant expressions

  LogicalResult checkIndex(Location where, uint32_t index, size_t size, llvm::StringRef what);
  LogicalResult checkValType(Location where, ValType type);
  LogicalResult validateTypes();
  LogicalResult validateSubtype(uint32_t index);
  LogicalResult validateLimits(Location where, const Limits &limits, uint64_t bound,
                               llvm::StringRef what);
  LogicalResult validateMemoryType(Location where, const MemoryType &type);
  LogicalResult validateTableType(Location where, const TableType &type);
  LogicalResult validateTagType(Location where, uint32_t typeIndex);
  LogicalResult validateImport(const Import &import);
  LogicalResult validateDefinitions();
  LogicalResult validateExport(const Export &entry);
  LogicalResult validateStart();
  LogicalResult validateElements(const ElementSegment &segment);
  LogicalResult validateData(const DataSegment &segment);
  LogicalResult validateConstant(const ConstExpr &expr, ValType expected, size_t numGlobals) {
    return validator.validateConstant(expr, expected, uint32_t(numGlobals), funcRefs);
  }
  void beginSummary();
  void markEscapes();
  void addToSummary(const FuncSummary &function);
};
} // namespace

LogicalResult ModuleValidator::checkIndex(Location where, uint32_t index, size_t size,
                                          llvm::StringRef what) {
  if (index < size)
    return success();
  return diags.error(where, "unknown ") << what << ' ' << index;
}

LogicalResult ModuleValidator::checkValType(Location where, ValType type) {
  if (namesKnownType(module, type))
    return success();
  return diags.error(where, "unknown type ") << type.getTypeIndex();
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

LogicalResult ModuleValidator::validateSubtype(uint32_t index) {
  const TypeDecl &decl = module.typeDecls[index];
  if (!decl.supertype)
    return success();
  if (module.typeDecls[*decl.supertype].isFinal)
    return diags.error(decl.location, "sub type ")
           << index << " does not match super type " << *decl.supertype << ", which is final";
  auto allMatch = [&](llvm::ArrayRef<ValType> subs, llvm::ArrayRef<ValType> supers) {
    bool match = subs.size() == supers.size();
    for (size_t i = 0; match && i < subs.size(); ++i)
      match = matches(module, subs[i], supers[i]);
    return match;
  };
  const FuncType &sub = module.types[index], &super = module.types[*decl.supertype];
  if (!allMatch(super.params, sub.params) || !allMatch(sub.results, super.results))
    return diags.error(decl.location, "sub type ")
           << index << " does not match super type " << *decl.supertype;
  return success();
}

LogicalResult ModuleValidator::validateTypes() {
  // Depths first: matching walks the chains.
  std::vector<unsigned> depths(module.types.size());
  for (uint32_t i = 0; i < module.types.size(); ++i) {
    const TypeDecl &decl = module.typeDecls[i];
    depths[i] = decl.supertype ? depths[*decl.supertype] + 1 : 0;
    if (depths[i] > maxSubtypingDepth)
      return diags.error(decl.location, "sub type hierarchy too deep: no more than ")
             << maxSubtypingDepth << " levels are supported";
  }
  for (uint32_t i = 0; i < module.types.size(); ++i)
    if (failed(validateSubtype(i)))
      return failure();
  return success();
}

LogicalResult ModuleValidator::validateLimits(Location where, const Limits &limits, uint64_t bound,
                                              llvm::StringRef what) {
  if (limits.min > bound || (limits.max && *limits.max > bound))
    return diags.error(where, what);
  if (limits.max && limits.min > *limits.max)
    return diags.error(where, "size minimum must not be greater than maximum: ")
           << limits.min << " and " << *limits.max;
  return success();
}

LogicalResult ModuleValidator::validateMemoryType(Location where, const MemoryType &type) {
  const Limits &limits = type.limits;
  if (limits.shared && !limits.max)
    return diags.error(where, "shared memory must have maximum");
  unsigned addressBits = limits.is64 ? 64 : 32;
  // All of the address space, except where the number of pages would not fit it.
  unsigned pageBits = addressBits - type.pageSizeLog2;
  uint64_t bound =
      type.pageSizeLog2 == 0 ? ~uint64_t(0) >> (64 - addressBits) : uint64_t(1) << pageBits;
  return validateLimits(where, limits, bound,
                        ("memory size must be at most " + llvm::Twine(bound) + " pages" +
                         (bound == 65536 ? " (4GiB)" : ""))
                            .str());
}

LogicalResult ModuleValidator::validateTableType(Location where, const TableType &type) {
  uint64_t bound = type.limits.is64 ? ~uint64_t(0) : UINT32_MAX;
  if (failed(checkValType(where, type.element)))
    return failure();
  return validateLimits(where, type.limits, bound, "table size must be at most 2^32-1");
}

LogicalResult ModuleValidator::validateTagType(Location where, uint32_t typeIndex) {
  if (module.types[typeIndex].results.empty())
    return success();
  return diags.error(where, "non-empty tag result type");
}

LogicalResult ModuleValidator::validateImport(const Import &import) {
  switch (import.kind) {
  case ExternKind::Func:
    return success(); // the reader has checked the index
  case ExternKind::Table:
    return validateTableType(import.location, import.table);
  case ExternKind::Memory:
    return validateMemoryType(import.location, import.memory);
  case ExternKind::Global:
    return checkValType(import.location, import.global.type);
  case ExternKind::Tag:
    return validateTagType(import.location, import.typeIndex);
  }
  llvm_unreachable("every kind of import is above");
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

LogicalResult ModuleValidator::validateDefinitions() {
  for (const Table &table : module.tables) {
    Location where = table.init ? table.init->location : module.location;
    if (failed(validateTableType(where, table.type)))
      return failure();
    if (!table.init && !table.type.element.isNullable())
      return diags.error(where, "type mismatch: a table of ")
             << toString(table.type.element) << " needs an initialiser";
    if (table.init &&
        failed(validateConstant(*table.init, table.type.element, module.numImportedGlobals)))
      return failure();
  }
  for (const MemoryType &memory : module.memories)
    if (failed(validateMemoryType(module.location, memory)))
      return failure();
  for (uint32_t tag : module.tags)
    if (failed(validateTagType(module.location, tag)))
      return failure();
  for (size_t i = 0; i < module.globals.size(); ++i) {
    const Global &global = module.globals[i];
    if (failed(checkValType(global.init.location, global.type.type)) ||
        failed(validateConstant(global.init, global.type.type, module.numImportedGlobals + i)))
      return failure();
  }
  return success();
}

LogicalResult ModuleValidator::validateExport(const Export &entry) {
  auto check = [&](size_t size, llvm::StringRef what) {
    return checkIndex(entry.location, entry.index, size, what);
  };
  switch (entry.kind) {
  case ExternKind::Func:
    return check(module.funcTypes.size(), "function");
  case ExternKind::Table:
    return check(module.tableTypes.size(), "table");
  case ExternKind::Memory:
    return check(module.memoryTypes.size(), "memory");
  case ExternKind::Global:
    return check(module.globalTypes.size(), "global");
  case ExternKind::Tag:
    return check(module.tagTypes.size(), "tag");
  }
  llvm_unreachable("every kind of export is above");
}

LogicalResult ModuleValidator::validateStart() {
  if (!module.start)
    return success();
  if (failed(checkIndex(module.location, *module.start, module.funcTypes.size(), "function")))
    return failure();
  const FuncType &type = module.typeOfFunc(*module.start);
  if (!type.params.empty() || !type.results.empty())
    return diags.error(module.location,
                       "start function: it must have neither parameters nor results");
  return success();
}

LogicalResult ModuleValidator::validateElements(const ElementSegment &segment) {
  if (failed(checkValType(segment.location, segment.type)))
    return failure();
  size_t numGlobals = module.globalTypes.size();
  if (segment.mode == SegmentMode::Active) {
    if (failed(checkIndex(segment.location, segment.table, module.tableTypes.size(), "table")))
      return failure();
    const TableType &table = module.tableTypes[segment.table];
    if (!matches(module, segment.type, table.element))
      return diags.error(segment.location, "type mismatch: elements of ")
             << toString(segment.type) << " in a table of " << toString(table.element);
    ValType address = table.limits.is64 ? ValType::I64 : ValType::I32;
    if (failed(validateConstant(segment.offset, address, numGlobals)))
      return failure();
  }
  for (uint32_t function : segment.functions)
    if (failed(checkIndex(segment.location, function, module.funcTypes.size(), "function")))
      return failure();
  for (const ConstExpr &expr : segment.expressions)
    if (failed(validateConstant(expr, segment.type, numGlobals)))
      return failure();
  return success();
}

LogicalResult ModuleValidator::validateData(const DataSegment &segment) {
  if (segment.mode != SegmentMode::Active)
    return success();
  if (failed(checkIndex(segment.location, segment.memory, module.memoryTypes.size(), "memory")))
    return failure();
  bool is64 = module.memoryTypes[segment.memory].limits.is64;
  return validateConstant(segment.offset, is64 ? ValType::I64 : ValType::I32,
                          module.globalTypes.size());
}

//===----------------------------------------------------------------------===//
// Summary
//===----------------------------------------------------------------------===//

void ModuleValidator::beginSummary() {
  ModuleSummary &summary = module.summary;
  summary.tableWritten.assign(module.tableTypes.size(), false);
  summary.globalWritten.assign(module.globalTypes.size(), false);
  summary.memoryGrown.assign(module.memoryTypes.size(), false);
  summary.memoryWritten.assign(module.memoryTypes.size(), false);
  summary.funcEscapes.assign(module.funcTypes.size(), false);
}

void ModuleValidator::markEscapes() {
  std::vector<bool> &escapes = module.summary.funcEscapes;
  for (const Export &entry : module.exports)
    if (entry.kind == ExternKind::Func)
      escapes[entry.index] = true;
  for (const ElementSegment &segment : module.elements)
    for (uint32_t function : segment.functions)
      escapes[function] = true;
  for (uint32_t function : funcRefs)
    escapes[function] = true;
}

void ModuleValidator::addToSummary(const FuncSummary &function) {
  ModuleSummary &summary = module.summary;
  for (uint32_t index : function.globalsWritten)
    summary.globalWritten[index] = true;
  for (uint32_t index : function.tablesWritten)
    summary.tableWritten[index] = true;
  for (uint32_t index : function.memoriesWritten)
    summary.memoryWritten[index] = true;
  for (uint32_t index : function.memoriesGrown)
    summary.memoryGrown[index] = true;
}

LogicalResult ModuleValidator::validate() {
  beginSummary();
  if (failed(validateTypes()))
    return failure();
  for (const Import &import : module.imports)
    if (failed(validateImport(import)))
      return failure();
  if (failed(validateDefinitions()))
    return failure();
  for (const Export &entry : module.exports)
    if (failed(validateExport(entry)))
      return failure();
  if (failed(validateStart()))
    return failure();
  for (const ElementSegment &segment : module.elements)
    if (failed(validateElements(segment)))
      return failure();
  for (const DataSegment &segment : module.datas)
    if (failed(validateData(segment)))
      return failure();
  markEscapes();
  for (Function &function : module.functions) {
    if (failed(validator.validateFunction(function)))
      return failure();
    addToSummary(function.summary);
  }
  return success();
}

LogicalResult wasm::validateModule(Module &module, Diagnostics &diags) {
  return ModuleValidator(module, diags).validate();
}
