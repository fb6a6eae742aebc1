;; What carrying a list or a string to another component costs. The callee takes it into memory that its
;; realloc has at hand; the caller fills its own with a pattern, times groups of calls, and prints `bytes calls
;; nanoseconds` of the fastest group for each size: groups are shorter than a turn of the scheduler's. run.py
;; replaces what begins with `@`: the type, the string encodings, the pattern, its bytes and elements. lists.c
;; is memcpy for the same sizes.
(component $Lists
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

  ;; Room for one list, elsewhere than in the caller: what grows or shrinks stays where it is.
  (component $Callee
    (core module $Main
      (memory (export "memory") 128)
      (global $length (mut i32) (i32.const 0))
      (func (export "realloc") (param $old i32) (param i32 i32 i32) (result i32)
        (select (local.get $old) (i32.const 77888) (local.get $old)))
      (func (export "take") (param i32 i32) (global.set $length (local.get 1))))
    (core instance $main (instantiate $Main))
    (func (export "take") (param "it" @TYPE) (canon lift (core func $main "take")
      string-encoding=@TO (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
  (instance $callee (instantiate $Callee))

  (core module $Memory (memory (export "memory") 64))
  (core instance $memory (instantiate $Memory))
  (core func $now (canon lower (func $clock "now")))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core func $take (canon lower (func $callee "take") string-encoding=@FROM (memory (core memory $memory "memory"))))
  (core module $Main
    (import "libc" "memory" (memory 64))
    (import "host" "now" (func $now (result i64)))
    (import "host" "get-stdout" (func $get-stdout (result i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (import "callee" "take" (func $take (param i32 i32)))
    (data (i32.const 1024) "@PATTERN")
    (data (i32.const 97) "\n")
    (data (i32.const 96) " ")
    (global $out (mut i32) (i32.const 0))
    (func $print (param $text i32) (param $length i32)
      (call $write (global.get $out) (local.get $text) (local.get $length) (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then (unreachable))))
    (func $print-number (param $number i64) (param $end i32)
      (local $at i32)
      (local.set $at (i32.const 160))
      (loop $digit
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (i64.store8 (local.get $at)
          (i64.add (i64.const 48) (i64.rem_u (local.get $number) (i64.const 10))))
        (local.set $number (i64.div_u (local.get $number) (i64.const 10)))
        (br_if $digit (i64.ne (local.get $number) (i64.const 0))))
      (call $print (local.get $at) (i32.sub (i32.const 160) (local.get $at)))
      (call $print (local.get $end) (i32.const 1)))
    ;; Whole patterns only: @BYTES bytes, @ELEMENTS elements each.
    (func $measure (param $size i32) (param $calls i32)
      (local $patterns i32) (local $length i32) (local $i i32) (local $groups i32) (local $start i64) (local $best i64)
      (local.set $patterns (i32.div_u (local.get $size) (i32.const @BYTES)))
      (loop $next
        (memory.copy (i32.add (i32.const 65536) (i32.mul (local.get $i) (i32.const @BYTES)))
          (i32.const 1024) (i32.const @BYTES))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $patterns))))
      (local.set $length (i32.or (i32.const @TAG) (i32.mul (local.get $patterns) (i32.const @ELEMENTS))))
      (call $take (i32.const 65536) (local.get $length))
      (local.set $best (i64.const -1))
      (loop $group
        (local.set $start (call $now))
        (local.set $i (i32.const 0))
        (loop $next
          (call $take (i32.const 65536) (local.get $length))
          (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $calls))))
        (local.set $start (i64.sub (call $now) (local.get $start)))
        (local.set $best (select (local.get $start) (local.get $best) (i64.lt_u (local.get $start) (local.get $best))))
        (br_if $group (i32.lt_u (local.tee $groups (i32.add (local.get $groups) (i32.const 1))) (i32.const 200))))
      (call $print-number (i64.extend_i32_u (i32.mul (local.get $patterns) (i32.const @BYTES))) (i32.const 96))
      (call $print-number (i64.extend_i32_u (local.get $calls)) (i32.const 96))
      (call $print-number (local.get $best) (i32.const 97)))
    (func (export "run") (result i32)
      (global.set $out (call $get-stdout))
      (call $measure (i32.const 4096) (i32.const 1000))
      (call $measure (i32.const 65536) (i32.const 60))
      (call $measure (i32.const 1048576) (i32.const 4))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $memory))
    (with "callee" (instance (export "take" (func $take))))
    (with "host" (instance
      (export "now" (func $now))
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $run)))
