// RUN: tenon-opt %s --comp-report=kind=static -o /dev/null | FileCheck %s --check-prefix=STATIC
// RUN: tenon-opt %s --comp-inline-instances --comp-fuse-adapters --comp-verify-stage=stage=fused --comp-report=kind=runtime -o /dev/null | FileCheck %s --check-prefix=RUNTIME
// RUN: tenon-opt %s --comp-inline-instances --comp-fuse-adapters --comp-report=kind=reach -o /dev/null | FileCheck %s --check-prefix=REACH
// RUN: not tenon-opt %s --comp-report=kind=edges 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// Link-time virtualization in small: the child is given the virtualizer's file system.

// STATIC: component virtualize
// STATIC-NEXT: imports fs
// STATIC-NEXT: core module v
// STATIC-NEXT: core instance main
// STATIC-NEXT: exports fs <- a bundle
// STATIC-NEXT: component child
// STATIC: component parent
// STATIC-NEXT: imports fs
// STATIC-NEXT: imports out
// STATIC-NEXT: instance virtual of component virtualize
// STATIC-NEXT: fs <- import fs
// STATIC-NEXT: instance child of component child
// STATIC-NEXT: fs <- instance virtual / fs
// STATIC-NEXT: out <- import out
// STATIC-NEXT: exports run <- instance child / run
// STATIC-NEXT: instance parent of component parent
// STATIC-NEXT: fs <- the host's wasi:filesystem/types@0.2.0
// STATIC-NEXT: out <- the host's wasi:cli/stdout@0.2.0
// STATIC-NEXT: exports run <- instance parent / run

// RUNTIME: instance parent{{$}}
// RUNTIME-NEXT: instance parent/virtual{{$}}
// RUNTIME-NEXT: core instance parent/virtual.main
// RUNTIME-NEXT: host functions of wasi:filesystem/types: [method]descriptor.sync{{$}}
// RUNTIME-NEXT: host resources of wasi:filesystem/types: descriptor{{$}}
// RUNTIME-NEXT: instance parent/child{{$}}
// RUNTIME-NEXT: core instance parent/child.main
// RUNTIME-NEXT: calls parent/virtual
// RUNTIME-NEXT: host functions of wasi:cli/stdout: flush{{$}}
// RUNTIME-NEXT: exports run <- parent/child

// The child reaches nothing of the real file system, neither function nor resource.
// REACH: instance parent{{$}}
// REACH-NEXT: nothing of the host
// REACH: instance parent/child{{$}}
// REACH-NOT: filesystem
// REACH: host functions of wasi:cli/stdout: flush{{$}}
// REACH-NOT: filesystem

// UNKNOWN: there is no report 'edges'

%virtualize = comp.define "virtualize" (%p) imports("fs" = %fs : !comp.instance) {
  %self = comp.self %p "virtualize"
  %m = comp.core_module "v" {file = "v.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
    imports("fs" "sync" : !comp.core_func<(i32) -> ()>) exports("sync" : !comp.core_func<(i32) -> ()>)
  %real = comp.export %fs "descriptor" : !comp.resource
  %sync = comp.export %fs "[method]descriptor.sync" : !comp.func<(self: borrow<0>)>
  %l = comp.lower %sync self(%self) resources(%real) : !comp.func<(self: borrow<0>)> -> !comp.core_func<(i32) -> ()>
  %env = comp.core_bundle ("sync" = %l : !comp.core_func<(i32) -> ()>)
  %i = comp.core_instantiate %m self(%self) "main" ("fs" = %env : !comp.core_instance)
  %d = comp.resource "descriptor" self(%self)
  %f = comp.core_export %i "sync" : !comp.core_func<(i32) -> ()>
  %g = comp.lift %f self(%self) resources(%d) : !comp.core_func<(i32) -> ()> -> !comp.func<(self: borrow<0>)>
  %out = comp.bundle ("descriptor" = %d : !comp.resource, "[method]descriptor.sync" = %g : !comp.func<(self: borrow<0>)>)
  comp.return ("fs" = %out : !comp.instance)
}
%child = comp.define "child" (%p) imports("fs" = %fs : !comp.instance, "out" = %out : !comp.instance) {
  %self = comp.self %p "child"
  %m = comp.core_module "c" {file = "c.wasm", hash = "01", size = 8 : i64, start = 0 : i64}
    imports("fs" "sync" : !comp.core_func<(i32) -> ()>, "out" "flush" : !comp.core_func<() -> ()>,
            "fs" "drop" : !comp.core_func<(i32) -> ()>)
    exports("run" : !comp.core_func<() -> ()>)
  %d = comp.export %fs "descriptor" : !comp.resource
  %sync = comp.export %fs "[method]descriptor.sync" : !comp.func<(self: borrow<0>)>
  %flush = comp.export %out "flush" : !comp.func<()>
  %l = comp.lower %sync self(%self) resources(%d) : !comp.func<(self: borrow<0>)> -> !comp.core_func<(i32) -> ()>
  %lf = comp.lower %flush self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
  %drop = comp.resource_drop %d self(%self) : !comp.core_func<(i32) -> ()>
  %envfs = comp.core_bundle ("sync" = %l : !comp.core_func<(i32) -> ()>, "drop" = %drop : !comp.core_func<(i32) -> ()>)
  %envout = comp.core_bundle ("flush" = %lf : !comp.core_func<() -> ()>)
  %i = comp.core_instantiate %m self(%self) "main" ("fs" = %envfs : !comp.core_instance, "out" = %envout : !comp.core_instance)
  %f = comp.core_export %i "run" : !comp.core_func<() -> ()>
  %run = comp.lift %f self(%self) : !comp.core_func<() -> ()> -> !comp.func<()>
  comp.return ("run" = %run : !comp.func<()>)
}
%parent = comp.define "parent" (%p) imports("fs" = %fs : !comp.instance, "out" = %out : !comp.instance) {
  %self = comp.self %p "parent"
  %v = comp.instantiate %virtualize self(%self) "virtual" ("fs" = %fs : !comp.instance)
  %vfs = comp.export %v "fs" : !comp.instance
  %c = comp.instantiate %child self(%self) "" ("fs" = %vfs : !comp.instance, "out" = %out : !comp.instance)
  %run = comp.export %c "run" : !comp.func<()>
  comp.return ("run" = %run : !comp.func<()>)
}
%host = comp.host
%fs = comp.import "wasi:filesystem/types@0.2.0" : !comp.instance
%out = comp.import "wasi:cli/stdout@0.2.0" : !comp.instance
%i = comp.instantiate %parent self(%host) "" ("fs" = %fs : !comp.instance, "out" = %out : !comp.instance)
%run = comp.export %i "run" : !comp.func<()>
comp.root_export "run" %run : !comp.func<()>
