//===- Difference.h - Where two types differ --------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_DIFFERENCE_H
#define TENON_LIB_COMPONENT_DIFFERENCE_H

#include "tenon/Component/Types.h"

namespace tenon::component {

/// The first place at which two types differ, in WIT terms.
struct Difference {
  std::string path; ///< `: parameter 'p': field 'age'`; empty: at once
  std::string expected;
  std::string found;
};

/// Of two function, value or resource types that are not equal.
Difference findDifference(const TypeArena &arena, TypeId found, TypeId expected);

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_DIFFERENCE_H
