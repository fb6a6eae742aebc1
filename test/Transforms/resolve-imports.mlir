// RUN: tenon-opt %s --comp-resolve-imports | FileCheck %s

// By name, by external id, and for a core module; the host's imports stay.

// CHECK: %[[V:.*]] = comp.define "virtualize"
%v = comp.define "virtualize" (%p) imports() {
  %s = comp.self %p "virtualize"
  comp.return ()
}
// CHECK: %[[C:.*]] = comp.define "./child.wasm"
%c = comp.define "./child.wasm" (%p) imports("m" = %m : !comp.core_module) {
  %s = comp.self %p "child"
  comp.return ()
}
// CHECK: %[[M:.*]] = comp.core_module "lib"
%m = comp.core_module "lib" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports() exports()
// CHECK: %[[H:.*]] = comp.host
%host = comp.host
// CHECK-NOT: comp.import {{.*}} : !comp.component
// CHECK-NOT: comp.import {{.*}} : !comp.core_module
%iv = comp.import "virtualize" : !comp.component
%ic = comp.import "child" external_id("./child.wasm") : !comp.component
%im = comp.import "lib" : !comp.core_module
// CHECK: comp.import "wasi:clocks/wall-clock@0.2.0" : !comp.instance
%clock = comp.import "wasi:clocks/wall-clock@0.2.0" : !comp.instance
// CHECK: comp.instantiate %[[V]] self(%[[H]])
%1 = comp.instantiate %iv self(%host) "" ("clock" = %clock : !comp.instance)
// CHECK: comp.instantiate %[[C]] self(%[[H]]) "" ("m" = %[[M]] : !comp.core_module)
%2 = comp.instantiate %ic self(%host) "" ("m" = %im : !comp.core_module)
