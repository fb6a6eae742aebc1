;; RUN: tenon-wast --donut-wrapping -O0 %s
;; RUN: tenon-wast --donut-wrapping -O2 %s
;; RUN: tenon-wast --donut-wrapping --interp %s

;; Instances as the graph says: their state is their own, wherever the definition comes from.

;; One definition, instantiated many times, at depth, with distinct state; higher-order; imported core module; donut.
(component
  (component $Counter
    (core module $M
      (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $m (instantiate $M))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (instance $a (instantiate $Counter))
  (instance $b (instantiate $Counter))
  (component $Twice
    (import "make" (component $make (export "next" (func (result u32)))))
    (instance $x (instantiate $make))
    (instance $y (instantiate $make))
    (core func $fx (canon lower (func $x "next")))
    (core func $fy (canon lower (func $y "next")))
    (core module $M
      (import "" "x" (func $x (result i32)))
      (import "" "y" (func $y (result i32)))
      (func (export "both") (result i32)
        (drop (call $x))
        (i32.add (i32.mul (call $x) (i32.const 10)) (call $y))))
    (core instance $m (instantiate $M (with "" (instance (export "x" (func $fx)) (export "y" (func $fy))))))
    (func (export "both") (result u32) (canon lift (core func $m "both"))))
  (instance $t (instantiate $Twice (with "make" (component $Counter))))
  (component $TakesModule
    (import "m" (core module $M (import "env" "k" (global i32)) (export "get" (func (result i32)))))
    (core module $K (global (export "k") i32 (i32.const 77)))
    (core instance $k (instantiate $K))
    (core instance $i (instantiate $M (with "env" (instance $k))))
    (func (export "get") (result u32) (canon lift (core func $i "get"))))
  (core module $G (import "env" "k" (global $k i32)) (func (export "get") (result i32) (global.get $k)))
  (instance $tm (instantiate $TakesModule (with "m" (core module $G))))
  (func (export "a") (alias export $a "next"))
  (func (export "b") (alias export $b "next"))
  (func (export "both") (alias export $t "both"))
  (func (export "k") (alias export $tm "get"))
)
(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "a") (u32.const 2))
(assert_return (invoke "b") (u32.const 1))
(assert_return (invoke "both") (u32.const 21))
(assert_return (invoke "both") (u32.const 42))
(assert_return (invoke "k") (u32.const 77))

;; Donut wrapping: the parent calls a child, to which it gave a function that it lifts itself.
(component
  (core module $Outer
    (memory (export "memory") 1)
    (func (export "log") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1000))))
  (core instance $outer (instantiate $Outer))
  (func $log (param "x" u32) (result u32) (canon lift (core func $outer "log")))
  (component $Child
    (import "log" (func $log (param "x" u32) (result u32)))
    (core func $log' (canon lower (func $log)))
    (core module $M
      (import "" "log" (func $log (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $log (i32.mul (local.get 0) (i32.const 2)))))
    (core instance $m (instantiate $M (with "" (instance (export "log" (func $log'))))))
    (func (export "run") (param "x" u32) (result u32) (canon lift (core func $m "run"))))
  (instance $child (instantiate $Child (with "log" (func $log))))
  (core func $run (canon lower (func $child "run")))
  (core module $Top
    (import "" "run" (func $run (param i32) (result i32)))
    (func (export "go") (param i32) (result i32) (call $run (local.get 0))))
  (core instance $top (instantiate $Top (with "" (instance (export "run" (func $run))))))
  (func (export "go") (param "x" u32) (result u32) (canon lift (core func $top "go")))
)
(assert_return (invoke "go" (u32.const 3)) (u32.const 1006))

;; Shared-everything linking: two modules on one memory, one table and one global.
(component
  (core module $Libc
    (memory (export "memory") 1)
    (table (export "table") 4 funcref)
    (global (export "sp") (mut i32) (i32.const 4096)))
  (core module $App
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 4 funcref))
    (import "libc" "sp" (global $sp (mut i32)))
    (type $t (func (result i32)))
    (func (export "f") (result i32)
      (i32.store (i32.const 8) (i32.const 5))
      (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
      (call_indirect (type $t) (i32.const 1))))
  (core module $Lib
    (import "libc" "memory" (memory 1))
    (import "libc" "table" (table 4 funcref))
    (import "libc" "sp" (global $sp (mut i32)))
    (func $g (result i32) (i32.add (i32.load (i32.const 8)) (global.get $sp)))
    (elem (i32.const 1) func $g))
  (core instance $libc (instantiate $Libc))
  (core instance $app (instantiate $App (with "libc" (instance $libc))))
  (core instance $lib (instantiate $Lib (with "libc" (instance $libc))))
  (func (export "f") (result u32) (canon lift (core func $app "f"))))
(assert_return (invoke "f") (u32.const 4085))
(assert_return (invoke "f") (u32.const 4069))
