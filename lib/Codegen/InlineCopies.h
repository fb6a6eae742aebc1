//===- InlineCopies.h - Copies of lists without a call ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_INLINECOPIES_H
#define TENON_LIB_CODEGEN_INLINECOPIES_H

namespace llvm {
class Function;
} // namespace llvm

namespace tenon::codegen {

/// Marks an adapter's copies of lists and strings, so that they are known when it has been inlined.
void markCopies(llvm::Function &adapter);

/// Makes an instruction of every marked copy whose length is not known, and a loop for where that is
/// slow (x86-64; elsewhere nothing). Answers whether anything changed.
bool inlineCopies(llvm::Function &function);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_INLINECOPIES_H
