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
#include "llvm/ADT/SmallPtrSet.h"
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

/// The globals that a constant mentions.
void addReferences(const llvm::Constant *constant, std::set<Key> &found,
                   llvm::SmallPtrSetImpl<const llvm::Constant *> &visited) {
  if (!visited.insert(constant).second)
    return;
  if (const auto *global = llvm::dyn_cast<llvm::GlobalValue>(constant)) {
    found.insert({CallRecord::Refers, global->getName().str()});
    return;
  }
  for (const llvm::Use &operand : constant->operands())
    if (const auto *part = llvm::dyn_cast<llvm::Constant>(operand))
      addReferences(part, found, visited);
}

void addReferences(const llvm::Instruction &instruction, std::set<Key> &found,
                   llvm::SmallPtrSetImpl<const llvm::Constant *> &visited) {
  const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  for (const llvm::Use &operand : instruction.operands())
    if (const auto *constant = llvm::dyn_cast<llvm::Constant>(operand))
      if (!call || !call->isCallee(&operand))
        addReferences(constant, found, visited);
}

void addInlined(const llvm::DILocation *location, std::set<Key> &found) {
  for (; location && location->getInlinedAt(); location = location->getInlinedAt())
    found.insert({CallRecord::Inlined, symbolOf(*location->getScope()->getSubprogram()).str()});
}

} // namespace

void tenon::codegen::collectCalls(const llvm::Module &module, std::vector<CallRecord> &records) {
  auto add = [&](llvm::StringRef caller, const std::set<Key> &found) {
    for (const auto &[how, callee] : found)
      records.push_back({caller.str(), callee, how});
  };
  for (const llvm::Function &function : module) {
    if (function.isDeclaration() || function.hasAvailableExternallyLinkage())
      continue;
    std::set<Key> found;
    llvm::SmallPtrSet<const llvm::Constant *, 32> visited;
    for (const llvm::Instruction &instruction : llvm::instructions(function)) {
      addInlined(instruction.getDebugLoc().get(), found);
      addReferences(instruction, found, visited);
      if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
        addCall(*call, found);
    }
    add(function.getName(), found);
  }
  for (const llvm::GlobalVariable &variable : module.globals()) {
    if (!variable.hasInitializer())
      continue;
    std::set<Key> found;
    llvm::SmallPtrSet<const llvm::Constant *, 32> visited;
    addReferences(variable.getInitializer(), found, visited);
    add(variable.getName(), found);
  }
}
