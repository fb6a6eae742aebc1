//===- Flatten.h - Core signatures of component functions -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#flattening and #element-size over types of the arena, as far as validation needs
// them. (Code generation has its own, over nameless types: lib/CanonicalABI.)
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_FLATTEN_H
#define TENON_LIB_COMPONENT_FLATTEN_H

#include "tenon/Component/Definitions.h"

namespace tenon::component {

constexpr unsigned maxFlatParams = 16;
constexpr unsigned maxFlatAsyncParams = 4;
constexpr unsigned maxFlatResults = 1;
/// Every value type is smaller than this in a 64-bit memory.
constexpr uint64_t maxElementSize = uint64_t(1) << 28;

/// Answers about types, each computed once.
class Flattener {
public:
  explicit Flattener(const TypeArena &arena) : arena(arena) {}

  /// elem_size(type, 'i64'); saturates.
  uint64_t elementSize(ValType type) { return layout(type).size; }
  /// Whether values hold a list or a string, that is a pointer into memory.
  bool containsPointer(ValType type);

  /// flatten_types of the parameters; stops soon after `maxFlatParams`.
  llvm::SmallVector<wasm::ValType> flattenParams(const FuncType &func, wasm::ValType pointer);
  llvm::SmallVector<wasm::ValType> flattenResult(const FuncType &func, wasm::ValType pointer);
  /// flatten_functype; `pointer` is the address type of the memory.
  wasm::FuncType flatten(const FuncType &func, const CanonOptions &options, bool isLift,
                         wasm::ValType pointer);

private:
  using Flat = llvm::SmallVector<wasm::ValType, 4>;
  struct Layout {
    uint64_t size = 0;
    uint32_t align = 1;
  };
  const TypeArena &arena;
  llvm::DenseMap<uint32_t, Layout> layouts;
  llvm::DenseMap<uint32_t, bool> pointers;
  /// For 32-bit and for 64-bit pointers.
  llvm::DenseMap<uint32_t, Flat> flats[2];

  Layout layout(ValType type);
  Layout layoutOfVariant(TypeId type);
  void flatten(ValType type, wasm::ValType pointer, llvm::SmallVectorImpl<wasm::ValType> &out);
  Flat flattenUncached(TypeId type, wasm::ValType pointer);
  Flat flattenVariant(TypeId type, wasm::ValType pointer);
};

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_FLATTEN_H
