//===- Invocation.h - One call of an exported function ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `--invoke 'name(args)'`: which function of a component that is, and the values of its arguments.
// All of this is known before anything is compiled.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_INVOCATION_H
#define TENON_LIB_DRIVER_INVOCATION_H

#include "tenon/Codegen/Commands.h"
#include "tenon/Component/Component.h"
#include "tenon/Component/Val.h"
#include "tenon/Driver/Options.h"

namespace tenon::driver {

/// The functions of a component's exports are called by their names; those of an exported instance
/// by any of these, of which exactly one function must have the one that is given:
///
///   func   iface.func   ns:pkg/iface.func   ns:pkg/iface.func@1.2.3   ns:pkg/iface@1.2.3.func
///
/// with a `#` for the dot, too. A function that the component exports by itself goes before
/// all others. A value is called in the same ways, but without parentheses; it is a function
/// without parameters then.
struct Invocation {
  /// As the graph calls it: `func`, `ns:pkg/iface@1.2.3#func`.
  std::string name;
  const component::FuncType *type = nullptr;
  std::vector<component::Val> arguments;
  bool isValue = false;

  /// Reads `text`, which stands on the command line.
  static FailureOr<Invocation> parse(llvm::StringRef text, const component::Component &root,
                                     component::TypeArena &arena, Diagnostics &diags);
};

/// Adds the functions that a component exports to an error, one a line, or that there are none.
void listFunctions(PendingDiagnostic &error, const component::Component &root,
                   const component::TypeArena &arena);

/// What it takes to run a program that is one call, and to understand its result.
struct CompiledCall {
  const component::TypeArena &arena;
  const component::FuncType *type; ///< null: a core function; the command has its type
  const codegen::Command &command;
};

/// Compiles a program that does what `options.invoke` says, and lets `run` run it. `args` are those
/// of a core module's function. No whole program comes from the cache or is kept there; its parts
/// do and are.
LogicalResult compileCall(const Options &options, llvm::ArrayRef<std::string> args,
                          Diagnostics &diags, llvm::function_ref<void(const CompiledCall &)> run);

/// `returned (1, 2)`: how a call ended that did not trap.
std::string describeReturn(const component::TypeArena &arena, const component::FuncType &type,
                           const component::Val *result);

/// Prints a result, or `()` for none, and ends the line.
void printResult(llvm::raw_ostream &os, const component::TypeArena &arena,
                 const component::FuncType &type, const component::Val *result);

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_INVOCATION_H
