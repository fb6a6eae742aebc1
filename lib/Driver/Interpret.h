//===- Interpret.h - Interpret at once --------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_INTERPRET_H
#define TENON_LIB_DRIVER_INTERPRET_H

#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Options.h"
#include "tenon/Interp/Trap.h"

namespace tenon::driver {

/// Prints a trap as compiled programs print it; returns the exit status, 0 for none.
int reportTrap(interp::TrapKind trap, llvm::StringRef text);

/// Instantiates the component `options.input`, calls what `options.invoke` says, and prints the
/// result. Returns the exit status.
FailureOr<int> interpretComponent(const Options &options, FileStore &files, Diagnostics &diags);

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_INTERPRET_H
