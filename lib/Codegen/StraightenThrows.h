//===- StraightenThrows.h - Throws that became local ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_STRAIGHTENTHROWS_H
#define TENON_LIB_CODEGEN_STRAIGHTENTHROWS_H

namespace llvm {
class Function;
} // namespace llvm

namespace tenon::codegen {

/// Where inlining has brought a throw into the range of a handler, makes it a branch to the
/// handler. Answers whether anything changed.
bool straightenThrows(llvm::Function &function);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_STRAIGHTENTHROWS_H
