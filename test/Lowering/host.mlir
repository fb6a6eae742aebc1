// RUN: tenon-opt %s --comp-lower-adapters | FileCheck %s

// The host is a callee whose memory is the process: handles become representations, a list that is read
// becomes a view, a list that is returned is copied once, after one realloc of its length.

// CHECK: llvm.func @"wasi:filesystem/types#[method]descriptor.read"(i32, i64, i64, !llvm.ptr)
// CHECK-LABEL: llvm.func hidden @"app -> wasi:filesystem/types#[method]descriptor.read"
// CHECK-SAME: (%[[H:.*]]: i32, %[[LEN:.*]]: i64, %[[OFF:.*]]: i64, %[[RET:.*]]: i32)
// CHECK: %[[AREA:.*]] = llvm.alloca
// realloc runs in this instance while it may not leave it, so leaving is checked.
// CHECK: llvm.load
// CHECK: llvm.mlir.constant(15 : i32)
// The host calls nobody: nothing needs to count the borrow.
// CHECK: %[[REP:.*]] = llvm.call @tenon_handle_rep(%{{.*}}, %{{.*}}, %[[H]])
// CHECK: llvm.call @"wasi:filesystem/types#[method]descriptor.read"(%[[REP]], %[[LEN]], %[[OFF]], %[[AREA]])
// The return pointer is checked: alignment, bounds.
// CHECK: llvm.mlir.constant(22 : i32)
// CHECK: core.memory_bytes @app.lib "mem"
// CHECK: llvm.mlir.constant(21 : i32)
// CHECK: llvm.switch
// CHECK: llvm.call @"app.lib!realloc"
// CHECK: llvm.mlir.constant(23 : i32)
// CHECK: "llvm.intr.memcpy"
// CHECK-NOT: llvm.call @tenon_handle_unlend

// CHECK-LABEL: llvm.func hidden @"app -> wasi:filesystem/types#[method]descriptor.open-at"
// CHECK: %[[BASE:.*]] = core.memory_base @app.lib "mem"
// CHECK: %[[VIEW:.*]] = llvm.getelementptr %[[BASE]]
// CHECK: llvm.call @tenon_utf8_check(%[[VIEW]],
// CHECK: llvm.call @"wasi:filesystem/types#[method]descriptor.open-at"(%{{.*}}, %[[VIEW]], %{{.*}}, %{{.*}}) : (i32, !llvm.ptr, i64, !llvm.ptr) -> ()
// CHECK: llvm.call @tenon_handle_new_own

// A list of handles looks different on the other side: it is converted.
// CHECK-LABEL: llvm.func hidden @"app -> wasi:io/poll#poll"
// CHECK: %[[MARK:.*]] = llvm.call @tenon_arena_mark()
// CHECK: %[[NATIVE:.*]] = llvm.call @tenon_arena_alloc
// CHECK: llvm.call @tenon_handle_rep
// CHECK: llvm.call @"wasi:io/poll#poll"(%[[NATIVE]],
// CHECK: llvm.call @tenon_arena_release(%[[MARK]])

// CHECK-LABEL: llvm.func hidden @"app: resource.drop wasi:filesystem/types#descriptor"
// CHECK: llvm.call @tenon_handle_drop
// CHECK: llvm.call @"wasi:filesystem/types#[resource-drop]descriptor"

// CHECK-LABEL: llvm.func hidden @"tenon.export.wasi:cli/run~0.2.0#run"() -> i32
%host = comp.host
%self = comp.self %host "app"
%descriptor = comp.host_resource "wasi:filesystem/types" "descriptor"
%pollable = comp.host_resource "wasi:io/poll" "pollable"
%read = comp.host_func "wasi:filesystem/types" "[method]descriptor.read" : !comp.func<(self: borrow<0>, length: u64, offset: u64) -> result<tuple<list<u8>, bool>, enum<access, "would-block">>>
%open = comp.host_func "wasi:filesystem/types" "[method]descriptor.open-at" : !comp.func<(self: borrow<0>, path: string) -> result<own<0>, enum<access, "would-block">>>
%poll = comp.host_func "wasi:io/poll" "poll" : !comp.func<(in: list<borrow<0>>) -> list<u32>>
%lib = comp.core_module "lib" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("mem" : !comp.core_memory, "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>, "run" : !comp.core_func<() -> i32>)
%i = comp.core_instance %lib self(%self) "app.lib" ()
%mem = comp.core_export %i "mem" : !comp.core_memory
%realloc = comp.core_export %i "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>
%run = comp.core_export %i "run" : !comp.core_func<() -> i32>
%f0 = comp.host_adapter %read : !comp.func<(self: borrow<0>, length: u64, offset: u64) -> result<tuple<list<u8>, bool>, enum<access, "would-block">>>
  caller self(%self) memory(%mem) realloc(%realloc) resources(%descriptor) -> !comp.core_func<(i32, i64, i64, i32) -> ()>
%f1 = comp.host_adapter %open : !comp.func<(self: borrow<0>, path: string) -> result<own<0>, enum<access, "would-block">>>
  caller self(%self) memory(%mem) resources(%descriptor) -> !comp.core_func<(i32, i32, i32, i32) -> ()>
%f2 = comp.host_adapter %poll : !comp.func<(in: list<borrow<0>>) -> list<u32>>
  caller self(%self) memory(%mem) realloc(%realloc) resources(%pollable) -> !comp.core_func<(i32, i32, i32) -> ()>
%f3 = comp.resource_drop %descriptor self(%self) : !comp.core_func<(i32) -> ()>
%lift = comp.lift %run self(%self) : !comp.core_func<() -> i32> -> !comp.func<() -> result>
comp.root_export "wasi:cli/run@0.2.0#run" %lift : !comp.func<() -> result>
