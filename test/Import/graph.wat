;; RUN: tenon --emit=graph %s -o - | FileCheck %s
;; RUN: tenon --emit=graph %s -o - | tenon-opt --comp-verify-stage=stage=graph -o /dev/null

;; Definitions become operations in their order; an outer alias is a value of the region around; resources
;; are found where they first became available, and types that are no resources leave nothing.

;; CHECK: %[[ROOT:.*]] = comp.define "graph" (%[[P:.*]]) imports("wasi:filesystem/types@0.2.0" = %[[FS:.*]] : !comp.instance, "log" = %[[LOG:.*]] : !comp.func<(msg: string)>, "r" = %[[R:.*]] : !comp.resource)
;; CHECK-NEXT: %[[SELF:.*]] = comp.self %[[P]] "graph"
(component
  (import "wasi:filesystem/types@0.2.0" (instance $fs
    (export "descriptor" (type $d (sub resource)))
    (type $code (enum "access" "would-block"))
    (export "error-code" (type $c (eq $code)))
    (export "[method]descriptor.sync" (func (param "self" (borrow $d)) (result (result (error $c)))))))
  (import "log" (func $log (param "msg" string)))
  (import "r" (type $r (sub resource)))
  (import "same" (type $same (eq $r)))
  (alias export $fs "descriptor" (type $descriptor))
  (alias export $fs "[method]descriptor.sync" (func $sync))

  ;; CHECK: %[[M:.*]] = comp.core_module "lib" {file = "{{.*}}graph.wat", hash = "{{[0-9a-f]*}}", size = {{[0-9]+}} : i64, start = {{[0-9]+}} : i64} imports("env" "sync" : !comp.core_func<(i32, i32) -> ()>) exports("memory" : !comp.core_memory, "realloc" : !comp.core_func<(i32, i32, i32, i32) -> i32>, "run" : !comp.core_func<(i32) -> i32>, "post" : !comp.core_func<(i32) -> ()>)
  (core module $lib
    (import "env" "sync" (func (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
    (func (export "run") (param i32) (result i32) i32.const 0)
    (func (export "post") (param i32)))
  ;; CHECK: %[[MEM:.*]] = comp.core_module "mem"
  (core module $mem (memory (export "memory") 1))
  ;; CHECK: comp.core_instantiate %[[MEM]] self(%[[SELF]]) "store" ()
  (core instance $store (instantiate $mem))
  ;; CHECK: %[[LOW:.*]] = comp.lower %[[SYNC:.*]] self(%[[SELF]]) memory(%{{.*}}) resources(%[[D:.*]]) : !comp.func<(self: borrow<0>) -> result<_, enum<access, "would-block">>> -> !comp.core_func<(i32, i32) -> ()>
  (core func $lowered (canon lower (func $sync) (memory $store "memory")))
  ;; CHECK: %[[ENV:.*]] = comp.core_bundle ("sync" = %[[LOW]] : !comp.core_func<(i32, i32) -> ()>)
  ;; CHECK: comp.core_instantiate %[[M]] self(%[[SELF]]) "main" ("env" = %[[ENV]] : !comp.core_instance)
  (core instance $main (instantiate $lib (with "env" (instance (export "sync" (func $lowered))))))

  ;; CHECK: comp.lift %{{.*}} self(%[[SELF]]) memory(%{{.*}}) realloc(%{{.*}}) post_return(%{{.*}} : !comp.core_func<(i32) -> ()>) resources(%[[R]]) : !comp.core_func<(i32) -> i32> -> !comp.func<(x: own<0>) -> string>
  (func $run (param "x" (own $same)) (result string)
    (canon lift (core func $main "run") (memory $main "memory") (realloc (func $main "realloc"))
                (post-return (func $main "post"))))

  ;; CHECK: %[[IN:.*]] = comp.define "inner" (%[[Q:.*]]) imports("f" = %{{.*}} : !comp.func<(msg: string)>, "t" = %[[T:.*]] : !comp.resource)
  ;; CHECK-NEXT: %[[S:.*]] = comp.self %[[Q]] "inner"
  ;; CHECK: comp.resource_drop %[[T]] self(%[[S]]) : !comp.core_func<(i32) -> ()>
  ;; CHECK: comp.core_instantiate %[[MEM]] self(%[[S]]) "again" ()
  (component $inner
    (import "f" (func (param "msg" string)))
    (import "t" (type $t (sub resource)))
    (core func (canon resource.drop $t))
    (alias outer 1 $mem (core module $outer))
    (core instance $again (instantiate $outer)))
  ;; CHECK: comp.instantiate %[[IN]] self(%[[SELF]]) "first" ("f" = %[[LOG]] : !comp.func<(msg: string)>, "t" = %[[R]] : !comp.resource)
  (instance $first (instantiate $inner (with "f" (func $log)) (with "t" (type $r))))
  ;; CHECK: comp.return ("run" = %{{.*}} : !comp.func<(x: own<0>) -> string>, "inner" = %[[IN]] : !comp.component)
  (export "run" (func $run))
  (export "inner" (component $inner))
)

;; CHECK: %[[HOST:.*]] = comp.host
;; CHECK: %[[IFS:.*]] = comp.import "wasi:filesystem/types@0.2.0" : !comp.instance
;; CHECK: %[[I:.*]] = comp.instantiate %[[ROOT]] self(%[[HOST]]) "" ("wasi:filesystem/types@0.2.0" = %[[IFS]] : !comp.instance, "log" = %{{.*}} : !comp.func<(msg: string)>, "r" = %{{.*}} : !comp.resource)
;; CHECK: %[[MAIN:.*]] = comp.export %[[I]] "run"
;; CHECK: comp.root_export "run" %[[MAIN]]
