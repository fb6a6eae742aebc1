//===- CoreDialect.h - The program after its adapters -----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect `core`: see CoreDialect.td. Whoever builds `codegen::Program` walks a module's
// `core.*` operations in order; everything else in it is adapters.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_CORE_COREDIALECT_H
#define TENON_DIALECT_CORE_COREDIALECT_H

#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "tenon/Dialect/Core/CoreDialect.h.inc"
#include "tenon/Dialect/Core/CoreEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "tenon/Dialect/Core/CoreAttrs.h.inc"
#define GET_OP_CLASSES
#include "tenon/Dialect/Core/CoreOps.h.inc"

#endif // TENON_DIALECT_CORE_COREDIALECT_H
