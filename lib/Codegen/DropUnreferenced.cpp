//===- DropUnreferenced.cpp - Functions that nobody calls any more --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Marks what is reached from everything that may be named from outside of the parts (the commands
// of a script, the runtime), across modules by name.
//
//===----------------------------------------------------------------------===//

#include "DropUnreferenced.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace tenon;
using namespace tenon::codegen;

static bool isDefinition(const llvm::GlobalValue &value) {
  return !value.isDeclaration() && !value.hasAvailableExternallyLinkage();
}

namespace {

class Marker {
public:
  explicit Marker(llvm::ArrayRef<llvm::Module *> parts) {
    for (const llvm::Module *part : parts)
      for (const llvm::GlobalValue &value : part->global_values())
        if (isDefinition(value) && !value.hasLocalLinkage())
          definitions[value.getName()] = &value;
  }

  /// Marks what is reached from `root`, a copy of a function's body too.
  void mark(const llvm::GlobalValue &root) {
    if (seen.insert(&root).second)
      waiting.push_back(&root);
    while (!waiting.empty()) {
      const llvm::User *next = waiting.pop_back_val();
      if (const auto *function = llvm::dyn_cast<llvm::Function>(next))
        for (const llvm::BasicBlock &block : *function)
          for (const llvm::Instruction &instruction : block)
            look(instruction);
      look(*next);
    }
  }
  bool isMarked(const llvm::GlobalValue &value) const { return seen.contains(&value); }

private:
  llvm::StringMap<const llvm::GlobalValue *> definitions;
  llvm::DenseSet<const llvm::User *> seen;
  llvm::SmallVector<const llvm::User *> waiting;

  void look(const llvm::User &user) {
    for (const llvm::Use &operand : user.operands())
      if (const auto *constant = llvm::dyn_cast<llvm::Constant>(&operand))
        reach(*constant);
  }

  void reach(const llvm::Constant &constant) {
    const llvm::User *user = &constant;
    if (const auto *value = llvm::dyn_cast<llvm::GlobalValue>(&constant)) {
      if (!isDefinition(*value))
        user = definitions.lookup(value->getName());
    }
    if (user && seen.insert(user).second)
      waiting.push_back(user);
  }
};

} // namespace

/// Every other definition stays: who names it is not known here.
static bool mayBeDropped(const llvm::GlobalValue &value, const llvm::StringSet<> &coreFunctions) {
  if (!llvm::isa<llvm::Function>(value) || !isDefinition(value))
    return false;
  if (value.hasLocalLinkage())
    return true;
  bool isAdapter = value.hasHiddenVisibility() && value.getName().contains(" -> ");
  return isAdapter || coreFunctions.contains(value.getName());
}

void codegen::dropUnreferenced(llvm::ArrayRef<llvm::Module *> parts, const Facts &facts) {
  llvm::StringSet<> coreFunctions;
  for (uint32_t i = 0; i < facts.program.instances.size(); ++i) {
    const wasm::Module &module = facts.moduleOf(i);
    for (uint32_t k = 0; k < module.functions.size(); ++k)
      coreFunctions.insert(facts.symbolOf(i, module.numImportedFuncs + k));
  }
  Marker marker(parts);
  for (llvm::Module *part : parts)
    for (const llvm::GlobalValue &value : part->global_values())
      if (!value.isDeclaration() && !mayBeDropped(value, coreFunctions))
        marker.mark(value);
  std::vector<llvm::Function *> dropped;
  for (llvm::Module *part : parts)
    for (llvm::Function &function : *part)
      if (mayBeDropped(function, coreFunctions) && !marker.isMarked(function))
        dropped.push_back(&function);
  for (llvm::Function *function : dropped)
    function->dropAllReferences();
  for (llvm::Function *function : dropped) {
    function->removeDeadConstantUsers();
    assert(function->use_empty() && "whatever refers to it is dropped");
    function->eraseFromParent();
  }
}
