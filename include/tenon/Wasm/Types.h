//===- Types.h - Core WebAssembly types -------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Value, reference, function and entity types of core modules (core specification, "Types").
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_TYPES_H
#define TENON_WASM_TYPES_H

#include "llvm/ADT/SmallVector.h"
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>

namespace tenon::wasm {

/// A value type. References are a heap type and a nullability; a heap type is either abstract or
/// the index of a type of the module.
class ValType {
public:
  enum Kind : uint8_t { I32, I64, F32, F64, V128, Ref, Bottom };
  /// Abstract heap types; `Concrete` stands for a type index, `NoHeap` for the type below all
  /// others, which is only met on the validator's stack.
  enum Heap : uint8_t { Func, Extern, Exn, NoFunc, NoExtern, NoExn, Any, Concrete, NoHeap };

  constexpr ValType() = default;
  constexpr ValType(Kind kind) : kind(kind) {}
  static constexpr ValType ref(Heap heap, bool nullable, uint32_t typeIndex = 0) {
    ValType type(Ref);
    type.heap = heap;
    type.nullable = nullable;
    type.typeIndex = typeIndex;
    return type;
  }
  static constexpr ValType funcref() { return ref(Func, true); }
  static constexpr ValType externref() { return ref(Extern, true); }
  static constexpr ValType exnref() { return ref(Exn, true); }

  constexpr Kind getKind() const { return kind; }
  constexpr bool isRef() const { return kind == Ref; }
  constexpr bool isNumber() const { return kind <= F64; }
  constexpr Heap getHeap() const { return heap; }
  constexpr bool isNullable() const { return nullable; }
  constexpr uint32_t getTypeIndex() const { return typeIndex; }
  /// References to functions (`funcref`, `nofunc`, or a function type's index).
  constexpr bool isFuncRef() const {
    return kind == Ref && (heap == Func || heap == NoFunc || heap == Concrete);
  }
  constexpr bool operator==(const ValType &other) const = default;

private:
  Kind kind = Bottom;
  Heap heap = Func;
  bool nullable = false;
  uint32_t typeIndex = 0;
};

struct FuncType {
  llvm::SmallVector<ValType, 4> params;
  llvm::SmallVector<ValType, 1> results;
  bool operator==(const FuncType &other) const = default;
};

/// Sizes of a memory (in pages) or a table (in elements).
struct Limits {
  uint64_t min = 0;
  std::optional<uint64_t> max;
  bool is64 = false;
  bool shared = false;
};

struct TableType {
  ValType element;
  Limits limits;
};

struct MemoryType {
  Limits limits;
  uint8_t pageSizeLog2 = 16;
};

struct GlobalType {
  ValType type;
  bool isMutable = false;
};

enum class ExternKind : uint8_t { Func, Table, Memory, Global, Tag };

} // namespace tenon::wasm

#endif // TENON_WASM_TYPES_H
