//===- ModuleTable.cpp - Core modules by the hash of their bytes ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Import/ModuleTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace tenon;

std::string ModuleTable::add(const wasm::Module &module) {
  llvm::BLAKE3Result<16> hash = llvm::BLAKE3::hash<16>(module.bytes);
  std::string key = llvm::toHex(hash, /*LowerCase=*/true);
  modules.try_emplace(key, &module);
  return key;
}
