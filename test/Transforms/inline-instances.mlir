// RUN: tenon-opt %s --split-input-file --comp-inline-instances | FileCheck %s

// A component captures a value of the one around it, is instantiated twice, and each time gets a state
// and a resource of its own; the core module is shared.

// CHECK-NOT: comp.define
// CHECK-DAG: %[[HOST:.*]] = comp.host
// CHECK-DAG: %[[LOG:.*]] = comp.import "log" : !comp.func<()>
// CHECK: %[[OUTER:.*]] = comp.self %[[HOST]] "root"
// CHECK: %[[ONE:.*]] = comp.self %[[OUTER]] "root/inner"
// CHECK: %[[M:.*]] = comp.core_module "lib"
// CHECK: %[[R1:.*]] = comp.resource "r" self(%[[ONE]])
// CHECK: %[[L1:.*]] = comp.lower %[[LOG]] self(%[[ONE]])
// CHECK: %[[I1:.*]] = comp.core_instance %[[M]] self(%[[ONE]]) "root/inner.main" ("env" "log" = %[[L1]] : !comp.core_func<() -> ()>)
// CHECK: %[[RUN1:.*]] = comp.core_export %[[I1]] "run" : !comp.core_func<(i32) -> ()>
// CHECK: %[[F1:.*]] = comp.lift %[[RUN1]] self(%[[ONE]]) resources(%[[R1]])
// CHECK-NOT: comp.core_module
// CHECK: %[[TWO:.*]] = comp.self %[[OUTER]] "root/second"
// CHECK: %[[R2:.*]] = comp.resource "r" self(%[[TWO]])
// CHECK: %[[I2:.*]] = comp.core_instance %[[M]] self(%[[TWO]]) "root/second.main"
// CHECK: comp.lift %{{.*}} self(%[[TWO]]) resources(%[[R2]])
// CHECK: comp.root_export "api#run" %[[F1]] : !comp.func<(r: own<0>)>

%root = comp.define "root" (%p) imports("log" = %log : !comp.func<()>) {
  %self = comp.self %p "root"
  %inner = comp.define "inner" (%parent) imports() {
    %s = comp.self %parent "inner"
    %m = comp.core_module "lib" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
      imports("env" "log" : !comp.core_func<() -> ()>)
      exports("run" : !comp.core_func<(i32) -> ()>)
    %r = comp.resource "r" self(%s)
    %l = comp.lower %log self(%s) : !comp.func<()> -> !comp.core_func<() -> ()>
    %env = comp.core_bundle ("log" = %l : !comp.core_func<() -> ()>)
    %i = comp.core_instantiate %m self(%s) "main" ("env" = %env : !comp.core_instance)
    %run = comp.core_export %i "run" : !comp.core_func<(i32) -> ()>
    %f = comp.lift %run self(%s) resources(%r)
      : !comp.core_func<(i32) -> ()> -> !comp.func<(r: own<0>)>
    comp.return ("run" = %f : !comp.func<(r: own<0>)>)
  }
  %a = comp.instantiate %inner self(%self) "" ()
  %b = comp.instantiate %inner self(%self) "second" ()
  %brun = comp.export %b "run" : !comp.func<(r: own<0>)>
  %arun = comp.export %a "run" : !comp.func<(r: own<0>)>
  %api = comp.bundle ("run" = %arun : !comp.func<(r: own<0>)>)
  comp.return ("api" = %api : !comp.instance, "second" = %brun : !comp.func<(r: own<0>)>,
               "inner" = %inner : !comp.component)
}
%host = comp.host
%log = comp.import "log" : !comp.func<()>
%i = comp.instantiate %root self(%host) "" ("log" = %log : !comp.func<()>)
%api = comp.export %i "api" : !comp.instance
comp.root_export "api" %api : !comp.instance
%second = comp.export %i "second" : !comp.func<(r: own<0>)>
comp.root_export "second" %second : !comp.func<(r: own<0>)>
%c = comp.export %i "inner" : !comp.component
comp.root_export "inner" %c : !comp.component

// -----

// A component given as an argument sees what it captured, not what its user has; the host's resource is
// one value, whoever looks for it.

