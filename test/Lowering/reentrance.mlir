// RUN: tenon-opt %s --comp-lower-adapters | FileCheck %s
// RUN: tenon-opt %s --comp-lower-adapters=lockdown=true | FileCheck %s --check-prefix=LOCK

// A parent that wraps a child: parent -> child -> parent is allowed; if the parent then calls the child
// again, the child is entered twice. So calls into the child check it and keep its flag; the call back into
// the parent, whom the child never leaves, does neither. Nor does the call of the outside: nothing runs then.

// CHECK-LABEL: llvm.func hidden @"parent/child -> parent: back"
// CHECK-NEXT: llvm.call @"parent.m!back"
// CHECK-LABEL: llvm.func hidden @"parent -> parent/child: work"
// CHECK: %[[FLAG:.*]] = llvm.load
// CHECK: llvm.mlir.constant(14 : i32)
// CHECK: llvm.store
// CHECK: llvm.call @"parent/child.m!work"
// CHECK: llvm.store
// CHECK-LABEL: llvm.func hidden @tenon.export.run
// CHECK-NEXT: llvm.call @"parent.m!run"

// Where a program outlives a trap, the flag of the root instance says that it was ended.
// LOCK-LABEL: llvm.func hidden @tenon.export.run
// LOCK: core.self_addr @"self:parent"
// LOCK: llvm.mlir.constant(14 : i32)
%host = comp.host
%parent = comp.self %host "parent"
%child = comp.self %parent "parent/child"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("run" : !comp.core_func<() -> ()>, "back" : !comp.core_func<() -> ()>, "work" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%parent) "parent.m" ()
%j = comp.core_instance %m self(%child) "parent/child.m" ()
%back = comp.core_export %i "back" : !comp.core_func<() -> ()>
%a = comp.adapter %back : !comp.core_func<() -> ()> as !comp.func<()>
  callee self(%parent) caller self(%child) resources() -> !comp.core_func<() -> ()>
%work = comp.core_export %j "work" : !comp.core_func<() -> ()>
%b = comp.adapter %work : !comp.core_func<() -> ()> as !comp.func<()>
  callee self(%child) caller self(%parent) resources() -> !comp.core_func<() -> ()>
%run = comp.core_export %i "run" : !comp.core_func<() -> ()>
%lift = comp.lift %run self(%parent) : !comp.core_func<() -> ()> -> !comp.func<()>
comp.root_export "run" %lift : !comp.func<()>
