// RUN: tenon-opt %s --split-input-file --comp-fuse-adapters | FileCheck %s

// A lower of a lift: both sides' options meet in one adapter, and the lift is gone.

// CHECK: %[[A:.*]] = comp.self %{{.*}} "a"
// CHECK: %[[B:.*]] = comp.self %{{.*}} "b"
// CHECK: %[[R:.*]] = comp.resource "r" self(%[[A]])
// CHECK-NOT: comp.lift
// CHECK-NOT: comp.lower
// CHECK: comp.adapter %[[F:.*]] : !comp.core_func<(i32) -> i32> as !comp.func<(r: borrow<0>) -> string>
// CHECK-SAME: callee self(%[[A]]) memory(%[[MEM:.*]]) post_return(%[[POST:.*]] : !comp.core_func<(i32) -> ()>)
// CHECK-SAME: caller self(%[[B]]) memory(%[[MEM2:.*]]) realloc(%[[REALLOC2:.*]]) resources(%[[R]])
// CHECK-SAME: calleeOptions = #comp.options<utf16>
// CHECK-SAME: -> !comp.core_func<(i32, i32) -> ()>
// CHECK: comp.core_instance
%host = comp.host
%a = comp.self %host "a"
%b = comp.self %host "b"
%lib = comp.core_module "lib" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("mem" : !comp.core_memory, "f" : !comp.core_func<(i32) -> i32>, "post" : !comp.core_func<(i32) -> ()>,
          "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>)
%use = comp.core_module "use" {file = "a.wasm", hash = "01", size = 8 : i64, start = 0 : i64}
  imports("" "f" : !comp.core_func<(i32, i32) -> ()>) exports()
%r = comp.resource "r" self(%a)
%i = comp.core_instance %lib self(%a) "a.lib" ()
%j = comp.core_instance %lib self(%b) "b.lib" ()
%mem = comp.core_export %i "mem" : !comp.core_memory
%f = comp.core_export %i "f" : !comp.core_func<(i32) -> i32>
%post = comp.core_export %i "post" : !comp.core_func<(i32) -> ()>
%mem2 = comp.core_export %j "mem" : !comp.core_memory
%realloc2 = comp.core_export %j "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>
%lift = comp.lift %f self(%a) memory(%mem) post_return(%post : !comp.core_func<(i32) -> ()>) resources(%r)
  {options = #comp.options<utf16>} : !comp.core_func<(i32) -> i32> -> !comp.func<(r: borrow<0>) -> string>
%low = comp.lower %lift self(%b) memory(%mem2) realloc(%realloc2) resources(%r)
  : !comp.func<(r: borrow<0>) -> string> -> !comp.core_func<(i32, i32) -> ()>
%k = comp.core_instance %use self(%b) "b.use" ("" "f" = %low : !comp.core_func<(i32, i32) -> ()>)

// -----

// The host: versions of one track are one interface and one resource; other tracks keep their number.

// CHECK-DAG: %[[P:.*]] = comp.host_resource "wasi:io/poll" "pollable"
// CHECK-DAG: %[[P3:.*]] = comp.host_resource "wasi:io/poll@0.3" "pollable"
// CHECK-NOT: comp.host_resource
// CHECK: %[[S:.*]] = comp.self
// CHECK-NOT: comp.import
// CHECK-NOT: comp.export
// CHECK-DAG: %[[F:.*]] = comp.host_func "wasi:io/poll" "[method]pollable.block" : !comp.func<(self: borrow<0>)>
// CHECK-DAG: %[[G:.*]] = comp.host_func "example:log/log@1" "log"
// CHECK-DAG: %[[H:.*]] = comp.host_func "$root" "plain"
// CHECK: comp.host_adapter %[[F]] : !comp.func<(self: borrow<0>)> caller self(%[[S]]) resources(%[[P]])
// CHECK: comp.host_adapter %[[G]]
// CHECK: comp.host_adapter %[[H]]
// CHECK: comp.resource_drop %[[P]] self(%[[S]])
// CHECK: comp.resource_drop %[[P3]] self(%[[S]])
%host = comp.host
%self = comp.self %host "a"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
  imports("" "a" : !comp.core_func<(i32) -> ()>, "" "b" : !comp.core_func<() -> ()>, "" "c" : !comp.core_func<() -> ()>,
          "" "d" : !comp.core_func<(i32) -> ()>, "" "e" : !comp.core_func<(i32) -> ()>) exports()
%p1 = comp.import "wasi:io/poll@0.2.0" : !comp.instance
%p2 = comp.import "wasi:io/poll@0.2.12-rc.1" : !comp.instance
%p3 = comp.import "wasi:io/poll@0.3.0" : !comp.instance
%log = comp.import "my-log" implements("example:log/log@1.2.3") : !comp.instance
%plain = comp.import "plain" : !comp.func<()>
%r1 = comp.export %p1 "pollable" : !comp.resource
%r2 = comp.export %p2 "pollable" : !comp.resource
%r3 = comp.export %p3 "pollable" : !comp.resource
%block = comp.export %p1 "[method]pollable.block" : !comp.func<(self: borrow<0>)>
%logf = comp.export %log "log" : !comp.func<()>
%a = comp.lower %block self(%self) resources(%r1) : !comp.func<(self: borrow<0>)> -> !comp.core_func<(i32) -> ()>
%b = comp.lower %logf self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
%c = comp.lower %plain self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
%d = comp.resource_drop %r2 self(%self) : !comp.core_func<(i32) -> ()>
%e = comp.resource_drop %r3 self(%self) : !comp.core_func<(i32) -> ()>
%i = comp.core_instance %m self(%self) "a.m" ("" "a" = %a : !comp.core_func<(i32) -> ()>,
  "" "b" = %b : !comp.core_func<() -> ()>, "" "c" = %c : !comp.core_func<() -> ()>,
  "" "d" = %d : !comp.core_func<(i32) -> ()>, "" "e" = %e : !comp.core_func<(i32) -> ()>)

// -----

// What the outside may call keeps its lift, also when what is lifted is an adapter.

// CHECK: %[[H:.*]] = comp.host_func "$root" "now"
// CHECK: %[[A:.*]] = comp.adapter
// CHECK: %[[L:.*]] = comp.lift %[[A]]
// CHECK: comp.root_export "run" %[[L]]
// CHECK: comp.root_export "now" %[[H]]
%host = comp.host
%self = comp.self %host "a"
%now = comp.import "now" : !comp.func<() -> u64>
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
  imports() exports("f" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%self) "a.m" ()
%f = comp.core_export %i "f" : !comp.core_func<() -> ()>
%l = comp.lift %f self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
%g = comp.lower %l self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
%again = comp.lift %g self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
comp.root_export "run" %again : !comp.func<()>
comp.root_export "now" %now : !comp.func<() -> u64>
