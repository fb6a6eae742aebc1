//===- ConvertType.h - From MLIR's types to the Canonical ABI's -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_CONVERTTYPE_H
#define TENON_LIB_LOWERING_CONVERTTYPE_H

#include "mlir/IR/Types.h"
#include "tenon/CanonicalABI/Type.h"
#include "llvm/ADT/DenseMap.h"

namespace tenon::lowering {

/// Converts value types of the dialect `comp`; equal types become one node.
class TypeConverter {
public:
  /// A null type is no value.
  abi::Type convert(mlir::Type type);
  /// The number that stands in `Kind::ReadableEnd` for a stream or a future. Slots in it are those
  /// of the function around it, so two numbers may be one type, and one number two types.
  uint32_t numberOfEnd(mlir::Type type);

private:
  abi::Type convertNew(mlir::Type type);
  llvm::DenseMap<mlir::Type, abi::Type> converted;
  llvm::DenseMap<mlir::Type, uint32_t> ends;
};

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_CONVERTTYPE_H
