//===- RuntimeFiles.cpp - Where the runtime lies --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Link/RuntimeFiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

using namespace tenon;
using llvm::StringRef;

static std::string inDir(StringRef dir, const llvm::Twine &name) {
  llvm::SmallString<128> path(dir);
  llvm::sys::path::append(path, name);
  return std::string(path);
}

std::string link::findRuntimeDir(const char *argv0, void *anchor) {
  llvm::SmallString<128> path(llvm::sys::fs::getMainExecutable(argv0, anchor));
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, "..", "lib", "tenon");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

StringRef link::runtimeArch(StringRef triple) {
  switch (llvm::Triple(triple).getArch()) {
  case llvm::Triple::x86_64:
    return "x86_64";
  case llvm::Triple::aarch64:
    return "aarch64";
  default:
    return "";
  }
}

std::string link::runtimeBitcode(StringRef dir, StringRef triple) {
  return inDir(dir, "tenon-runtime-" + runtimeArch(triple) + ".bc");
}

std::string link::runtimeArchive(StringRef dir, StringRef triple) {
  return inDir(dir, "libtenon-runtime-" + runtimeArch(triple) + ".a");
}
