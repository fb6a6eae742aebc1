;; What async built-ins and options are in the graph.
;; RUN: tenon --emit=graph %s -o - | FileCheck %s
(component $async
  (core module $libc (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (type $thing (resource (rep i32)))
  ;; CHECK: comp.builtin "context.set" self(%self) {slot = 1 : i32} : !comp.core_func<(i32) -> ()>
  (core func (canon context.set i32 1))
  ;; CHECK: comp.builtin "task.return" self(%self) memory(%memory) resources(%thing)
  ;; CHECK-SAME: of !comp.func<(result: list<own<0>>)> : !comp.core_func<(i32, i32) -> ()>
  (type $things (list (own $thing)))
  (core func (canon task.return (result $things) (memory $memory)))
  ;; CHECK: comp.builtin "stream.read" self(%self) memory(%memory) of !comp.func<(t: stream<u8>)>
  ;; CHECK-SAME: {options = #comp.options<utf8 async>} : !comp.core_func<(i32, i32, i32) -> i32>
  (type $bytes (stream u8))
  (core func (canon stream.read $bytes async (memory $memory)))
  ;; CHECK: comp.builtin "future.drop-writable" self(%self) of !comp.func<(t: future)> : !comp.core_func<(i32) -> ()>
  (type $done (future))
  (core func (canon future.drop-writable $done))
  ;; CHECK: comp.builtin "waitable-set.wait" self(%self) memory(%memory) : !comp.core_func<(i32, i32) -> i32>
  (core func (canon waitable-set.wait (memory $memory)))

  (core module $m
    (func (export "f") (result i32) (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $m (instantiate $m))
  ;; CHECK: comp.lift %f self(%self) callback(%callback : !comp.core_func<(i32, i32, i32) -> i32>)
  ;; CHECK-SAME: {options = #comp.options<utf8 async>} : !comp.core_func<() -> i32> -> !comp.func<async ()>
  (func $f async (canon lift (core func $m "f") async (callback (core func $m "callback"))))
  ;; CHECK: comp.lower %{{.*}} self(%self) {options = #comp.options<utf8 async>} : !comp.func<async ()> -> !comp.core_func<() -> i32>
  (core func (canon lower (func $f) async)))
