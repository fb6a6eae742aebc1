// RUN: tenon-opt %s --split-input-file --comp-fuse-adapters --verify-diagnostics

// Two instances' resources are never the same.
%host = comp.host
%a = comp.self %host "a"
%b = comp.self %host "b"
%r = comp.resource "r" self(%a)
%s = comp.resource "r" self(%b)
%f = comp.resource_drop %r self(%a) : !comp.core_func<(i32) -> ()>
// expected-note @below {{lifted here}}
%lift = comp.lift %f self(%a) resources(%r) : !comp.core_func<(i32) -> ()> -> !comp.func<(r: own<0>)>
// expected-error @below {{resource slot 0 is another resource than where the function is lifted}}
%low = comp.lower %lift self(%b) resources(%s) : !comp.func<(r: own<0>)> -> !comp.core_func<(i32) -> ()>

// -----

%c = comp.import "c" : !comp.component
// expected-error @above {{nothing provides the import "c", '!comp.component'}}

// -----

%fs = comp.import "fs" : !comp.instance
// expected-error @below {{the imported instance "fs" was not taken apart}}
comp.root_export "fs" %fs : !comp.instance

// -----

// Before the instances are inlined nothing can be fused.
%host = comp.host
%self = comp.self %host "a"
%f = comp.import "f" : !comp.func<()>
%b = comp.bundle ("f" = %f : !comp.func<()>)
%g = comp.export %b "f" : !comp.func<()>
// expected-error @below {{lowers neither a lifted function nor one of the host}}
%low = comp.lower %g self(%self) : !comp.func<()> -> !comp.core_func<() -> ()>
