;; How large a memory or table is when a module imports it is known when the script runs.

;; RUN: split-file %s %t
;; RUN: tenon-wast -O0 %t/grown.wast
;; RUN: tenon-wast -O2 %t/grown.wast
;; RUN: not tenon-wast -O0 -v %t/refused.wast 2>&1 | FileCheck %s

;--- grown.wast
(module $memory
  (memory (export "m") 1 3)
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(register "memory" $memory)
(module $table
  (table (export "t") 1 4 externref)
  (func (export "grow") (result i32) (table.grow (ref.null extern) (i32.const 2))))
(register "table" $table)

(assert_unlinkable (module (import "memory" "m" (memory 2))) "incompatible import type")
(assert_unlinkable (module (import "table" "t" (table 2 externref))) "incompatible import type")
(assert_return (invoke $memory "grow") (i32.const 1))
(assert_return (invoke $table "grow") (i32.const 1))

;; An import that it satisfies now, handed on as less than it is.
(module $again (import "memory" "m" (memory 2)) (import "table" "t" (table 0 externref))
  (export "m" (memory 0)) (export "t" (table 0))
  (func (export "pages") (result i32) (memory.size))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(register "again" $again)
(assert_return (invoke $again "pages") (i32.const 2))
(module (import "again" "t" (table 3 externref)))

(assert_unlinkable (module (import "again" "m" (memory 3))) "incompatible import type")
(assert_return (invoke $again "grow") (i32.const 2))
(module (import "again" "m" (memory 3 3)) (func (export "pages") (result i32) (memory.size)))
(assert_return (invoke "pages") (i32.const 3))

;; Beyond the maximum, and with a maximum that is too small: whatever happens.
(assert_unlinkable (module (import "memory" "m" (memory 4))) "incompatible import type")
(assert_unlinkable (module (import "memory" "m" (memory 1 2))) "incompatible import type")

;--- refused.wast
(module $memory (memory (export "m") 1)
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(register "memory" $memory)
;; CHECK: refused.wast:5: module: incompatible import type: a memory or table is too small
(module $large (import "memory" "m" (memory 2)) (export "m" (memory 0))
  (func (export "pages") (result i32) (memory.size)))
(register "large" $large)
;; CHECK: refused.wast:9: assert_return: a module that it depends on could not be linked
(assert_return (invoke $large "pages") (i32.const 1))
;; CHECK: refused.wast:11: module: a module that it depends on could not be linked
(module (import "large" "m" (memory 1)))
;; CHECK: refused.wast:13: assert_unlinkable: a module that it depends on could not be linked
(assert_unlinkable (module (import "large" "m" (memory 7))) "incompatible import type")
(assert_return (invoke $memory "grow") (i32.const 1))
;; CHECK: refused.wast:16: assert_unlinkable: linked, expected: incompatible
(assert_unlinkable (module (import "memory" "m" (memory 2))) "incompatible import type")
;; CHECK: 4 passed, 5 failed, 0 skipped
