;; Threads of a script are threads of its one program; what they share is memories.

;; RUN: split-file %s %t
;; RUN: tenon-wast -O0 %t/threads.wast
;; RUN: tenon-wast -O2 %t/threads.wast
;; RUN: tenon-wast -O3 %t/threads.wast
;; RUN: not tenon-wast -O0 -v %t/failures.wast 2>&1 | FileCheck %s

;--- threads.wast
(module $m (memory (export "m") 1 64 shared)
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "pages") (result i32) (memory.size)))
(register "outside" $m)

;; Adds to one counter, and grows, 10 times.
(thread $add1 (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "run") (local i32)
      (loop
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                           (i32.const 100000)))))
    (func (export "grow") (result i32) (local i32)
      (loop
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 0))))
        ;; What has just been grown is there.
        (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (i32.const 1))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10))))
      (i32.const 1)))
  (invoke "run")
  (assert_return (invoke "grow") (i32.const 1))
  ;; Only what it was given.
  (assert_unlinkable (module (import "outside" "m" (memory 1 64 shared))) "unknown import"))
(thread $add2 (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "run") (local i32)
      (loop
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                           (i32.const 100000)))))
    (func (export "grow") (result i32) (local i32)
      (loop
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 0))))
        (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (i32.const 1))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10))))
      (i32.const 1)))
  (invoke "run")
  (assert_return (invoke "grow") (i32.const 1)))

;; A thread survives its own traps, and exhausts its own stack.
(thread $traps (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))
    (func (export "unreachable") (unreachable))
    (func (export "outside") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "seven") (result i32) (i32.const 7)))
  (assert_exhaustion (invoke "deep") "call stack exhausted")
  (assert_trap (invoke "unreachable") "unreachable")
  (assert_trap (invoke "outside" (i32.const 0x400000)) "out of bounds memory access")
  (assert_exhaustion (invoke "deep") "call stack exhausted")
  (assert_return (invoke "seven") (i32.const 7)))

;; The first thread goes on meanwhile.
(module $first
  (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1))))
(assert_exhaustion (invoke $first "deep") "call stack exhausted")

(wait $add1)
(wait $add2)
(wait $traps)
(assert_return (invoke $m "get" (i32.const 0)) (i32.const 200000))
(assert_return (invoke $m "pages") (i32.const 21))

;; Two wait, for 32 and for 64 bits at one address; a third wakes both, one after the other.
(thread $wait32 (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "run") (result i32)
      (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "run") (i32.const 0)))
(thread $wait64 (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "run") (result i32)
      (memory.atomic.wait64 (i32.const 64) (i64.const 0) (i64.const 60_000_000_000))))
  (assert_return (invoke "run") (i32.const 0)))
(thread $notify (shared (module $m))
  (register "m" $m)
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "none") (result i32) (memory.atomic.notify (i32.const 64) (i32.const 0)))
    (func (export "elsewhere") (result i32) (memory.atomic.notify (i32.const 68) (i32.const -1)))
    (func (export "one")
      (loop (br_if 0 (i32.ne (memory.atomic.notify (i32.const 64) (i32.const 1)) (i32.const 1))))))
  (assert_return (invoke "none") (i32.const 0))
  (assert_return (invoke "elsewhere") (i32.const 0))
  (assert_return (invoke "one"))
  (assert_return (invoke "one"))
  ;; Nobody is left.
  (module (import "m" "m" (memory 1 64 shared))
    (func (export "all") (result i32) (memory.atomic.notify (i32.const 64) (i32.const -1))))
  (assert_return (invoke "all") (i32.const 0)))
(wait $wait32)
(wait $wait64)
(wait $notify)

;; Nobody waits for this one; the program does.
(thread $left (module (func (export "f"))) (assert_return (invoke "f")))

;--- failures.wast
(module $m (memory (export "m") 1 1 shared))
;; CHECK: failures.wast:3: wait: unknown thread
(wait $nobody)
;; CHECK: failures.wast:7: module: unknown module
;; CHECK: failures.wast:8: assert_return: unknown module
(thread $unknown (shared (module $other))
  (module (func (export "f")))
  (assert_return (invoke "f")))
;; CHECK: failures.wast:12: module: components in threads are not supported yet
;; CHECK: failures.wast:15: assert_return: unexpected result: 0x7
(thread $fails
  (component)
  (module $seven (func (export "seven") (result i32) (i32.const 7)))
  (assert_return (invoke $seven "seven") (i32.const 7))
  (assert_return (invoke $seven "seven") (i32.const 8)))
(wait $fails)
;; CHECK: 6 passed, 5 failed, 0 skipped
