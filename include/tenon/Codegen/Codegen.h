//===- Codegen.h - A program becomes native objects -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From `codegen::Program` to objects: core bodies are translated to LLVM IR, a part at a time, each
// part is optimised and emitted on its own. Parts depend on the program alone, never on the number
// of threads: the same program gives the same bytes.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CODEGEN_H
#define TENON_CODEGEN_CODEGEN_H

#include "tenon/Codegen/Program.h"
#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <functional>

namespace tenon {
class Cache;
class Timing;
} // namespace tenon

namespace tenon::codegen {

/// Where state lies.
enum class World : uint8_t {
  Closed,   ///< each core instance exists once, at constant addresses (executables)
  Instanced ///< state is a struct reached through a context argument (libraries, plugins)
};

/// How accesses to memories are kept inside.
enum class Bounds : uint8_t {
  Guard,   ///< reservations with guard pages
  Explicit ///< a compare before every access; needs no virtual memory
};

struct CodegenOptions {
  /// 0 to 3. At 0 memory accesses are volatile and nothing is inlined.
  unsigned optLevel = 2;
  /// `x86_64-unknown-linux-gnu` or `aarch64-unknown-linux-gnu`.
  std::string triple = "x86_64-unknown-linux-gnu";
  /// Empty: `x86-64-v2` (SSE4.1's rounding instructions are needed, a C library for them is not
  /// there) and `generic` on AArch64.
  std::string cpu;
  std::string features;
  /// Threads; 0: as many as the machine has. Never changes the output.
  unsigned jobs = 1;
  World world = World::Closed;
  Bounds bounds = Bounds::Guard;
  /// NaNs that arithmetic makes are the positive canonical NaN.
  bool canonicalizeNaNs = false;
  /// The deterministic profile of the core specification: canonical NaNs, and relaxed instructions
  /// give the one result that the profile prescribes.
  bool deterministic = false;
  bool hasCanonicalNaNs() const { return canonicalizeNaNs || deterministic; }
  /// Runs LLVM's verifier on every part before and after the optimiser.
  bool verify = false;
  /// Fill `CodegenResult::llvmText` (IR after the optimiser) and make no objects.
  bool emitLLVM = false;
  /// Fill `CodegenResult::calls` and make no objects. Functions that come as bitcode get debug
  /// locations for this, so that it can be seen where they went; code is not compiled otherwise
  /// than without.
  bool recordCalls = false;
  /// With emitLLVM: the IR as it was translated, before the optimiser.
  bool beforeOptimizer = false;
  /// The runtime's bitcode for the target, from which host functions and thin wrappers are inlined;
  /// may be empty. Its functions are *copied* (available_externally), the runtime's own object
  /// defines them. Functions that reach a mutable global with internal linkage are never copied:
  /// state that inlined host functions touch has external (hidden) linkage in the runtime.
  llvm::ArrayRef<char> runtimeBitcode;
  /// Without a cache, of a small program: leave out functions that nobody refers to any more once
  /// all parts are optimised, before code is made of them. The linker does it otherwise.
  bool dropsUnreferenced = false;
  /// Objects of parts that were made before; null: none. Never changes the output.
  Cache *cache = nullptr;
  /// Hears what time is spent on; null: nobody does. Never changes the output.
  Timing *timing = nullptr;
  /// Bytes of the guest's stack (tenon_program_info).
  uint64_t stackBytes = uint64_t(8) << 20;
};

/// A relocatable object, and a name for it that is stable and unique in the program.
struct ObjectFile {
  std::string name;
  llvm::SmallVector<char, 0> bytes;
};

/// A section of the objects that the linker must place: the initial image of a memory.
/// lld: `--section-start=<name>=<address>`.
struct SectionAddress {
  std::string name;
  uint64_t address = 0;
};

/// How one symbol of the program needs another, after the optimiser.
struct CallRecord {
  enum How : uint8_t {
    Inlined,  ///< `callee`'s body stands in `caller`'s
    Direct,   ///< `caller` calls `callee`
    Indirect, ///< `caller` calls what it finds in a table or a reference; `callee` is empty
    Refers    ///< `caller`, a function or a variable, has the address of `callee`
  };
  std::string caller, callee;
  How how = Direct;
};

struct CodegenResult {
  std::vector<ObjectFile> objects;
  std::vector<SectionAddress> sections;
  /// Symbols that the linker must define: the bases of memories. lld: `--defsym=<name>=<value>`.
  /// The names consist of letters, digits and dots.
  std::vector<std::pair<std::string, uint64_t>> absoluteSymbols;
  /// The program throws exceptions, and needs the objects' unwind tables when it runs.
  bool throws = false;
  /// Only with CodegenOptions::emitLLVM: all parts in order, each after a comment line with its
  /// name.
  std::string llvmText;
  /// Only with CodegenOptions::recordCalls; in the order of parts.
  std::vector<CallRecord> calls;
};

/// Generates code. What the program's modules contain and can't be translated yet is a diagnostic.
///
/// Signature of core functions and adapters: parameters i32, i64, float, double, <2 x i64> (v128),
/// ptr (references; null is null); no result: void, one: itself, two: a literal struct `{r0, r1}`
/// by value, more: void, and the caller gives the address of a struct `{r0, r1, ...}` as first
/// parameter. In the instanced world a parameter `ptr` before all others is the context. Everything
/// has the C calling convention, except core functions among themselves in a program with tail
/// calls.
///
/// The objects define `tenon_program_info` (tenon-abi/program.h), `tenon.instantiate.<i>` of every
/// core instance (no parameters, no result), and the symbols of `Program::exports`; they refer to
/// the functions of tenon-abi/functions.def, to the host functions that the adapters call, and to
/// memcpy, memmove, memset, memcmp.
FailureOr<CodegenResult> generate(const Program &program, const CodegenOptions &options,
                                  Diagnostics &diags);

} // namespace tenon::codegen

#endif // TENON_CODEGEN_CODEGEN_H
