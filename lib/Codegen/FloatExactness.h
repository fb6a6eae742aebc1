//===- FloatExactness.h - What LLVM folds although it quiets a NaN -------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_FLOATEXACTNESS_H
#define TENON_LIB_CODEGEN_FLOATEXACTNESS_H

#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
}

namespace tenon::codegen {

/// LLVM takes `x * 1.0` and the like for `x`, even where `x` is a signalling NaN and wasm asks for
/// a quiet one. If `left op right` is such an operation, in a lane at least, what to compute
/// instead; otherwise null.
llvm::Value *foldQuieting(llvm::IRBuilderBase &builder, llvm::Instruction::BinaryOps op,
                          llvm::Value *left, llvm::Value *right);
/// The same for the demotion of `value`.
llvm::Value *foldQuietingDemotion(llvm::IRBuilderBase &builder, llvm::Value *value);

/// `factor * other + addend`, fused, may be folded to `factor` if the rest is constant: then the
/// factor, quiet.
llvm::Value *quietFactor(llvm::IRBuilderBase &builder, llvm::Value *factor, llvm::Value *other,
                         llvm::Value *addend);

/// Applies these to a function whose locals were just promoted: what was a local is a constant by
/// now.
bool makeFloatsExact(llvm::Function &function);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_FLOATEXACTNESS_H
