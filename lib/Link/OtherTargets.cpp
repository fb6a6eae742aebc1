//===- OtherTargets.cpp - The targets of LLVM that we don't need ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld initialises all targets that LLVM was built with, for link-time optimisation, of which we use
// none. A program with LLVM's archives in it has the two that code is generated for; for lld the
// others are there, and do nothing. A target that is not in this list is an undefined symbol when
// such a program is linked.
//
//===----------------------------------------------------------------------===//

#define NO_TARGET(name)                                                                            \
  void LLVMInitialize##name##TargetInfo() {}                                                       \
  void LLVMInitialize##name##Target() {}                                                           \
  void LLVMInitialize##name##TargetMC() {}                                                         \
  void LLVMInitialize##name##AsmPrinter() {}                                                       \
  void LLVMInitialize##name##AsmParser() {}

extern "C" {
NO_TARGET(AMDGPU)
NO_TARGET(ARM)
NO_TARGET(AVR)
NO_TARGET(BPF)
NO_TARGET(Hexagon)
NO_TARGET(Lanai)
NO_TARGET(LoongArch)
NO_TARGET(M68k)
NO_TARGET(Mips)
NO_TARGET(MSP430)
NO_TARGET(NVPTX)
NO_TARGET(PowerPC)
NO_TARGET(RISCV)
NO_TARGET(Sparc)
NO_TARGET(SPIRV)
NO_TARGET(SystemZ)
NO_TARGET(VE)
NO_TARGET(WebAssembly)
NO_TARGET(XCore)
NO_TARGET(Xtensa)
}
