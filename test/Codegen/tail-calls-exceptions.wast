;; An exception out of a function that took another's place, and whose arguments take more or less of the
;; stack: the handler's frame is found, and found where it was.

;; RUN: tenon-wast -O0 %s
;; RUN: tenon-wast -O2 %s
;; RUN: tenon-wast -O3 %s

(module
  (tag $e (param i64))
  (type $none (func (result i64)))
  (type $many (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (table $t funcref (elem $grow $shrink $throw $throw-many $own))
  (global $opaque (export "opaque") (mut i64) (i64.const 0))

  ;; Nobody knows who is called.
  (func $at (param i32) (result i32)
    (i32.add (local.get 0) (i32.wrap_i64 (global.get $opaque))))

  (func $throw (type $none) (throw $e (i64.add (global.get $opaque) (i64.const 5))))
  (func $throw-many (type $many)
    (throw $e (i64.sub (local.get 15) (local.get 6))))
  ;; from no stack arguments to ten, and back
  (func $grow (type $none)
    (return_call_indirect $t (type $many) (i64.const 0) (i64.const 1) (i64.const 2) (i64.const 3)
      (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10)
      (i64.const 11) (i64.const 12) (i64.const 13) (i64.const 14) (i64.const 15) (call $at (i32.const 3))))
  (func $shrink (type $many)
    (return_call_indirect $t (type $none) (call $at (i32.const 2))))

  ;; Handlers around calls of both, in a function with much to lose.
  (func $own (type $none) (local $i i64) (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local $f i64) (local $g i64)
    (local.set $a (i64.add (global.get $opaque) (i64.const 1)))
    (local.set $b (i64.add (global.get $opaque) (i64.const 2)))
    (local.set $c (i64.add (global.get $opaque) (i64.const 3)))
    (local.set $d (i64.add (global.get $opaque) (i64.const 4)))
    (local.set $i (i64.const 100000))
    (loop $again
      (block $caught (result i64)
        (try_table (catch $e $caught)
          (drop (call_indirect $t (type $none) (call $at (i32.const 0)))))
        (i64.const 1000))
      (local.set $f (i64.add (local.get $f)))
      (block $caught (result i64)
        (try_table (catch $e $caught)
          (drop (call $through (local.get $a) (local.get $b))))
        (i64.const 1000))
      (local.set $g (i64.add (local.get $g)))
      (local.set $a (i64.add (local.get $a) (i64.const 1)))
      (local.set $b (i64.add (local.get $b) (local.get $c)))
      (local.set $c (i64.xor (local.get $c) (local.get $d)))
      (local.set $i (i64.sub (local.get $i) (i64.const 1)))
      (br_if $again (i64.ne (local.get $i) (i64.const 0))))
    (i64.add (i64.add (local.get $a) (local.get $b)) (i64.add (local.get $f) (local.get $g))))

  ;; Passed, with registers to restore.
  (func $through (param $x i64) (param $y i64) (result i64)
    (i64.add (i64.mul (local.get $x) (local.get $y))
      (call_indirect $t (type $many)
        (local.get $x) (local.get $y) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
        (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11)
        (i64.const 12) (i64.const 13) (i64.const 14) (i64.const 15) (call $at (i32.const 1)))))

  (func (export "caught") (result i64) (call $own))

  ;; A tail call is out of the range of handlers around it.
  (func $leaves (result i64)
    (block $caught (result i64)
      (try_table (catch $e $caught) (return_call_indirect $t (type $none) (call $at (i32.const 0))))
      (i64.const 1)))
  (func (export "outside") (result i64)
    (block $caught (result i64)
      (try_table (catch $e $caught) (return (i64.add (i64.const 100) (call $leaves))))
      (i64.const 2)))
  ;; Without end, out of a try block.
  (func $forever (param i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 7))))
    (block $caught (result i64)
      (try_table (catch $e $caught) (return_call $forever (i64.sub (local.get 0) (i64.const 1))))
      (unreachable)))
  (func (export "forever") (result i64) (call $forever (i64.const 1000000)))
  (func (export "uncaught") (result i64) (return_call $grow)))

(assert_return (invoke "caught") (i64.const 2000003))
(assert_return (invoke "outside") (i64.const 9))
(assert_return (invoke "forever") (i64.const 7))
(assert_exception (invoke "uncaught"))
