// RUN: tenon-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{unknown type of the dialect comp: 'strin'}}
%f = comp.import "f" : !comp.func<(x: strin)>

// -----

// expected-error @below {{a list of a fixed length can't be empty}}
%f = comp.import "f" : !comp.func<(x: list<u8, 0>)>

// -----

// expected-error @below {{expected integer value}}
%f = comp.import "f" : !comp.func<(x: list<u8, u8>)>

// -----

// expected-error @below {{names "a" twice}}
%b = comp.bundle ("a" = %f : !comp.func<()>, "a" = %f : !comp.func<()>)
%f = comp.import "f" : !comp.func<()>

// -----

%h = comp.host
%f = comp.import "f" : !comp.func<(x: own<0>, y: borrow<1>)>
%r = comp.import "r" : !comp.resource
// expected-error @below {{has 1 resources for 2 slots of the function's type}}
%l = comp.lower %f self(%h) resources(%r) : !comp.func<(x: own<0>, y: borrow<1>)> -> !comp.core_func<(i32, i32) -> ()>

// -----

%h = comp.host
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("f" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%h) "a.m" ()
// expected-error @below {{module "m" has no export "g"}}
%g = comp.core_export %i "g" : !comp.core_func<() -> ()>

// -----

%h = comp.host
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("f" : !comp.core_func<() -> ()>)
%i = comp.core_instance %m self(%h) "a.m" ()
// expected-error @below {{module "m" exports "f" as '!comp.core_func<() -> ()>'}}
%g = comp.core_export %i "f" : !comp.core_memory

// -----

// expected-error @below {{expected a string encoding, found 'utf9'}}
%f = comp.import "f" {o = #comp.options<utf9>} : !comp.func<()>
