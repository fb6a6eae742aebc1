// RUN: tenon-opt %s --canonicalize | FileCheck %s

// Looking into a bundle gives what was put there.
// CHECK: %[[F:.*]] = comp.import "f"
// CHECK-NOT: comp.export
// CHECK: comp.root_export "f" %[[F]]
%f = comp.import "f" : !comp.func<()>
%b = comp.bundle ("x" = %f : !comp.func<()>)
%c = comp.bundle ("inner" = %b : !comp.instance)
%d = comp.export %c "inner" : !comp.instance
%g = comp.export %d "x" : !comp.func<()>
comp.root_export "f" %g : !comp.func<()>
// CHECK: %[[D:.*]] = comp.resource_drop
// CHECK-NOT: comp.core_export
// CHECK: comp.lift %[[D]]
%h = comp.host
%r = comp.import "r" : !comp.resource
%drop = comp.resource_drop %r self(%h) : !comp.core_func<(i32) -> ()>
%e = comp.core_bundle ("drop" = %drop : !comp.core_func<(i32) -> ()>)
%k = comp.core_export %e "drop" : !comp.core_func<(i32) -> ()>
%l = comp.lift %k self(%h) : !comp.core_func<(i32) -> ()> -> !comp.func<(x: u32)>
comp.root_export "l" %l : !comp.func<(x: u32)>
