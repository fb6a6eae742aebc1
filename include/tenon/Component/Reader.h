//===- Reader.h - Component bytes -> Component ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_READER_H
#define TENON_COMPONENT_READER_H

#include "tenon/Component/Component.h"

namespace tenon::component {

/// Whether the bytes start as a component does (Binary.md, preamble): magic and layer 1.
bool isComponent(llvm::ArrayRef<uint8_t> bytes);

/// Reads a component with everything nested in it, core modules included (Binary.md). `start` is
/// the place of the first byte. The result refers to `bytes`.
FailureOr<std::unique_ptr<Component>> readComponent(llvm::ArrayRef<uint8_t> bytes, Location start,
                                                    Diagnostics &diags);

} // namespace tenon::component

#endif // TENON_COMPONENT_READER_H