// CHECK: %[[FS:.*]] = comp.import "fs" : !comp.instance
// CHECK: %[[D:.*]] = comp.export %[[FS]] "descriptor" : !comp.resource
// CHECK: %[[P:.*]] = comp.self %{{.*}} "root/user/plugin"
// CHECK-NEXT: comp.resource_drop %[[D]] self(%[[P]])
// CHECK-NEXT: comp.resource_drop %[[D]] self(%[[P]])

%root = comp.define "root" (%p) imports("fs" = %fs : !comp.instance) {
  %self = comp.self %p "root"
  %plugin = comp.define "plugin" (%parent) imports("d" = %d : !comp.resource) {
    %s = comp.self %parent "plugin"
    %captured = comp.export %fs "descriptor" : !comp.resource
    %drop1 = comp.resource_drop %d self(%s) : !comp.core_func<(i32) -> ()>
    %drop2 = comp.resource_drop %captured self(%s) : !comp.core_func<(i32) -> ()>
    %m = comp.core_module "m" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64}
      imports("" "a" : !comp.core_func<(i32) -> ()>, "" "a" : !comp.core_func<(i32) -> ()>, "" "b" : !comp.core_func<(i32) -> ()>)
      exports()
    %env = comp.core_bundle ("a" = %drop1 : !comp.core_func<(i32) -> ()>, "b" = %drop2 : !comp.core_func<(i32) -> ()>)
    // CHECK: comp.core_instance %{{.*}} "root/user/plugin.m" ("" "a" = %[[A:.*]] : {{.*}}, "" "a" = %[[A]] : {{.*}}, "" "b" = %{{.*}} : {{.*}})
    %i = comp.core_instantiate %m self(%s) "m" ("" = %env : !comp.core_instance)
    comp.return ()
  }
  %user = comp.define "user" (%parent) imports("c" = %c : !comp.component, "d" = %d : !comp.resource) {
    %s = comp.self %parent "user"
    %i = comp.instantiate %c self(%s) "" ("d" = %d : !comp.resource)
    comp.return ()
  }
  %d = comp.export %fs "descriptor" : !comp.resource
  %u = comp.instantiate %user self(%self) "" ("c" = %plugin : !comp.component, "d" = %d : !comp.resource)
  comp.return ()
}
%host = comp.host
%fs = comp.import "fs" : !comp.instance
%i = comp.instantiate %root self(%host) "" ("fs" = %fs : !comp.instance)

// -----

// Imports that are never used leave nothing behind; paths stay unique.

// CHECK-NOT: comp.import
// CHECK: comp.self %{{.*}} "a"
// CHECK: comp.self %{{.*}} "a#2"

%a = comp.define "a" (%p) imports("types" = %t : !comp.instance) {
  %self = comp.self %p "a"
  comp.return ()
}
%host = comp.host
%t = comp.import "types" : !comp.instance
%1 = comp.instantiate %a self(%host) "" ("types" = %t : !comp.instance)
%2 = comp.instantiate %a self(%host) "" ("types" = %t : !comp.instance)

// -----

// A detached state has a name of its own, below that of the instance, whatever the instance is called.

// CHECK: %[[HOST:.*]] = comp.host
// CHECK: %[[ONE:.*]] = comp.self %[[HOST]] "one"
// CHECK-NEXT: %[[VALUES:.*]] = comp.self %[[ONE]] "one/values" detached
// CHECK-NEXT: %[[M:.*]] = comp.core_module "m"
// CHECK-NEXT: comp.core_instance %[[M]] self(%[[VALUES]]) "one/values.m"
// CHECK-NEXT: comp.self %[[ONE]] "one/values#2" detached
%c = comp.define "c" (%p) imports() {
  %self = comp.self %p "c"
  %values = comp.self %self "values" detached
  %m = comp.core_module "m" {file = "", hash = "00", size = 8 : i64, start = 0 : i64} imports() exports()
  %i = comp.core_instantiate %m self(%values) "m" ()
  %more = comp.self %self "values" detached
  comp.return ()
}
%host = comp.host
%one = comp.instantiate %c self(%host) "one" ()
