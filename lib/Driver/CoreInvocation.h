//===- CoreInvocation.h - One call of a core module's function --*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `run --invoke NAME FILE ARG...`: which function of a core module that is, and the values of its
// arguments; compiled or interpreted.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_COREINVOCATION_H
#define TENON_LIB_DRIVER_COREINVOCATION_H

#include "tenon/Driver/Options.h"
#include "tenon/Support/Diagnostics.h"
#include "tenon/Wasm/Module.h"

namespace tenon::driver {

struct CoreInvocation {
  /// Null: instantiating the module, which has a start function, is all there is to do.
  const wasm::Export *function = nullptr;
  wasm::FuncType type;
  std::vector<uint64_t> slots; ///< one for each argument: integers zero-extended, floats' bits

  /// The call that `options.invoke` and `args` say: of the export of that name, or of `_start`.
  /// Fails also for a module that imports anything, which nobody would provide.
  static FailureOr<CoreInvocation> parse(const Options &options, llvm::ArrayRef<std::string> args,
                                         const wasm::Module &module, Diagnostics &diags);
};

/// Prints the results of a call, one a line; `slots` are eight bytes each, two for a v128.
void printCoreResults(llvm::raw_ostream &os, llvm::ArrayRef<wasm::ValType> types,
                      llvm::ArrayRef<uint64_t> slots);

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_COREINVOCATION_H
