;; RUN: tenon-wast --enable=error-context -O0 %s
;; RUN: tenon-wast --enable=error-context -O2 %s

;; An error context is made by one component, read and dropped by another.
(component
  (component $Maker
    (core module $libc (memory (export "memory") 1) (data (i32.const 8) "what went wrong"))
    (core instance $libc (instantiate $libc))
    (core func $new (canon error-context.new (memory (core memory $libc "memory"))))
    (core func $drop (canon error-context.drop))
    (core module $m
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "make") (result i32) (call $new (i32.const 8) (i32.const 15)))
      (func (export "drop-twice") (call $drop (i32.const 1)) (call $drop (i32.const 1)))
      (func (export "out") (drop (call $new (i32.const 65530) (i32.const 15)))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
    (func (export "make") (result error-context) (canon lift (core func $m "make")))
    (func (export "drop-twice") (canon lift (core func $m "drop-twice")))
    (func (export "out") (canon lift (core func $m "out"))))
  (instance $maker (instantiate $Maker))
  (component $User
    (import "make" (func $make (result error-context)))
    (core module $libc (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "memory" (core memory $memory))
    (core func $message (canon error-context.debug-message (memory $memory) (realloc (core func $libc "realloc"))))
    (core func $drop (canon error-context.drop))
    (core func $make (canon lower (func $make)))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (import "" "message" (func $message (param i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "message") (result i32) (local $e i32)
        (local.set $e (call $make))
        (call $message (local.get $e) (i32.const 16))
        (call $drop (local.get $e))
        (i32.const 16)))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "message" (func $message)) (export "drop" (func $drop))))))
    (func (export "message") (result string) (canon lift (core func $m "message") (memory $memory))))
  (instance $user (instantiate $User (with "make" (func $maker "make"))))
  (func (export "message") (alias export $user "message"))
  (func (export "drop-twice") (alias export $maker "drop-twice"))
  (func (export "out") (alias export $maker "out")))
(assert_return (invoke "message") (str.const "what went wrong"))
(assert_return (invoke "message") (str.const "what went wrong"))
;; The maker's own handles are still there.
(assert_trap (invoke "drop-twice") "unknown handle index")
