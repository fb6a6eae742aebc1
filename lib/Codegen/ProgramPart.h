//===- ProgramPart.h - The part that holds the program's state -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_PROGRAMPART_H
#define TENON_LIB_CODEGEN_PROGRAMPART_H

#include "ModuleBuilder.h"

namespace tenon::codegen {

/// Defines all state of the closed world, `tenon.instantiate.<i>`, `tenon_program_info`, and the
/// exports of core functions.
void buildProgramPart(ModuleBuilder &builder);

/// Defines the entry of an export that is a core function.
void defineExportEntry(ModuleBuilder &builder, const Export &exported);

/// Defines where the runtime finds references to exceptions.
void defineExceptionRoots(ModuleBuilder &builder);

/// Defines the function that does what is left of an instance's instantiation.
llvm::Function *buildInstantiate(ModuleBuilder &builder, uint32_t instance);

/// The section that holds the initial image of a memory, and where it must lie.
SectionAddress imageSection(const Facts &facts, uint32_t memory);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_PROGRAMPART_H
