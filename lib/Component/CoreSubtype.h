//===- CoreSubtype.h - Matching of core definitions -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_COMPONENT_CORESUBTYPE_H
#define TENON_LIB_COMPONENT_CORESUBTYPE_H

#include "tenon/Component/CoreTypes.h"
#include "tenon/Component/Types.h"

namespace tenon::component {

/// Core specification, "External types / Matching". Nothing when `found` matches, else why not:
/// `expected func [i32] -> [], found func [] -> []`.
std::optional<std::string> mismatch(const CoreExtern &found, const CoreExtern &expected,
                                    const CoreTypeTable &types);

/// Subtyping of module types (Explainer.md#type-checking): import less, export more.
std::optional<std::string> mismatch(const ModuleType &found, const ModuleType &expected,
                                    const CoreTypeTable &types);

/// `[i32 i32] -> [i32]`
std::string str(const wasm::FuncType &type);

} // namespace tenon::component

#endif // TENON_LIB_COMPONENT_CORESUBTYPE_H
