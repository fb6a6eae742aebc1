//===- Files.h - Questions about files --------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_FILES_H
#define TENON_SUPPORT_FILES_H

#include "llvm/ADT/StringRef.h"

namespace tenon {

/// Whether there is something at `path` that is neither a file nor a folder: a device or a pipe. An
/// output is written into it; a file that takes its place would take /dev/null from everyone.
bool isSpecialFile(llvm::StringRef path);

} // namespace tenon

#endif // TENON_SUPPORT_FILES_H
