;; RUN: tenon-wast --donut-wrapping --opt=0,1,2,3 %s

;; Lists that are copied without a call, from an address to another at every distance modulo 4096, one behind the other
;; included, and of every length up to 99.
(component definition $copies
  (component $Callee
    (core module $Main
      (memory (export "memory") 3)
      (global $at (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $at))
      ;; What stands there now must be the bytes 1, 2, 3..., and zero around them, which it leaves zero.
      (func (export "take") (param $from i32) (param $length i32) (result i32)
        (local $i i32) (local $wrong i32)
        (local.set $wrong (i32.or
          (i32.load8_u (i32.sub (local.get $from) (i32.const 1)))
          (i32.load8_u (i32.add (local.get $from) (local.get $length)))))
        (block $done
          (loop $next
            (br_if $done (i32.eq (local.get $i) (local.get $length)))
            (local.set $wrong (i32.or (local.get $wrong) (i32.ne
              (i32.load8_u (i32.add (local.get $from) (local.get $i)))
              (local.tee $i (i32.add (local.get $i) (i32.const 1))))))
            (br $next)))
        (memory.fill (local.get $from) (i32.const 0) (local.get $length))
        (local.get $wrong))
      (func (export "place") (param i32) (global.set $at (local.get 0))))
    (core instance $main (instantiate $Main))
    (func (export "place") (param "at" u32) (canon lift (core func $main "place")))
    (func (export "take") (param "it" (list u8)) (result u32) (canon lift (core func $main "take")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
  (instance $callee (instantiate $Callee))
  (core module $Memory (memory (export "memory") 1))
  (core instance $memory (instantiate $Memory))
  (core func $place (canon lower (func $callee "place")))
  (core func $take (canon lower (func $callee "take") (memory (core memory $memory "memory"))))
  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "callee" "place" (func $place (param i32)))
    (import "callee" "take" (func $take (param i32 i32) (result i32)))
    (func (export "run") (param $length i32) (param $step i32) (result i32)
      (local $i i32) (local $wrong i32)
      (loop $next
        (i32.store8 (i32.add (i32.const 256) (local.get $i)) (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
      (local.set $i (i32.const 0))
      (loop $next
        (call $place (i32.add (i32.const 8192) (local.get $i)))
        (local.set $wrong (i32.add (local.get $wrong) (call $take (i32.const 256) (local.get $length))))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (local.get $step))) (i32.const 4200))))
      (local.get $wrong))
    (func (export "lengths") (result i32)
      (local $i i32) (local $wrong i32)
      (loop $next
        (local.set $wrong (i32.add (local.get $wrong) (call 2 (local.get $i) (i32.const 3))))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
      (local.get $wrong)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $memory))
    (with "callee" (instance (export "place" (func $place)) (export "take" (func $take))))))
  (func (export "run") (param "length" u32) (param "step" u32) (result u32) (canon lift (core func $main "run")))
  (func (export "lengths") (result u32) (canon lift (core func $main "lengths"))))
(component instance $it $copies)
(assert_return (invoke "run" (u32.const 37) (u32.const 1)) (u32.const 0))
(assert_return (invoke "run" (u32.const 255) (u32.const 1)) (u32.const 0))
(assert_return (invoke "lengths") (u32.const 0))
