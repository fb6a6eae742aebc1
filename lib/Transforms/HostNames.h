//===- HostNames.h - What an import is called on the host's side -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TRANSFORMS_HOSTNAMES_H
#define TENON_LIB_TRANSFORMS_HOSTNAMES_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tenon::comp {

/// The interface of imports that stand outside any.
inline constexpr llvm::StringLiteral rootInterface = "$root";

/// The host's name of an imported interface. WASI 0.2 has no version there: `wasi:io/poll@0.2.0`
/// and
/// `@0.2.12` are `wasi:io/poll`. Any other version keeps its semver track, so that the functions of
/// another track are never mistaken for these: `wasi:io/poll@0.3`, `a:b/c@1`.
std::string hostInterfaceOf(llvm::StringRef importName);

} // namespace tenon::comp

#endif // TENON_LIB_TRANSFORMS_HOSTNAMES_H
