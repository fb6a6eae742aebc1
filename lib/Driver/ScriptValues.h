//===- ScriptValues.h - A script's values, and what they match -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Core arguments become slots of eight bytes; component values become values of their types, which
// HostValues.h carries on. Results are compared with what the script expects.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTVALUES_H
#define TENON_DRIVER_SCRIPTVALUES_H

#include "tenon/Component/Val.h"
#include "tenon/Text/Script.h"

namespace tenon::driver {

/// Whether a core value of a script is one of the type.
bool fitsCore(const text::ScriptValue &value, wasm::ValType type);

/// Slots of a core value; nothing when it is a pattern that can't be an argument.
std::optional<llvm::SmallVector<uint64_t, 2>> encodeCore(const text::ScriptValue &value);

/// Whether the slots of a core result are what is expected.
bool matchesCore(const text::ScriptValue &expected, wasm::ValType type,
                 llvm::ArrayRef<uint64_t> slots);

/// The slots of core results, each behind a space, for comparison with another run's: of a
/// reference it says only whether it is null.
std::string printCoreResults(llvm::ArrayRef<wasm::ValType> types, llvm::ArrayRef<uint64_t> slots);

/// Whether `text` is the text of the trap that a script calls `expected`. The suites name a trap by
/// the beginning of its text, or by the text and more.
bool matchesMessage(llvm::StringRef expected, llvm::StringRef text);

/// Whether a float's bits are the expected ones, or a NaN of the pattern (core test suite:
/// canonical is the quiet bit alone, arithmetic the quiet bit and anything).
bool matchesFloat(uint64_t bits, bool is64, text::NanPattern pattern, uint64_t expected);

/// A script's value as one of `type`; nothing when it is none.
std::optional<component::Val> typeValue(const component::TypeArena &arena,
                                        const text::ScriptValue &value, component::ValType type);

/// Whether a value of `type` is what is expected.
bool matchesComponent(const component::TypeArena &arena, const text::ScriptValue &expected,
                      component::ValType type, const component::Val &found);

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTVALUES_H
