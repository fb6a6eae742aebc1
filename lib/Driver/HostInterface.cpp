//===- HostInterface.cpp - What the host offers ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/HostInterface.h"
#include "MissingImports.h"
#include "mlir/IR/BuiltinOps.h"
#include "tenon/Component/Names.h"
#include "tenon/Component/Reader.h"
#include "tenon/Component/Subtype.h"
#include "tenon/Component/Validator.h"
#include "tenon/Dialect/Comp/CompOps.h"

using namespace tenon;
using namespace tenon::driver;
using component::ExternKind;
using component::ExternType;

static constexpr llvm::StringLiteral interfacesText =
#include "HostInterfaces.inc"
    ;

llvm::StringRef tenon::driver::withoutVersion(llvm::StringRef interface) {
  return interface.split('@').first;
}

/// The same interface in a compatible version (Explainer.md#canonical-interface-name).
static bool isSameTrack(llvm::StringRef a, llvm::StringRef b) {
  std::optional<component::ParsedName> left = component::parseName(a),
                                       right = component::parseName(b);
  if (!left || !right || left->kind != component::NameKind::Interface ||
      right->kind != component::NameKind::Interface || withoutVersion(a) != withoutVersion(b))
    return false;
  auto track = [](const component::ParsedName &name) {
    return name.isCanonicalVersion ? std::optional(name.version)
                                   : component::versionTrack(name.version);
  };
  return track(*left) == track(*right);
}

FailureOr<HostInterface> HostInterface::load(FileStore &files, component::TypeArena &arena,
                                             Diagnostics &diags) {
  FailureOr<const InputFile *> file = files.loadText("<host interfaces>", interfacesText);
  if (failed(file))
    return failure();
  FailureOr<std::unique_ptr<component::Component>> component =
      component::readComponent((*file)->bytes, (*file)->start(), diags);
  if (failed(component) || failed(component::validateComponent(**component, arena, diags)))
    return failure();
  HostInterface host;
  for (const component::Definition &definition : (*component)->definitions) {
    const auto *import = definition.getIf<component::Import>();
    if (!import)
      continue;
    component::TypeId instance = (*component)->spaces.instances[definition.defines->index];
    host.addInterface(arena, import->name.name, ExternType::of(ExternKind::Instance, instance));
  }
  host.host = std::move(*component);
  return host;
}

void HostInterface::addInterface(const component::TypeArena &arena, llvm::StringRef name,
                                 ExternType type) {
  interfaces.emplace_back(name.str(), type);
  std::string prefix = (withoutVersion(name) + "#").str();
  for (const component::NamedExtern &item : arena.getInstance(type.type).exports) {
    if (item.type.kind == ExternKind::Func)
      provided.insert(prefix + item.name.str());
    else if (item.type.kind == ExternKind::Type)
      provided.insert(prefix + "[resource-drop]" + item.name.str());
  }
}

const ExternType *HostInterface::findInterface(llvm::StringRef name) const {
  for (const auto &[provided, type] : interfaces)
    if (provided == name || isSameTrack(provided, name))
      return &type;
  return nullptr;
}

LogicalResult HostInterface::checkImports(const component::Component &root,
                                          component::TypeArena &arena, Diagnostics &diags,
                                          bool hasFiles) {
  component::Instantiation instantiation(arena, root.type, diags);
  MissingImports missing(arena);
  for (const component::Definition &definition : root.definitions) {
    const auto *import = definition.getIf<component::Import>();
    if (!import)
      continue;
    llvm::StringRef name = import->name.name, interface = import->name.interface();
    if (import->decl.kind == ExternKind::Component || import->decl.kind == ExternKind::CoreModule) {
      if (!hasFiles) {
        instantiation.leaveOut(name);
        missing.add(*import);
      }
      continue;
    }
    const ExternType *provided = findInterface(interface);
    if (provided) {
      std::vector<component::MissingExport> absent;
      if (failed(instantiation.supply(name, *provided, import->name.location, &absent)))
        return failure();
      for (const component::MissingExport &item : absent)
        diags.warning(import->name.location, "the host does not have ")
            << name << '#' << item.name << " yet: calling it traps";
      continue;
    }
    instantiation.leaveOut(name);
    if (!wantsProvider(arena, import->type))
      continue;
    // A function can be absent until it is called; a value can't.
    if (import->decl.kind != ExternKind::Instance || !interface.starts_with("wasi:") ||
        hasValue(arena, import->type)) {
      missing.add(*import);
      continue;
    }
    for (const component::NamedExtern &item : arena.getInstance(import->type.type).exports) {
      if (item.type.kind != ExternKind::Func)
        continue;
      diags.warning(import->name.location, "the host does not have ")
          << interface << '#' << item.name << " yet: calling it traps";
    }
  }
  return missing.report(diags);
}

std::vector<std::string> HostInterface::absentFunctions(mlir::ModuleOp module) const {
  std::set<std::string> absent;
  module.walk([&](mlir::Operation *op) {
    std::string symbol;
    if (auto function = llvm::dyn_cast<comp::HostFuncOp>(op))
      symbol = (function.getInterface() + "#" + function.getName()).str();
    else if (auto resource = llvm::dyn_cast<comp::HostResourceOp>(op))
      symbol = (resource.getInterface() + "#[resource-drop]" + resource.getName()).str();
    if (!symbol.empty() && !provided.count(symbol))
      absent.insert(symbol);
  });
  return {absent.begin(), absent.end()};
}
