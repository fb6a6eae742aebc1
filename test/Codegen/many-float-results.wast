;; Many floats as results: their bits stay as they are, signalling NaNs too, which an x87 register
;; would change.

;; RUN: tenon-wast --opt=0,2,3 %s

(module
  (func $three (export "three") (result f32 f64 f64)
    (f32.const 1) (f64.const 2) (f64.const nan:0x4000000000000))
  (func (export "through-a-call") (result f32 f64 f64 f32 v128 f32)
    (call $three) (f32.const nan:0x200000) (v128.const i64x2 1 2) (f32.const 3)))
(assert_return (invoke "three") (f32.const 1) (f64.const 2) (f64.const nan:0x4000000000000))
(assert_return (invoke "through-a-call") (f32.const 1) (f64.const 2)
  (f64.const nan:0x4000000000000) (f32.const nan:0x200000) (v128.const i64x2 1 2) (f32.const 3))
