// RUN: tenon-opt %s --comp-verify-stage=stage=graph --comp-resolve-imports --comp-verify-stage=stage=linked --comp-inline-instances --comp-verify-stage=stage=flat --comp-fuse-adapters --comp-verify-stage=stage=fused | FileCheck %s

// One program through all stages.
// CHECK: comp.host_func "wasi:clocks/monotonic-clock" "now"
// CHECK: comp.host_adapter
// CHECK: comp.core_instance %{{.*}} "app.main"
// CHECK: comp.root_export "run"
%c = comp.define "app" (%p) imports("wasi:clocks/monotonic-clock@0.2.0" = %clock : !comp.instance) {
  %self = comp.self %p "app"
  %now = comp.export %clock "now" : !comp.func<() -> u64>
  %m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
    imports("clock" "now" : !comp.core_func<() -> i64>) exports("run" : !comp.core_func<() -> ()>)
  %l = comp.lower %now self(%self) : !comp.func<() -> u64> -> !comp.core_func<() -> i64>
  %env = comp.core_bundle ("now" = %l : !comp.core_func<() -> i64>)
  %i = comp.core_instantiate %m self(%self) "main" ("clock" = %env : !comp.core_instance)
  %f = comp.core_export %i "run" : !comp.core_func<() -> ()>
  %run = comp.lift %f self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
  comp.return ("run" = %run : !comp.func<()>)
}
%host = comp.host
%app = comp.import "app" : !comp.component
%clock = comp.import "wasi:clocks/monotonic-clock@0.2.0" : !comp.instance
%i = comp.instantiate %app self(%host) "" ("wasi:clocks/monotonic-clock@0.2.0" = %clock : !comp.instance)
%run = comp.export %i "run" : !comp.func<()>
comp.root_export "run" %run : !comp.func<()>
