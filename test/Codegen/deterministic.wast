;; With --deterministic the relaxed instructions give what the deterministic profile prescribes. Most of
;; these give something else by default, on x86-64.

;; RUN: tenon-wast -O0 --deterministic %s
;; RUN: tenon-wast -O2 --deterministic %s
;; RUN: tenon-wast -O3 --deterministic %s
;; RUN: not tenon-wast -O2 -v %s | FileCheck %s
;; CHECK-COUNT-9: unexpected result
;; CHECK: {{^[0-9]+}} passed, 9 failed, 0 skipped

(module
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (export "trunc-f32-s") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "trunc-f32-u") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "trunc-f64-s") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
  (func (export "trunc-f64-u") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "select") (param v128 v128 v128) (result v128)
    (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "min") (param v128 v128) (result v128)
    (f32x4.relaxed_min (local.get 0) (local.get 1)))
  (func (export "max") (param v128 v128) (result v128)
    (f64x2.relaxed_max (local.get 0) (local.get 1)))
  (func (export "q15mulr") (param v128 v128) (result v128)
    (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
  (func (export "dot") (param v128 v128) (result v128)
    (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1)))
  (func (export "dot-add") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2)))
)

(assert_return
  (invoke "swizzle" (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    (v128.const i8x16 15 16 17 127 128 255 0 1 31 32 2 3 4 5 6 7))
  (v128.const i8x16 16 0 0 0 0 0 1 2 0 0 3 4 5 6 7 8))
(assert_return (invoke "trunc-f32-s" (v128.const f32x4 nan 3e9 -3e9 -1.5))
  (v128.const i32x4 0 0x7fffffff 0x80000000 -1))
(assert_return (invoke "trunc-f32-u" (v128.const f32x4 nan 5e9 -3 3000000000))
  (v128.const i32x4 0 -1 0 3000000000))
(assert_return (invoke "trunc-f64-s" (v128.const f64x2 nan 3e9))
  (v128.const i32x4 0 0x7fffffff 0 0))
(assert_return (invoke "trunc-f64-u" (v128.const f64x2 -1 5e9))
  (v128.const i32x4 0 -1 0 0))
(assert_return
  (invoke "madd" (v128.const f32x4 0x1.fffffep+127 0x1.000004p+0 1 2) (v128.const f32x4 2 0x1.0002p+0 1 2)
    (v128.const f32x4 -0x1.fffffep+127 -0x1.000204p+0 1 2))
  (v128.const f32x4 inf 0 2 6))
(assert_return
  (invoke "select" (v128.const i16x8 -1 -1 -1 -1 -1 -1 -1 -1) (v128.const i16x8 0 0 0 0 0 0 0 0)
    (v128.const i16x8 0x00ff 0x8000 0x7fff 0 -1 0x8001 1 0x4000))
  (v128.const i16x8 0x00ff 0x8000 0x7fff 0 -1 0x8001 1 0x4000))
(assert_return
  (invoke "min" (v128.const f32x4 nan 1 -0 0) (v128.const f32x4 1 nan 0 -0))
  (v128.const i32x4 0x7fc00000 0x7fc00000 0x80000000 0x80000000))
(assert_return
  (invoke "max" (v128.const f64x2 nan 0) (v128.const f64x2 1 -0))
  (v128.const i64x2 0x7ff8000000000000 0))
(assert_return
  (invoke "q15mulr" (v128.const i16x8 -32768 -32768 32767 1 0 0 0 0)
    (v128.const i16x8 -32768 32767 32767 0x4000 0 0 0 0))
  (v128.const i16x8 32767 -32767 32766 1 0 0 0 0))
(assert_return
  (invoke "dot" (v128.const i8x16 -128 -128 127 127 1 2 0 0 0 0 0 0 0 0 0 0)
    (v128.const i8x16 -128 -128 -1 -1 3 4 0 0 0 0 0 0 0 0 0 0))
  (v128.const i16x8 32767 -254 11 0 0 0 0 0))
(assert_return
  (invoke "dot-add" (v128.const i8x16 -128 -128 127 127 1 2 3 4 0 0 0 0 0 0 0 0)
    (v128.const i8x16 -128 -128 -1 -1 3 4 5 6 0 0 0 0 0 0 0 0) (v128.const i32x4 100 200 300 400))
  (v128.const i32x4 32613 250 300 400))
