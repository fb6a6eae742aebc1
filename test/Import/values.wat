;; RUN: tenon --enable=values --emit=graph %s -o - | FileCheck %s
;; RUN: tenon --enable=values --emit=flat %s -o - | FileCheck %s --check-prefix=FLAT
;; RUN: tenon --enable=values --emit=fused %s -o - | tenon-opt --comp-verify-stage=stage=fused -o /dev/null

;; A value is a function without parameters. All definitions of a component are one core module, where the first
;; of them stands; a start function is called by a core module of its own, in its place.

;; CHECK: comp.define "values"
;; CHECK-NEXT: %[[SELF:.*]] = comp.self %{{.*}} "values"
(component
  ;; CHECK: comp.define "Child" ({{.*}}) imports("name" = %[[NAME:.*]] : !comp.func<() -> string>)
  (component $Child
    (import "name" (value $name string))
    ;; CHECK: comp.return ("name" = %[[NAME]] : !comp.func<() -> string>)
    (export "name" (value $name)))
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "length") (param i32 i32) (result i32) (local.get 1)))
  (core instance $m (instantiate $M))
  (func $length (param "s" string) (result u32)
    (canon lift (core func $m "length") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  ;; CHECK: %[[LENGTH:.*]] = comp.lift %length
  ;; CHECK-NEXT: %[[OWNER:.*]] = comp.self %[[SELF]] "values" detached
  ;; CHECK-NEXT: %[[MODULE:.*]] = comp.core_module "definitions" {{.*}} imports() exports("0" : !comp.core_func<() -> i32>, "1" : !comp.core_func<() -> i64>, "memory" : !comp.core_memory)
  ;; CHECK-NEXT: %[[DATA:.*]] = comp.core_instantiate %[[MODULE]] self(%[[OWNER]]) "definitions" ()
  ;; CHECK-NEXT: %[[MEMORY:.*]] = comp.core_export %[[DATA]] "memory"
  ;; CHECK-NEXT: %[[GET:.*]] = comp.core_export %[[DATA]] "0"
  ;; CHECK-NEXT: %[[TEXT:.*]] = comp.lift %[[GET]] self(%[[OWNER]]) memory(%[[MEMORY]]) {{.*}} -> !comp.func<() -> string>
  (value $text string "text")
  ;; CHECK-NEXT: comp.instantiate %Child self(%[[SELF]]) "child" ("name" = %[[TEXT]] : !comp.func<() -> string>)
  (instance $child (instantiate $Child (with "name" (value $text))))
  ;; CHECK-NEXT: %[[NUMBER:.*]] = comp.core_export %[[DATA]] "1"
  ;; CHECK-NEXT: comp.lift %[[NUMBER]] self(%[[OWNER]]) : !comp.core_func<() -> i64> -> !comp.func<() -> u64>
  (value $number u64 7)
  ;; CHECK-NEXT: %[[NAME:.*]] = comp.export %child "name" : !comp.func<() -> string>
  ;; CHECK-NEXT: %[[OWNER:.*]] = comp.self %[[SELF]] "start" detached
  ;; CHECK: %[[MEMORY:.*]] = comp.core_export %allocator{{.*}} "memory"
  ;; CHECK: %[[ARG:.*]] = comp.lower %[[NAME]] self(%[[OWNER]]) memory(%[[MEMORY]]) realloc(%{{.*}}) : !comp.func<() -> string>
  ;; CHECK: %[[CALL:.*]] = comp.lower %[[LENGTH]] self(%[[OWNER]]) memory(%[[MEMORY]]) realloc(%{{.*}})
  ;; CHECK: %[[ARGS:.*]] = comp.core_bundle ("0" = %[[ARG]]
  ;; CHECK: comp.core_bundle ("call" = %[[CALL]]
  ;; CHECK: comp.core_instantiate %{{.*}} self(%[[OWNER]]) "call" (
  ;; CHECK: comp.lift %{{.*}} self(%[[OWNER]]) : !comp.core_func<() -> i32> -> !comp.func<() -> u32>
  (start $length (value $child "name") (result (value $n)))
  (export "length" (value $n))
  (export "number" (value $number)))

;; FLAT: %[[SELF:.*]] = comp.self %{{.*}} "values"
;; FLAT: comp.self %[[SELF]] "values/values" detached
;; FLAT: comp.self %[[SELF]] "values/child"
;; FLAT: comp.self %[[SELF]] "values/start" detached
;; FLAT: comp.core_instance {{.*}} "values/start.call"
;; FLAT: comp.root_export "length" %{{.*}} : !comp.func<() -> u32>
;; FLAT: comp.root_export "number" %{{.*}} : !comp.func<() -> u64>
