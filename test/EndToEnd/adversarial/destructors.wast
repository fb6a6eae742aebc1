;; RUN: tenon-wast -O0 %s
;; RUN: tenon-wast -O2 %s
;; RUN: tenon-wast --interp %s

;; A destructor whose work drops the next resource: a chain ends, and one without an end is a trap.
(component definition $Chain
  (core module $Table
    (type $dtor (func (param i32)))
    (table (export "table") 1 funcref)
    (func (export "drop") (param i32) (call_indirect (type $dtor) (local.get 0) (i32.const 0))))
  (core instance $table (instantiate $Table))
  (type $link (resource (rep i32) (dtor (core func $table "drop"))))
  (core func $new (canon resource.new $link))
  (core func $drop (canon resource.drop $link))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "table" (table 1 funcref))
    (global $dropped (mut i32) (i32.const 0))
    (func $dtor (param i32)
      (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))
      (if (local.get 0) (then
        (call $drop (call $new (i32.sub (local.get 0) (i32.const 1)))))))
    (elem (i32.const 0) $dtor)
    (func (export "run") (param i32) (result i32)
      (call $drop (call $new (local.get 0)))
      (global.get $dropped)))
  (core instance $m (instantiate $M (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop)) (export "table" (table $table "table"))))))
  (func (export "run") (param "links" s32) (result u32) (canon lift (core func $m "run"))))

(component instance $i $Chain)
(assert_return (invoke "run" (s32.const 0)) (u32.const 1))
(assert_return (invoke "run" (s32.const 99)) (u32.const 101))
(assert_trap (invoke "run" (s32.const -1)) "call stack exhausted")
(assert_trap (invoke "run" (s32.const 0)) "cannot enter component instance")
