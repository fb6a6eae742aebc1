;; Instances that are entered while a start function runs, and while it does not any more.

;; RUN: tenon-wast --donut-wrapping --opt=0,2,3 --enable=values %s
;; RUN: tenon-wast --donut-wrapping --interp --enable=values %s

;; `calls` is started: the parent calls its child, which calls back into the parent as long as its argument is
;; greater than 0, and the parent then calls the child again, which is still running.
(component
  (component $Parent
    (import "depth" (value $depth u32))
    (core module $Trampoline
      (type $call (func (param i32) (result i32)))
      (table (export "table") 1 funcref)
      (func (export "call") (param i32) (result i32) (call_indirect (type $call) (local.get 0) (i32.const 0))))
    (core instance $trampoline (instantiate $Trampoline))
    (func $calls (param "x" u32) (result u32) (canon lift (core func $trampoline "call")))
    (component $Child
      (import "back" (func $back (param "x" u32) (result u32)))
      (core func $back (canon lower (func $back)))
      (core module $M
        (import "" "back" (func $back (param i32) (result i32)))
        (func (export "work") (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (call $back (i32.sub (local.get 0) (i32.const 1))))
            (else (i32.const 9)))))
      (core instance $m (instantiate $M (with "" (instance (export "back" (func $back))))))
      (func (export "work") (param "x" u32) (result u32) (canon lift (core func $m "work"))))
    (instance $child (instantiate $Child (with "back" (func $calls))))
    (core func $work (canon lower (func $child "work")))
    (core module $Fill
      (import "" "table" (table 1 funcref))
      (import "" "work" (func $work (param i32) (result i32)))
      (elem (i32.const 0) func $work))
    (core instance (instantiate $Fill (with "" (instance
      (export "table" (table $trampoline "table")) (export "work" (func $work))))))
    (start $calls (value $depth) (result (value $result)))
    ;; The start function is over: nobody is entered.
    (value $zero u32 0)
    (start (func $child "work") (value $zero) (result (value $after)))
    (export "result" (value $result))
    (export "after" (value $after))
    (export "calls" (func $calls)))
  (value $depth u32 0)
  (instance $p (instantiate $Parent (with "depth" (value $depth))))
  (export "result" (value $p "result"))
  (export "after" (value $p "after"))
  (export "calls" (func $p "calls")))
(assert_return (get "result") (u32.const 9))
(assert_return (get "after") (u32.const 9))
(assert_return (invoke "calls" (u32.const 0)) (u32.const 9))
(assert_trap (invoke "calls" (u32.const 1)) "cannot enter component instance")
;; The same in a start function.
(assert_trap
  (component
    (component $Parent
      (import "depth" (value $depth u32))
      (core module $Trampoline
        (type $call (func (param i32) (result i32)))
        (table (export "table") 1 funcref)
        (func (export "call") (param i32) (result i32) (call_indirect (type $call) (local.get 0) (i32.const 0))))
      (core instance $trampoline (instantiate $Trampoline))
      (func $calls (param "x" u32) (result u32) (canon lift (core func $trampoline "call")))
      (component $Child
        (import "back" (func $back (param "x" u32) (result u32)))
        (core func $back (canon lower (func $back)))
        (core module $M
          (import "" "back" (func $back (param i32) (result i32)))
          (func (export "work") (param i32) (result i32)
            (if (result i32) (local.get 0)
              (then (call $back (i32.sub (local.get 0) (i32.const 1))))
              (else (i32.const 9)))))
        (core instance $m (instantiate $M (with "" (instance (export "back" (func $back))))))
        (func (export "work") (param "x" u32) (result u32) (canon lift (core func $m "work"))))
      (instance $child (instantiate $Child (with "back" (func $calls))))
      (core func $work (canon lower (func $child "work")))
      (core module $Fill
        (import "" "table" (table 1 funcref))
        (import "" "work" (func $work (param i32) (result i32)))
        (elem (i32.const 0) func $work))
      (core instance (instantiate $Fill (with "" (instance
        (export "table" (table $trampoline "table")) (export "work" (func $work))))))
      (start $calls (value $depth) (result (value $result)))
      ;; The start function is over: nobody is entered.
      (value $zero u32 0)
      (start (func $child "work") (value $zero) (result (value $after)))
      (export "result" (value $result))
      (export "after" (value $after))
      (export "calls" (func $calls)))
    (value $depth u32 1)
    (instance $p (instantiate $Parent (with "depth" (value $depth))))
    (export "result" (value $p "result"))
    (export "after" (value $p "after")))
  "cannot enter component instance")
(component
  (component $Parent
    (import "depth" (value $depth u32))
    (core module $M (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
    (core instance $m (instantiate $M))
    (func $double (export "double") (param "x" u32) (result u32) (canon lift (core func $m "double")))
    (start $double (value $depth) (result (value $twice)))
    (export "twice" (value $twice)))
  ;; Functions of an instance that another's start calls, and that is called again afterwards.
  (component $User
    (import "double" (func $double (param "x" u32) (result u32)))
    (import "v" (value $v u32))
    (start $double (value $v) (result (value $r)))
    (core func $double' (canon lower (func $double)))
    (func (export "again") (param "x" u32) (result u32) (canon lift (core func $double')))
    (export "r" (value $r)))
  (value $three u32 3)
  (instance $p (instantiate $Parent (with "depth" (value $three))))
  (instance $u (instantiate $User (with "double" (func $p "double")) (with "v" (value $p "twice"))))
  (export "r" (value $u "r"))
  (export "again" (func $u "again")))
(assert_return (get "r") (u32.const 12))
(assert_return (invoke "again" (u32.const 4)) (u32.const 8))
(assert_return (invoke "again" (u32.const 5)) (u32.const 10))
(assert_return (get "r") (u32.const 12))
