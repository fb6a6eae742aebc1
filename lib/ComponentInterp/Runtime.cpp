//===- Runtime.cpp - State of component instances -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runtime.h"

using namespace tenon;
using namespace tenon::interp;

TrapKind HandleTable::find(uint32_t index, const ResourceType *type, ResourceHandle *&out) {
  lastFound = index;
  if (index >= handles.size() || !handles[index].type)
    return TrapKind::UnknownHandle;
  out = &handles[index];
  return out->type == type ? TrapKind::None : TrapKind::HandleTypeMismatch;
}

uint32_t HandleTable::add(const ResourceHandle &handle) {
  if (!free.empty()) {
    uint32_t index = free.back();
    free.pop_back();
    handles[index] = handle;
    return index;
  }
  if (handles.size() > maxLength)
    return 0;
  handles.push_back(handle);
  return handles.size() - 1;
}

bool ComponentInstance::isSelfOrAncestorOf(const ComponentInstance *other) const {
  for (; other; other = other->parent)
    if (other == this)
      return true;
  return false;
}

bool ComponentInstance::mayEnterFrom(const ComponentInstance *caller) const {
  for (const ComponentInstance *one = this; one; one = one->parent)
    if (!one->isSelfOrAncestorOf(caller) && !one->mayEnter)
      return false;
  return true;
}

void ComponentInstance::setMayEnter(const ComponentInstance *caller, bool value) {
  for (ComponentInstance *one = this; one; one = one->parent)
    if (!one->isSelfOrAncestorOf(caller))
      one->mayEnter = value;
}
