// RUN: split-file %s %t
// RUN: tenon-opt %t/graph.mlir --comp-verify-stage=stage=graph --verify-diagnostics
// RUN: tenon-opt %t/linked.mlir --comp-verify-stage=stage=linked --verify-diagnostics
// RUN: tenon-opt %t/flat.mlir --comp-verify-stage=stage=flat --verify-diagnostics
// RUN: tenon-opt %t/fused.mlir --comp-verify-stage=stage=fused --verify-diagnostics
// RUN: tenon-opt %t/isolation.mlir --comp-verify-stage=stage=fused --verify-diagnostics
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

//--- isolation.mlir
%host = comp.host
%a = comp.self %host "a"
%b = comp.self %host "b"
%r = comp.host_resource "i" "r"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
  imports() exports("f" : !comp.core_func<(i32) -> ()>)
%n = comp.core_module "n" {file = "a.wasm", hash = "01", size = 8 : i64, start = 0 : i64}
  imports("" "f" : !comp.core_func<(i32) -> ()>) exports("mem" : !comp.core_memory)
%ia = comp.core_instance %m self(%a) "a.m" ()
%f = comp.core_export %ia "f" : !comp.core_func<(i32) -> ()>
%drop = comp.resource_drop %r self(%a) : !comp.core_func<(i32) -> ()>
// expected-error @below {{uses a core value of another component instance}}
%ib = comp.core_instance %n self(%b) "b.n" ("" "f" = %f : !comp.core_func<(i32) -> ()>)
// expected-error @below {{uses a core value of another component instance}}
%ic = comp.core_instance %n self(%b) "b.n2" ("" "f" = %drop : !comp.core_func<(i32) -> ()>)
%mem = comp.core_export %ib "mem" : !comp.core_memory
// expected-error @below {{uses a core value of another component instance}}
%ad = comp.adapter %f : !comp.core_func<(i32) -> ()> as !comp.func<(x: u32)>
  callee self(%a) memory(%mem) caller self(%b) resources() -> !comp.core_func<(i32) -> ()>

//--- unknown.mlir
%host = comp.host
