//===- Units.h - Components found by name -----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit is one file that takes part in a compilation: the root, or a component or core module that
// a unit's root-level import was resolved to. The order in which an import is looked for:
//
//   1. --import NAME=PATH
//   2. (external-id "./x.wasm"), a path relative to the importing file
//   3. the removed names url=<x>, relative-url=<x>, with integrity=<sha256-...> verified
//   4. a name that is a path: ./x.wasm, ./x.wat
//   5. deps/ns/name/version.wasm, deps/ns/name.wasm beside the importing file, for
//      unlocked-dep=<ns:name@...>, locked-dep=<...> and interface-like names
//   6. the same, and NAME.wasm, in each -L DIR
//
// Where a path ends in .wasm and there is no such file, .wat is tried.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_UNITS_H
#define TENON_DRIVER_UNITS_H

#include "tenon/Component/Component.h"
#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Options.h"
#include <map>
#include <memory>
#include <set>
#include <string>

namespace tenon::driver {

/// A file that takes part in a compilation. Exactly one of `component` and `module` is there.
struct Unit {
  const InputFile *file = nullptr;
  std::unique_ptr<component::Component> component;
  std::unique_ptr<wasm::Module> module;
  /// What the root-level imports of components and core modules were resolved to, by import name.
  std::map<std::string, Unit *> imports;
};

/// Loads, validates and resolves units, each file once.
class UnitStore {
public:
  UnitStore(const Options &options, FileStore &files, component::TypeArena &arena,
            Diagnostics &diags)
      : options(options), files(files), arena(arena), diags(diags) {}

  /// The unit of a file with all that it imports. `from` is the place that asks for it.
  FailureOr<Unit *> load(llvm::StringRef path, Location from);
  /// The unit of the input. Warns of an --import that nothing asked for.
  FailureOr<Unit *> loadRoot();

private:
  const Options &options;
  FileStore &files;
  component::TypeArena &arena;
  Diagnostics &diags;
  std::map<const InputFile *, std::unique_ptr<Unit>> units;
  std::vector<const InputFile *> loading; ///< from the root to the unit being loaded
  std::set<std::string> askedFor;         ///< names of imports that are resolved to files

  LogicalResult readUnit(Unit &unit);
  LogicalResult resolveImports(Unit &unit);
  FailureOr<Unit *> resolve(const Unit &importer, const component::Import &import);
  component::TypeId typeAfterResolving(const Unit &unit);
  LogicalResult checkFound(const Unit &found, const component::Import &import);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_UNITS_H
