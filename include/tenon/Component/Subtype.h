//===- Subtype.h - May this stand for that? ---------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Subtyping (Explainer.md#type-checking) with messages in WIT terms that name the place and both
// sides:
//
//   import 'a:b/c@1.0.0': export 'f': parameter 'p': field 'age': expected u32, found u64
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_SUBTYPE_H
#define TENON_COMPONENT_SUBTYPE_H

#include "tenon/Component/Types.h"

namespace tenon::component {

/// Whether `found` may stand where `expected` is asked for. `what` begins the message ("import
/// 'x'"). Resources that `expected` binds are matched with those of `found` by name.
LogicalResult checkSubtype(TypeArena &arena, const ExternType &found, const ExternType &expected,
                           const llvm::Twine &what, Location location, Diagnostics &diags);

/// What was asked for but is not there, when that is not to be an error.
struct MissingExport {
  std::string name; ///< `[method]input-stream.read`
  ExternType expected;
};

/// Supplies the imports of a component one after the other: a `with` list, what the driver found
/// for the imports of a root, the host. What was supplied for an imported resource stands for it
/// from then on, so two imports that are given one resource (an interface in two versions of one
/// track) agree.
///
///   Instantiation instantiation(arena, componentType, diags);
///   for (const NamedExtern &import : arena.getComponent(componentType).imports)
///     if (failed(instantiation.supply(import.name, find(import.name), location)))
///       return failure();
///   TypeId instance = instantiation.finish();
class Instantiation {
public:
  Instantiation(TypeArena &arena, TypeId componentType, Diagnostics &diags);

  /// Checks `found` against the import `name`; imports are supplied in order. Functions that
  /// `found` lacks go to `missing` when that is given, and are errors when not.
  LogicalResult supply(llvm::StringRef name, const ExternType &found, Location location,
                       std::vector<MissingExport> *missing = nullptr);
  /// Says that nothing is supplied for an import: what it introduces stays abstract.
  void leaveOut(llvm::StringRef) {}

  /// The type of an instance of the component, its own resources fresh. Call once.
  TypeId finish();
  /// What stands for an imported resource: what was supplied, or itself.
  ResourceId lookUp(ResourceId imported) const;

private:
  TypeArena &arena;
  TypeId componentType;
  /// The resources that each import introduces, as indices into `importedResources`.
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<uint32_t, 1>> resourcesOf;
  Diagnostics &diags;
  /// For checking, resources are enough, since everything else is equal by structure.
  Substitution checking;
  /// For the result: resources, and the types that were supplied under the names of the imports.
  Substitution naming;
};

/// The type of an instance of its own with the given instance type, as an import or an export makes
/// it: the resources that it binds become fresh ones of `origin` (appended to `fresh`, with their
/// paths), and every type that it exports gets an identity of its own.
TypeId openInstance(TypeArena &arena, TypeId instanceType,
                    std::vector<BoundResource> *fresh = nullptr,
                    ResourceInfo::Origin origin = ResourceInfo::Abstract);

/// What an instance (or an import or export list) has at a path; null when there is nothing.
const ExternType *lookUpPath(const TypeArena &arena, const ExternList &externs,
                             llvm::ArrayRef<llvm::StringRef> path);

} // namespace tenon::component

#endif // TENON_COMPONENT_SUBTYPE_H
