// RUN: tenon-opt %s --comp-remove-unused | FileCheck %s

// Unused functions, resources and imports go, chains of them too; instances and their states stay.

// CHECK: %[[H:.*]] = comp.host
// CHECK-NEXT: %[[S:.*]] = comp.self %[[H]] "a"
// CHECK-NEXT: %[[M:.*]] = comp.core_module "m"
// CHECK-NEXT: comp.core_instance %[[M]] self(%[[S]]) "a.m" ()
// CHECK-NEXT: }
%host = comp.host
%self = comp.self %host "a"
%fs = comp.import "fs" : !comp.instance
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("f" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%self) "a.m" ()
%r = comp.resource "r" self(%self)
%drop = comp.resource_drop %r self(%self) : !comp.core_func<(i32) -> ()>
%f = comp.core_export %i "f" : !comp.core_func<() -> ()>
%lift = comp.lift %f self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
%low = comp.lower %lift self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
%c = comp.define "c" (%p) imports() {
  %s = comp.self %p "c"
  comp.return ()
}
