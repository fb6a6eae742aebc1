//===- RuntimeFiles.h - Where the runtime lies ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime is installed beside the compiler: `<folder of the executable>/../lib/tenon`. It comes
// twice for each architecture: as bitcode, whose functions generated code may inline, and as an
// archive, which defines whatever was not.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LINK_RUNTIMEFILES_H
#define TENON_LINK_RUNTIMEFILES_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tenon::link {

/// The folder of the runtime's files, for a compiler that was started as `argv0`; `anchor` is the
/// address of any function of the program.
std::string findRuntimeDir(const char *argv0, void *anchor);

/// `x86_64` or `aarch64`; empty when the runtime does not know the triple's architecture.
llvm::StringRef runtimeArch(llvm::StringRef triple);

/// `<dir>/tenon-runtime-<arch>.bc`: one module with everything, linkage as in the archive. Import
/// functions from it as `available_externally`; what they refer to is external or a constant.
std::string runtimeBitcode(llvm::StringRef dir, llvm::StringRef triple);

/// `<dir>/libtenon-runtime-<arch>.a`.
std::string runtimeArchive(llvm::StringRef dir, llvm::StringRef triple);

} // namespace tenon::link

#endif // TENON_LINK_RUNTIMEFILES_H
