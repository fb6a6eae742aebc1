//===- ModuleTable.cpp - Core modules by the hash of their bytes ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Import/ModuleTable.h"
#include "tenon/Wasm/Reader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace tenon;

static std::string keyOf(llvm::ArrayRef<uint8_t> bytes) {
  llvm::BLAKE3Result<16> hash = llvm::BLAKE3::hash<16>(bytes);
  return llvm::toHex(hash, /*LowerCase=*/true);
}

std::string ModuleTable::add(const wasm::Module &module) {
  std::string key = keyOf(module.bytes);
  modules.try_emplace(key, &module);
  return key;
}

const wasm::Module &ModuleTable::own(std::vector<uint8_t> bytes) {
  if (const wasm::Module *known = find(keyOf(bytes)))
    return *known;
  Diagnostics none([](const Diagnostic &) { assert(false && "what the importer makes is valid"); });
  FailureOr<std::unique_ptr<wasm::Module>> module = wasm::readModule(bytes, {}, none);
  assert(succeeded(module) && "what the importer makes can be read");
  (void)wasm::validateModule(**module, none);              // which also makes the summaries
  owned.push_back({std::move(bytes), std::move(*module)}); // the bytes stay where they are
  add(*owned.back().module);
  return *owned.back().module;
}
