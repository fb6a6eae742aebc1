;; Memories are filled and copied by calls, never by a loop in place of one.

;; RUN: tenon -O0 --emit=obj %s -o %t.0.o
;; RUN: llvm-nm --undefined-only %t.0.o | FileCheck %s
;; RUN: tenon -O2 --emit=obj %s -o %t.2.o
;; RUN: llvm-nm --undefined-only %t.2.o | FileCheck %s
;; CHECK-DAG: U memmove
;; CHECK-DAG: U memset

(module
  (memory 1)
  (func (export "fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2))))
