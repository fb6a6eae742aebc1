// What is printed can be parsed, and prints the same.
// RUN: tenon-opt %s | tenon-opt | FileCheck %s
// RUN: tenon-opt %s --mlir-print-op-generic | tenon-opt | FileCheck %s

// CHECK: comp.define "types" (%{{.*}}) imports("f" = %{{.*}} : !comp.func<(a: bool, b: s8, c: u64, d: f32, e: char, f: string)>
%types = comp.define "types" (%p) imports(
  "f" = %f : !comp.func<(a: bool, b: s8, c: u64, d: f32, e: char, f: string)>,
  // CHECK-SAME: !comp.func<(l: list<u8>, "a-b": record<x: u32, "in-file": option<string>>)>
  "g" = %g : !comp.func<(l: list<u8>, "a-b": record<x: u32, "in-file": option<string>>)>,
  // CHECK-SAME: !comp.func<(l: list<list<u8, 4>, 4294967295>, m: map<string, map<u8, own<0>>>)>
  "l" = %l : !comp.func<(l: list<list<u8, 4>, 4294967295>, m: map<string, map<u8, own<0>>>)>,
  // CHECK-SAME: !comp.func<() -> variant<none, some: tuple<u8, s16>>>
  "h" = %h : !comp.func<() -> variant<none, some: tuple<u8, s16>>>,
  // CHECK-SAME: !comp.func<(o: own<0>, b: borrow<1>, c: borrow<0>) -> result<own<1>, enum<access, "no-entry">>>
  "i" = %i : !comp.func<(o: own<0>, b: borrow<1>, c: borrow<0>) -> result<own<1>, enum<access, "no-entry">>>,
  // CHECK-SAME: !comp.func<async (r: result, s: result<_, u8>, t: result<u8>, u: flags<read, "write-only">)>
  "j" = %j : !comp.func<async (r: result, s: result<_, u8>, t: result<u8>, u: flags<read, "write-only">)>,
  // CHECK-SAME: !comp.func<(s: stream, t: stream<own<0>>, u: future<list<u8>>, v: future) -> error_context>
  "k" = %k : !comp.func<(s: stream, t: stream<own<0>>, u: future<list<u8>>, v: future) -> error_context>
) {
  %self = comp.self %p "types"
  comp.return ()
}

