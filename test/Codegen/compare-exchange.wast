;; The number that a narrow compare-exchange expects is wrapped first. The official suite has no case
;; where that matters.

;; RUN: tenon-wast --opt=0,2,3 %s
;; RUN: tenon-wast --interp %s

(module
  (memory 1)
  (data (i32.const 0) "\34\12\00\00")
  (func (export "16") (param i64) (result i64)
    (i64.atomic.rmw16.cmpxchg_u (i32.const 0) (local.get 0) (i64.const 0xf5678)))
  (func (export "8") (param i32) (result i32)
    (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (local.get 0) (i32.const 0x39a)))
  (func (export "word") (result i32) (i32.load (i32.const 0))))
(assert_return (invoke "16" (i64.const 0x71234)) (i64.const 0x1234))
(assert_return (invoke "word") (i32.const 0x5678))
(assert_return (invoke "8" (i32.const 0x179)) (i32.const 0x78))
(assert_return (invoke "word") (i32.const 0x5678))
(assert_return (invoke "8" (i32.const 0x178)) (i32.const 0x78))
(assert_return (invoke "word") (i32.const 0x569a))
