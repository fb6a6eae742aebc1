;; A load of a shared memory traps although its value may not be selected: the back end would make it
;; the operand of a conditional move, and that a branch around the load.

;; RUN: tenon-wast --opt=0,2,3 %s

(module
  (memory 1 3 shared)
  (func (export "constant") (param i32) (result i64)
    (select (i64.load32_s (i32.const 70000)) (i64.const 3) (local.get 0)))
  (func (export "variable") (param i32 i32) (result i32)
    (select (i32.load (local.get 1)) (i32.const 3) (local.get 0)))
  (func (export "atomic") (param i32 i32) (result i32)
    (select (i32.atomic.load (local.get 1)) (i32.const 3) (local.get 0))))
(assert_trap (invoke "constant" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "variable" (i32.const 0) (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "atomic" (i32.const 0) (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "variable" (i32.const 0) (i32.const 65532)) (i32.const 3))
