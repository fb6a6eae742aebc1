//===- Passes.td - Passes from comp to comp -----------------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TRANSFORMS_PASSES_TD
#define TENON_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def CompResolveImports : Pass<"comp-resolve-imports", "::mlir::ModuleOp"> {
  let summary = "replace the root's imports of components and modules (graph -> linked)";
  let description = [{
    Who provides an import is not this pass's business: it asks a resolver (ResolveImports.h). The
    compiler's loads files. Without one, as in `tenon-opt`, an import is resolved to the component or
    core module of that name (or external id) which stands in the same MLIR module.

    ```mlir
    %v = comp.define "virtualize" ...
    %0 = comp.import "virtualize" : !comp.component
    %1 = comp.instantiate %0 ...
    ```
    becomes
    ```mlir
    %v = comp.define "virtualize" ...
    %1 = comp.instantiate %v ...
    ```
  }];
  let dependentDialects = ["::tenon::comp::CompDialect"];
}

def CompInlineInstances : Pass<"comp-inline-instances", "::mlir::ModuleOp"> {
  let summary = "instantiate every component: linking is inlining (linked -> flat)";
  let description = [{
    Executes the component level: `comp.instantiate` runs the body of the component, with the
    arguments in place of the imports. What is left is one block of core instances, lifts, lowers and
    resources. Instances that stay are the host's.

    ```mlir
    %c = comp.define "child" (%p) imports("log" = %log : !comp.func<()>) {
      %self = comp.self %p "child"
      %l = comp.lower %log self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
      ...
    }
    %i = comp.instantiate %c self(%parent) "" ("log" = %f : !comp.func<()>)
    ```
    becomes
    ```mlir
    %self = comp.self %parent "parent/child"
    %l = comp.lower %f self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
    ...
    ```
  }];
  let dependentDialects = ["::tenon::comp::CompDialect"];
  let options = [
    Option<"maxInstances", "max-instances", "unsigned", "10000",
           "how many component and core instances a program may have">
  ];
}

def CompFuseAdapters : Pass<"comp-fuse-adapters", "::mlir::ModuleOp"> {
  let summary = "make an adapter of each lower(lift), and name the host (flat -> fused)";
  let description = [{
    A lowered function of another instance becomes a `comp.adapter`, one of the host a
    `comp.host_adapter`. Imports that are left are the host's: their functions and resources get
    interface names without a version, so that a resource is one for its whole semver track.

    ```mlir
    %f = comp.lift %core self(%a) : !comp.core_func<() -> ()> -> !comp.func<()>
    %l = comp.lower %f self(%b) : !comp.func<()> -> !comp.core_func<() -> ()>
    ```
    becomes
    ```mlir
    %l = comp.adapter %core : !comp.core_func<() -> ()> as !comp.func<()>
           callee self(%a) caller self(%b) resources() -> !comp.core_func<() -> ()>
    ```
  }];
  let dependentDialects = ["::tenon::comp::CompDialect"];
}

def CompRemoveUnused : Pass<"comp-remove-unused", "::mlir::ModuleOp"> {
  let summary = "remove what nobody uses and nobody can observe";
  let description = [{
    Lifts, lowers, adapters, exports, bundles, resources, modules, components and imports without a
    use. Instances stay: instantiating has effects.
  }];
  let dependentDialects = ["::tenon::comp::CompDialect"];
}

def CompVerifyStage : Pass<"comp-verify-stage", "::mlir::ModuleOp"> {
  let summary = "check that only what is legal at a stage occurs";
  let description = [{
    The stages are those of docs/Architecture.md: `graph`, `linked`, `flat`, `fused`.
  }];
  let options = [Option<"stage", "stage", "std::string", "\"graph\"", "the stage's name">];
}

def CompReport : Pass<"comp-report", "::mlir::ModuleOp"> {
  let summary = "print the graph as text on standard output (GraphReport.h)";
  let description = [{
    `static`: the components with their wiring (stage `graph` or `linked`). `runtime`: the instances,
    who calls whom (stage `fused`). `reach`: what of the host each instance can reach (stage `fused`).
  }];
  let options = [Option<"kind", "kind", "std::string", "\"static\"", "static, runtime or reach">];
}

#endif // TENON_TRANSFORMS_PASSES_TD
