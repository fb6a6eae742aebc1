;; Memories that no address space holds.

;; RUN: split-file %s %t
;; RUN: not tenon-wast -O0 %t/one.wast 2>&1 | FileCheck %s --check-prefix=ONE
;; RUN: not tenon-wast -O0 %t/two.wast 2>&1 | FileCheck %s --check-prefix=TWO

;--- one.wast
;; ONE: one.wast:{{.*}} a memory of at least 281474976710656 pages is not supported yet
(module (memory i64 0x1_0000_0000_0000))

;--- two.wast
;; TWO: there is not enough address space for 2 memories
(module (memory i64 0x4000_0000))
(module (memory i64 0x4000_0000))
