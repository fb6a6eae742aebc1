;; What a virtualized call costs: child -> virtualizer -> leaf, with two scalars, and through a handle of
;; the virtualizer's resource, which stands for a handle of the leaf's. The child times a loop of calls
;; in which each result is the next call's argument, and prints `name calls nanoseconds result`.
;; calls.c is the same program. run.py makes deeper graphs by repeating the lines of the virtualizer.
(component $Calls
  ;;===--- What the host gives: a clock and a way to print ------------------===;;
  (import "wasi:clocks/monotonic-clock@0.2.12" (instance $clock
    (export "now" (func (result u64)))))
  (import "wasi:io/error@0.2.12" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $io-error))
  (import "wasi:io/streams@0.2.12" (instance $streams
    (alias outer 1 $io-error (type $error-outer))
    (export "error" (type $error (eq $error-outer)))
    (export "output-stream" (type $output-stream (sub resource)))
    (type $stream-error-def (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error-def)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output-stream)) (param "contents" (list u8))
        (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.12" (instance $stdout
    (alias outer 1 $stream (type $stream-outer))
    (export "output-stream" (type $output-stream (eq $stream-outer)))
    (export "get-stdout" (func (result (own $output-stream))))))

  ;;===--- The leaf: a sum in a global, counters in memory ------------------===;;
  (component $Leaf
    (type $counter (resource (rep i32)))
    (core func $new (canon resource.new $counter))
    (core module $Main
      (import "new" "counter" (func $new (param i32) (result i32)))
      (memory 1)
      (global $state (mut i32) (i32.const 1))
      (func (export "mix") (param $a i32) (param $b i32) (result i32)
        (global.set $state (i32.add
          (i32.xor (i32.rotl (global.get $state) (i32.const 5)) (local.get $a)) (local.get $b)))
        (global.get $state))
      (func (export "make") (param $start i32) (result i32)
        (i32.store (i32.const 64) (local.get $start))
        (call $new (i32.const 64)))
      (func (export "add") (param $self i32) (param $a i32) (result i32)
        (i32.store (local.get $self) (i32.add
          (i32.rotl (i32.load (local.get $self)) (i32.const 5)) (local.get $a)))
        (i32.load (local.get $self))))
    (core instance $main (instantiate $Main (with "new" (instance (export "counter" (func $new))))))
    (func $mix (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "mix")))
    (func $make (param "start" u32) (result (own $counter)) (canon lift (core func $main "make")))
    (func $add (param "self" (borrow $counter)) (param "a" u32) (result u32)
      (canon lift (core func $main "add")))
    (instance $counters
      (export "counter" (type $counter))
      (export "mix" (func $mix))
      (export "make" (func $make))
      (export "add" (func $add)))
    (export "counters" (instance $counters)))

  ;;===--- The virtualizer: the same again, each counter a record with the handle in it ------===;;
  (component $Virtualizer
    (import "counters" (instance $inner
      (export "counter" (type $counter (sub resource)))
      (export "mix" (func (param "a" u32) (param "b" u32) (result u32)))
      (export "make" (func (param "start" u32) (result (own $counter))))
      (export "add" (func (param "self" (borrow $counter)) (param "a" u32) (result u32)))))
    (type $counter (resource (rep i32)))
    (core func $new (canon resource.new $counter))
    (core func $inner-mix (canon lower (func $inner "mix")))
    (core func $inner-make (canon lower (func $inner "make")))
    (core func $inner-add (canon lower (func $inner "add")))
    (core module $Main
      (import "new" "counter" (func $new (param i32) (result i32)))
      (import "inner" "mix" (func $inner-mix (param i32 i32) (result i32)))
      (import "inner" "make" (func $inner-make (param i32) (result i32)))
      (import "inner" "add" (func $inner-add (param i32 i32) (result i32)))
      (memory 1)
      (func (export "mix") (param $a i32) (param $b i32) (result i32)
        (call $inner-mix (local.get $a) (local.get $b)))
      (func (export "make") (param $start i32) (result i32)
        (i32.store (i32.const 64) (call $inner-make (local.get $start)))
        (call $new (i32.const 64)))
      (func (export "add") (param $self i32) (param $a i32) (result i32)
        (call $inner-add (i32.load (local.get $self)) (local.get $a))))
    (core instance $main (instantiate $Main
      (with "new" (instance (export "counter" (func $new))))
      (with "inner" (instance
        (export "mix" (func $inner-mix))
        (export "make" (func $inner-make))
        (export "add" (func $inner-add))))))
    (func $mix (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "mix")))
    (func $make (param "start" u32) (result (own $counter)) (canon lift (core func $main "make")))
    (func $add (param "self" (borrow $counter)) (param "a" u32) (result u32)
      (canon lift (core func $main "add")))
    (instance $counters
      (export "counter" (type $counter))
      (export "mix" (func $mix))
      (export "make" (func $make))
      (export "add" (func $add)))
    (export "counters" (instance $counters)))

  ;;===--- The child: two loops ---------------------------------------------===;;
  (component $Child
    (import "counters" (instance $counters
      (export "counter" (type $counter (sub resource)))
      (export "mix" (func (param "a" u32) (param "b" u32) (result u32)))
      (export "make" (func (param "start" u32) (result (own $counter))))
      (export "add" (func (param "self" (borrow $counter)) (param "a" u32) (result u32)))))
    (core func $mix (canon lower (func $counters "mix")))
    (core func $make (canon lower (func $counters "make")))
    (core func $add (canon lower (func $counters "add")))
    (core module $Main
      (import "counters" "mix" (func $mix (param i32 i32) (result i32)))
      (import "counters" "make" (func $make (param i32) (result i32)))
      (import "counters" "add" (func $add (param i32 i32) (result i32)))
      (func (export "scalars") (param $count i32) (result i32)
        (local $i i32) (local $x i32)
        (loop $next
          (local.set $x (call $mix (local.get $x) (local.get $i)))
          (br_if $next (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count))))
        (local.get $x))
      (func (export "handles") (param $count i32) (result i32)
        (local $i i32) (local $x i32) (local $counter i32)
        (local.set $counter (call $make (local.get $count)))
        (loop $next
          (local.set $x (call $add (local.get $counter) (i32.add (local.get $x) (local.get $i))))
          (br_if $next (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count))))
        (local.get $x)))
    (core instance $main (instantiate $Main (with "counters" (instance
      (export "mix" (func $mix))
      (export "make" (func $make))
      (export "add" (func $add))))))
    (func (export "scalars") (param "count" u32) (result u32)
      (canon lift (core func $main "scalars")))
    (func (export "handles") (param "count" u32) (result u32)
      (canon lift (core func $main "handles"))))

  ;;===--- The graph --------------------------------------------------------===;;
  (instance $level0 (instantiate (component $Leaf)))
  (instance $level1 (instantiate (component $Virtualizer)
    (with "counters" (instance $level0 "counters"))))
  (instance $child (instantiate (component $Child)
    (with "counters" (instance $level1 "counters"))))

  ;;===--- Timing and printing ----------------------------------------------===;;
  (core module $Memory (memory (export "memory") 1))
  (core instance $memory (instantiate $Memory))
  (core func $now (canon lower (func $clock "now")))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core func $scalars (canon lower (func $child "scalars")))
  (core func $handles (canon lower (func $child "handles")))
  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "host" "now" (func $now (result i64)))
    (import "host" "get-stdout" (func $get-stdout (result i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (import "child" "scalars" (func $scalars (param i32) (result i32)))
    (import "child" "handles" (func $handles (param i32) (result i32)))
    (data (i32.const 64) "scalars ")
    (data (i32.const 80) "handles ")
    (data (i32.const 96) " ")
    (data (i32.const 97) "\n")
    (global $out (mut i32) (i32.const 0))
    (func $print (param $text i32) (param $length i32)
      (call $write (global.get $out) (local.get $text) (local.get $length) (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then (unreachable))))
    (func $print-number (param $number i64)
      (local $at i32)
      (local.set $at (i32.const 160))
      (loop $digit
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (i64.store8 (local.get $at)
          (i64.add (i64.const 48) (i64.rem_u (local.get $number) (i64.const 10))))
        (local.set $number (i64.div_u (local.get $number) (i64.const 10)))
        (br_if $digit (i64.ne (local.get $number) (i64.const 0))))
      (call $print (local.get $at) (i32.sub (i32.const 160) (local.get $at))))
    (func $report (param $name i32) (param $count i32) (param $took i64) (param $result i32)
      (call $print (local.get $name) (i32.const 8))
      (call $print-number (i64.extend_i32_u (local.get $count)))
      (call $print (i32.const 96) (i32.const 1))
      (call $print-number (local.get $took))
      (call $print (i32.const 96) (i32.const 1))
      (call $print-number (i64.extend_i32_u (local.get $result)))
      (call $print (i32.const 97) (i32.const 1)))
    (func (export "run") (result i32)
      (local $start i64) (local $result i32)
      (global.set $out (call $get-stdout))
      (local.set $start (call $now))
      (local.set $result (call $scalars (i32.const 100000000)))
      (call $report (i32.const 64) (i32.const 100000000)
        (i64.sub (call $now) (local.get $start)) (local.get $result))
      (local.set $start (call $now))
      (local.set $result (call $handles (i32.const 50000000)))
      (call $report (i32.const 80) (i32.const 50000000)
        (i64.sub (call $now) (local.get $start)) (local.get $result))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $memory))
    (with "host" (instance
      (export "now" (func $now))
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))))
    (with "child" (instance
      (export "scalars" (func $scalars))
      (export "handles" (func $handles))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $cli)))
