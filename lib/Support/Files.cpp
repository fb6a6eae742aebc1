//===- Files.cpp - Questions about files ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Files.h"
#include "llvm/Support/FileSystem.h"

bool tenon::isSpecialFile(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status))
    return false;
  return !llvm::sys::fs::is_regular_file(status) && !llvm::sys::fs::is_directory(status);
}
