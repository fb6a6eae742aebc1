//===- Target.cpp - Target machines and objects --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Target.h"
#include "llvm/Analysis/RuntimeLibcallInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/CodeGenTargetMachineImpl.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace tenon;
using namespace tenon::codegen;

void codegen::initializeTargets() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeX86AsmParser();
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64Target();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64AsmPrinter();
  LLVMInitializeAArch64AsmParser();
}

FailureOr<std::unique_ptr<llvm::TargetMachine>>
codegen::makeTargetMachine(const CodegenOptions &options, Diagnostics &diags) {
  llvm::Triple triple(options.triple);
  bool isX86 = triple.getArch() == llvm::Triple::x86_64;
  if (!triple.isOSLinux() || (!isX86 && triple.getArch() != llvm::Triple::aarch64))
    return diags.error({}, "target '") << options.triple << "' is not supported yet";
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return diags.error({}, "target '") << options.triple << "': " << error;

  llvm::TargetOptions settings;
  settings.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  settings.FunctionSections = true;
  settings.DataSections = true;
  if (options.optLevel >= 2)
    settings.LoopAlignment = 32;
  std::string cpu = !options.cpu.empty() ? options.cpu : isX86 ? "x86-64-v2" : "generic";
  llvm::Reloc::Model relocations =
      options.world == World::Instanced ? llvm::Reloc::PIC_ : llvm::Reloc::Static;
  llvm::CodeGenOptLevel level = options.optLevel == 0   ? llvm::CodeGenOptLevel::None
                                : options.optLevel == 1 ? llvm::CodeGenOptLevel::Less
                                : options.optLevel == 2 ? llvm::CodeGenOptLevel::Default
                                                        : llvm::CodeGenOptLevel::Aggressive;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, options.features, settings, relocations, llvm::CodeModel::Small, level));
  if (!machine)
    return diags.error({}, "cpu '") << cpu << "' is not known for " << options.triple;
  return machine;
}

bool codegen::hasFusedMultiplyAdd(const llvm::TargetMachine &machine) {
  return machine.getTargetTriple().isAArch64() ||
         machine.getMCSubtargetInfo()->checkFeatures("+fma");
}

llvm::TargetLibraryInfoImpl codegen::libraryInfo(const CodegenOptions &options) {
  llvm::TargetLibraryInfoImpl info{llvm::Triple(options.triple)};
  info.disableAllFunctions();
  for (llvm::LibFunc function :
       {llvm::LibFunc_memcpy, llvm::LibFunc_memmove, llvm::LibFunc_memset, llvm::LibFunc_memcmp})
    info.setAvailable(function);
  return info;
}

/// What `addPassesToEmitFile` adds, without the passes that only follow variables of the source:
/// there are line tables alone (at -O0 a tenth of the time).
llvm::SmallVector<char, 0> codegen::emitObject(llvm::Module &module, llvm::TargetMachine &machine,
                                               const CodegenOptions &options) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  auto &generator = static_cast<llvm::CodeGenTargetMachineImpl &>(machine);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(libraryInfo(options)));
  const llvm::TargetOptions &settings = machine.Options;
  // Without it there would be no function to call for what is one, memset above all.
  passes.add(new llvm::RuntimeLibraryInfoWrapper(machine.getTargetTriple(), settings.ExceptionModel,
                                                 settings.FloatABIType, settings.EABIVersion,
                                                 settings.MCOptions.ABIName, settings.VecLib));
  auto *info = new llvm::MachineModuleInfoWrapperPass(&machine);
  llvm::TargetPassConfig *config = generator.createPassConfig(passes);
  config->setDisableVerify(!options.verify);
  config->disablePass(&llvm::LiveDebugValuesID);
  config->disablePass(&llvm::RemoveRedundantDebugValuesID);
  passes.add(config);
  passes.add(info);
  bool isImpossible = config->addISelPasses();
  assert(!isImpossible && "both targets select instructions");
  config->addMachinePasses();
  config->setInitialized();
  isImpossible = machine.addAsmPrinter(passes, os, nullptr, llvm::CodeGenFileType::ObjectFile,
                                       info->getMMI().getContext());
  assert(!isImpossible && "both targets emit objects");
  (void)isImpossible;
  passes.add(llvm::createFreeMachineFunctionPass());
  passes.run(module);
  return bytes;
}
