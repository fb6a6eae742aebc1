;; Tail calls take no stack: direct, through a table, by reference, between instances, with more stack
;; arguments than the caller has and with fewer, and with results that fit in no registers. A million
;; calls of any of these would need more than the stack has.

;; RUN: tenon-wast -O0 %s
;; RUN: tenon-wast -O2 %s
;; RUN: tenon-wast -O3 %s

(module $other
  (type $next (func (param i64 funcref i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (table $t 1 funcref)
  (func (export "back") (param i64 funcref) (result i64)
    (table.set $t (i32.const 0) (local.get 1))
    (return_call_indirect $t (type $next)
      (local.get 0) (local.get 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
      (i64.const 7) (i64.const 8) (i32.const 0))))
(register "other" $other)

(module
  (import "other" "back" (func $back (param i64 funcref) (result i64)))
  (import "spectest" "print_i32" (func $print (param i32)))
  (type $none (func (result i64)))
  (type $few (func (param i64) (result i64)))
  (type $many (func (param i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
                     i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32) (result i64)))
  (type $one (func (param i32)))
  (table $t funcref (elem $none $few $many $ping $pong $print))
  (global $n (mut i64) (i64.const 0))
  (global $select (mut i32) (i32.const 0))
  (global $few (mut (ref $few)) (ref.func $few))

  ;; few -> many -> none -> few
  (func $few (type $few)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 42))))
    (return_call $many (i64.sub (local.get 0) (i64.const 1)) (f32.const 1) (f64.const 2) (i32.const 3)
      (i64.const 4) (f32.const 5) (f64.const 6) (i32.const 7)
      (i64.const 8) (f32.const 9) (f64.const 10) (i32.const 11)
      (i64.const 12) (f32.const 13) (f64.const 14) (i32.const 15)
      (i64.const 16) (f32.const 17) (f64.const 18) (i32.const 19)
      (i64.const 20) (f32.const 21) (f64.const 22) (i32.const 23)
      (i64.const 24) (f32.const 25) (f64.const 26) (i32.const 27)
      (i64.const 28) (f32.const 29)))
  (func $many (type $many)
    (global.set $n (local.get 0))
    (if (i32.or (f32.ne (local.get 29) (f32.const 29)) (i64.ne (local.get 28) (i64.const 28)))
      (then (unreachable)))
    (if (i32.or (i32.ne (local.get 27) (i32.const 27)) (f64.ne (local.get 2) (f64.const 2)))
      (then (unreachable)))
    (return_call_indirect $t (type $none) (global.get $select)))
  (func $none (type $none)
    (return_call_ref $few (global.get $n) (global.get $few)))
  (func (export "all") (param i64) (result i64) (call $few (local.get 0)))

  ;; results in memory
  (type $ping (func (param i64) (result i64 f64 i32 v128)))
  (type $pong (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64 f64 i32 v128)))
  (global $pong (mut (ref null $pong)) (ref.null $pong))
  (func $ping (type $ping)
    (if (i64.eqz (local.get 0))
      (then (return (i64.const 1) (f64.const 2) (i32.const 3) (call $vector))))
    (return_call_ref $pong (i64.sub (local.get 0) (i64.const 1)) (i64.const 2) (i64.const 3)
      (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9)
      (global.get $pong)))
  (func $pong (type $pong)
    (if (i64.ne (local.get 8) (i64.const 9)) (then (unreachable)))
    (return_call $ping (local.get 0)))
  (func $vector (result v128) (local v128) (local.get 0))
  (func (export "results") (param i64) (result i64 f64 i32)
    (global.set $pong (ref.func $pong))
    (call $ping (local.get 0))
    (drop))
  (func (export "results-dropped") (param i64) (result f64)
    (local i64 f64)
    (call $ping (local.get 0)) (drop) (drop) (local.set 2) (local.set 1)
    (call $ping (local.get 0)) (drop) (drop) (drop) (drop)
    (f64.add (local.get 2) (f64.convert_i64_s (local.get 1))))
  (func (export "null")
    (global.set $pong (ref.null $pong))
    (drop (drop (drop (drop (call $ping (i64.const 1)))))))

  ;; between instances
  (func $there (export "there") (param i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 43))))
    (return_call $back (i64.sub (local.get 0) (i64.const 1)) (ref.func $again)))
  (func $again (param i64 funcref i64 i64 i64 i64 i64 i64 i64) (result i64)
    (if (i64.ne (i64.add (local.get 7) (local.get 8)) (i64.const 15)) (then (unreachable)))
    (return_call $there (local.get 0)))
  (elem declare func $again $pong)

  ;; a function of another instance, by each way
  (func (export "print") (param i32) (return_call $print (local.get 0)))
  (func (export "print-indirect") (param i32)
    (return_call_indirect $t (type $one) (local.get 0) (i32.const 5)))

  ;; A call that is none still needs its frame, also beside one that is, or in place of one.
  (func $deep (export "deep") (param i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return_call $none)))
    (call $deep (i64.add (local.get 0) (i64.const 1))))
  (func $step (export "step") (param i64) (result i64) (return_call $stride (local.get 0)))
  (func $stride (param i64) (result i64) (call $step (i64.add (local.get 0) (i64.const 1))))

  (func (export "select") (param i32) (global.set $select (local.get 0))))

(assert_return (invoke "all" (i64.const 1000000)) (i64.const 42))
(assert_return (invoke "results" (i64.const 1000000)) (i64.const 1) (f64.const 2) (i32.const 3))
(assert_return (invoke "results-dropped" (i64.const 1000)) (f64.const 3))
(assert_trap (invoke "null") "null function reference")
(assert_return (invoke "there" (i64.const 1000000)) (i64.const 43))
(assert_return (invoke "print" (i32.const 1)))
(assert_return (invoke "print-indirect" (i32.const 1)))
(assert_exhaustion (invoke "deep" (i64.const 1)) "call stack exhausted")
(assert_exhaustion (invoke "step" (i64.const 1)) "call stack exhausted")
(invoke "select" (i32.const 99))
(assert_trap (invoke "all" (i64.const 5)) "undefined element")
(invoke "select" (i32.const 1))
(assert_trap (invoke "all" (i64.const 5)) "indirect call type mismatch")
