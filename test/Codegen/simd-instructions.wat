;; What instructions on lanes become: generic IR, but for what one instruction of the target does and LLVM
;; does not find. VectorOps.h has these.

;; RUN: tenon -O2 --emit=llvm %s | FileCheck %s --check-prefixes=CHECK,X86
;; RUN: tenon -O2 --emit=llvm --target=aarch64-linux %s | FileCheck %s --check-prefixes=CHECK,ARM
;; RUN: tenon -O2 --emit=llvm --deterministic %s | FileCheck %s --check-prefix=EXACT
;; RUN: tenon -O2 --emit=obj %s -o %t.o
;; RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s --check-prefix=CODE
;; RUN: tenon -O2 --emit=obj --target=aarch64-linux %s -o %t.arm.o
;; RUN: llvm-objdump -d --no-show-raw-insn %t.arm.o | FileCheck %s --check-prefix=ARMCODE

(module
  (memory 1)

  ;; CHECK-LABEL: @module.swizzle(
  ;; X86: call <16 x i8> @llvm.uadd.sat.v16i8(<16 x i8> {{.*}}, <16 x i8> splat (i8 112))
  ;; X86: call <16 x i8> @llvm.x86.ssse3.pshuf.b.128(
  ;; ARM: call <16 x i8> @llvm.aarch64.neon.tbl1.v16i8(
  ;; CODE-LABEL: <module.swizzle>:
  ;; CODE-NEXT: paddusb
  ;; CODE-NEXT: pshufb
  ;; CODE-NEXT: ret
  ;; ARMCODE-LABEL: <module.swizzle>:
  ;; ARMCODE-NEXT: tbl
  ;; ARMCODE-NEXT: ret
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.swizzle (local.get 0) (local.get 1)))

  ;; CHECK-LABEL: @module.swizzle-constant(
  ;; CHECK: shufflevector <16 x i8>
  (func (export "swizzle-constant") (param v128) (result v128)
    (i8x16.swizzle (local.get 0) (v128.const i8x16 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12)))

  ;; CHECK-LABEL: @module.add-saturating(
  ;; CHECK: call <16 x i8> @llvm.sadd.sat.v16i8(
  (func (export "add-saturating") (param v128 v128) (result v128)
    (i8x16.add_sat_s (local.get 0) (local.get 1)))

  ;; CODE-LABEL: <module.average>:
  ;; CODE-NEXT: pavgb
  ;; CODE-NEXT: ret
  ;; ARMCODE-LABEL: <module.average>:
  ;; ARMCODE-NEXT: urhadd
  (func (export "average") (param v128 v128) (result v128)
    (i8x16.avgr_u (local.get 0) (local.get 1)))

  ;; CODE-LABEL: <module.narrow>:
  ;; CODE-NEXT: packuswb
  ;; CODE-NEXT: ret
  ;; ARMCODE-LABEL: <module.narrow>:
  ;; ARMCODE-NEXT: sqxtun
  ;; ARMCODE-NEXT: sqxtun2
  (func (export "narrow") (param v128 v128) (result v128)
    (i8x16.narrow_i16x8_u (local.get 0) (local.get 1)))

  ;; CHECK-LABEL: @module.dot(
  ;; X86: call <4 x i32> @llvm.x86.sse2.pmadd.wd(
  ;; ARMCODE-LABEL: <module.dot>:
  ;; ARMCODE: smull
  ;; ARMCODE: addp
  (func (export "dot") (param v128 v128) (result v128)
    (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))

  ;; CODE-LABEL: <module.bitmask>:
  ;; CODE-NEXT: pmovmskb
  ;; CODE-NEXT: ret
  (func (export "bitmask") (param v128) (result i32) (i8x16.bitmask (local.get 0)))

  ;; CODE-LABEL: <module.any>:
  ;; CODE: ptest
  (func (export "any") (param v128) (result i32) (v128.any_true (local.get 0)))

  ;; No scalar conversion of a lane.
  ;; CODE-LABEL: <module.truncate>:
  ;; CODE-NOT: cvttss2si
  ;; CODE: cvttps2dq
  ;; CODE: ret
  ;; ARMCODE-LABEL: <module.truncate>:
  ;; ARMCODE-NEXT: fcvtzs
  ;; ARMCODE-NEXT: ret
  (func (export "truncate") (param v128) (result v128)
    (i32x4.trunc_sat_f32x4_s (local.get 0)))

  ;; CODE-LABEL: <module.minimum>:
  ;; CODE-COUNT-2: minps
  ;; CODE: ret
  ;; ARMCODE-LABEL: <module.minimum>:
  ;; ARMCODE-NEXT: fmin
  ;; ARMCODE-NEXT: ret
  (func (export "minimum") (param v128 v128) (result v128)
    (f32x4.min (local.get 0) (local.get 1)))

  ;; A load that is used whole is part of the extension; one that is not stays.
  ;; CODE-LABEL: <module.extended>:
  ;; CODE: pmovzxbw (%r
  ;; CODE-LABEL: <module.low-half>:
  ;; CODE: movdqu (%r
  ;; CODE: pmovzxbw %xmm0, %xmm0
  (func (export "extended") (param i32 i32)
    (v128.store (local.get 0)
      (i16x8.add (v128.load (local.get 0)) (v128.load8x8_u (local.get 1)))))
  (func (export "low-half") (param i32) (result v128)
    (i16x8.extend_low_i8x16_u (v128.load (local.get 0))))

  ;; CHECK-LABEL: @module.madd(
  ;; X86: fmul <4 x float>
  ;; X86: fadd <4 x float>
  ;; ARM: call <4 x float> @llvm.fma.v4f32(
  ;; EXACT-LABEL: @module.madd(
  ;; EXACT: fmul <4 x float>
  ;; EXACT: fadd <4 x float>
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))

  ;; CHECK-LABEL: @module.lookup(
  ;; CHECK-NOT: uadd.sat
  ;; X86: call <16 x i8> @llvm.x86.ssse3.pshuf.b.128(
  ;; EXACT-LABEL: @module.lookup(
  ;; EXACT: call <16 x i8> @llvm.uadd.sat.v16i8(
  (func (export "lookup") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))

  ;; CHECK-LABEL: @module.lane-select(
  ;; X86: select <4 x i1>
  ;; EXACT-LABEL: @module.lane-select(
  ;; EXACT-NOT: select
  ;; EXACT: ret
  (func (export "lane-select") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
)
