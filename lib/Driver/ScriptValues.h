//===- ScriptValues.h - A script's values, in memory and back ---*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arguments become slots of eight bytes and pieces of memory that slots point to; results are
// compared with what the script expects. Component values are laid out as the host's side of the
// boundary has them (docs/Architecture.md): the Canonical ABI of a 64-bit memory with base 0.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTVALUES_H
#define TENON_DRIVER_SCRIPTVALUES_H

#include "tenon/CanonicalABI/Layout.h"
#include "tenon/Codegen/Commands.h"
#include "tenon/Component/Types.h"
#include "tenon/Text/Script.h"
#include <functional>

namespace tenon::driver {

/// Whether a core value of a script is one of the type.
bool fitsCore(const text::ScriptValue &value, wasm::ValType type);

/// Slots of a core value; nothing when it is a pattern that can't be an argument.
std::optional<llvm::SmallVector<uint64_t, 2>> encodeCore(const text::ScriptValue &value);

/// Whether the slots of a core result are what is expected.
bool matchesCore(const text::ScriptValue &expected, wasm::ValType type,
                 llvm::ArrayRef<uint64_t> slots);

/// The slots of core results, each behind a space, for comparison with another run's: of a reference
/// it says only whether it is null.
std::string printCoreResults(llvm::ArrayRef<wasm::ValType> types, llvm::ArrayRef<uint64_t> slots);

/// Whether `text` is the text of the trap that a script calls `expected`. The suites name a trap by
/// the beginning of its text, or by the text and more.
bool matchesMessage(llvm::StringRef expected, llvm::StringRef text);

/// Whether a float's bits are the expected ones, or a NaN of the pattern (core test suite:
/// canonical is the quiet bit alone, arithmetic the quiet bit and anything).
bool matchesFloat(uint64_t bits, bool is64, text::NanPattern pattern, uint64_t expected);

/// The layout of an arena type.
abi::Type convertType(const component::TypeArena &arena, component::ValType type);

/// Lowers the arguments of a component function into a command.
LogicalResult encodeArguments(const component::TypeArena &arena, const component::FuncType &type,
                              llvm::ArrayRef<text::ScriptValue> values, codegen::Command &command);

/// Reads `size` bytes of the program at `address`; false when they are not there.
using ReadMemory = llvm::function_ref<bool(uint64_t address, size_t size, uint8_t *out)>;

/// Whether the value of `type` at `address` is what is expected.
bool matchesComponent(const component::TypeArena &arena, const text::ScriptValue &expected,
                      component::ValType type, uint64_t address, ReadMemory read);

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTVALUES_H