// CHECK: %[[C:.*]] = comp.define "child" (%[[P:.*]]) imports("fs" = %[[FS:.*]] : !comp.instance, "m" = %[[MI:.*]] : !comp.core_module) {
%child = comp.define "child" (%parent) imports("fs" = %fs : !comp.instance, "m" = %mi : !comp.core_module) {
  // CHECK-NEXT: %[[S:.*]] = comp.self %[[P]] "child"
  %self = comp.self %parent "child"
  // CHECK-NEXT: comp.self %[[S]] "values" detached
  %values = comp.self %self "values" detached
  // CHECK-NEXT: comp.core_module "main" {file = "a.wasm", hash = "00ff", size = 8 : i64, start = 16 : i64} imports("env" "f" : !comp.core_func<(i32) -> ()>) exports("mem" : !comp.core_memory, "mem64" : !comp.core_memory<i64>, "t" : !comp.core_table, "g" : !comp.core_global, "e" : !comp.core_tag, "f" : !comp.core_func<(!comp.core_ref<extern>, vector<16xi8>) -> (f32, f64)>, "r" : !comp.core_func<(i32, i32, i32, i32) -> i32>, "run" : !comp.core_func<(i32) -> i32>, "post" : !comp.core_func<(i32) -> ()>)
  %m = comp.core_module "main" {file = "a.wasm", hash = "00ff", size = 8 : i64, start = 16 : i64}
    imports("env" "f" : !comp.core_func<(i32) -> ()>)
    exports("mem" : !comp.core_memory, "mem64" : !comp.core_memory<i64>, "t" : !comp.core_table,
            "g" : !comp.core_global, "e" : !comp.core_tag,
            "f" : !comp.core_func<(!comp.core_ref<extern>, vector<16xi8>) -> (f32, f64)>,
            "r" : !comp.core_func<(i32, i32, i32, i32) -> i32>, "run" : !comp.core_func<(i32) -> i32>,
            "post" : !comp.core_func<(i32) -> ()>)
  // CHECK: %[[D:.*]] = comp.export %[[FS]] "descriptor" : !comp.resource
  %d = comp.export %fs "descriptor" : !comp.resource
  // CHECK: %[[DROP:.*]] = comp.resource_drop %[[D]] self(%[[S]]) : !comp.core_func<(i32) -> ()>
  %drop = comp.resource_drop %d self(%self) : !comp.core_func<(i32) -> ()>
  // CHECK: comp.resource "file" self(%[[S]]) dtor(%[[DROP]] : !comp.core_func<(i32) -> ()>)
  %file = comp.resource "file" self(%self) dtor(%drop : !comp.core_func<(i32) -> ()>)
  // CHECK: comp.resource "plain" self(%[[S]])
  %plain = comp.resource "plain" self(%self)
  // CHECK: comp.resource_new
  %new = comp.resource_new %file self(%self) : !comp.core_func<(i32) -> i32>
  // CHECK: comp.resource_rep
  %rep = comp.resource_rep %file self(%self) : !comp.core_func<(i32) -> i32>
  // CHECK: %[[B:.*]] = comp.core_bundle ("f" = %[[DROP]] : !comp.core_func<(i32) -> ()>)
  %env = comp.core_bundle("f" = %drop : !comp.core_func<(i32) -> ()>)
  // CHECK: %[[I:.*]] = comp.core_instantiate %{{.*}} self(%[[S]]) "main" ("env" = %[[B]] : !comp.core_instance)
  %i = comp.core_instantiate %m self(%self) "main" ("env" = %env : !comp.core_instance)
  %mem = comp.core_export %i "mem" : !comp.core_memory
  %mem64 = comp.core_export %i "mem64" : !comp.core_memory<i64>
  %r = comp.core_export %i "r" : !comp.core_func<(i32, i32, i32, i32) -> i32>
  %run = comp.core_export %i "run" : !comp.core_func<(i32) -> i32>
  %post = comp.core_export %i "post" : !comp.core_func<(i32) -> ()>
  // CHECK: comp.lift %{{.*}} self(%[[S]]) memory(%{{.*}}) realloc(%{{.*}}) post_return(%{{.*}} : !comp.core_func<(i32) -> ()>) resources(%[[D]]) {options = #comp.options<utf16>} : !comp.core_func<(i32) -> i32> -> !comp.func<(d: borrow<0>) -> string>
  %f = comp.lift %run self(%self) memory(%mem) realloc(%r) post_return(%post : !comp.core_func<(i32) -> ()>)
    resources(%d) {options = #comp.options<utf16>}
    : !comp.core_func<(i32) -> i32> -> !comp.func<(d: borrow<0>) -> string>
  // CHECK: comp.lift %{{.*}} self(%[[S]]) memory(%{{.*}} : !comp.core_memory<i64>) : !comp.core_func<(i32) -> i32> -> !comp.func<(d: u32) -> u32>
  %h = comp.lift %run self(%self) memory(%mem64 : !comp.core_memory<i64>)
    : !comp.core_func<(i32) -> i32> -> !comp.func<(d: u32) -> u32>
  // CHECK: comp.lower %{{.*}} self(%[[S]]) memory(%{{.*}}) realloc(%{{.*}}) resources(%[[D]]) : !comp.func<(d: borrow<0>) -> string> -> !comp.core_func<(i32, i32) -> ()>
  %low = comp.lower %f self(%self) memory(%mem) realloc(%r) resources(%d)
    : !comp.func<(d: borrow<0>) -> string> -> !comp.core_func<(i32, i32) -> ()>
  // CHECK: comp.adapter %{{.*}} : !comp.core_func<(i32) -> i32> as !comp.func<(d: borrow<0>) -> string> callee self(%[[S]]) memory(%{{.*}}) post_return(%{{.*}} : !comp.core_func<(i32) -> ()>) caller self(%[[S]]) memory(%{{.*}}) realloc(%{{.*}}) resources(%[[D]]) -> !comp.core_func<(i32, i32) -> ()>
  %a = comp.adapter %run : !comp.core_func<(i32) -> i32> as !comp.func<(d: borrow<0>) -> string>
    callee self(%self) memory(%mem) post_return(%post : !comp.core_func<(i32) -> ()>)
    caller self(%self) memory(%mem) realloc(%r)
    resources(%d) -> !comp.core_func<(i32, i32) -> ()>
  // CHECK: %[[O:.*]] = comp.bundle ("run" = %{{.*}} : !comp.func<(d: borrow<0>) -> string>)
  %out = comp.bundle("run" = %f : !comp.func<(d: borrow<0>) -> string>)
  // CHECK: comp.return ("api" = %[[O]] : !comp.instance)
  comp.return("api" = %out : !comp.instance)
}

// CHECK: %[[HOST:.*]] = comp.host
%host = comp.host
// CHECK: %[[FSI:.*]] = comp.import "wasi:filesystem/types@0.2.6" : !comp.instance
%fs = comp.import "wasi:filesystem/types@0.2.6" : !comp.instance
// CHECK: %[[M:.*]] = comp.import "m" external_id("./m.wasm") : !comp.core_module
%m = comp.import "m" external_id("./m.wasm") : !comp.core_module
// CHECK: comp.import "out" implements("wasi:cli/stdout@0.2.0") external_id("somewhere") : !comp.instance
%out = comp.import "out" implements("wasi:cli/stdout@0.2.0") external_id("somewhere") : !comp.instance
// CHECK: %[[CI:.*]] = comp.instantiate %[[C]] self(%[[HOST]]) "it" ("fs" = %[[FSI]] : !comp.instance, "m" = %[[M]] : !comp.core_module)
%i = comp.instantiate %child self(%host) "it" ("fs" = %fs : !comp.instance, "m" = %m : !comp.core_module)
%api = comp.export %i "api" : !comp.instance
// CHECK: comp.root_export "api" %{{.*}} : !comp.instance
comp.root_export "api" %api : !comp.instance

// CHECK: %[[R:.*]] = comp.host_resource "wasi:filesystem/types" "descriptor"
%r = comp.host_resource "wasi:filesystem/types" "descriptor"
// CHECK: %[[HF:.*]] = comp.host_func "wasi:filesystem/types" "[method]descriptor.sync" : !comp.func<(self: borrow<0>)>
%hf = comp.host_func "wasi:filesystem/types" "[method]descriptor.sync" : !comp.func<(self: borrow<0>)>
// CHECK: comp.host_adapter %[[HF]] : !comp.func<(self: borrow<0>)> caller self(%[[HOST]]) resources(%[[R]]) -> !comp.core_func<(i32) -> ()>
%ha = comp.host_adapter %hf : !comp.func<(self: borrow<0>)> caller self(%host) resources(%r)
  -> !comp.core_func<(i32) -> ()>
