//===- ModuleGenerator.h - Valid core modules ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes modules that are valid, end, and give one answer: what the specification leaves open (bits
// of NaNs) is closed by instructions behind whatever leaves it. Every exported function `f<i>`
// starts from the same state and returns, behind its results, a checksum of the state that it
// leaves; where it traps the state is lost, so nothing of it is compared.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_DIFFERENTIAL_MODULEGENERATOR_H
#define TENON_TEST_DIFFERENTIAL_MODULEGENERATOR_H

#include "Choices.h"
#include <string>
#include <vector>

namespace tenon::generate {

/// What a module may use beyond numbers, control, one memory and one table.
struct Features {
  bool simd = true;
  bool exceptions = true;
  bool tailCalls = true;
  bool threads = true;
  bool wideArithmetic = true;
  bool memory64 = true;
  bool multiMemory = true;
};

/// Types of values, as Opcodes.def spells them: `i`, `l`, `f`, `d`, `v`; and `r` for funcref, `e`
/// for externref.
using Types = std::string;

struct Signature {
  Types params, results;
  bool operator==(const Signature &) const = default;
};

struct GeneratedModule {
  std::vector<uint8_t> bytes;
  /// Of the exports `f0`, `f1`, ...
  std::vector<Signature> exports;
};

GeneratedModule generateModule(Choices &choices, const Features &features);

/// A constant of the type that is worth a try, as the bytes of its value, low ones first.
uint64_t interestingBits(Choices &choices, char type);

/// A script of one module and calls of all its exports.
std::string generateScript(Choices &choices, const Features &features, unsigned callsPerExport);

} // namespace tenon::generate

#endif // TENON_TEST_DIFFERENTIAL_MODULEGENERATOR_H
