// RUN: tenon-opt %s --split-input-file --comp-lower-adapters --verify-diagnostics

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "print" : !comp.func<(text: string)>
// expected-error @+1 {{carries values through memory, but names no memory of a core instance}}
%g = comp.host_adapter %h : !comp.func<(text: string)> caller self(%a) resources() -> !comp.core_func<(i32, i32) -> ()>

// -----

%host = comp.host
%a = comp.self %host "a"
// expected-error @+1 {{there is no built-in 'task.yield'}}
%g = comp.builtin "task.yield" self(%a) : !comp.core_func<() -> i32>

// -----

%host = comp.host
%a = comp.self %host "a"
// expected-error @+1 {{there is no built-in 'waitable.join' of type '!comp.core_func<(i32) -> ()>'}}
%g = comp.builtin "waitable.join" self(%a) : !comp.core_func<(i32) -> ()>

// -----

%host = comp.host
%a = comp.self %host "a"
// expected-error @+1 {{expected the type that 'stream.new' is for}}
%g = comp.builtin "stream.new" self(%a) of !comp.func<(t: future<u8>)> : !comp.core_func<() -> i64>

// -----

%host = comp.host
%a = comp.self %host "a"
// expected-error @+1 {{'stream.read' names no memory of a core instance}}
%g = comp.builtin "stream.read" self(%a) of !comp.func<(t: stream<u8>)> : !comp.core_func<(i32, i32, i32) -> i32>

// -----

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "f" : !comp.func<async (x: u32)>
// expected-error @+1 {{the Canonical ABI gives it the core type '!llvm.func<i32 (i32)>'}}
%g = comp.host_adapter %h : !comp.func<async (x: u32)> caller self(%a) resources()
  {callerOptions = #comp.options<utf8 async>} -> !comp.core_func<(i32) -> ()>

// -----

%host = comp.host
%a = comp.self %host "a"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("f" : !comp.core_func<() -> i32>, "back" : !comp.core_func<(i32) -> i32>)
%i = comp.core_instance %m self(%a) "a.m" ()
%f = comp.core_export %i "f" : !comp.core_func<() -> i32>
// expected-error @+1 {{a callback has the core type '!llvm.func<i32 (i32, i32, i32)>'}}
%back = comp.core_export %i "back" : !comp.core_func<(i32) -> i32>
%l = comp.lift %f self(%a) callback(%back : !comp.core_func<(i32) -> i32>) {options = #comp.options<utf8 async>}
  : !comp.core_func<() -> i32> -> !comp.func<async ()>
comp.root_export "f" %l : !comp.func<async ()>

// -----

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "f" : !comp.func<(x: u32)>
// expected-error @+1 {{the Canonical ABI gives it the core type '!llvm.func<void (i32)>'}}
%g = comp.host_adapter %h : !comp.func<(x: u32)> caller self(%a) resources() -> !comp.core_func<(i64) -> ()>
