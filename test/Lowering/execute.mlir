// REQUIRES: clang
// RUN: tenon-opt %s --comp-lower-adapters --core-to-llvm --mlir-print-debuginfo | mlir-translate --mlir-to-llvmir -o %t.ll
// RUN: opt -passes=verify -disable-output %t.ll
// RUN: clang++-22 -std=c++20 -O1 -fno-exceptions -fno-rtti -I%root/runtime/include -c %root/runtime/src/handles.cpp -o %t.handles.o
// RUN: clang++-22 -std=c++20 -O1 -fno-exceptions -fno-rtti -I%root/runtime/include -c %root/runtime/src/arena.cpp -o %t.arena.o
// RUN: clang-22 -O2 -Wno-override-module -c %t.ll -o %t.adapters.o
// RUN: clang-22 -no-pie -std=c11 -fno-builtin -I%root/runtime/include %S/Inputs/execute.c %t.adapters.o %t.handles.o %t.arena.o %build/lib/tenon/libtenon-runtime-x86_64.a -o %t
// RUN: %t | FileCheck %s

// CHECK: all as the Canonical ABI says

// Adapters between two components, run: Inputs/execute.c plays both core instances, makes every kind of
// value cross, and provokes each trap.
%host = comp.host
%root = comp.self %host "parent"
%virt = comp.self %root "parent/virt"
%child = comp.self %root "parent/child"
%m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports()
  exports("mem" : !comp.core_memory, "dtor" : !comp.core_func<(i32) -> ()>, "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>,
   "open" : !comp.core_func<(i32, i32, i32) -> i32>, "post" : !comp.core_func<(i32) -> ()>, "all" : !comp.core_func<(i32) -> i32>, "lend" : !comp.core_func<(i32, i32) -> ()>, "pair" : !comp.core_func<(i32, i32, i32) -> ()>)
%i = comp.core_instance %m self(%virt) "parent/virt.m" ()
%j = comp.core_instance %m self(%child) "parent/child.m" ()
%vmem = comp.core_export %i "mem" : !comp.core_memory
%cmem = comp.core_export %j "mem" : !comp.core_memory
%vra = comp.core_export %i "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>
%cra = comp.core_export %j "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>
%dtor = comp.core_export %i "dtor" : !comp.core_func<(i32) -> ()>
%r = comp.resource "descriptor" self(%virt) dtor(%dtor : !comp.core_func<(i32) -> ()>)
%hr = comp.host_resource "wasi:io/poll" "pollable"
%open = comp.core_export %i "open" : !comp.core_func<(i32, i32, i32) -> i32>
%post = comp.core_export %i "post" : !comp.core_func<(i32) -> ()>
%all = comp.core_export %i "all" : !comp.core_func<(i32) -> i32>
%lend = comp.core_export %i "lend" : !comp.core_func<(i32, i32) -> ()>
%pair = comp.core_export %i "pair" : !comp.core_func<(i32, i32, i32) -> ()>
%a = comp.adapter %open : !comp.core_func<(i32, i32, i32) -> i32> as !comp.func<(self: borrow<0>, path: string) -> result<own<0>, string>>
  callee self(%virt) memory(%vmem) realloc(%vra) post_return(%post : !comp.core_func<(i32) -> ()>)
  caller self(%child) memory(%cmem) realloc(%cra) resources(%r) -> !comp.core_func<(i32, i32, i32, i32) -> ()>
%b = comp.adapter %all : !comp.core_func<(i32) -> i32> as !comp.func<(a: record<a: u8, b: s8, c: u16, d: s16, e: u32, f: s32, g: u64, h: s64, i: f32, j: f64, k: char, l: bool, m: string, n: list<record<x: u32, y: u32>>, o: list<char>, p: list<list<string>>>) -> tuple<u8, option<list<u64>>, result<own<0>, f64>, flags<a, b, c>>>
  callee self(%virt) memory(%vmem) realloc(%vra)
  caller self(%child) memory(%cmem) realloc(%cra) resources(%r) -> !comp.core_func<(i32, i32) -> ()>
%c = comp.adapter %lend : !comp.core_func<(i32, i32) -> ()> as !comp.func<(x: option<borrow<0>>)>
  callee self(%virt) caller self(%child) resources(%hr) -> !comp.core_func<(i32, i32) -> ()>
%d = comp.adapter %pair : !comp.core_func<(i32, i32, i32) -> ()> as !comp.func<(x: list<borrow<0>>, y: own<0>)>
  callee self(%virt) memory(%vmem) realloc(%vra) caller self(%child) memory(%cmem) resources(%hr) -> !comp.core_func<(i32, i32, i32) -> ()>
%n = comp.resource_new %r self(%virt) : !comp.core_func<(i32) -> i32>
%o = comp.resource_rep %r self(%virt) : !comp.core_func<(i32) -> i32>
%p = comp.resource_drop %r self(%child) : !comp.core_func<(i32) -> ()>
