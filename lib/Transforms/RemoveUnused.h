//===- RemoveUnused.h - What nobody uses and nobody observes ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TRANSFORMS_REMOVEUNUSED_H
#define TENON_LIB_TRANSFORMS_REMOVEUNUSED_H

#include "mlir/IR/Block.h"

namespace tenon::comp {

/// Erases the operations of `block` (not of regions in it) that have no use and no effect.
void removeUnused(mlir::Block &block);

} // namespace tenon::comp

#endif // TENON_LIB_TRANSFORMS_REMOVEUNUSED_H
