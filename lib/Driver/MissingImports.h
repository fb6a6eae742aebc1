//===- MissingImports.h - What nobody provides ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_MISSINGIMPORTS_H
#define TENON_LIB_DRIVER_MISSINGIMPORTS_H

#include "tenon/Component/Component.h"

namespace tenon::driver {

/// Whether somebody would have to implement something of this type; an instance that holds only
/// types needs nobody.
bool wantsProvider(const component::TypeArena &arena, const component::ExternType &type);

/// Whether it is a value, or an instance with one.
bool hasValue(const component::TypeArena &arena, const component::ExternType &type);

/// Collects the imports of a root that nobody provides, for one error that lists every function.
class MissingImports {
public:
  explicit MissingImports(const component::TypeArena &arena) : arena(arena) {}

  void add(const component::Import &import);
  /// Success when there are none.
  LogicalResult report(Diagnostics &diags) const;

private:
  const component::TypeArena &arena;
  unsigned count = 0;
  Location first;
  std::string lines;

  void list(const llvm::Twine &name, const component::ExternType &type);
};

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_MISSINGIMPORTS_H
