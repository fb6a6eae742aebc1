//===- ConvertTypes.h - Arena types and core types as MLIR types -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_IMPORT_CONVERTTYPES_H
#define TENON_LIB_IMPORT_CONVERTTYPES_H

#include "tenon/Component/Types.h"
#include "tenon/Dialect/Comp/CompTypes.h"
#include "tenon/Import/ValueLayout.h"

namespace tenon {

/// `core_func<...>` of a core function type.
comp::CoreFuncType convertCoreFunc(mlir::MLIRContext *context, const wasm::FuncType &type);

/// The type of a table, global or tag: it has no parts.
mlir::Type typeWithoutParts(mlir::MLIRContext *context, wasm::ExternKind kind);

/// Converts types of one arena.
class TypeConverter {
public:
  TypeConverter(mlir::MLIRContext *context, component::TypeArena &arena, Diagnostics &diags)
      : layouts(arena), context(context), arena(arena), diags(diags) {}

  /// A function type; its slots are `FuncType::resources`. `use` is where it is used.
  FailureOr<comp::FuncType> convertFunc(component::TypeId type, Location use);
  /// The type of the function that stands for a value (Values.cpp).
  component::TypeId functionOf(component::ValType type);
  LayoutCache layouts;

private:
  mlir::MLIRContext *context;
  component::TypeArena &arena;
  Diagnostics &diags;

  /// Value types that mention no resource, by index of the TypeId.
  llvm::DenseMap<uint32_t, mlir::Type> plain;
  llvm::DenseMap<uint32_t, comp::FuncType> funcs;
  llvm::DenseMap<uint32_t, component::TypeId> functionsOfValues;
  // Of the function that is being converted: other types, and its slots by index of the ResourceId.
  llvm::DenseMap<uint32_t, mlir::Type> inFunc;
  llvm::DenseMap<uint32_t, unsigned> slots;
  Location use;

  /// Types whose written form is larger are refused: everything that walks a type would take as
  /// long.
  static constexpr uint32_t maxSize = 100000;

  // Null, with a diagnostic, on failure.
  mlir::Type convert(component::ValType type);
  mlir::Type convert(component::TypeId type);
  mlir::Type convertUncached(component::TypeId type);
  mlir::Type convert(component::Primitive primitive);
  mlir::Type unsupported(llvm::StringRef what);
  LogicalResult convertMembers(component::TypeId type,
                               llvm::SmallVectorImpl<mlir::StringAttr> &names,
                               llvm::SmallVectorImpl<mlir::Type> &types);
};

} // namespace tenon

#endif // TENON_LIB_IMPORT_CONVERTTYPES_H
