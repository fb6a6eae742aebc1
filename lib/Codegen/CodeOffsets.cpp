//===- CodeOffsets.cpp - Where functions begin in their modules -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeOffsets.h"
#include "tenon-abi/offsets.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace tenon;
using namespace tenon::codegen;

void codegen::buildCodeOffsets(ModuleBuilder &mb) {
  static_assert(sizeof(tenon_code_offset) == 16, "two numbers of the array below");
  std::vector<uint64_t> numbers;
  for (uint32_t i = 0; i < mb.facts.program.instances.size(); ++i) {
    const wasm::Module &module = mb.facts.moduleOf(i);
    for (uint32_t k = 0; k < module.functions.size(); ++k) {
      std::string symbol = mb.facts.symbolOf(i, module.numImportedFuncs + k);
      numbers.push_back(tenon_hash_symbol(TENON_OFFSETS_HASH_START, symbol.data(), symbol.size()));
      numbers.push_back(module.functions[k].codeOffset);
    }
  }
  llvm::Constant *table = llvm::ConstantDataArray::get(mb.context, numbers);
  auto *variable =
      new llvm::GlobalVariable(*mb.module, table->getType(), /*isConstant=*/true,
                               llvm::GlobalValue::PrivateLinkage, table, "tenon.code_offsets");
  variable->setSection(TENON_OFFSETS_SECTION);
  variable->setAlignment(llvm::Align(8));
  llvm::appendToUsed(*mb.module, {variable});
}
