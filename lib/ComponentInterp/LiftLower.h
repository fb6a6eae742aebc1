//===- LiftLower.h - Values out of and into core code -----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flat values are handed on as 64-bit numbers: an i32 zero-extended, a float as its bits. So what
// joins types in a variant costs nothing but taking the low bits.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENTINTERP_LIFTLOWER_H
#define TENON_LIB_COMPONENTINTERP_LIFTLOWER_H

#include "Layout.h"
#include "Runtime.h"
#include <deque>

namespace tenon::interp {

using FlatValues = llvm::SmallVector<uint64_t, 16>;

/// How a string was encoded where it was lifted: the sizes that are asked of `realloc` depend on
/// it.
struct SourceString {
  component::StringEncoding encoding; ///< the canonical option
  bool isLatin1 = false;              ///< of latin1+utf16
  uint64_t codeUnits = 0;
};
/// Of the strings of a value, in the order in which they are lifted and lowered.
using SourceStrings = std::deque<SourceString>;

/// CanonicalABI.md#lifting-and-lowering-context: one side of a call. Functions that can trap answer
/// false; `trap` says which trap it was.
struct Context {
  const component::TypeArena &arena;
  Store &store;
  const CanonicalOptions &options;
  ComponentInstance &instance;
  const ResourceMap &resources;
  SourceStrings &strings;
  Task *task = nullptr; ///< of the callee
  /// The other side is a component, too; the suite has other words for some traps then.
  bool isBetweenGuests = false;
  Layout layout;
  std::vector<uint32_t> lenders; ///< handles of the caller that were lent
  TrapKind trap = TrapKind::None;

  Context(const component::TypeArena &arena, Store &store, const CanonicalOptions &options,
          ComponentInstance &instance, const ResourceMap &resources, SourceStrings &strings)
      : arena(arena), store(store), options(options), instance(instance), resources(resources),
        strings(strings), layout(arena, options.ptrSize()) {}

  bool fail(TrapKind kind) {
    trap = kind;
    return false;
  }
  uint64_t memorySize() const { return options.memory->bytes.size(); }
  uint8_t *at(uint64_t address) const { return options.memory->bytes.data() + address; }
  /// Whether [address, address + size) is in the memory.
  bool isInMemory(uint64_t address, uint64_t size) const {
    return size <= memorySize() && address <= memorySize() - size;
  }
  const ResourceType *resourceOf(component::ValType handle) const {
    return resources.lookup(arena.getResource(handle.getType()).index);
  }
  /// Calls a core function of the instance.
  bool call(Function &function, llvm::ArrayRef<uint64_t> args, FlatValues &results);
  /// `cx.reallocate`, and the checks of what it returns. `outOfBounds`: the trap between guests.
  bool reallocate(uint64_t old, uint64_t oldSize, uint64_t alignment, uint64_t size,
                  TrapKind outOfBounds, uint64_t &address);
  TrapKind listOutOfBounds() const {
    return isBetweenGuests ? TrapKind::ListTooLong : TrapKind::ListOutOfBounds;
  }
  TrapKind stringOutOfBounds() const {
    return isBetweenGuests ? TrapKind::StringTooLong : TrapKind::StringOutOfBounds;
  }
};

/// `lift_flat_values`, with the values in `flat` from its beginning.
bool liftValues(Context &cx, size_t maxFlat, llvm::ArrayRef<uint64_t> flat,
                llvm::ArrayRef<component::ValType> types, std::vector<component::Val> &values);

/// `lower_flat_values`; appends to `flat`, or stores at `outParam` what is too much for it.
bool lowerValues(Context &cx, size_t maxFlat, llvm::ArrayRef<component::Val> values,
                 llvm::ArrayRef<component::ValType> types, std::optional<uint64_t> outParam,
                 FlatValues &flat);

/// `load_string_from_range`
bool loadString(Context &cx, uint64_t address, uint64_t taggedCodeUnits, std::string &text);
/// `store_string_into_range`
bool storeString(Context &cx, llvm::StringRef text, uint64_t &address, uint64_t &taggedCodeUnits);

} // namespace tenon::interp

#endif // TENON_LIB_COMPONENTINTERP_LIFTLOWER_H
