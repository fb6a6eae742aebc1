//===- CompTypes.h - The types of the dialect comp --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_COMP_COMPTYPES_H
#define TENON_DIALECT_COMP_COMPTYPES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include <optional>

#include "tenon/Dialect/Comp/CompEnums.h.inc"

#include "tenon/Dialect/Comp/CompDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "tenon/Dialect/Comp/CompAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "tenon/Dialect/Comp/CompTypes.h.inc"

namespace tenon::comp {

/// Whether `type` is a value type of the component model.
bool isValueType(mlir::Type type);

/// Calls `visit` with the slot of every `own` and `borrow` in `type`, in the order in which slots
/// are numbered (depth first, parameters before the result).
void walkSlots(mlir::Type type, llvm::function_ref<void(unsigned slot)> visit);

/// How many resource slots `type` names: one more than the highest slot.
unsigned countSlots(mlir::Type type);

/// `core_func<(i32, i32, i32, i32) -> i32>`: what a realloc is where nothing else is written.
CoreFuncType getReallocType(mlir::MLIRContext *context);

} // namespace tenon::comp

#endif // TENON_DIALECT_COMP_COMPTYPES_H
