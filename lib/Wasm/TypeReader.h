//===- TypeReader.h - Types in the binary -----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the files of the reader: the types of entities and the type section's entries.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_WASM_TYPEREADER_H
#define TENON_LIB_WASM_TYPEREADER_H

#include "tenon/Wasm/Module.h"
#include "tenon/Wasm/Operators.h"

namespace tenon::wasm {

FailureOr<TableType> readTableType(ByteCursor &cursor);
FailureOr<MemoryType> readMemoryType(ByteCursor &cursor);
FailureOr<GlobalType> readGlobalType(ByteCursor &cursor);

/// One entry of the type section: a type or a recursive group of them, appended to the module's.
LogicalResult readRecType(ByteCursor &cursor, Module &module);

} // namespace tenon::wasm

#endif // TENON_LIB_WASM_TYPEREADER_H
