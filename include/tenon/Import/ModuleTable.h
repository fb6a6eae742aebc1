//===- ModuleTable.h - Core modules by the hash of their bytes --*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_IMPORT_MODULETABLE_H
#define TENON_IMPORT_MODULETABLE_H

#include "tenon/Wasm/Module.h"
#include "llvm/ADT/StringMap.h"
#include <string>

namespace tenon {

/// The core modules that comp IR refers to. They are borrowed; equal bytes are one entry.
class ModuleTable {
public:
  /// Returns the key: 32 hexadecimal digits of the BLAKE3 hash of the module's bytes.
  std::string add(const wasm::Module &module);
  /// Null when there is none.
  const wasm::Module *find(llvm::StringRef key) const { return modules.lookup(key); }

private:
  llvm::StringMap<const wasm::Module *> modules;
};

} // namespace tenon

#endif // TENON_IMPORT_MODULETABLE_H
