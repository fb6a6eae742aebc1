//===- HostValues.h - Values on the host's side of a program ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How values reach a compiled program and come back: laid out as the host's side of the boundary
// has them (docs/Architecture.md), which is the Canonical ABI of a 64-bit memory with base 0.
// Arguments become slots of eight bytes and pieces of memory that slots point to; a result is read
// out of the program's memory.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_HOSTVALUES_H
#define TENON_LIB_DRIVER_HOSTVALUES_H

#include "tenon/Codegen/Commands.h"
#include "tenon/Component/Val.h"

namespace tenon::driver {

/// Lowers the arguments of a component function into a command, one for each parameter.
void encodeArguments(const component::TypeArena &arena, const component::FuncType &type,
                     llvm::ArrayRef<component::Val> values, codegen::Command &command);

/// Reads `size` bytes of the program at `address`; false when they are not there.
using ReadMemory = llvm::function_ref<bool(uint64_t address, size_t size, uint8_t *out)>;

/// The value of `type` at `address`; nothing when it is not there, or is none.
std::optional<component::Val> readValue(const component::TypeArena &arena, component::ValType type,
                                        uint64_t address, ReadMemory read);

/// The result of a command that called a function of `type` and left `slots`; nothing also when
/// the function has none.
std::optional<component::Val> readResult(const component::TypeArena &arena,
                                         const component::FuncType &type,
                                         const codegen::Command &command,
                                         llvm::ArrayRef<uint64_t> slots, ReadMemory read);

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_HOSTVALUES_H
