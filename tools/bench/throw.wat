;; Ten million throws from ten frames below a handler. throw.cpp is a tenth of it in C++. Neither is part of
;; run.py: `tenon -O0 throw.wat -o throw && time ./throw` (at -O2 inlining leaves fewer frames).
(component
 (core module $M
  (tag $e (param i32))
  (table $t 1 10 funcref)
  (elem (table $t) (i32.const 0) $thrower)
  (type $tt (func (param i32)))
  (func $thrower (param i32) (throw $e (local.get 0)))
  (func $deep (param i32) (param i32)
    (if (i32.eqz (local.get 1)) (then (call_indirect (type $tt) (local.get 0) (i32.const 0)))
     (else (call $deep (local.get 0) (i32.sub (local.get 1) (i32.const 1))))))
  (func $plain (param $n i32) (param $d i32) (result i32) (local $sum i32)
    (loop $l
      (block $h (result i32)
        (try_table (catch $e $h) (call $deep (local.get $n) (local.get $d)))
        (unreachable))
      (local.set $sum (i32.add (local.get $sum)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "run") (result i32)
     (drop (call $plain (i32.const 10000000) (i32.const 10)))
     (i32.const 0)))
 (core instance $m (instantiate $M))
 (func $run (result (result)) (canon lift (core func $m "run")))
 (instance $r (export "run" (func $run)))
 (export "wasi:cli/run@0.2.0" (instance $r)))
