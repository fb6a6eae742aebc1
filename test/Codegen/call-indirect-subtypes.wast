;; An indirect call takes functions whose type is declared as a subtype of the one that it names, whether the
;; element is known at compile time or not. It takes no supertype, no sibling, and nothing that only has the
;; same parameters and results.

;; RUN: tenon-wast --opt=0,2,3 %s

(module $provider
  (type $super (sub (func (result i32))))
  (type $sub (sub $super (func (result i32))))
  (func (export "sub") (type $sub) (i32.const 20)))
(register "provider" $provider)

(module $caller
  (type $super (sub (func (result i32))))
  (type $sub (sub $super (func (result i32))))
  (type $leaf (sub final $sub (func (result i32))))
  (rec (type $sibling (sub $super (func (result i32)))) (type (func)))
  (type $alone (func (result i32)))
  ;; What a function is defined with decides, not what its import says.
  (import "provider" "sub" (func $imported (type $super)))
  (func $f-super (type $super) (i32.const 0))
  (func $f-sub (type $sub) (i32.const 1))
  (func $f-leaf (type $leaf) (i32.const 2))
  (func $f-alone (type $alone) (i32.const 3))
  (table $t (export "table") 6 funcref)
  (elem (table $t) (i32.const 0) func $f-super $f-sub $f-leaf $f-alone $imported)
  (table $known funcref (elem $f-super $f-sub $f-leaf $f-alone $imported))

  (func (export "as-super") (param i32) (result i32) (call_indirect $t (type $super) (local.get 0)))
  (func (export "as-sub") (param i32) (result i32) (call_indirect $t (type $sub) (local.get 0)))
  (func (export "as-leaf") (param i32) (result i32) (call_indirect $t (type $leaf) (local.get 0)))
  (func (export "as-sibling") (param i32) (result i32) (call_indirect $t (type $sibling) (local.get 0)))
  (func (export "as-alone") (param i32) (result i32) (call_indirect $t (type $alone) (local.get 0)))
  (func (export "tail-as-sub") (param i32) (result i32)
    (return_call_indirect $t (type $sub) (local.get 0)))

  (func (export "known") (result i32)
    (call_indirect $known (type $super) (i32.const 0))
    (i32.add (call_indirect $known (type $super) (i32.const 2)))
    (i32.add (call_indirect $known (type $sub) (i32.const 1)))
    (i32.add (call_indirect $known (type $sub) (i32.const 4))))
  (func (export "known-super") (result i32) (call_indirect $known (type $sub) (i32.const 0)))
  (func (export "known-alone") (result i32) (call_indirect $known (type $super) (i32.const 3)))
  (func (export "known-tail") (result i32) (return_call_indirect $known (type $sub) (i32.const 2))))

(assert_return (invoke "as-super" (i32.const 0)) (i32.const 0))
(assert_return (invoke "as-super" (i32.const 1)) (i32.const 1))
(assert_return (invoke "as-super" (i32.const 2)) (i32.const 2))
(assert_trap (invoke "as-super" (i32.const 3)) "indirect call type mismatch")
(assert_return (invoke "as-super" (i32.const 4)) (i32.const 20))
(assert_trap (invoke "as-super" (i32.const 5)) "uninitialized element")
(assert_trap (invoke "as-sub" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "as-sub" (i32.const 1)) (i32.const 1))
(assert_return (invoke "as-sub" (i32.const 2)) (i32.const 2))
(assert_trap (invoke "as-sub" (i32.const 3)) "indirect call type mismatch")
(assert_return (invoke "as-sub" (i32.const 4)) (i32.const 20))
(assert_trap (invoke "as-leaf" (i32.const 1)) "indirect call type mismatch")
(assert_return (invoke "as-leaf" (i32.const 2)) (i32.const 2))
(assert_trap (invoke "as-leaf" (i32.const 4)) "indirect call type mismatch")
(assert_trap (invoke "as-sibling" (i32.const 0)) "indirect call type mismatch")
(assert_trap (invoke "as-sibling" (i32.const 1)) "indirect call type mismatch")
(assert_trap (invoke "as-alone" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "as-alone" (i32.const 3)) (i32.const 3))
(assert_trap (invoke "tail-as-sub" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "tail-as-sub" (i32.const 2)) (i32.const 2))
(assert_return (invoke "tail-as-sub" (i32.const 4)) (i32.const 20))
(assert_return (invoke "known") (i32.const 23))
(assert_trap (invoke "known-super") "indirect call type mismatch")
(assert_trap (invoke "known-alone") "indirect call type mismatch")
(assert_return (invoke "known-tail") (i32.const 2))

;; The subtypes of all modules count: the caller does not know this one.
(register "caller" $caller)
(module
  (type $super (sub (func (result i32))))
  (type $unknown (sub $super (func (result i32))))
  (rec (type $mine (sub final $unknown (func (result i32)))) (type (func)))
  (import "caller" "table" (table 6 funcref))
  (func $f (type $mine) (i32.const 30))
  (elem (i32.const 5) $f))
(assert_return (invoke $caller "as-super" (i32.const 5)) (i32.const 30))
(assert_return (invoke $caller "as-sub" (i32.const 5)) (i32.const 30))
(assert_trap (invoke $caller "as-leaf" (i32.const 5)) "indirect call type mismatch")
