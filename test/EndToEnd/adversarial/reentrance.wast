;; RUN: tenon-wast --donut-wrapping -O0 %s
;; RUN: tenon-wast --donut-wrapping -O2 %s
;; RUN: tenon-wast --donut-wrapping --interp %s

;; Guests that call out where they must not, or come back while they run: from realloc, from post-return, from a
;; destructor, from a callback through the parent. CanonicalABI.md, "may_leave" and "may_enter_from".
(component definition $Reenter
  (core module $Trampoline
    (type $call (func (param i32) (result i32)))
    (table (export "table") 1 funcref)
    (func (export "call") (param i32) (result i32) (call_indirect (type $call) (local.get 0) (i32.const 0)))
    (func (export "drop") (param i32) (drop (call_indirect (type $call) (local.get 0) (i32.const 0)))))
  (core instance $trampoline (instantiate $Trampoline))
  ;; What the parent gives to the child: a function and a resource, both of which call the child.
  (func $back (param "x" u32) (result u32) (canon lift (core func $trampoline "call")))
  (type $thing (resource (rep i32) (dtor (core func $trampoline "drop"))))
  (core func $thing.new (canon resource.new $thing))
  (func $make (param "rep" u32) (result (own $thing)) (canon lift (core func $thing.new)))

  (component $Child
    (import "back" (func $back (param "x" u32) (result u32)))
    (import "thing" (type $thing (sub resource)))
    (import "make" (func $make (param "rep" u32) (result (own $thing))))
    (type $mine' (resource (rep i32)))
    (core func $back (canon lower (func $back)))
    (core func $make (canon lower (func $make)))
    (core func $thing.drop (canon resource.drop $thing))
    (core func $mine.new (canon resource.new $mine'))
    (core func $mine.rep (canon resource.rep $mine'))
    (core func $mine.drop (canon resource.drop $mine'))
    (core module $m
      (import "" "back" (func $back (param i32) (result i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "thing.drop" (func $thing.drop (param i32)))
      (import "" "mine.new" (func $mine.new (param i32) (result i32)))
      (import "" "mine.rep" (func $mine.rep (param i32) (result i32)))
      (import "" "mine.drop" (func $mine.drop (param i32)))
      (memory (export "memory") 1)
      (global $what (mut i32) (i32.const 0))
      (global $handle (mut i32) (i32.const 0))
      (func $misbehave
        (if (i32.eq (global.get $what) (i32.const 1)) (then (drop (call $back (i32.const 0)))))
        (if (i32.eq (global.get $what) (i32.const 2)) (then (drop (call $mine.new (i32.const 7)))))
        (if (i32.eq (global.get $what) (i32.const 3)) (then (call $mine.drop (global.get $handle))))
        (if (i32.eq (global.get $what) (i32.const 4)) (then (call $thing.drop (global.get $handle))))
        ;; This one is allowed.
        (if (i32.eq (global.get $what) (i32.const 5)) (then (drop (call $mine.rep (global.get $handle))))))
      (func $set (export "set") (param i32)
        (global.set $handle (call $mine.new (i32.const 9)))
        (if (i32.eq (local.get 0) (i32.const 4)) (then (global.set $handle (call $make (i32.const 1)))))
        (global.set $what (local.get 0)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $misbehave) (i32.const 64))
      (func (export "post-return") (param i32) (call $misbehave))
      (func (export "length") (param i32 i32) (result i32) (local.get 1))
      (func (export "answer") (param i32) (result i32) (local.get 0))
      (func (export "call-back") (param i32) (result i32) (call $back (local.get 0)))
      (func (export "drop-thing") (param i32) (result i32) (call $thing.drop (call $make (local.get 0))) (i32.const 0)))
    (core instance $i (instantiate $m (with "" (instance
      (export "back" (func $back)) (export "make" (func $make)) (export "thing.drop" (func $thing.drop))
      (export "mine.new" (func $mine.new)) (export "mine.rep" (func $mine.rep))
      (export "mine.drop" (func $mine.drop))))))
    (func (export "set") (param "what" u32) (canon lift (core func $i "set")))
    (func (export "text") (param "x" string) (result u32)
      (canon lift (core func $i "length") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
    (func (export "post") (param "x" u32) (result u32)
      (canon lift (core func $i "answer") (post-return (core func $i "post-return"))))
    (func (export "answer") (param "x" u32) (result u32) (canon lift (core func $i "answer")))
    (func (export "call-back") (param "x" u32) (result u32) (canon lift (core func $i "call-back")))
    (func (export "drop-thing") (param "x" u32) (result u32) (canon lift (core func $i "drop-thing"))))
  (instance $child (instantiate $Child
    (with "back" (func $back)) (with "thing" (type $thing)) (with "make" (func $make))))

  (core module $Libc (memory (export "memory") 1))
  (core instance $libc (instantiate $Libc))
  (core func $set (canon lower (func $child "set")))
  (core func $text (canon lower (func $child "text") (memory (core memory $libc "memory"))))
  (core func $post (canon lower (func $child "post")))
  (core func $answer (canon lower (func $child "answer")))
  (core func $call-back (canon lower (func $child "call-back")))
  (core func $drop-thing (canon lower (func $child "drop-thing")))
  ;; What the child's callbacks call: x = 0 nothing, else the child again.
  (core module $Link
    (import "" "table" (table 1 funcref))
    (import "" "answer" (func $answer (param i32) (result i32)))
    (func $choose (param i32) (result i32)
      (if (result i32) (local.get 0) (then (call $answer (local.get 0))) (else (i32.const 55))))
    (elem (i32.const 0) $choose))
  (core instance (instantiate $Link (with "" (instance
    (export "table" (table $trampoline "table")) (export "answer" (func $answer))))))
  (func (export "set") (param "what" u32) (canon lift (core func $set)))
  (func (export "text") (param "p" u32) (param "n" u32) (result u32) (canon lift (core func $text)))
  (func (export "post") (param "x" u32) (result u32) (canon lift (core func $post)))
  (func (export "answer") (param "x" u32) (result u32) (canon lift (core func $answer)))
  (func (export "call-back") (param "x" u32) (result u32) (canon lift (core func $call-back)))
  (func (export "drop-thing") (param "x" u32) (result u32) (canon lift (core func $drop-thing))))

;;===--- Proper use: the child calls the parent that called it ------------===;;
(component instance $i $Reenter)
(assert_return (invoke "call-back" (u32.const 0)) (u32.const 55))
(assert_return (invoke "drop-thing" (u32.const 0)) (u32.const 0))
(assert_return (invoke "answer" (u32.const 3)) (u32.const 3))
(assert_return (invoke "set" (u32.const 5)))
(assert_return (invoke "text" (u32.const 0) (u32.const 4)) (u32.const 4))
(assert_return (invoke "post" (u32.const 8)) (u32.const 8))

;;===--- Calls out of realloc ---------------------------------------------===;;
(assert_return (invoke "set" (u32.const 1)))
(assert_trap (invoke "text" (u32.const 0) (u32.const 4)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 2)))
(assert_trap (invoke "text" (u32.const 0) (u32.const 4)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 3)))
(assert_trap (invoke "text" (u32.const 0) (u32.const 4)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 4)))
(assert_trap (invoke "text" (u32.const 0) (u32.const 4)) "cannot leave component instance")

;;===--- Calls out of post-return -----------------------------------------===;;
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 1)))
(assert_trap (invoke "post" (u32.const 8)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 2)))
(assert_trap (invoke "post" (u32.const 8)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 3)))
(assert_trap (invoke "post" (u32.const 8)) "cannot leave component instance")
(component instance $i $Reenter)
(assert_return (invoke "set" (u32.const 4)))
(assert_trap (invoke "post" (u32.const 8)) "cannot leave component instance")

;;===--- Into a child that runs -------------------------------------------===;;
(component instance $i $Reenter)
(assert_trap (invoke "call-back" (u32.const 1)) "cannot enter component instance")
(assert_trap (invoke "answer" (u32.const 1)) "cannot enter component instance")
(component instance $i $Reenter)
(assert_trap (invoke "drop-thing" (u32.const 1)) "cannot enter component instance")
