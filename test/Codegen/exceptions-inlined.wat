;; A throw that inlining brings into a try block is a branch to the handler, and its payload a value. A
;; throw in a try block of its own function is that from the start. What cannot throw is nounwind.

;; RUN: tenon -O2 --emit=llvm %s -o - | FileCheck %s
;; RUN: tenon -O0 --emit=llvm %s -o - | FileCheck %s --check-prefix=O0

(component
  (core module $M
    (tag $e (param i32))
    (func $check (param i32)
      (if (i32.gt_u (local.get 0) (i32.const 9)) (then (throw $e (i32.const 42)))))

    ;; CHECK-LABEL: define {{.*}} @{{.*}}.catches(
    ;; CHECK-NOT: invoke
    ;; CHECK-NOT: call
    ;; CHECK: phi i32 [ 42, %{{.*}} ], [ 7, %
    ;; CHECK: ret i32
    (func $catches (export "catches") (param i32) (result i32)
      (block $h (result i32)
        (try_table (catch $e $h) (call $check (local.get 0)))
        (i32.const 7)))

    ;; O0: define {{.*}}.local(i32 {{.*}}) [[THROWS:#[0-9]+]]
    ;; O0-NOT: call
    ;; O0-NOT: tenon_thrown
    ;; O0: ret i32
    (func $local (export "local") (param i32) (result i32)
      (block $h (result i32)
        (try_table (catch $e $h) (throw $e (local.get 0)))
        (i32.const 7)))

    ;; O0: define {{.*}}.quiet(i32 {{.*}}) [[QUIET:#[0-9]+]]
    (func $quiet (export "quiet") (param i32) (result i32)
      (block $h (try_table (catch_all $h) (drop (call $leaf (local.get 0)))))
      (i32.const 0))
    (func $leaf (param i32) (result i32) (local.get 0)))

  (core instance $m (instantiate $M))
  (func (export "catches") (param "x" u32) (result u32) (canon lift (core func $m "catches")))
  (func (export "local") (param "x" u32) (result u32) (canon lift (core func $m "local")))
  (func (export "quiet") (param "x" u32) (result u32) (canon lift (core func $m "quiet"))))

;; O0: attributes [[THROWS]] = { "
;; O0: attributes [[QUIET]] = { nounwind
