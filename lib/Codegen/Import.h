//===- Import.h - Copies of callees of other parts -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a part wants to inline it must see: a core function of another part is *translated again* as
// `available_externally`, an adapter or host function is copied from bitcode. No part waits for
// another, and a part's IR still depends on bytes and facts alone.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_IMPORT_H
#define TENON_LIB_CODEGEN_IMPORT_H

#include "StateModel.h"

namespace tenon::codegen {

/// Gives bodies to functions that the part calls and that are worth inlining.
LogicalResult importCallees(ModuleBuilder &builder, StateModel &state, Diagnostics &diags);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_IMPORT_H
