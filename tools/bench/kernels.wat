;; kernels.c as a program: the core module gets a clock and a way to print.
(component
  (import "./kernels.wasm" (core module $Kernels
    (import "env" "memory" (memory 128))
    (import "host" "now" (func (result i64)))
    (import "host" "print" (func (param i32 i32)))
    (export "run" (func (result i32)))))
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

  (core module $Memory (memory (export "memory") 128))
  (core instance $memory (instantiate $Memory))
  (core func $now (canon lower (func $clock "now")))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core module $Print
    (import "host" "get-stdout" (func $get-stdout (result i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (func (export "print") (param i32 i32)
      (call $write (call $get-stdout) (local.get 0) (local.get 1) (i32.const 16))))
  (core instance $print (instantiate $Print
    (with "host" (instance
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))))))
  (core instance $main (instantiate $Kernels
    (with "env" (instance $memory))
    (with "host" (instance
      (export "now" (func $now))
      (export "print" (func $print "print"))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $cli)))
