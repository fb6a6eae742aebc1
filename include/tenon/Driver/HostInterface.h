//===- HostInterface.h - What the host offers -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_HOSTINTERFACE_H
#define TENON_DRIVER_HOSTINTERFACE_H

#include "tenon/Component/Component.h"
#include "tenon/Driver/FileStore.h"
#include <memory>
#include <set>
#include <string>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tenon::driver {

/// The interfaces that the runtime implements, as component types (runtime/host/wasi-0.2.wat).
class HostInterface {
public:
  static FailureOr<HostInterface> load(FileStore &files, component::TypeArena &arena,
                                       Diagnostics &diags);

  /// Checks every import of a root component that must come from the host, item by item. An
  /// interface matches by name and semver track: 0.2.0 asks for 0.2.12 and the reverse. Functions
  /// of WASI that the host does not have are warnings; everything else that is missing is listed in
  /// one error. Instances that hold only types need no provider. `hasFiles`: components and core
  /// modules that it imports were found in files, or there was an error.
  LogicalResult checkImports(const component::Component &root, component::TypeArena &arena,
                             Diagnostics &diags, bool hasFiles = true);

  /// The symbols of host functions and destructors that a program at stage fused may call and the
  /// runtime does not have. Sorted.
  std::vector<std::string> absentFunctions(mlir::ModuleOp module) const;

private:
  const component::ExternType *findInterface(llvm::StringRef name) const;
  void addInterface(const component::TypeArena &arena, llvm::StringRef name,
                    component::ExternType type);

  std::shared_ptr<component::Component> host;
  std::vector<std::pair<std::string, component::ExternType>> interfaces; ///< by name with version
  std::set<std::string> provided; ///< `wasi:io/poll#poll`, `wasi:io/poll#[resource-drop]pollable`
};

/// `wasi:io/streams` of `wasi:io/streams@0.2.6`.
llvm::StringRef withoutVersion(llvm::StringRef interface);

} // namespace tenon::driver

#endif // TENON_DRIVER_HOSTINTERFACE_H
