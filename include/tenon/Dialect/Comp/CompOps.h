//===- CompOps.h - The operations of the dialect comp -----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_COMP_COMPOPS_H
#define TENON_DIALECT_COMP_COMPOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tenon/Dialect/Comp/CompTypes.h"

namespace tenon::comp {
class ReturnOp;
} // namespace tenon::comp

#define GET_OP_CLASSES
#include "tenon/Dialect/Comp/CompOps.h.inc"

#endif // TENON_DIALECT_COMP_COMPOPS_H
