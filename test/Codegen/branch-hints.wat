;; A branch hint becomes the weights of the branch; without the optimiser, and where it names no branch, it is
;; nothing.

;; RUN: tenon -O1 --emit=llvm %s -o - | FileCheck %s
;; RUN: tenon -O2 --emit=llvm %s -o - | FileCheck %s
;; RUN: tenon -O0 --emit=llvm %s -o - | FileCheck %s --check-prefix=O0

(component
  (core module $Hinted
    (func $other (import "" "other"))

    ;; CHECK-LABEL: define {{.*}}.if-likely(
    ;; CHECK: br i1 {{.*}}, label %[[THEN:[^,]+]], label %{{.*}}, !prof [[LIKELY:![0-9]+]]
    ;; CHECK: {{^}}[[THEN]]:
    ;; CHECK-NEXT: store i32 1
    (func $if-likely (export "if-likely") (param i32)
      (@metadata.code.branch_hint "\01")
      (if (i32.lt_u (local.get 0) (i32.const 5)) (then (call $other))))

    ;; CHECK-LABEL: define {{.*}}.if-unlikely(
    ;; CHECK: br i1 {{.*}}, label %[[THEN:[^,]+]], label %{{.*}}, !prof [[UNLIKELY:![0-9]+]]
    ;; CHECK: {{^}}[[THEN]]:
    ;; CHECK-NEXT: store i32 1
    (func $if-unlikely (export "if-unlikely") (param i32)
      (@metadata.code.branch_hint "\00")
      (if (i32.lt_u (local.get 0) (i32.const 5)) (then (call $other))))

    ;; CHECK-LABEL: define {{.*}}.br-if-likely(
    ;; CHECK: br i1 {{.*}}, label %{{.*}}, label %[[GOING:[^,]+]],{{.*}} !prof [[LIKELY]]
    ;; CHECK: {{^}}[[GOING]]:
    ;; CHECK-NEXT: store i32 1
    (func $br-if-likely (export "br-if-likely") (param i32)
      (block
        (@metadata.code.branch_hint "\01")
        (br_if 0 (i32.lt_u (local.get 0) (i32.const 5)))
        (call $other)))

    ;; CHECK-LABEL: define {{.*}}.br-if-unlikely(
    ;; CHECK: br i1 {{.*}}, label %{{.*}}, label %[[GOING:[^,]+]],{{.*}} !prof [[UNLIKELY]]
    ;; CHECK: {{^}}[[GOING]]:
    ;; CHECK-NEXT: store i32 1
    (func $br-if-unlikely (export "br-if-unlikely") (param i32)
      (block
        (@metadata.code.branch_hint "\00")
        (br_if 0 (i32.lt_u (local.get 0) (i32.const 5)))
        (call $other)))

    ;; CHECK-LABEL: define {{.*}}.none(
    ;; CHECK: br i1
    ;; CHECK-NOT: !prof
    ;; CHECK: ret void
    (func $none (export "none") (param i32)
      (if (i32.lt_u (local.get 0) (i32.const 5)) (then (call $other)))))

  ;; Offsets at which there is something else, or the middle of an instruction.
  (core module $Wrong
    (@custom "metadata.code.branch_hint" (before code) "\01\01\02\02\01\01\05\01\01")
    (func $other (import "" "other"))
    ;; CHECK-LABEL: define {{.*}}.wrong(
    ;; CHECK: br i1
    ;; CHECK-NOT: !prof
    ;; CHECK: ret void
    (func $wrong (export "wrong") (param i32)
      (if (i32.lt_u (local.get 0) (i32.const 5)) (then (call $other)))))

  (core module $Other
    (memory 1)
    (func (export "other") (i32.store (i32.const 0) (i32.const 1))))
  (core instance $other (instantiate $Other))
  (core instance $h (instantiate $Hinted (with "" (instance $other))))
  (core instance $w (instantiate $Wrong (with "" (instance $other))))
  (func (export "if-likely") (param "x" u32) (canon lift (core func $h "if-likely")))
  (func (export "if-unlikely") (param "x" u32) (canon lift (core func $h "if-unlikely")))
  (func (export "br-if-likely") (param "x" u32) (canon lift (core func $h "br-if-likely")))
  (func (export "br-if-unlikely") (param "x" u32) (canon lift (core func $h "br-if-unlikely")))
  (func (export "none") (param "x" u32) (canon lift (core func $h "none")))
  (func (export "wrong") (param "x" u32) (canon lift (core func $w "wrong"))))

;; CHECK-DAG: [[LIKELY]] = !{!"branch_weights", {{(!"expected", )?}}i32 {{[0-9][0-9]+}}, i32 1}
;; CHECK-DAG: [[UNLIKELY]] = !{!"branch_weights", {{(!"expected", )?}}i32 1, i32 {{[0-9][0-9]+}}}

;; O0-NOT: branch_weights
