//===- Script.h - The layout of an executable -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LINK_SCRIPT_H
#define TENON_LINK_SCRIPT_H

#include "tenon/Link/Link.h"

namespace tenon::link {

/// The grants as the runtime reads them (tenon-abi/grants.h). Empty when nothing was granted.
std::string encodeGrants(const Grants &grants);

/// The linker script: code and data low, the images of the memories at their addresses, the grants.
std::string writeScript(const LinkOptions &options);

} // namespace tenon::link

#endif // TENON_LINK_SCRIPT_H
