//===- Type.h - Value types as the Canonical ABI sees them ------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value type without names, despecialized (CanonicalABI.md#despecialization): tuples are records,
// enums, options and results are variants. Types of the arena and of MLIR convert into it.
//
// Nodes are shared and immutable, and each carries what every layout question needs, worked out
// once when it is made: a type that is used twice in a type that is used twice ... costs what it
// costs to write down, not what it would cost to expand.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CANONICALABI_TYPE_H
#define TENON_CANONICALABI_TYPE_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <memory>
#include <vector>

namespace tenon::abi {

enum class Kind : uint8_t {
  None, ///< no value: the payload of a case without one. Only as a child of a variant.
  Bool,
  S8,
  U8,
  S16,
  U16,
  S32,
  U32,
  S64,
  U64,
  F32,
  F64,
  Char,
  String,
  List,        ///< children: the element
  FixedList,   ///< children: the element; count: the length
  Record,      ///< children: the fields
  Variant,     ///< children: the cases' payloads, Kind::None for a case without
  Flags,       ///< count: the number of labels
  Own,         ///< count: the resource slot
  Borrow,      ///< count: the resource slot
  ReadableEnd, ///< of a stream or a future; count: a number of its type, for who made it
  ErrorContext
};

/// The type of pointers and lengths in a memory. `Native` is the process itself, the other side of
/// the boundary to the host: laid out as a 64-bit memory whose base is 0.
enum class PtrKind : uint8_t { I32, I64, Native };

/// Sizes are kept below this; what would be larger has this size. Far above any memory's limit for
/// one value, so comparing with a limit stays right.
inline constexpr uint64_t maxSize = uint64_t(1) << 48;
/// Counts of flat values are kept below this in the same way.
inline constexpr uint32_t maxFlatCount = 1 << 16;

/// A handle on a shared, immutable node.
class Type {
public:
  /// No node: only to be assigned to.
  Type() = default;
  static Type none() { return leaf(Kind::None); }
  /// A kind without children or count.
  static Type leaf(Kind kind) { return make(kind, 0, {}); }
  static Type list(Type element) { return make(Kind::List, 0, {std::move(element)}); }
  static Type fixedList(Type element, uint32_t length) {
    return make(Kind::FixedList, length, {std::move(element)});
  }
  static Type record(std::vector<Type> fields) { return make(Kind::Record, 0, std::move(fields)); }
  static Type variant(std::vector<Type> cases) { return make(Kind::Variant, 0, std::move(cases)); }
  static Type enumeration(uint32_t numLabels) {
    return variant(std::vector<Type>(numLabels, none()));
  }
  static Type option(Type payload) { return variant({none(), std::move(payload)}); }
  /// `ok` and `error` may be none().
  static Type result(Type ok, Type error) { return variant({std::move(ok), std::move(error)}); }
  static Type flags(uint32_t numLabels) { return make(Kind::Flags, numLabels, {}); }
  static Type own(uint32_t slot) { return make(Kind::Own, slot, {}); }
  static Type borrow(uint32_t slot) { return make(Kind::Borrow, slot, {}); }
  static Type readableEnd(uint32_t number) { return make(Kind::ReadableEnd, number, {}); }

  Kind kind() const { return node->kind; }
  bool isNone() const { return node->kind == Kind::None; }
  /// Labels of flags, length of a fixed list, slot of a handle.
  uint32_t count() const { return node->count; }
  llvm::ArrayRef<Type> children() const { return node->children; }
  const Type &element() const { return node->children.front(); }

private:
  struct Layout {
    uint64_t size = 0;
    uint32_t alignment = 1;
  };
  struct Node {
    Kind kind;
    uint32_t count;
    std::vector<Type> children;
    Layout layout[2]; // for 4-byte and for 8-byte pointers
    uint32_t flatCount = 0;
    uint32_t partCount = 1;
    uint32_t depth = 1;
    bool hasBorrow = false;
    bool hasOwn = false;
    bool hasString = false;
    bool hasPointer = false;
    bool plain = false;
  };

  static Type make(Kind kind, uint32_t count, std::vector<Type> children);
  static Layout layoutOf(const Node &node, PtrKind ptr);

  friend uint32_t alignment(const Type &type, PtrKind ptr);
  friend uint64_t elemSize(const Type &type, PtrKind ptr);
  friend uint32_t flatCount(const Type &type);
  friend uint32_t partCount(const Type &type);
  friend uint32_t depth(const Type &type);
  friend bool containsBorrow(const Type &type);
  friend bool containsOwn(const Type &type);
  friend bool containsString(const Type &type);
  friend bool containsPointer(const Type &type);
  friend bool isPlain(const Type &type);

  std::shared_ptr<const Node> node;
};

} // namespace tenon::abi

#endif // TENON_CANONICALABI_TYPE_H
