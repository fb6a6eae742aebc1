//===- Optimizer.cpp - The optimisation pipeline -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Optimizer.h"
#include "FloatExactness.h"
#include "HoistChecks.h"
#include "InlineCopies.h"
#include "Pins.h"
#include "StraightenThrows.h"
#include "Target.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

/// A function of ours as a pass.
struct OwnPass : llvm::PassInfoMixin<OwnPass> {
  bool (*run_)(llvm::Function &);
  explicit OwnPass(bool (*run)(llvm::Function &)) : run_(run) {}
  llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &) {
    if (!run_(function))
      return llvm::PreservedAnalyses::all();
    llvm::PreservedAnalyses preserved;
    preserved.preserveSet<llvm::CFGAnalyses>();
    return preserved;
  }
  /// Exactness is not optional.
  static bool isRequired() { return true; }
};

/// One that changes what follows what.
struct BranchingPass : llvm::PassInfoMixin<BranchingPass> {
  bool (*run_)(llvm::Function &);
  explicit BranchingPass(bool (*run)(llvm::Function &)) : run_(run) {}
  llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &) {
    return run_(function) ? llvm::PreservedAnalyses::none() : llvm::PreservedAnalyses::all();
  }
};

} // namespace

static llvm::ModulePassManager makePipeline(llvm::PassBuilder &passes, unsigned level) {
  llvm::ModulePassManager pipeline;
  llvm::FunctionPassManager early;
  early.addPass(llvm::PromotePass());
  early.addPass(OwnPass(makeFloatsExact));
  pipeline.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(early)));
  pipeline.addPass(passes.buildPerModuleDefaultPipeline(level == 1 ? llvm::OptimizationLevel::O1
                                                        : level == 2
                                                            ? llvm::OptimizationLevel::O2
                                                            : llvm::OptimizationLevel::O3));
  return pipeline;
}

void codegen::optimize(llvm::Module &module, llvm::TargetMachine &machine,
                       const CodegenOptions &options) {
  // Nothing is inlined, and no load has a pin: LLVM's passes for -O0 would find nothing to do.
  if (options.optLevel == 0)
    return;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = options.optLevel >= 2;
  tuning.LoopInterleaving = options.optLevel >= 2;
  llvm::PassBuilder passes(&machine, tuning);
  passes.registerVectorizerStartEPCallback(
      [](llvm::FunctionPassManager &manager, llvm::OptimizationLevel) {
        manager.addPass(HoistChecksPass());
        manager.addPass(OwnPass(liftAnchoredPins));
      });
  passes.registerCGSCCOptimizerLateEPCallback(
      [](llvm::CGSCCPassManager &manager, llvm::OptimizationLevel) {
        manager.addPass(llvm::createCGSCCToFunctionPassAdaptor(BranchingPass(straightenThrows)));
      });
  passes.registerOptimizerLastEPCallback(
      [](llvm::ModulePassManager &manager, llvm::OptimizationLevel, llvm::ThinOrFullLTOPhase) {
        manager.addPass(llvm::createModuleToFunctionPassAdaptor(BranchingPass(inlineCopies)));
        manager.addPass(llvm::createModuleToFunctionPassAdaptor(OwnPass(settlePins)));
      });

  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(libraryInfo(options)); });
  passes.registerModuleAnalyses(modules);
  passes.registerCGSCCAnalyses(components);
  passes.registerFunctionAnalyses(functions);
  passes.registerLoopAnalyses(loops);
  passes.crossRegisterProxies(loops, functions, components, modules);
  makePipeline(passes, options.optLevel).run(module, modules);
}
