//===- CallRecords.cpp - Which calls are left -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call that is left is an instruction. One that was inlined has left its subprogram in the debug
// locations of what it became.
//
//===----------------------------------------------------------------------===//

#include "CallRecords.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include <set>

using namespace tenon::codegen;

namespace {

using Key = std::pair<CallRecord::How, std::string>;

llvm::StringRef symbolOf(const llvm::DISubprogram &subprogram) {
  return subprogram.getLinkageName().empty() ? subprogram.getName() : subprogram.getLinkageName();
}

void addCall(const llvm::CallBase &call, std::set<Key> &found) {
  if (call.isInlineAsm() || llvm::isa<llvm::IntrinsicInst>(call))
    return;
  if (const llvm::Function *callee = call.getCalledFunction())
    found.insert({CallRecord::Direct, callee->getName().str()});
  else
    found.insert({CallRecord::Indirect, ""});
}

void addInlined(const llvm::DILocation *location, std::set<Key> &found) {
  for (; location && location->getInlinedAt(); location = location->getInlinedAt())
    found.insert({CallRecord::Inlined, symbolOf(*location->getScope()->getSubprogram()).str()});
}

} // namespace

void tenon::codegen::collectCalls(const llvm::Module &module, std::vector<CallRecord> &records) {
  for (const llvm::Function &function : module) {
    if (function.isDeclaration() || function.hasAvailableExternallyLinkage())
      continue;
    std::set<Key> found;
    for (const llvm::Instruction &instruction : llvm::instructions(function)) {
      addInlined(instruction.getDebugLoc().get(), found);
      if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
        addCall(*call, found);
    }
    for (const auto &[how, callee] : found)
      records.push_back({function.getName().str(), callee, how});
  }
}
