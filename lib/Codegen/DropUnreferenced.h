//===- DropUnreferenced.h - Functions that nobody calls any more -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_DROPUNREFERENCED_H
#define TENON_LIB_CODEGEN_DROPUNREFERENCED_H

#include "Facts.h"
#include "llvm/IR/Module.h"

namespace tenon::codegen {

/// Removes, from all parts of a program after the optimiser, the core functions and adapters that
/// no part refers to any more: they were inlined wherever they are called. The linker would leave
/// them out, too; but making code is half of the work.
void dropUnreferenced(llvm::ArrayRef<llvm::Module *> parts, const Facts &facts);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_DROPUNREFERENCED_H
