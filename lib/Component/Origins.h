//===- Origins.h - What an index stands for ---------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a component from a toolchain everything has an index and hardly anything a name. For messages
// these functions look where an item came from, and what becomes of it. They read definitions from
// the first to the last, so they are for the way to an error only.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_ORIGINS_H
#define TENON_LIB_COMPONENT_ORIGINS_H

#include "tenon/Component/Component.h"

namespace tenon::component {

/// What made an item; null when nothing did (yet).
const Definition *findDefinition(const Component &component, SortIndex item);

/// Where an item came from, in WIT terms: `lower of import 'a:b/c@1.0.0', export 'read'`. Empty
/// when there is nothing to say.
std::string describeOrigin(const Component &component, SortIndex item);

/// The name under which an item is exported or handed on first; empty when it is not.
std::string describeUse(const Component &component, SortIndex item);

/// The item that a core instance has under a name, if it is a list of items.
std::optional<SortIndex> findCoreItem(const Component &component, uint32_t coreInstance,
                                      llvm::StringRef name);

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_ORIGINS_H
