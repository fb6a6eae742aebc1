;; The child traps, in the way that the first argument's first letter says; the parent only passes the
;; call on.
(component $Parent
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-arguments" (func (result (list string))))))

  (component $Child
    (import "get-arguments" (func $get-arguments (result (list string))))
    (core module $Libc
      (memory (export "memory") 1 2)
      (global $top (mut i32) (i32.const 4096))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $top (i32.add (i32.const 8)
          (i32.and (i32.add (global.get $top) (local.get 3)) (i32.const -8))))
        (i32.and (i32.sub (global.get $top) (local.get 3)) (i32.const -8))))
    (core instance $libc (instantiate $Libc))
    (core func $get-arguments' (canon lower (func $get-arguments)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $Main
      (import "libc" "memory" (memory 1))
      (import "wasi" "get-arguments" (func $get-arguments (param i32)))
      (type $nothing (func))
      (table 4 funcref)
      (elem (i32.const 0) $returns-a-number)
      (global $depth (mut i32) (i32.const 0))
      (func $returns-a-number (result i32) (i32.const 1))
      (func $run-into-unreachable (unreachable))
      (func $read-outside (drop (i32.load (i32.const 0x10000))))
      (func $write-far-outside (param $at i32) (i64.store offset=0xfffffff0 (local.get $at) (i64.const 1)))
      (func $divide (param $by i32) (result i32) (i32.div_s (i32.const 1) (local.get $by)))
      (func $overflow (param $by i32) (result i32)
        (i32.div_s (i32.const 0x80000000) (local.get $by)))
      (func $convert (param $of f32) (result i32) (i32.trunc_f32_s (local.get $of)))
      (func $recurse (param $n i32) (result i32)
        (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
        (i32.add (call $recurse (i32.add (local.get $n) (i32.const 1))) (i32.const 1)))
      (func $call-undefined (param $i i32) (call_indirect (type $nothing) (local.get $i)))
      (func $choose (param $letter i32)
        (if (i32.eq (local.get $letter) (i32.const 117)) (then (call $run-into-unreachable))) ;; u
        (if (i32.eq (local.get $letter) (i32.const 109)) (then (call $read-outside))) ;; m
        (if (i32.eq (local.get $letter) (i32.const 102)) ;; f
          (then (call $write-far-outside (i32.const 32))))
        (if (i32.eq (local.get $letter) (i32.const 100)) ;; d
          (then (drop (call $divide (i32.load (i32.const 64))))))
        (if (i32.eq (local.get $letter) (i32.const 111)) ;; o
          (then (drop (call $overflow (i32.sub (i32.load (i32.const 64)) (i32.const 1))))))
        (if (i32.eq (local.get $letter) (i32.const 99)) ;; c
          (then (drop (call $convert (f32.const 1e30)))))
        (if (i32.eq (local.get $letter) (i32.const 115)) ;; s
          (then (drop (call $recurse (i32.const 0)))))
        ;; of another type; null; outside the table
        (if (i32.eq (local.get $letter) (i32.const 116)) (then (call $call-undefined (i32.const 0))))
        (if (i32.eq (local.get $letter) (i32.const 110)) (then (call $call-undefined (i32.const 1))))
        (if (i32.eq (local.get $letter) (i32.const 101)) (then (call $call-undefined (i32.const 4)))))
      (func (export "run") (result i32)
        (call $get-arguments (i32.const 0))
        (call $choose (i32.load8_u (i32.load offset=8 (i32.load (i32.const 0)))))
        (i32.const 0)))
    (core instance $main (instantiate $Main
      (with "libc" (instance $libc))
      (with "wasi" (instance (export "get-arguments" (func $get-arguments'))))))
    (func (export "run") (result (result)) (canon lift (core func $main "run"))))

  (instance $child (instantiate $Child
    (with "get-arguments" (func $environment "get-arguments"))))
  (instance $cli-run (export "run" (func $child "run")))
  (export "wasi:cli/run@0.2.0" (instance $cli-run)))
