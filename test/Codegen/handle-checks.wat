;; A loop that calls through three virtualizers, each of which has a record with a handle of the one below. Nothing in it changes a
;; handle table, so all checks are made once, before it; the load from each record is made there, too, and still traps.

;; RUN: tenon -O2 --emit=llvm %s -o - | FileCheck %s

(component
  (component $Leaf
    (type $counter (resource (rep i32)))
    (core func $new (canon resource.new $counter))
    (core module $Main
      (import "new" "counter" (func $new (param i32) (result i32)))
      (memory 1)
      (func (export "make") (result i32) (call $new (i32.const 64)))
      (func (export "add") (param $self i32) (param $a i32) (result i32)
        (i32.store (local.get $self) (i32.add (i32.load (local.get $self)) (local.get $a)))
        (i32.load (local.get $self))))
    (core instance $main (instantiate $Main (with "new" (instance (export "counter" (func $new))))))
    (export $exported "counter" (type $counter))
    (func (export "make") (result (own $exported)) (canon lift (core func $main "make")))
    (func (export "add") (param "self" (borrow $exported)) (param "a" u32) (result u32)
      (canon lift (core func $main "add"))))

  (component $Virtualizer
    (import "counters" (instance $inner
      (export "counter" (type $counter (sub resource)))
      (export "make" (func (result (own $counter))))
      (export "add" (func (param "self" (borrow $counter)) (param "a" u32) (result u32)))))
    (type $counter (resource (rep i32)))
    (core func $new (canon resource.new $counter))
    (core func $inner-make (canon lower (func $inner "make")))
    (core func $inner-add (canon lower (func $inner "add")))
    (core module $Main
      (import "new" "counter" (func $new (param i32) (result i32)))
      (import "inner" "make" (func $inner-make (result i32)))
      (import "inner" "add" (func $inner-add (param i32 i32) (result i32)))
      (memory 1)
      (func (export "make") (result i32)
        (i32.store (i32.const 64) (call $inner-make))
        (call $new (i32.const 64)))
      (func (export "add") (param $self i32) (param $a i32) (result i32)
        (call $inner-add (i32.load (local.get $self)) (local.get $a))))
    (core instance $main (instantiate $Main
      (with "new" (instance (export "counter" (func $new))))
      (with "inner" (instance
        (export "make" (func $inner-make))
        (export "add" (func $inner-add))))))
    (export $exported "counter" (type $counter))
    (func (export "make") (result (own $exported)) (canon lift (core func $main "make")))
    (func (export "add") (param "self" (borrow $exported)) (param "a" u32) (result u32)
      (canon lift (core func $main "add"))))

  (component $Child
    (import "counters" (instance $inner
      (export "counter" (type $counter (sub resource)))
      (export "make" (func (result (own $counter))))
      (export "add" (func (param "self" (borrow $counter)) (param "a" u32) (result u32)))))
    (core func $make (canon lower (func $inner "make")))
    (core func $add (canon lower (func $inner "add")))
    (core module $Main
      (import "inner" "make" (func $make (result i32)))
      (import "inner" "add" (func $add (param i32 i32) (result i32)))
      (global $counter (mut i32) (i32.const 0))
      (func (export "make") (global.set $counter (call $make)))

      ;; CHECK-LABEL: define {{.*}}child.main.loop"(
      ;; CHECK-COUNT-3: call void (...) @llvm.fake.use(
      ;; CHECK: phi i32
      ;; CHECK-NOT: {{@tenon|switch|call}}
      ;; CHECK: br i1
      (func (export "loop") (param $count i32) (result i32)
        (local $x i32)
        (loop $next
          (local.set $x (call $add (global.get $counter) (local.get $x)))
          (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $x)))
    (core instance $main (instantiate $Main (with "inner" (instance
      (export "make" (func $make))
      (export "add" (func $add))))))
    (func (export "make") (canon lift (core func $main "make")))
    (func (export "loop") (param "count" u32) (result u32) (canon lift (core func $main "loop"))))

  (instance $level0 (instantiate $Leaf))
  (instance $level1 (instantiate $Virtualizer (with "counters" (instance $level0))))
  (instance $level2 (instantiate $Virtualizer (with "counters" (instance $level1))))
  (instance $level3 (instantiate $Virtualizer (with "counters" (instance $level2))))
  (instance $child (instantiate $Child (with "counters" (instance $level3))))
  (export "make" (func $child "make"))
  (export "loop" (func $child "loop")))
