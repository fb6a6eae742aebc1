//===- Subtyping.h - When one core type matches another ---------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_SUBTYPING_H
#define TENON_WASM_SUBTYPING_H

#include "tenon/Wasm/Module.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenon::wasm {

/// core specification, "Validation / Matching": whether a value of type `sub` of one module can
/// stand where `super` of another (or the same) is expected.
bool matches(const Module &subModule, ValType sub, const Module &superModule, ValType super);
inline bool matches(const Module &module, ValType sub, ValType super) {
  return matches(module, sub, module, super);
}

/// Defined types, by index: the same type, or a declared subtype of it.
bool matchesDefined(const Module &subModule, uint32_t sub, const Module &superModule,
                    uint32_t super);

/// The type of something that can be imported; one field, by its kind.
struct ExternType {
  ExternKind kind = ExternKind::Func;
  uint32_t typeIndex = 0; ///< functions and tags
  TableType table;
  MemoryType memory;
  GlobalType global;
};

/// The type of an export. Sizes are those of its declaration, not current ones.
ExternType typeOfExport(const Module &module, const Export &one);

/// Whether something of a type of `exporter` satisfies an import of `importer` (core specification,
/// "Validation / Matching / External Types").
bool matchesImport(const Module &exporter, const ExternType &given, const Module &importer,
                   const Import &wanted);
inline bool matchesImport(const Module &exporter, const Export &given, const Module &importer,
                          const Import &wanted) {
  return matchesImport(exporter, typeOfExport(exporter, given), importer, wanted);
}

/// Fills `digest` and `canonical` of a module's type declarations. Called by the reader.
void canonicalizeTypes(Module &module);

/// The digest that a final type without supertypes has in a recursive group of its own.
TypeDigest digestOf(const FuncType &type,
                    llvm::function_ref<const TypeDigest &(uint32_t)> digestOfReferenced);

/// A type as the text format writes it: `i32`, `(ref null 3)`.
std::string toString(ValType type);

} // namespace tenon::wasm

#endif // TENON_WASM_SUBTYPING_H
