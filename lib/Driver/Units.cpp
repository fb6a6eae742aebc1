//===- Units.cpp - Components found by name -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/Units.h"
#include "ImportPaths.h"
#include "tenon/Component/Reader.h"
#include "tenon/Component/Subtype.h"
#include "tenon/Component/Validator.h"
#include "tenon/Support/Timing.h"
#include "tenon/Wasm/Reader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

using namespace tenon;
using namespace tenon::driver;

FailureOr<Unit *> UnitStore::load(llvm::StringRef path, Location from) {
  enterPhase(options.timing, Phase::Read);
  FailureOr<const InputFile *> file = files.load(path, from);
  if (failed(file))
    return failure();
  if (llvm::is_contained(loading, *file)) {
    std::string cycle;
    for (const InputFile *one :
         llvm::drop_begin(loading, llvm::find(loading, *file) - loading.begin()))
      cycle += (one->source->getName() + " -> ").str();
    return diags.error(from, "import cycle: ") << cycle << (*file)->source->getName();
  }
  auto known = units.find(*file);
  if (known != units.end())
    return known->second.get();

  auto unit = std::make_unique<Unit>();
  unit->file = *file;
  loading.push_back(*file);
  llvm::scope_exit leave([&] { loading.pop_back(); });
  if (failed(readUnit(*unit)) || failed(resolveImports(*unit)))
    return failure();
  return (units[*file] = std::move(unit)).get();
}

FailureOr<Unit *> UnitStore::loadRoot() {
  FailureOr<Unit *> root = load(options.input, {});
  if (failed(root))
    return failure();
  for (const auto &[name, path] : options.imports)
    if (!askedFor.count(name))
      diags.warning({}, "--import ")
          << name << "=" << path << ": nothing imports a component or a core module of that name";
  return root;
}

LogicalResult UnitStore::readUnit(Unit &unit) {
  llvm::ArrayRef<uint8_t> bytes = unit.file->bytes;
  enterPhase(options.timing, Phase::Parse);
  if (component::isComponent(bytes)) {
    FailureOr<std::unique_ptr<component::Component>> component =
        component::readComponent(bytes, unit.file->start(), diags);
    if (failed(component))
      return failure();
    unit.component = std::move(*component);
    component::ValidatorOptions lenient;
    lenient.strictNames = false;
    lenient.features = options.features;
    enterPhase(options.timing, Phase::Validate);
    return component::validateComponent(*unit.component, arena, diags, lenient);
  }
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(bytes, unit.file->start(), diags);
  if (failed(module))
    return failure();
  unit.module = std::move(*module);
  enterPhase(options.timing, Phase::Validate);
  return wasm::validateModule(*unit.module, diags);
}

/// Imports that are resolved to files; everything else must come from the host.
static bool isResolvedToFile(const component::Import &import) {
  return import.decl.kind == component::ExternKind::Component ||
         import.decl.kind == component::ExternKind::CoreModule;
}

LogicalResult UnitStore::resolveImports(Unit &unit) {
  if (!unit.component)
    return success();
  for (const component::Definition &definition : unit.component->definitions) {
    const auto *import = definition.getIf<component::Import>();
    if (!import || !isResolvedToFile(*import))
      continue;
    FailureOr<Unit *> found = resolve(unit, *import);
    if (failed(found) || failed(checkFound(**found, *import)))
      return failure();
    unit.imports[import->name.name.str()] = *found;
  }
  return success();
}

FailureOr<Unit *> UnitStore::resolve(const Unit &importer, const component::Import &import) {
  llvm::StringRef name = import.name.name;
  askedFor.insert(name.str());
  std::vector<std::string> places = pathsOfImport(import.name, importer.file->directory, options);
  for (const std::string &place : places) {
    if (!files.exists(place))
      continue;
    FailureOr<Unit *> found = load(place, import.name.location);
    if (failed(found))
      return failure();
    std::optional<std::string> integrity = integrityOf(name);
    if (!integrity)
      return found;
    std::optional<bool> matches = hasIntegrity((*found)->file->source->getContents(), *integrity);
    if (!matches)
      return diags.error(import.name.location, "import '")
             << name << "': the integrity '" << *integrity << "' is not supported yet (sha256 is)";
    if (!*matches)
      return diags.error(import.name.location, "import '")
             << name << "': '" << place << "' does not have the integrity '" << *integrity << "'";
    return found;
  }
  std::string tried;
  for (const std::string &place : places)
    tried += "\n  tried " + place;
  return diags.error(import.name.location, "cannot resolve the import '")
         << name << "' of a " << spell(import.decl.kind)
         << (places.empty() ? ": no place to look for it; give --import " + name.str() + "=PATH"
                            : std::string())
         << tried;
}

/// The type of a unit's component as an importer sees it: without the imports that are resolved
/// already.
component::TypeId UnitStore::typeAfterResolving(const Unit &unit) {
  component::TypeId type = unit.component->type;
  if (unit.imports.empty())
    return type;
  const component::ComponentType &whole = arena.getComponent(type);
  component::ComponentType rest;
  for (const component::NamedExtern &import : whole.imports)
    if (!unit.imports.count(import.name.str()))
      rest.imports.add(import.name, import.type);
  rest.exports = whole.exports;
  rest.importedResources = whole.importedResources;
  rest.exportedResources = whole.exportedResources;
  return arena.makeComponent(std::move(rest));
}

LogicalResult UnitStore::checkFound(const Unit &found, const component::Import &import) {
  std::string what =
      ("import '" + import.name.name + "' (" + found.file->source->getName() + ")").str();
  auto check = [&](const component::ExternType &type) {
    LogicalResult result =
        component::checkSubtype(arena, type, import.type, what, import.name.location, diags);
    if (failed(result))
      diags.note(found.file->start(), "what was found is ") << found.file->source->getName();
    return result;
  };
  if (import.decl.kind == component::ExternKind::Component) {
    if (!found.component)
      return diags.error(import.name.location, what)
             << ": expected a component, found a core module";
    component::ExternType type =
        component::ExternType::of(component::ExternKind::Component, typeAfterResolving(found));
    return check(type);
  }
  if (!found.module)
    return diags.error(import.name.location, what) << ": expected a core module, found a component";
  component::ExternType type =
      component::ExternType::coreModule(component::moduleTypeOf(*found.module, arena));
  return check(type);
}
