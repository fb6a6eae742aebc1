;; RUN: tenon-wast -O0 %s
;; RUN: tenon-wast -O2 %s
;; RUN: tenon-wast --interp %s

;; References to function types between core modules: the types are the same when they are equal, whatever
;; their indices, and a declared subtype will do where it is only read.

(component
  (core module $shim
    (type $unused (func))
    (type $f (func (param i32) (result i32)))
    (func $zero (export "zero") (type $f) (i32.const 0))
    (global (export "hook") (mut (ref $f)) (ref.func $zero))
    (table (export "table") 1 (ref null $f)))
  (core module $patch
    (type $f (func (param i32) (result i32)))
    (import "shim" "hook" (global $hook (mut (ref $f))))
    (import "shim" "table" (table 1 (ref null $f)))
    (func $twice (type $f) (i32.mul (local.get 0) (i32.const 2)))
    (elem declare func $twice)
    (func $start (global.set $hook (ref.func $twice)) (table.set (i32.const 0) (ref.func $twice)))
    (start $start))
  (core module $user
    (type $g (func (result i32)))
    (type $f (func (param i32) (result i32)))
    (import "shim" "hook" (global $hook (mut (ref $f))))
    (func (export "run") (param i32) (result i32) (call_ref $f (local.get 0) (global.get $hook))))
  (core instance $shim (instantiate $shim))
  (core instance (instantiate $patch (with "shim" (instance $shim))))
  (core instance $user (instantiate $user (with "shim" (instance $shim))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $user "run"))))
(assert_return (invoke "run" (u32.const 21)) (u32.const 42))

;; Module types have references too, by the index spaces of the component and of the module type.
(component
  (core type $f (func (param i32) (result i32)))
  (core type $takes (func (param (ref $f)) (result i32)))
  (component $C
    (import "m" (core module $M
      (type $h (func (param i32) (result i32)))
      (import "" "call" (func (param (ref $h)) (result i32)))
      (export "run" (func (result i32)))))
    (core module $caller
      (type $f (func (param i32) (result i32)))
      (func (export "call") (param (ref $f)) (result i32) (call_ref $f (i32.const 20) (local.get 0))))
    (core instance $caller (instantiate $caller))
    (core instance $m (instantiate $M (with "" (instance $caller))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (core module $m
    (type $0 (func (result i32)))
    (type $f (func (param i32) (result i32)))
    (import "" "call" (func $call (param (ref $f)) (result i32)))
    (func $next (type $f) (i32.add (local.get 0) (i32.const 1)))
    (elem declare func $next)
    (func (export "run") (result i32) (call $call (ref.func $next))))
  (instance $c (instantiate $C (with "m" (core module $m))))
  (export "run" (func $c "run")))
(assert_return (invoke "run") (u32.const 21))

(assert_invalid
  (component
    (core module $a (type $f (func (param i32))) (global (export "g") (mut (ref null $f)) (ref.null $f)))
    (core module $b (type $f (func (param i64))) (import "a" "g" (global (mut (ref null $f)))))
    (core instance $a (instantiate $a))
    (core instance (instantiate $b (with "a" (instance $a)))))
  "expected global mut (ref null func [i64] -> []), found global mut (ref null func [i32] -> [])")
(assert_invalid
  (component
    (core type $t (module))
    (core type (func (param (ref $t)))))
  "core type 0 is a module type")
(assert_invalid
  (component (core type (func (param (ref 100)))))
  "index out of bounds")

;; The id of a component or instance type is what outer aliases inside of it call it.
(component
  (type $outer (instance
    (type $local u32)
    (type (instance
      (alias outer $outer $local (type $mine))
      (export "t" (type (eq $mine))))))))

;; An exception does not cross from a component into another.
(component
  (component $Thrower
    (core module $m (tag $t) (func (export "f") (throw $t)))
    (core instance $m (instantiate $m))
    (func (export "f") (canon lift (core func $m "f"))))
  (component $Catcher
    (import "f" (func $f))
    (core func $f' (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f))
      (func (export "run") (block $caught (try_table (catch_all $caught) (call $f)))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f'))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $thrower (instantiate $Thrower))
  (instance $catcher (instantiate $Catcher (with "f" (func $thrower "f"))))
  (export "run" (func $catcher "run")))
(assert_trap (invoke "run") "uncaught exception")
