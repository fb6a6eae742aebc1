;; RUN: tenon-wast -O0 %s
;; RUN: tenon-wast --interp %s

;; A table that grows without end would take the host's memory: it has a bound, and table.grow says -1 there.
(module
  (table $t 1 funcref)
  (func (export "grow") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))
  (func (export "get") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0)))))
(assert_return (invoke "grow" (i32.const -2)) (i32.const -1))
(assert_return (invoke "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 10000000)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 999)) (i32.const 1))
(assert_return (invoke "get" (i32.const 999)) (i32.const 1))
(assert_trap (invoke "get" (i32.const 1000)) "out of bounds table access")
(assert_return (invoke "grow" (i32.const 9999001)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 1000))
