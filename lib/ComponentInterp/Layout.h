//===- Layout.h - Sizes, alignments and flat types --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENTINTERP_LAYOUT_H
#define TENON_LIB_COMPONENTINTERP_LAYOUT_H

#include "tenon/Component/Val.h"

namespace tenon::interp {

/// What a type is behind its names (CanonicalABI.md#despecialization).
enum class Shape : uint8_t { Number, String, List, FixedList, Record, Variant, Flags, Handle };

inline constexpr size_t maxFlatParams = 16;
inline constexpr size_t maxFlatResults = 1;
inline constexpr uint64_t maxListBytes = (1 << 28) - 1; ///< of strings, too

/// The questions of CanonicalABI.md about types, answered from the type each time.
class Layout {
public:
  using Flat = llvm::SmallVector<wasm::ValType, 4>;

  Layout(const component::TypeArena &arena, unsigned ptrSize) : arena(arena), ptrSize(ptrSize) {}

  Shape shapeOf(component::ValType type) const;
  /// Of a record, tuple or an entry of a map.
  llvm::SmallVector<component::ValType, 4> fields(component::TypeId type) const;
  bool isMap(component::ValType type) const;

  uint64_t alignment(component::ValType type) const;
  uint64_t elemSize(component::ValType type) const;
  uint64_t recordAlignment(llvm::ArrayRef<component::ValType> fields) const;
  uint64_t recordSize(llvm::ArrayRef<component::ValType> fields) const;
  /// Of the elements of a list or map.
  uint64_t elementAlignment(component::ValType list) const;
  uint64_t elementSize(component::ValType list) const;
  static uint64_t discriminantSize(uint64_t numCases);
  uint64_t maxCaseAlignment(component::TypeId type) const;

  /// Appends. Of a function's types there may be so many that the first few decide.
  void flatten(component::ValType type, Flat &flat) const;
  Flat flattenVariant(component::TypeId type) const;

private:
  const component::TypeArena &arena;
  unsigned ptrSize;
};

inline uint64_t alignTo(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

} // namespace tenon::interp

#endif // TENON_LIB_COMPONENTINTERP_LAYOUT_H
