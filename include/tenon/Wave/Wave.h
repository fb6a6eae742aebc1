//===- Wave.h - Values of component types as text ---------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WAVE, the WebAssembly Value Encoding (bytecodealliance/wasm-tools, crates/wasm-wave):
//
//   {name: "Zoë", age: 41, shape: circle(2.5), tags: ["x", "y"], rights: {read, write}}
//
// How a text is read depends on the type: a label is a case of an enum or of a variant, braces hold
// a record or flags, and `41` may be an option's payload. So the parser follows the type, and says
// in WIT terms what it expected.
//
// Besides what WAVE defines, a `map<K, V>` is a list of pairs, `[("a", 1), ("b", 2)]`. Handles,
// streams and futures have no text; a handle that comes back is printed as `NAME(NUMBER)`.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WAVE_WAVE_H
#define TENON_WAVE_WAVE_H

#include "tenon/Component/Val.h"
#include "tenon/Support/Diagnostics.h"

namespace tenon::wave {

/// The text of `file`: one value of `type`.
FailureOr<component::Val> parseValue(const SourceFile &file, const component::TypeArena &arena,
                                     component::ValType type, Diagnostics &diags);

/// `name(argument, ...)`, as far as it can be understood without the function's type.
struct Call {
  std::string name;       ///< what stands before the parenthesis
  uint64_t arguments = 0; ///< offset of the parenthesis
};
FailureOr<Call> parseCall(const SourceFile &file, Diagnostics &diags);

/// The arguments of a call: a value for each parameter of `type`. Options at the end may be left
/// out. Nothing may follow.
FailureOr<std::vector<component::Val>> parseArguments(const SourceFile &file, const Call &call,
                                                      const component::TypeArena &arena,
                                                      const component::FuncType &type,
                                                      Diagnostics &diags);

/// Prints a value in the canonical form: one line, one space behind commas and colons, options and
/// results with their cases, fields that are `none` left out.
void printValue(llvm::raw_ostream &os, const component::TypeArena &arena, component::ValType type,
                const component::Val &value);

} // namespace tenon::wave

#endif // TENON_WAVE_WAVE_H
