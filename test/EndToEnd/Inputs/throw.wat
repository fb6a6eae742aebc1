;; `run` does what the first letter of the first argument says; see ../exceptions.test. The child's lifted
;; functions let an exception out, in the function, in its post-return, in a realloc.
(component $Parent
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-arguments" (func (result (list string))))))

  (component $Child
    (core module $Main
      (tag $e (param i32))
      (memory (export "mem") 1)
      (func $throw (param i32) (throw $e (local.get 0)))
      (func (export "core-throws") (param i32)
        (block $other (try_table (catch_all $other) (nop)))
        (call $throw (local.get 0)))
      (func (export "core-ends-badly") (param i32) (result i32) (i32.const 0))
      (func (export "core-post-return") (param i32) (throw $e (i32.const 0)))
      (func (export "core-takes") (param i32 i32))
      (func (export "core-realloc") (param i32 i32 i32 i32) (result i32)
        (throw $e (i32.const 0))))
    (core instance $m (instantiate $Main))
    (func (export "throws") (param "x" u32) (canon lift (core func $m "core-throws")))
    (func (export "ends-badly") (param "x" u32) (result string)
      (canon lift (core func $m "core-ends-badly") (memory (core memory $m "mem"))
        (post-return (func $m "core-post-return"))))
    (func (export "takes") (param "x" (list u8))
      (canon lift (core func $m "core-takes") (memory (core memory $m "mem"))
        (realloc (func $m "core-realloc")))))
  (instance $child (instantiate $Child))

  (core module $Memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $memory (instantiate $Memory))
  (core func $get-arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (func $memory "realloc"))))
  (core func $throws (canon lower (func $child "throws")))
  (core func $ends-badly (canon lower (func $child "ends-badly")
    (memory (core memory $memory "memory")) (realloc (func $memory "realloc"))))
  (core func $takes (canon lower (func $child "takes")
    (memory (core memory $memory "memory"))))

  (core module $Main
    (import "e" "memory" (memory 1))
    (import "e" "get-arguments" (func $get-arguments (param i32)))
    (import "e" "throws" (func $throws (param i32)))
    (import "e" "ends-badly" (func $ends-badly (param i32 i32)))
    (import "e" "takes" (func $takes (param i32 i32)))
    (tag $mine (param i32))
    (func $letter (result i32)
      (call $get-arguments (i32.const 0))
      (if (i32.lt_u (i32.load (i32.const 4)) (i32.const 2)) (then (return (i32.const 0))))
      ;; The pointer of the second string.
      (i32.load8_u (i32.load (i32.add (i32.load (i32.const 0)) (i32.const 8)))))
    (func $do (param $c i32)
      (if (i32.eq (local.get $c) (i32.const 0x74)) ;; t
        (then (throw $mine (i32.const 1))))
      (if (i32.eq (local.get $c) (i32.const 0x6c)) ;; l
        (then (call $throws (i32.const 1))))
      (if (i32.eq (local.get $c) (i32.const 0x70)) ;; p
        (then (call $ends-badly (i32.const 1) (i32.const 16))))
      (if (i32.eq (local.get $c) (i32.const 0x72)) ;; r
        (then (call $takes (i32.const 0) (i32.const 5)))))
    (func (export "run") (result i32)
      (local $c i32)
      (local.set $c (call $letter))
      (if (i32.eq (local.get $c) (i32.const 0x74))
        (then (call $do (local.get $c))))
      ;; What leaves another component is a trap, so this handler sees none of it.
      (block $h
        (try_table (catch_all $h) (call $do (local.get $c)))
        (return (i32.const 0)))
      (i32.const 1)))
  (core instance $main (instantiate $Main (with "e" (instance
    (export "memory" (memory $memory "memory"))
    (export "get-arguments" (func $get-arguments))
    (export "throws" (func $throws))
    (export "ends-badly" (func $ends-badly))
    (export "takes" (func $takes))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $i (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $i)))
