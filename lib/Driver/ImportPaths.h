//===- ImportPaths.h - Where an import may be found -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_IMPORTPATHS_H
#define TENON_DRIVER_IMPORTPATHS_H

#include "tenon/Component/Definitions.h"
#include "tenon/Driver/Options.h"

namespace tenon::driver {

/// The paths to try for an import, in order. `directory` is that of the importing file.
std::vector<std::string> pathsOfImport(const component::ExternName &name, llvm::StringRef directory,
                                       const Options &options);

/// The hash that the import's name promises (`sha256-<base64>`), if it does.
std::optional<std::string> integrityOf(llvm::StringRef name);

/// Whether `contents` have that hash. Nothing when its algorithm is not known.
std::optional<bool> hasIntegrity(llvm::StringRef contents, llvm::StringRef integrity);

} // namespace tenon::driver

#endif // TENON_DRIVER_IMPORTPATHS_H
