//===- ValueLayout.h - Values of the arena's types in memory ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How types of the arena are laid out, and values that components define as the data of a memory.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_IMPORT_VALUELAYOUT_H
#define TENON_IMPORT_VALUELAYOUT_H

#include "tenon/CanonicalABI/Type.h"
#include "tenon/Component/ValueBytes.h"

namespace tenon {

/// The layouts of arena types, each worked out once. Handles have the resource slot 0.
class LayoutCache {
public:
  explicit LayoutCache(const component::TypeArena &arena) : arena(arena) {}

  const component::TypeArena &getArena() const { return arena; }
  abi::Type get(component::ValType type);

private:
  const component::TypeArena &arena;
  llvm::DenseMap<uint32_t, abi::Type> known; ///< by index of the TypeId

  abi::Type compute(component::TypeId type);
};

/// The contents of a memory with 4-byte pointers, from address 0 on: values, and what they point
/// to.
class ValueData {
public:
  /// What all values of one memory may have. The bytes of a definition say little of this: `none`
  /// takes one, whatever it could be instead.
  static constexpr uint64_t maxBytes = uint64_t(1) << 28;

  explicit ValueData(LayoutCache &layouts) : layouts(layouts), arena(layouts.getArena()) {}

  /// Adds the value that `bytes` define, which were validated. Its address; nothing when there is
  /// no room.
  std::optional<uint32_t> add(component::ValType type, llvm::ArrayRef<uint8_t> bytes);
  llvm::ArrayRef<uint8_t> getBytes() const { return bytes; }
  /// The number of `size` bytes at an address.
  uint64_t get(uint32_t address, unsigned size) const;

private:
  LayoutCache &layouts;
  const component::TypeArena &arena;
  std::vector<uint8_t> bytes;

  bool allocate(uint64_t size, uint64_t alignment, uint32_t &address);
  void put(uint32_t address, uint64_t number, unsigned size);
  bool store(component::ValueReader &reader, component::ValType type, const abi::Type &layout,
             uint32_t address);
  bool storeString(component::ValueReader &reader, uint32_t address);
  bool storeList(component::ValueReader &reader, component::ValType element,
                 const abi::Type &layout, uint32_t address);
};

} // namespace tenon

#endif // TENON_IMPORT_VALUELAYOUT_H
