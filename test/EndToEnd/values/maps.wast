;; Maps are lists of pairs to the ABI: entries cross in their order, duplicate keys with them.

;; RUN: tenon-wast --opt=0,2,3 %s
;; RUN: tenon-wast --interp %s

(component
  (component $Callee
    (core module $M
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        ;; aligned to 8
        (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3))))
      ;; Answers what it was given.
      (func (export "echo") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (local.get 1))
        (i32.const 16))
      ;; A length that a map can't have: 2^28 bytes.
      (func (export "long") (result i32)
        (i32.store (i32.const 20) (i32.const 0x1000000))
        (i32.const 16)))
    (core instance $m (instantiate $M))
    (type $plain (map u32 u32))
    (type $padded (map u8 u64))
    (type $nested (map string (map bool (list char))))
    (func (export "plain") (param "x" $plain) (result $plain)
      (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "padded") (param "x" $padded) (result $padded)
      (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "nested") (param "x" $nested) (result $nested)
      (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "long") (result (map u64 u64))
      (canon lift (core func $m "long") (memory (core memory $m "memory")))))
  (component $Caller
    (import "callee" (instance $callee
      (export "plain" (func (param "x" (map u32 u32)) (result (map u32 u32))))
      (export "padded" (func (param "x" (map u8 u64)) (result (map u8 u64))))
      (export "nested" (func (param "x" (map string (map bool (list char))))
                             (result (map string (map bool (list char))))))))
    (core module $Libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1032))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3)))))
    (core instance $libc (instantiate $Libc))
    (core module $M
      (import "" "callee" (func $callee (param i32 i32 i32)))
      (func (export "call") (param i32 i32) (result i32)
        (call $callee (local.get 0) (local.get 1) (i32.const 512))
        (i32.const 512)))
    (core func $plain (canon lower (func $callee "plain")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $padded (canon lower (func $callee "padded")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $nested (canon lower (func $callee "nested")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core instance $plainer (instantiate $M (with "" (instance (export "callee" (func $plain))))))
    (core instance $padder (instantiate $M (with "" (instance (export "callee" (func $padded))))))
    (core instance $nester (instantiate $M (with "" (instance (export "callee" (func $nested))))))
    (func (export "plain") (param "x" (map u32 u32)) (result (map u32 u32))
      (canon lift (core func $plainer "call")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (func (export "padded") (param "x" (map u8 u64)) (result (map u8 u64))
      (canon lift (core func $padder "call")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (func (export "nested") (param "x" (map string (map bool (list char))))
                            (result (map string (map bool (list char))))
      (canon lift (core func $nester "call")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "plain" (func $caller "plain"))
  (export "padded" (func $caller "padded"))
  (export "nested" (func $caller "nested"))
  (export "long" (func $callee "long")))

(assert_return (invoke "plain" (list.const)) (list.const))
(assert_return (invoke "plain" (list.const (tuple.const (u32.const 7) (u32.const 8))))
  (list.const (tuple.const (u32.const 7) (u32.const 8))))
(assert_return
  (invoke "padded"
    (list.const (tuple.const (u8.const 9) (u64.const 1)) (tuple.const (u8.const 3) (u64.const 2))
                (tuple.const (u8.const 9) (u64.const 0xffffffffffffffff))))
  (list.const (tuple.const (u8.const 9) (u64.const 1)) (tuple.const (u8.const 3) (u64.const 2))
              (tuple.const (u8.const 9) (u64.const 0xffffffffffffffff))))
(assert_return
  (invoke "nested"
    (list.const
      (tuple.const (str.const "") (list.const))
      (tuple.const (str.const "k\u{e9}y")
        (list.const
          (tuple.const (bool.const true) (list.const (char.const "\u{1f600}") (char.const "a")))
          (tuple.const (bool.const false) (list.const))
          (tuple.const (bool.const true) (list.const (char.const "b")))))))
  (list.const
    (tuple.const (str.const "") (list.const))
    (tuple.const (str.const "k\u{e9}y")
      (list.const
        (tuple.const (bool.const true) (list.const (char.const "\u{1f600}") (char.const "a")))
        (tuple.const (bool.const false) (list.const))
        (tuple.const (bool.const true) (list.const (char.const "b")))))))
(assert_trap (invoke "long") "list pointer/length out of bounds of memory")

;; Keys.
(component definition
  (type (map bool u8)) (type (map s8 u8)) (type (map u8 u8)) (type (map s16 u8)) (type (map u16 u8))
  (type (map s32 u8)) (type (map u32 u8)) (type (map s64 u8)) (type (map u64 u8)) (type (map char u8))
  (type $key string) (type (map $key (map $key u8))))
(assert_invalid (component (type (map f32 u8))) "the key of a map can't be f32")
(assert_invalid (component (type (map f64 u8))) "the key of a map can't be f64")
(assert_invalid (component (type $t (list u8)) (type (map $t u8))) "the key of a map can't be list<u8>")
(assert_invalid (component (type $t (enum "a")) (type (map $t u8))) "the key of a map can't be enum { a }")
