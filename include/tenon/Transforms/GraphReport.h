//===- GraphReport.h - The graph as text ------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both sides of the picture: the static graph (components and who hands what to whom, as written)
// and the graph at run time (instances, who calls whom, what of the host each can reach).
//
// Reach is a fact of the use-def graph: a host function can be called by a component instance
// exactly if one of its core instances is given an adapter of that function, and a host resource
// can be held by it exactly if such an adapter, or one to another instance, names the resource in
// its type.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TRANSFORMS_GRAPHREPORT_H
#define TENON_TRANSFORMS_GRAPHREPORT_H

#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace tenon::comp {

/// What one component instance is connected to, at stage `fused`.
struct InstanceReach {
  std::string path;
  /// Host functions that its core code can call directly: `wasi:cli/stdout#get-stdout`. Sorted.
  std::vector<std::string> hostFunctions;
  /// Host resources that it can hold handles of: `wasi:filesystem/types#descriptor`. Sorted.
  std::vector<std::string> hostResources;
  /// Paths of the component instances that it can call, sorted.
  std::vector<std::string> callees;
  /// Core instances that belong to it, in the order of instantiation.
  std::vector<std::string> coreInstances;
};

/// Stage `graph` or `linked`: the components with their wiring, indented by nesting.
void printStaticGraph(mlir::ModuleOp module, llvm::raw_ostream &os);

/// Stage `fused`: every component instance, in the order of instantiation.
std::vector<InstanceReach> computeReach(mlir::ModuleOp module);

/// Stage `fused`: the tree of instances, who calls whom, and what of the host each can reach.
void printRuntimeGraph(mlir::ModuleOp module, llvm::raw_ostream &os);

/// Stage `fused`: for each component instance what of the host it can reach, nothing else.
void printReach(mlir::ModuleOp module, llvm::raw_ostream &os);

/// Stage `fused`: what could have to wait for another task, which is not supported yet: built-ins
/// by their names, and `canon lift async`. Sorted.
std::vector<std::string> unsupportedAsync(mlir::ModuleOp module);

} // namespace tenon::comp

#endif // TENON_TRANSFORMS_GRAPHREPORT_H
