//===- ValueModules.h - Core modules that carry values ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The core modules that value definitions and start functions become (Values.cpp says why), as
// bytes.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_IMPORT_VALUEMODULES_H
#define TENON_LIB_IMPORT_VALUEMODULES_H

#include "tenon/CanonicalABI/Layout.h"
#include "tenon/Import/ValueLayout.h"
#include "tenon/Wasm/Types.h"

namespace tenon {

inline constexpr unsigned pageLog2 = 16;
uint32_t pagesFor(uint64_t bytes);

/// As core modules with 32-bit addresses have it.
wasm::ValType coreType(abi::Flat flat);
wasm::FuncType coreType(const abi::FlatSignature &signature);

// ValueModules.cpp

/// The definitions of a component. The module exports a function for each, which is called by the
/// value's number and returns it as a lifted function returns results.
struct DefinedValue {
  uint32_t index;
  component::ValType type;
  llvm::ArrayRef<uint8_t> bytes;
};
/// Nothing when they are too large. `hasMemory`: the module exports `memory`.
std::optional<std::vector<uint8_t>>
makeValuesModule(LayoutCache &layouts, llvm::ArrayRef<DefinedValue> values, bool &hasMemory);

// StartModules.cpp

/// A call of a start function by a core module that imports the arguments as functions `values`
/// `0`.., and the start function as `start` `call`, all of them lowered; its own start function
/// makes the call, and the result can then be had, any number of times, from its function `result`.
/// Where `usesMemory` it wants `allocator` `memory`.
struct StartCall {
  /// Fails (with the reason) when the function's type is too large.
  static std::optional<std::string> check(llvm::ArrayRef<abi::Type> params,
                                          llvm::ArrayRef<abi::Type> results);
  StartCall(std::vector<abi::Type> params, std::vector<abi::Type> results);

  std::vector<abi::Type> params, results;
  abi::FlatSignature signature; ///< of the function, lowered
  bool usesMemory = false;
  /// Where the arguments stand, those that do, and the result.
  std::vector<uint32_t> paramAreas;
  uint32_t resultArea = 0;
  uint32_t endOfAreas = 0;

  /// The type of argument `index`'s function.
  wasm::FuncType typeOfArgument(size_t index) const;
  wasm::FuncType typeOfCall() const;
  std::vector<uint8_t> makeModule() const;
  /// The module that exports `memory` and `realloc`, which never frees.
  std::vector<uint8_t> makeAllocator() const;
};

} // namespace tenon

#endif // TENON_LIB_IMPORT_VALUEMODULES_H
