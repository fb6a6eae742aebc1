//===- Import.cpp - Copies of callees of other parts ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Import.h"
#include "Bitcode.h"
#include "FunctionTranslator.h"
#include "InlineCopies.h"
#include "llvm/IR/InstIterator.h"

using namespace tenon;
using namespace tenon::codegen;

// Budgets are in bytes of wasm, or in IR instructions of bitcode: much the same.
/// For a callee in another part of the same instance: what LLVM would inline anyway.
static constexpr unsigned plainBudget = 200;
/// For what an adapter calls: the path from one instance to the next, down to the host, shall
/// inline.
static constexpr unsigned adapterBudget = 4000;
/// An adapter with more call sites than this in a part is not inlined by force.
static constexpr unsigned maxForcedCalls = 16;

namespace {

class Importer {
public:
  Importer(ModuleBuilder &mb, StateModel &state, Diagnostics &diags)
      : mb(mb), state(state), diags(diags) {
    if (mb.facts.program.adapters)
      adapters = std::make_unique<BitcodeSource>(mb, *mb.facts.program.adapters);
    llvm::ArrayRef<char> bitcode = mb.facts.options.runtimeBitcode;
    if (!bitcode.empty())
      runtime =
          std::make_unique<BitcodeSource>(mb, llvm::StringRef(bitcode.data(), bitcode.size()));
  }

  LogicalResult run();

private:
  ModuleBuilder &mb;
  StateModel &state;
  Diagnostics &diags;
  std::unique_ptr<BitcodeSource> adapters, runtime;
  /// The most that any caller would spend on a declaration.
  llvm::DenseMap<llvm::Function *, unsigned> offers;
  std::vector<llvm::Function *> worklist;

  void offerCallees(llvm::Function &caller, unsigned budget, bool isAdapter);
  LogicalResult consider(llvm::Function &callee, unsigned budget);
  void finishAdapter(llvm::Function &adapter);
};

} // namespace

/// Offers a budget to everything that a body calls.
void Importer::offerCallees(llvm::Function &caller, unsigned budget, bool isAdapter) {
  for (llvm::Instruction &inst : llvm::instructions(caller)) {
    auto *call = llvm::dyn_cast<llvm::CallBase>(&inst);
    llvm::Function *callee = call ? call->getCalledFunction() : nullptr;
    if (!callee || callee->isIntrinsic())
      continue;
    if (isAdapter && !callee->doesNotReturn())
      call->addFnAttr(llvm::Attribute::get(mb.context, "function-inline-threshold", "5000"));
    unsigned &best = offers[callee];
    if (!callee->isDeclaration() || budget <= best)
      continue;
    best = budget;
    worklist.push_back(callee);
  }
}

/// Adapters are glue: where they are called from few places they vanish into their callers.
void Importer::finishAdapter(llvm::Function &adapter) {
  markCopies(adapter);
  adapter.addFnAttr(adapter.getNumUses() <= maxForcedCalls ? llvm::Attribute::AlwaysInline
                                                           : llvm::Attribute::InlineHint);
}

static bool isWorthCopying(llvm::Function &function, unsigned budget) {
  return !function.doesNotReturn() && !function.hasFnAttribute(llvm::Attribute::NoInline) &&
         !function.hasFnAttribute(llvm::Attribute::Naked) &&
         function.getInstructionCount() <= budget;
}

LogicalResult Importer::consider(llvm::Function &callee, unsigned budget) {
  if (!callee.isDeclaration())
    return success();
  auto core = mb.coreFunctions.find(callee.getName());
  if (core != mb.coreFunctions.end()) {
    auto [instance, index] = core->second;
    if (mb.facts.moduleOf(instance).definedFunc(index).body.size() > budget)
      return success();
    callee.setLinkage(llvm::GlobalValue::AvailableExternallyLinkage);
    if (failed(FunctionTranslator(mb, state, instance, index, &callee, diags).run()))
      return failure();
    offerCallees(callee, std::max(plainBudget, budget / 2), /*isAdapter=*/false);
    return success();
  }
  llvm::Function *adapter = adapters ? adapters->find(callee.getName()) : nullptr;
  llvm::Function *host = !adapter && runtime ? runtime->find(callee.getName()) : nullptr;
  BitcodeSource *source = adapter ? adapters.get() : runtime.get();
  llvm::Function *found = adapter ? adapter : host;
  if (!found || !isWorthCopying(*found, adapter ? adapterBudget : budget) ||
      !source->canCopy(*found))
    return success();
  callee.setLinkage(llvm::GlobalValue::AvailableExternallyLinkage);
  source->copyBody(*found, callee);
  offerCallees(callee, adapterBudget, /*isAdapter=*/true);
  if (adapter)
    finishAdapter(callee);
  return success();
}

LogicalResult Importer::run() {
  std::vector<llvm::Function *> own;
  for (llvm::Function &function : *mb.module)
    if (!function.isDeclaration())
      own.push_back(&function);
  for (llvm::Function *function : own) {
    // In the adapters' own part.
    bool isAdapter = adapters && adapters->find(function->getName());
    offerCallees(*function, isAdapter ? adapterBudget : plainBudget, isAdapter);
  }
  // By rounds, so that whoever is reached by the shortest way comes first.
  while (!worklist.empty()) {
    std::vector<llvm::Function *> round = std::move(worklist);
    worklist.clear();
    for (llvm::Function *callee : round)
      if (failed(consider(*callee, offers[callee])))
        return failure();
  }
  for (llvm::Function *function : own)
    if (adapters && adapters->find(function->getName()))
      finishAdapter(*function); // an entry calls core functions, and they the other adapters
  return success();
}

LogicalResult codegen::importCallees(ModuleBuilder &builder, StateModel &state,
                                     Diagnostics &diags) {
  return Importer(builder, state, diags).run();
}
