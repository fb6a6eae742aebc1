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
#include <memory>
#include <string>

namespace tenon {

/// The core modules that comp IR refers to. They are borrowed, but for those that the importer
/// made; equal bytes are one entry.
class ModuleTable {
public:
  /// Returns the key: 32 hexadecimal digits of the BLAKE3 hash of the module's bytes.
  std::string add(const wasm::Module &module);
  /// A module that was made here, in bytes that are valid. It lives as long as the table.
  const wasm::Module &own(std::vector<uint8_t> bytes);
  /// Null when there is none.
  const wasm::Module *find(llvm::StringRef key) const { return modules.lookup(key); }

private:
  struct Owned {
    std::vector<uint8_t> bytes;
    std::unique_ptr<wasm::Module> module;
  };
  llvm::StringMap<const wasm::Module *> modules;
  std::vector<Owned> owned;
};

} // namespace tenon

#endif // TENON_IMPORT_MODULETABLE_H
