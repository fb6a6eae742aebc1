//===- Runtime.h - State of component instances -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, "Supporting definitions": what an instance, a handle and a call have while the
// program runs.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENTINTERP_RUNTIME_H
#define TENON_LIB_COMPONENTINTERP_RUNTIME_H

#include "tenon/ComponentInterp/ComponentStore.h"
#include "llvm/ADT/DenseMap.h"

namespace tenon::interp {

struct ComponentInstance;

/// One resource type: every instantiation of a component makes its own.
struct ResourceType {
  ComponentInstance *impl = nullptr;
  Function *destructor = nullptr; ///< null: none
};

/// What a function type's resources stand for, by index of the ResourceId.
using ResourceMap = llvm::DenseMap<uint32_t, const ResourceType *>;

/// A call that was made of an instance: how many handles it was lent and has not dropped.
struct Task {
  unsigned numBorrows = 0;
};

struct ResourceHandle {
  const ResourceType *type = nullptr; ///< null: the place is free
  uint32_t rep = 0;
  bool isOwn = false;
  Task *borrowScope = nullptr; ///< of a borrow
  unsigned numLends = 0;
};

/// CanonicalABI.md#table-state. Handle 0 is none.
class HandleTable {
public:
  /// `lastFound` takes every index that is looked for; traps name it.
  explicit HandleTable(uint32_t &lastFound) : lastFound(lastFound) {}

  /// The handle of that index, which must be of that type.
  TrapKind find(uint32_t index, const ResourceType *type, ResourceHandle *&out);
  /// A handle that is known to be there.
  ResourceHandle &get(uint32_t index) { return handles[index]; }
  /// 0: the table is full.
  uint32_t add(const ResourceHandle &handle);
  void remove(uint32_t index) {
    handles[index] = {};
    free.push_back(index);
  }

private:
  static constexpr size_t maxLength = (1 << 28) - 1;
  std::vector<ResourceHandle> handles = std::vector<ResourceHandle>(1);
  std::vector<uint32_t> free; ///< the last one is used first
  uint32_t &lastFound;
};

/// CanonicalABI.md#component-instances
struct ComponentInstance {
  explicit ComponentInstance(uint32_t &lastFound) : handles(lastFound) {}

  ComponentInstance *parent = nullptr;
  HandleTable handles;
  bool mayEnter = true;
  bool mayLeave = true;

  bool isSelfOrAncestorOf(const ComponentInstance *other) const;
  /// Whether a call from `caller` (null: from outside) finds every instance that it enters free.
  bool mayEnterFrom(const ComponentInstance *caller) const;
  /// Sets `mayEnter` of the instances that a call from `caller` enters.
  void setMayEnter(const ComponentInstance *caller, bool value);
};

/// canonopt*, resolved.
struct CanonicalOptions {
  component::StringEncoding encoding = component::StringEncoding::UTF8;
  Memory *memory = nullptr;
  Function *realloc = nullptr;
  Function *postReturn = nullptr;
  bool isAsync = false;

  unsigned ptrSize() const { return memory && memory->type.limits.is64 ? 8 : 4; }
};

/// `canon lift`: a component function.
struct LiftedFunction {
  const component::FuncType *type = nullptr;
  Function *callee = nullptr;
  CanonicalOptions options;
  ComponentInstance *instance = nullptr;
  ResourceMap resources;
};

/// `canon lower`: the caller's side of a core function that calls a component function.
struct LoweredFunction {
  const component::FuncType *type = nullptr;
  const LiftedFunction *callee = nullptr;
  CanonicalOptions options;
  ComponentInstance *instance = nullptr;
  ResourceMap resources;
};

} // namespace tenon::interp

#endif // TENON_LIB_COMPONENTINTERP_RUNTIME_H
