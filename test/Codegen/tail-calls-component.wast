;; Adapters keep the C convention in a program with tail calls: called from core functions that make some,
;; met in a table, by a reference, and calling core functions in turn.

;; RUN: tenon-wast --donut-wrapping -O0 %s
;; RUN: tenon-wast --donut-wrapping -O2 %s
;; RUN: tenon-wast --donut-wrapping -O3 %s
;; RUN: tenon-wast --donut-wrapping --interp %s

(component
  (component $inner
    (core module $m
      (memory (export "memory") 1)
      (global $free (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $free)
        (global.set $free (i32.add (global.get $free) (local.get 3))))
      (func $count (export "count") (param i32 i32 i32) (result i32)
        (if (i32.eqz (local.get 2)) (then (return (i32.add (local.get 1) (i32.load8_u (local.get 0))))))
        (return_call $count (local.get 0) (local.get 1) (i32.sub (local.get 2) (i32.const 1)))))
    (core instance $i (instantiate $m))
    (func (export "count") (param "text" string) (param "n" u32) (result u32)
      (canon lift (core func $i "count") (memory $i "memory") (realloc (func $i "realloc")))))
  (instance $inner (instantiate $inner))
  (core module $memory (memory (export "memory") 1) (data (i32.const 16) "abc"))
  (core instance $memory (instantiate $memory))
  (core func $count (canon lower (func $inner "count") (memory $memory "memory")))
  (core module $m
    (type $f (func (param i32 i32 i32) (result i32)))
    (import "" "count" (func $count (type $f)))
    (table $t 2 funcref)
    (elem (i32.const 0) func $count $own)
    (func $own (type $f) (return_call $count (i32.const 17) (i32.const 1) (local.get 2)))
    (func (export "direct") (param i32) (result i32)
      (return_call $count (i32.const 16) (i32.const 3) (local.get 0)))
    (func (export "indirect") (param i32 i32) (result i32)
      (return_call_indirect $t (type $f) (i32.const 16) (i32.const 3) (local.get 0) (local.get 1)))
    (func (export "plain") (param i32 i32) (result i32)
      (i32.add (i32.const 1)
        (call_indirect $t (type $f) (i32.const 16) (i32.const 3) (local.get 0) (local.get 1))))
    (func (export "ref") (param i32) (result i32)
      (return_call_ref $f (i32.const 16) (i32.const 3) (local.get 0) (ref.func $count))))
  (core instance $i (instantiate $m
    (with "" (instance (export "count" (func $count))))))
  (func (export "direct") (param "n" u32) (result u32) (canon lift (core func $i "direct")))
  (func (export "indirect") (param "n" u32) (param "i" u32) (result u32)
    (canon lift (core func $i "indirect")))
  (func (export "plain") (param "n" u32) (param "i" u32) (result u32)
    (canon lift (core func $i "plain")))
  (func (export "ref") (param "n" u32) (result u32) (canon lift (core func $i "ref"))))

;; the length, and the first byte
(assert_return (invoke "direct" (u32.const 1000000)) (u32.const 100))
(assert_return (invoke "indirect" (u32.const 9) (u32.const 0)) (u32.const 100))
(assert_return (invoke "indirect" (u32.const 9) (u32.const 1)) (u32.const 99))
(assert_return (invoke "plain" (u32.const 9) (u32.const 0)) (u32.const 101))
(assert_return (invoke "plain" (u32.const 9) (u32.const 1)) (u32.const 100))
(assert_return (invoke "ref" (u32.const 9)) (u32.const 100))
