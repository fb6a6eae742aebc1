// RUN: tenon-opt %s --split-input-file --comp-lower-adapters --verify-diagnostics

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "print" : !comp.func<(text: string)>
// expected-error @+1 {{carries values through memory, but names no memory of a core instance}}
%g = comp.host_adapter %h : !comp.func<(text: string)> caller self(%a) resources() -> !comp.core_func<(i32, i32) -> ()>

// -----

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "f" : !comp.func<async (x: u32)>
// expected-error @+1 {{functions of type 'async' are not supported yet}}
%g = comp.host_adapter %h : !comp.func<async (x: u32)> caller self(%a) resources() -> !comp.core_func<(i32) -> ()>

// -----

%host = comp.host
%a = comp.self %host "a"
%h = comp.host_func "a:b/c" "f" : !comp.func<(x: u32)>
// expected-error @+1 {{the Canonical ABI gives it the core type '!llvm.func<void (i32)>'}}
%g = comp.host_adapter %h : !comp.func<(x: u32)> caller self(%a) resources() -> !comp.core_func<(i64) -> ()>
