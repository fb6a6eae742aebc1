//===- Component.h - A component, read and validated ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A component is its definitions in order. To make anything of it, walk them front to back and
// append what each makes to the index space that `defines` names; every index refers backwards:
//
//   for (const Definition &definition : component.definitions) {
//     const auto *alias = definition.getIf<Alias>();
//     const auto *canon = definition.getIf<Canon>();
//     if (alias && alias->target == Alias::Export)
//       values[alias->sort].push_back(exportOf(instances[alias->instance], alias->name));
//     else if (canon && canon->kind == CanonKind::Lower)
//       coreFuncs.push_back(lower(funcs[canon->func], arena.getFunc(canon->funcType),
//                                 canon->coreType, map(canon->resources, resourceValue)));
//     ...
//   }
//
// Validation leaves the type of every index (`spaces`), and for every resource type that any of
// them mentions the way to find it as a value of this component:
//
//   Value resourceValue(ResourceId resource) {
//     const ResourcePath *path = component.pathOf(resource);
//     if (!path)
//       return parent.resourceValue(resource); // only through an outer alias of a component
//     Value value = valueMadeBy(component.definitions[path->definition]);
//     for (StringRef name : path->exports)
//       value = exportOf(value, name);
//     return value;
//   }
//
// The definition at the path's start is one that makes the resource (a Type that is a `resource`),
// an Import, an Alias or an Export whose `defines` is a type that is a resource, or whatever made
// an instance. An Export with the ascription `(sub resource)` has a ResourceId of its own; as a
// value it is the type that it exports. `(eq N)` is the ResourceId of N.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_COMPONENT_H
#define TENON_COMPONENT_COMPONENT_H

#include "tenon/Component/Definitions.h"

namespace tenon::component {

/// A type of the core type index space.
struct CoreTypeEntry {
  bool isModule = false;
  wasm::FuncType func;
  ModuleTypeId module;
};

/// The type of everything in the index spaces, by index. Filled by the validator.
struct IndexSpaces {
  std::vector<wasm::FuncType> coreFuncs;
  std::vector<wasm::TableType> coreTables;
  std::vector<wasm::MemoryType> coreMemories;
  std::vector<wasm::GlobalType> coreGlobals;
  std::vector<wasm::FuncType> coreTags;
  std::vector<CoreTypeEntry> coreTypes;
  std::vector<ModuleTypeId> coreModules;
  std::vector<std::shared_ptr<const CoreExports>> coreInstances;
  std::vector<TypeId> funcs;
  std::vector<ValType> values;
  std::vector<TypeId> types;
  std::vector<TypeId> components; ///< component types
  std::vector<TypeId> instances;  ///< instance types that bind nothing
};

/// How a resource type first became available in a component: see the head of this file.
struct ResourcePath {
  uint32_t definition = 0;
  llvm::SmallVector<llvm::StringRef, 2> exports;
};

struct Component {
  const SourceFile *file = nullptr;
  llvm::ArrayRef<uint8_t> bytes; ///< the component's own bytes
  Location location;             ///< of its first byte
  std::vector<Definition> definitions;

  /// The custom section "component-name"; empty where nothing is said. Malformed sections say
  /// nothing.
  llvm::StringRef name;
  llvm::StringRef nameOf(Sort sort, uint32_t index) const;
  llvm::DenseMap<uint32_t, llvm::StringRef> names[numSorts];

  // Validated.
  IndexSpaces spaces;
  /// The component type (Types.h).
  TypeId type;
  /// Null when the resource does not come from this component.
  const ResourcePath *pathOf(ResourceId resource) const;
  llvm::DenseMap<uint32_t, ResourcePath> resourcePaths; ///< by index of the ResourceId

  bool isValidated() const { return type.isValid(); }
};

} // namespace tenon::component

#endif // TENON_COMPONENT_COMPONENT_H
