// RUN: tenon-opt %s --split-input-file --comp-inline-instances=max-instances=5 --verify-diagnostics

// Every level instantiates the one below it twice.
%host = comp.host
%c0 = comp.define "c0" (%p) imports() {
  %s = comp.self %p "c0"
  comp.return ()
}
%c1 = comp.define "c1" (%p) imports() {
  %s = comp.self %p "c1"
  // expected-error @below {{the program has more than 5 instances}}
  %i = comp.instantiate %c0 self(%s) "" ()
  %j = comp.instantiate %c0 self(%s) "" ()
  comp.return ()
}
%c2 = comp.define "c2" (%p) imports() {
  %s = comp.self %p "c2"
  %i = comp.instantiate %c1 self(%s) "" ()
  %j = comp.instantiate %c1 self(%s) "" ()
  comp.return ()
}
%i = comp.instantiate %c2 self(%host) "" ()

// -----

%host = comp.host
%c = comp.import "c" : !comp.component
// expected-error @below {{the component is an import that was not resolved}}
%i = comp.instantiate %c self(%host) "" ()

// -----

%host = comp.host
%c = comp.define "c" (%p) imports("wasi:filesystem/types@0.2.0" = %fs : !comp.instance) {
  %s = comp.self %p "c"
  comp.return ()
}
// expected-error @below {{component 'c' imports "wasi:filesystem/types@0.2.0", which is not given to it}}
%i = comp.instantiate %c self(%host) "" ()

// -----

%host = comp.host
%c = comp.define "c" (%p) imports("f" = %f : !comp.func<()>) {
  %s = comp.self %p "c"
  comp.return ()
}
%f = comp.import "f" : !comp.func<(x: u32)>
// expected-error @below {{component 'c' imports "f" as '!comp.func<()>', but is given '!comp.func<(x: u32)>'}}
%i = comp.instantiate %c self(%host) "" ("f" = %f : !comp.func<(x: u32)>)

// -----

%b = comp.bundle ()
// expected-error @below {{the instance has no export "f"}}
%f = comp.export %b "f" : !comp.func<()>

// -----

%host = comp.host
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
  imports("env" "f" : !comp.core_func<() -> ()>) exports()
// expected-error @below {{module "m" imports from "env", which is not given to it}}
%i = comp.core_instantiate %m self(%host) "m" ()

// -----

%host = comp.host
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
  imports("env" "f" : !comp.core_func<() -> ()>) exports()
%env = comp.core_bundle ()
// expected-error @below {{the instance has no export "f"}}
%i = comp.core_instantiate %m self(%host) "m" ("env" = %env : !comp.core_instance)
