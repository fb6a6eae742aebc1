//===- CodeOffsets.h - Where functions begin in their modules ---*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that grows moves all functions behind it in the code section. If line tables had
// offsets in the code section, the code of all of them would change. So their lines count from the
// start of the function, and one small object, made anew by every compilation, says where functions
// start (tenon-abi/offsets.h).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_CODEOFFSETS_H
#define TENON_LIB_CODEGEN_CODEOFFSETS_H

#include "ModuleBuilder.h"

namespace tenon::codegen {

/// Defines the section `.tenon.offsets` with all core functions of the program.
void buildCodeOffsets(ModuleBuilder &builder);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_CODEOFFSETS_H
