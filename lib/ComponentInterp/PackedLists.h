//===- PackedLists.h - Lists of plain numbers -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tree for each element makes a list of 2^28 bytes a matter of 16 GiB. The elements of a list are
// left as the bytes that they are in memory, in `Val::text`, where these look the same on both
// sides and are all valid: integers and floats, and records, tuples and fixed-length lists of them.
// Nobody outside of the interpreter gets to see this.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENTINTERP_PACKEDLISTS_H
#define TENON_LIB_COMPONENTINTERP_PACKEDLISTS_H

#include "Layout.h"
#include "tenon/Component/Val.h"

namespace tenon::interp {

/// What an element of such a list looks like in memory. The bytes between its numbers are nobody's.
struct PackedElement {
  struct Number {
    uint32_t offset = 0;
    uint32_t size = 0;
  };
  uint64_t size = 0;
  llvm::SmallVector<Number, 8> numbers;
};

/// Nothing: the elements of this list (or map) are values of their own.
std::optional<PackedElement> packedElement(const component::TypeArena &arena,
                                           component::ValType list);

/// Stores the elements of a list that was loaded packed.
void storePacked(const PackedElement &element, llvm::StringRef bytes, uint8_t *at);

/// The value with a tree for each element of every list.
component::Val unpack(const component::TypeArena &arena, component::ValType type,
                      const component::Val &value);

} // namespace tenon::interp

#endif // TENON_LIB_COMPONENTINTERP_PACKEDLISTS_H
