//===- CoreTypes.h - Text of core types -------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing and encoding core types (core specification, "Text Format / Types"), shared by core
// modules and by the core types inside components. Who parses says how a type index is resolved.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_CORETYPES_H
#define TENON_TEXT_CORETYPES_H

#include "tenon/Support/ByteWriter.h"
#include "tenon/Text/Parser.h"
#include "tenon/Wasm/Types.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenon::text {

/// Parses a type index (a number or an id) that is next and gives the number.
using TypeIndexParser = llvm::function_ref<FailureOr<uint32_t>(Parser &)>;

//===--- Parsing ------------------------------------------------------------===//

/// Whether a value type can start here.
bool peekValType(const Parser &parser);
FailureOr<wasm::ValType> parseValType(Parser &parser, TypeIndexParser types);
/// `funcref`, `(ref null func)` ...
FailureOr<wasm::ValType> parseRefType(Parser &parser, TypeIndexParser types);
/// `func`, `extern`, `$t` ...: the type of `ref.null` with it (nullable).
FailureOr<wasm::ValType> parseHeapType(Parser &parser, TypeIndexParser types);

/// What a parameter or local is called.
struct LocalName {
  std::optional<llvm::StringRef> id;
  std::optional<llvm::StringRef> annotated; ///< `(@name "...")`, which goes before the id
};

/// `$x? (@name "...")?`
FailureOr<LocalName> parseLocalName(Parser &parser);

/// The `(@name "...")` directly before the next token, if there is one (core specification,
/// appendix "Name Annotations").
FailureOr<std::optional<llvm::StringRef>> parseNameAnnotation(Parser &parser);

/// `(param ...)* (result ...)*`; `paramNames`, when given, gets one entry a parameter. Ids are an
/// error when `paramNames` is null.
LogicalResult parseParamsAndResults(Parser &parser, TypeIndexParser types, wasm::FuncType &type,
                                    std::vector<LocalName> *paramNames);

/// What a `(type x)? (param ...)* (result ...)*` says, before anyone looks up the type.
struct TypeUse {
  std::optional<uint32_t> index; ///< `(type x)`
  bool hasInline = false;        ///< a `(param` or `(result` was written
  wasm::FuncType type;
  std::vector<LocalName> paramNames;
  uint64_t textOffset = 0;
};
FailureOr<TypeUse> parseTypeUse(Parser &parser, TypeIndexParser types, bool allowParamNames = true);

/// `i64? min max? shared?`
FailureOr<wasm::Limits> parseLimits(Parser &parser);
/// `(pagesize n)?`: the page size's logarithm.
FailureOr<uint8_t> parseOptionalPageSize(Parser &parser);
FailureOr<wasm::MemoryType> parseMemoryType(Parser &parser);
FailureOr<wasm::TableType> parseTableType(Parser &parser, TypeIndexParser types);
FailureOr<wasm::GlobalType> parseGlobalType(Parser &parser, TypeIndexParser types);

/// `(func $id? typeuse)`, `(table $id? ...)`, `(memory ...)`, `(global ...)`, `(tag ...)`: the
/// description of an import or an export of a module type, with its parentheses.
struct ExternDesc {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  std::optional<llvm::StringRef> id;
  TypeUse typeUse; ///< functions and tags
  wasm::TableType table;
  wasm::MemoryType memory;
  wasm::GlobalType global;
  uint64_t textOffset = 0;
};
FailureOr<ExternDesc> parseExternDesc(Parser &parser, TypeIndexParser types);

//===--- Encoding (core specification, "Binary Format / Types") --------------===//

void writeValType(ByteWriter &out, const wasm::ValType &type);
void writeHeapType(ByteWriter &out, const wasm::ValType &type);
/// With its leading 0x60.
void writeFuncType(ByteWriter &out, const wasm::FuncType &type);
void writeLimits(ByteWriter &out, const wasm::Limits &limits, bool customPageSize = false);
void writeMemoryType(ByteWriter &out, const wasm::MemoryType &type);
void writeTableType(ByteWriter &out, const wasm::TableType &type);
void writeGlobalType(ByteWriter &out, const wasm::GlobalType &type);
/// The kind byte and the type; functions and tags refer to `typeIndex`.
void writeExternDesc(ByteWriter &out, const ExternDesc &desc, uint32_t typeIndex);

} // namespace tenon::text

#endif // TENON_TEXT_CORETYPES_H
