//===- Program.h - What code generation is given ----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A closed program after all component-level structure is gone: core instances in the order in
// which they are instantiated, each import resolved to whoever defines it, and the adapters as LLVM
// bitcode. No MLIR here: a program can also be made by hand, from core modules alone.
//
// Every entity that has state is named once, by the instance that defines it; an import of it is
// its index in one of the program's tables (`memories`, `tables`, `globals`, `tags`).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_PROGRAM_H
#define TENON_CODEGEN_PROGRAM_H

#include "tenon/Wasm/Module.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <string>
#include <vector>

namespace tenon::codegen {

/// A function of the program, resolved to who defines it.
struct FuncRef {
  enum Kind : uint8_t {
    Core,   ///< `index` is a function index of instance `instance`, never an imported one
    Symbol, ///< an LLVM function named `symbol`: an adapter, a builtin, a host function
    Trap    ///< nobody provides it: calling it traps with the text `symbol`
  };
  Kind kind = Trap;
  uint32_t instance = 0;
  uint32_t index = 0;
  std::string symbol;
};

/// A memory, table, global or tag: the instance that defines it and its index there (in the index
/// space with imports, so always >= the number of imported ones).
struct StateDef {
  uint32_t instance = 0;
  uint32_t index = 0;
};

/// One core instance.
struct CoreInstance {
  /// Reads like the graph and is unique: `parent/child.main`. Prefix of the symbols of its
  /// functions.
  std::string path;
  const wasm::Module *module = nullptr;
  /// Index in `Program::selves` of the component instance that it belongs to.
  uint32_t self = 0;
  std::vector<FuncRef> importedFuncs;
  // By index in the module's index space, imported and defined alike: index in the program's
  // tables.
  std::vector<uint32_t> memories, tables, globals, tags;
};

/// One component instance: owner of a task-state record (tenon-abi/state.h).
struct Self {
  std::string path;
  int32_t parent = -1; ///< index in `Program::selves`; -1 for the root
};

/// Something that can be called from outside by its symbol.
struct Export {
  /// The C symbol of the entry that is made for a core function. An adapter is an entry by its own
  /// symbol.
  std::string symbol;
  FuncRef function;
};

/// The whole program.
struct Program {
  std::vector<Self> selves;
  std::vector<CoreInstance> instances; ///< in instantiation order
  std::vector<StateDef> memories, tables, globals, tags;
  std::vector<Export> exports;

  /// LLVM bitcode of the adapters; null when there are none. What it declares are link names
  /// (tenon/Lowering/LinkNames.h), functions of the runtime and of the host. Link names are
  /// resolved through `instances` and `selves` by path and export; an entry of `linkNames` goes
  /// before that.
  std::shared_ptr<std::string> adapters;
  llvm::StringMap<FuncRef> linkNames;

  /// The symbol of the function that the program runs, a `uint32_t ()`: the discriminant of
  /// `wasi:cli/run`'s result. Empty: none.
  std::string run;

  /// Instantiation in one sweep at start. A script instantiates step by step instead: the function
  /// `tenon.instantiate.<i>` of every instance is then called by the harness.
  bool instantiateAtStart = true;
};

/// Function `index` of an instance of the program, resolved to who defines it.
FuncRef functionOf(const Program &program, uint32_t instance, uint32_t index);

/// Fills in what stands for the import in `instance`'s index spaces: an export of instance
/// `provider`.
void bindImport(const Program &program, CoreInstance &instance, wasm::ExternKind kind,
                uint32_t provider, uint32_t exportedIndex);

/// Adds what `instance`, number `index` of the program, defines itself: the memories, tables,
/// globals and tags behind the imported ones.
void defineState(Program &program, CoreInstance &instance, uint32_t index);

} // namespace tenon::codegen

#endif // TENON_CODEGEN_PROGRAM_H
