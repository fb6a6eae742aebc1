// RUN: tenon-opt %s --comp-lower-adapters | FileCheck %s
// RUN: tenon-opt %s --comp-lower-adapters --core-to-llvm | FileCheck %s --check-prefix=LLVM

// Scalars between two components: nothing but the call is left, and the bits that a narrow type does not
// have. Nobody can enter the callee twice, and nothing runs while an instance may not leave: no flags.

// CHECK: core.self @"self:parent"
// CHECK: core.self @"self:parent/fs" parent(@"self:parent")
// CHECK: core.module @"module:fs" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
// CHECK: core.instance @"parent/fs.m" module(@"module:fs") self(@"self:parent/fs") imports []
// CHECK: core.instance @"parent/child.m" module(@"module:child") self(@"self:parent/child")
// CHECK-SAME: imports [#core.import<"fs" "read" = func @"parent/child -> parent/fs: read">,
// CHECK-SAME: #core.import<"fs" "write" = func @"parent/child -> parent/fs: write">,
// CHECK-SAME: #core.import<"fs" "mem" = export @"parent/fs.m" "mem">]
// CHECK: core.export "run" @tenon.export.run

// CHECK: llvm.func @"parent/fs.m!read"(i32) -> i32
// CHECK: llvm.func hidden @"parent/child -> parent/fs: read"(%[[A:.*]]: i32) -> i32 attributes {passthrough = ["inlinehint", ["disable-tail-calls", "true"]]} {
// CHECK-NEXT: %[[R:.*]] = llvm.call @"parent/fs.m!read"(%[[A]])
// CHECK-NEXT: llvm.return %[[R]]

// CHECK: llvm.func hidden @"parent/child -> parent/fs: write"(%[[ADDR:.*]]: i32, %[[V:.*]]: i32, %[[C:.*]]: i32, %[[B:.*]]: i32)
// CHECK: %[[FF:.*]] = llvm.mlir.constant(255 : i32)
// CHECK: %[[BYTE:.*]] = llvm.and %[[V]], %[[FF]]
// A char is checked; a bool is 0 or 1.
// CHECK: %[[MAX:.*]] = llvm.mlir.constant(1114111 : i32)
// CHECK: llvm.icmp "ugt" %[[C]], %[[MAX]]
// CHECK: %[[KIND:.*]] = llvm.mlir.constant(26 : i32)
// CHECK: llvm.call @tenon_trap(%[[KIND]])
// CHECK: llvm.lshr %[[C]]
// CHECK: %[[TRUE:.*]] = llvm.icmp "ne" %[[B]]
// CHECK: %[[BOOL:.*]] = llvm.zext %[[TRUE]]
// CHECK: llvm.call @"parent/fs.m!write"(%[[ADDR]], %[[BYTE]], %[[C]], %[[BOOL]])

// CHECK: llvm.func hidden @tenon.export.run()
// CHECK: llvm.call @"parent/child.m!run"()
// CHECK-NOT: comp.

// LLVM-NOT: core.
%host = comp.host
%parent = comp.self %host "parent"
%fs = comp.self %parent "parent/fs"
%child = comp.self %parent "parent/child"
%m = comp.core_module "fs" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("mem" : !comp.core_memory, "read" : !comp.core_func<(i32) -> i32>,
          "write" : !comp.core_func<(i32, i32, i32, i32) -> ()>)
%n = comp.core_module "child" {file = "a.wasm", hash = "01", size = 8 : i64, start = 8 : i64}
  imports("fs" "read" : !comp.core_func<(i32) -> i32>, "fs" "write" : !comp.core_func<(i32, i32, i32, i32) -> ()>,
          "fs" "mem" : !comp.core_memory) exports("run" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%fs) "parent/fs.m" ()
%read = comp.core_export %i "read" : !comp.core_func<(i32) -> i32>
%write = comp.core_export %i "write" : !comp.core_func<(i32, i32, i32, i32) -> ()>
%mem = comp.core_export %i "mem" : !comp.core_memory
%a = comp.adapter %read : !comp.core_func<(i32) -> i32> as !comp.func<(addr: u32) -> u32>
  callee self(%fs) caller self(%child) resources() -> !comp.core_func<(i32) -> i32>
%b = comp.adapter %write : !comp.core_func<(i32, i32, i32, i32) -> ()> as !comp.func<(addr: u32, val: u8, c: char, b: bool)>
  callee self(%fs) caller self(%child) resources() -> !comp.core_func<(i32, i32, i32, i32) -> ()>
%j = comp.core_instance %n self(%child) "parent/child.m" ("fs" "read" = %a : !comp.core_func<(i32) -> i32>,
  "fs" "write" = %b : !comp.core_func<(i32, i32, i32, i32) -> ()>, "fs" "mem" = %mem : !comp.core_memory)
%run = comp.core_export %j "run" : !comp.core_func<() -> ()>
%lift = comp.lift %run self(%child) : !comp.core_func<() -> ()> -> !comp.func<()>
comp.root_export "run" %lift : !comp.func<()>
