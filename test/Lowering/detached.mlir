// RUN: tenon-opt %s --comp-lower-adapters=donut-wrapping=false | FileCheck %s

// What carries values belongs to no instance, wherever its path begins: calls between it and the instance around it
// are no donut wrapping, which would trap here, and enter the instance like calls of the outside.

// CHECK-LABEL: llvm.func hidden @"parent/start -> parent: run"
// CHECK-NEXT: llvm.call @"parent.m!run"
// CHECK-LABEL: llvm.func hidden @"parent -> parent/values: value"
// CHECK-NEXT: llvm.call @"parent/values.m!value"
// CHECK-LABEL: llvm.func hidden @"parent -> parent/child: value"
// CHECK-NEXT: llvm.mlir.constant(true)
// CHECK-NEXT: llvm.cond_br
// CHECK: llvm.call @tenon_trap
%host = comp.host
%parent = comp.self %host "parent"
%start = comp.self %parent "parent/start" detached
%values = comp.self %parent "parent/values" detached
%child = comp.self %parent "parent/child"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("run" : !comp.core_func<() -> ()>, "value" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%parent) "parent.m" ()
%j = comp.core_instance %m self(%values) "parent/values.m" ()
%k = comp.core_instance %m self(%child) "parent/child.m" ()
%run = comp.core_export %i "run" : !comp.core_func<() -> ()>
%a = comp.adapter %run : !comp.core_func<() -> ()> as !comp.func<()>
  callee self(%parent) caller self(%start) resources() -> !comp.core_func<() -> ()>
%value = comp.core_export %j "value" : !comp.core_func<() -> ()>
%b = comp.adapter %value : !comp.core_func<() -> ()> as !comp.func<()>
  callee self(%values) caller self(%parent) resources() -> !comp.core_func<() -> ()>
%wrapped = comp.core_export %k "value" : !comp.core_func<() -> ()>
%c = comp.adapter %wrapped : !comp.core_func<() -> ()> as !comp.func<()>
  callee self(%child) caller self(%parent) resources() -> !comp.core_func<() -> ()>
