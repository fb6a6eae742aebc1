;; Memories with pages of one byte in canonical options: the ABI counts bytes, the last one of such a memory too.

;; RUN: tenon-wast --opt=0,2,3 %s
;; RUN: tenon-wast --interp %s

(component definition $Pages
  (component $Callee
    (core module $M
      (memory (export "memory") 100 (pagesize 1))
      (global $next (mut i32) (i32.const 16))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3))))
      (func (export "echo") (param i32 i32) (result i32)
        (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "echo") (param "x" string) (result string) (canon lift (core func $m "echo")
      (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "echo" (func $echo (param "x" string) (result string)))
    (core module $Memory
      (memory (export "memory") 100 (pagesize 1))
      (data (i32.const 90) "0123456789")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.gt_u (local.get 3) (i32.sub (memory.size) (i32.const 50))) (then (return (i32.const 51))))
        (i32.sub (memory.size) (local.get 3))))
    (core instance $memory (instantiate $Memory))
    (core func $lowered (canon lower (func $echo) (memory (core memory $memory "memory"))
      (realloc (core func $memory "realloc"))))
    (core module $Main
      (import "" "memory" (memory 0 (pagesize 1)))
      (import "" "echo" (func $echo (param i32 i32 i32)))
      (func (export "call") (param i32 i32) (result i32)
        (call $echo (local.get 0) (local.get 1) (i32.const 0)) (i32.const 0)))
    (core instance $main (instantiate $Main (with "" (instance
      (export "memory" (memory $memory "memory")) (export "echo" (func $lowered))))))
    (func (export "call") (param "at" u32) (param "size" u32) (result string) (canon lift (core func $main "call")
      (memory (core memory $memory "memory")))))
  (instance $caller (instantiate $Caller (with "echo" (func $callee "echo"))))
  (func (export "call") (alias export $caller "call")))

;; From the end of one memory, and to it.
(component instance $p $Pages)
(assert_return (invoke "call" (u32.const 90) (u32.const 10)) (str.const "0123456789"))
(component instance $p $Pages)
(assert_trap (invoke "call" (u32.const 90) (u32.const 11)) "string content out-of-bounds")
(component instance $p $Pages)
(assert_trap (invoke "call" (u32.const 0) (u32.const 85)) "string content out-of-bounds")
