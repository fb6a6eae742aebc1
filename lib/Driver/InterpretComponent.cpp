//===- InterpretComponent.cpp - Interpret a component ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `tenon run --interp --invoke 'name(args)'`: imports of components and core modules are resolved
// to files as when compiling; of the host there is nothing.
//
//===----------------------------------------------------------------------===//

#include "Interpret.h"
#include "Invocation.h"
#include "MissingImports.h"
#include "tenon/ComponentInterp/ComponentStore.h"
#include "tenon/Driver/Units.h"

using namespace tenon;
using namespace tenon::driver;

/// What the imports of a unit, and of the units that those are, were resolved to.
static void collectResolved(const Unit &unit,
                            std::map<const component::Component *, const Unit *> &units) {
  if (!unit.component || !units.try_emplace(unit.component.get(), &unit).second)
    return;
  for (const auto &[name, found] : unit.imports)
    collectResolved(*found, units);
}

/// Everything else that is imported would have to come from the host.
static LogicalResult checkImports(const Unit &root, const component::TypeArena &arena,
                                  Diagnostics &diags) {
  MissingImports missing(arena);
  for (const component::Definition &definition : root.component->definitions) {
    const auto *import = definition.getIf<component::Import>();
    if (import && !root.imports.count(import->name.name.str()) &&
        wantsProvider(arena, import->type))
      missing.add(*import);
  }
  return missing.report(diags);
}

FailureOr<int> tenon::driver::interpretComponent(const Options &options, FileStore &files,
                                                 Diagnostics &diags) {
  component::TypeArena arena;
  UnitStore units(options, files, arena, diags);
  FailureOr<Unit *> root = units.loadRoot();
  if (failed(root))
    return failure();
  if (options.invoke.empty()) {
    PendingDiagnostic error =
        diags.error((*root)->file->start(),
                    "say with --invoke what to call: wasi:cli/run needs a host, which an "
                    "interpreted component does not have");
    listFunctions(error, *(*root)->component, arena);
    return error;
  }
  FailureOr<Invocation> invocation =
      Invocation::parse(options.invoke, *(*root)->component, arena, diags);
  if (failed(invocation) || failed(checkImports(**root, arena, diags)))
    return failure();

  std::map<const component::Component *, const Unit *> resolved;
  collectResolved(**root, resolved);
  interp::Store core;
  if (options.fuel)
    core.fuel = *options.fuel;
  interp::ComponentStore store(
      arena, core, [&](const component::Component &importer, llvm::StringRef name) {
        interp::ResolvedImport found;
        auto unit = resolved.find(&importer);
        if (unit == resolved.end())
          return found;
        auto import = unit->second->imports.find(name.str());
        if (import != unit->second->imports.end())
          found = {import->second->component.get(), import->second->module.get()};
        return found;
      });
  FailureOr<interp::ComponentStore::Instantiated> instance =
      store.instantiate(*(*root)->component, diags);
  if (failed(instance))
    return failure();
  if (!instance->exports)
    return reportTrap(instance->trap, instance->trapText);
  const interp::LiftedFunction *function = store.findFunction(*instance->exports, invocation->name);
  const interp::ComponentValue *value = store.findValue(*instance->exports, invocation->name);
  assert((invocation->isValue ? !!value : !!function) && "the component's type has it");
  interp::ComponentStore::CallOutcome outcome =
      invocation->isValue ? store.take(*value) : store.invoke(*function, invocation->arguments);
  if (outcome.trap == interp::TrapKind::None)
    printResult(llvm::outs(), arena, *invocation->type,
                outcome.result ? &*outcome.result : nullptr);
  return reportTrap(outcome.trap, outcome.trapText);
}
