// RUN: split-file %s %t
// RUN: tenon-opt %t/graph.mlir --comp-verify-stage=stage=graph --verify-diagnostics
// RUN: tenon-opt %t/linked.mlir --comp-verify-stage=stage=linked --verify-diagnostics
// RUN: tenon-opt %t/flat.mlir --comp-verify-stage=stage=flat --verify-diagnostics
// RUN: tenon-opt %t/fused.mlir --comp-verify-stage=stage=fused --verify-diagnostics
// RUN: not tenon-opt %t/unknown.mlir --comp-verify-stage=stage=baked 2>&1 | FileCheck %s

// CHECK: there is no stage 'baked'

//--- graph.mlir
// expected-error @below {{is not legal at stage graph}}
%f = comp.host_func "wasi:clocks/wall-clock" "now" : !comp.func<()>

//--- linked.mlir
// expected-error @below {{is not legal at stage linked}}
%c = comp.import "c" : !comp.component
%i = comp.import "wasi:clocks/wall-clock@0.2.0" : !comp.instance

//--- flat.mlir
%i = comp.import "wasi:clocks/wall-clock@0.2.0" : !comp.instance
// expected-error @below {{is not legal at stage flat}}
%b = comp.bundle ()
// expected-error @below {{is not legal at stage flat}}
%c = comp.define "c" (%p) imports() {
  %self = comp.self %p "c"
  // expected-error @below {{is not legal at stage flat}}
  comp.return ()
}
// expected-error @below {{is not legal at stage flat}}
comp.root_export "i" %i : !comp.instance

//--- fused.mlir
%host = comp.host
%self = comp.self %host "a"
%f = comp.host_func "wasi:clocks/wall-clock" "now" : !comp.func<()>
// expected-error @below {{is not legal at stage fused}}
%l = comp.lower %f self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
// expected-error @below {{is not legal at stage fused}}
%lift = comp.lift %l self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
%g = comp.lower %lift self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
// expected-error @above {{is not legal at stage fused}}

//--- unknown.mlir
%host = comp.host
