;; Does what its arguments say, one after the other, and prints what came of it:
;;
;;   args env dirs   prints its arguments, its environment, its directories
;;   cat             copies the standard input to the output
;;   r:PATH w:PATH   opens a file of the first directory to read, or to write "x" into a new one
;;   m:PATH u:PATH   makes a directory, removes a file
;;   l:PATH          makes a symbolic link "made" to PATH
;;   ok bad          exits at once with success, with failure
;;   fail            lets `run` return its error
(component $Probe
  (import "wasi:io/error@0.2.0" (instance $io-error
    (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "error" (type $error' (eq $error)))
    (type $stream-error' (variant (case "last-operation-failed" (own $error')) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "input-stream" (type $input-stream (sub resource)))
    (export "output-stream" (type $output-stream (sub resource)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdin@0.2.0" (instance $stdin
    (export "input-stream" (type $input-stream' (eq $input-stream)))
    (export "get-stdin" (func (result (own $input-stream'))))))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (export "output-stream" (type $output-stream' (eq $output-stream)))
    (export "get-stdout" (func (result (own $output-stream'))))))
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (import "wasi:filesystem/types@0.2.0" (instance $fs
    (type $descriptor-flags' (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync"
      "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $descriptor-flags')))
    (type $path-flags' (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $path-flags')))
    (type $open-flags' (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $open-flags')))
    (type $error-code' (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist"
      "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io"
      "is-directory" "loop" "too-many-links" "message-size" "name-too-long" "no-device"
      "no-entry" "no-lock" "insufficient-memory" "insufficient-space" "not-directory"
      "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $error-code')))
    (export "descriptor" (type $descriptor (sub resource)))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))
    (export "[method]descriptor.create-directory-at" (func
      (param "self" (borrow $descriptor)) (param "path" string)
      (result (result (error $error-code)))))
    (export "[method]descriptor.unlink-file-at" (func
      (param "self" (borrow $descriptor)) (param "path" string)
      (result (result (error $error-code)))))
    (export "[method]descriptor.symlink-at" (func
      (param "self" (borrow $descriptor)) (param "old-path" string) (param "new-path" string)
      (result (result (error $error-code)))))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))))
  (alias export $fs "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (export "descriptor" (type $descriptor' (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))

  (core module $Libc
    (memory (export "memory") 4)
    (global $top (mut i32) (i32.const 8192))
    (func (export "realloc")
        (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $top) (i32.const 0x40000)) (then (unreachable)))
      (local.get $at)))
  (core instance $libc (instantiate $Libc))

  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $blocking-read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $write-stream
    (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
      (memory (core memory $libc "memory"))))
  (core func $drop-input (canon resource.drop $input-stream))
  (core func $drop-output (canon resource.drop $output-stream))
  (core func $get-environment (canon lower (func $environment "get-environment")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $get-arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $exit' (canon lower (func $exit "exit")))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $write (canon lower (func $fs "[method]descriptor.write")
    (memory (core memory $libc "memory"))))
  (core func $create-directory-at (canon lower (func $fs "[method]descriptor.create-directory-at")
    (memory (core memory $libc "memory"))))
  (core func $unlink-file-at (canon lower (func $fs "[method]descriptor.unlink-file-at")
    (memory (core memory $libc "memory"))))
  (core func $symlink-at (canon lower (func $fs "[method]descriptor.symlink-at")
    (memory (core memory $libc "memory"))))
  (core func $open-at (canon lower (func $fs "[method]descriptor.open-at")
    (memory (core memory $libc "memory"))))
  (core func $drop-descriptor (canon resource.drop $descriptor))

  (core module $Main
    (import "libc" "memory" (memory 4))
    (import "wasi" "get-stdin" (func $get-stdin (result i32)))
    (import "wasi" "get-stdout" (func $get-stdout (result i32)))
    (import "wasi" "blocking-read" (func $blocking-read (param i32 i64 i32)))
    (import "wasi" "write-stream" (func $write-stream (param i32 i32 i32 i32)))
    (import "wasi" "drop-input" (func $drop-input (param i32)))
    (import "wasi" "drop-output" (func $drop-output (param i32)))
    (import "wasi" "get-environment" (func $get-environment (param i32)))
    (import "wasi" "get-arguments" (func $get-arguments (param i32)))
    (import "wasi" "exit" (func $exit (param i32)))
    (import "wasi" "get-directories" (func $get-directories (param i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i64 i32)))
    (import "wasi" "create-directory-at" (func $create-directory-at (param i32 i32 i32 i32)))
    (import "wasi" "unlink-file-at" (func $unlink-file-at (param i32 i32 i32 i32)))
    (import "wasi" "symlink-at" (func $symlink-at (param i32 i32 i32 i32 i32 i32)))
    (import "wasi" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "drop-descriptor" (func $drop-descriptor (param i32)))

    ;; 0..32 results of calls; 1024.. error codes, 24 bytes each; 2048.. text
    (data (i32.const 1024) "access")
    (data (i32.const 1048) "would-block")
    (data (i32.const 1072) "already")
    (data (i32.const 1096) "bad-descriptor")
    (data (i32.const 1120) "busy")
    (data (i32.const 1144) "deadlock")
    (data (i32.const 1168) "quota")
    (data (i32.const 1192) "exist")
    (data (i32.const 1216) "file-too-large")
    (data (i32.const 1240) "illegal-byte-sequence")
    (data (i32.const 1264) "in-progress")
    (data (i32.const 1288) "interrupted")
    (data (i32.const 1312) "invalid")
    (data (i32.const 1336) "io")
    (data (i32.const 1360) "is-directory")
    (data (i32.const 1384) "loop")
    (data (i32.const 1408) "too-many-links")
    (data (i32.const 1432) "message-size")
    (data (i32.const 1456) "name-too-long")
    (data (i32.const 1480) "no-device")
    (data (i32.const 1504) "no-entry")
    (data (i32.const 1528) "no-lock")
    (data (i32.const 1552) "insufficient-memory")
    (data (i32.const 1576) "insufficient-space")
    (data (i32.const 1600) "not-directory")
    (data (i32.const 1624) "not-empty")
    (data (i32.const 1648) "not-recoverable")
    (data (i32.const 1672) "unsupported")
    (data (i32.const 1696) "no-tty")
    (data (i32.const 1720) "no-such-device")
    (data (i32.const 1744) "overflow")
    (data (i32.const 1768) "not-permitted")
    (data (i32.const 1792) "pipe")
    (data (i32.const 1816) "read-only")
    (data (i32.const 1840) "invalid-seek")
    (data (i32.const 1864) "text-file-busy")
    (data (i32.const 1888) "cross-device")
    (data (i32.const 2048) "arg ")
    (data (i32.const 2056) "env ")
    (data (i32.const 2064) "dir ")
    (data (i32.const 2072) "=")
    (data (i32.const 2080) "\n")
    (data (i32.const 2088) ": ")
    (data (i32.const 2096) "ok")
    (data (i32.const 2104) "x")
    (data (i32.const 2112) "made")

    (global $out (mut i32) (i32.const 0))
    (global $root (mut i32) (i32.const 0))
    (global $arguments (mut i32) (i32.const 0))
    (global $argument-count (mut i32) (i32.const 0))
    (global $directories (mut i32) (i32.const 0))
    (global $directory-count (mut i32) (i32.const 0))

    (func $print (param $text i32) (param $length i32)
      (call $write-stream (global.get $out) (local.get $text) (local.get $length) (i32.const 48))
      (if (i32.load8_u (i32.const 48)) (then (unreachable))))
    (func $print-string (param $at i32)
      (call $print (i32.load (local.get $at)) (i32.load offset=4 (local.get $at))))
    ;; `count` items of `size` bytes, of each the string at `offset`, after the four letters at `label`
    (func $print-list (param $label i32) (param $list i32) (param $count i32) (param $size i32)
        (param $offset i32)
      (block $end
        (loop $next
          (br_if $end (i32.eqz (local.get $count)))
          (call $print (local.get $label) (i32.const 4))
          (call $print-string (i32.add (local.get $list) (local.get $offset)))
          (if (i32.eq (local.get $size) (i32.const 16))
            (then
              (call $print (i32.const 2072) (i32.const 1))
              (call $print-string (i32.add (local.get $list) (i32.const 8)))))
          (call $print (i32.const 2080) (i32.const 1))
          (local.set $list (i32.add (local.get $list) (local.get $size)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $next))))

    ;; "ARGUMENT: ok", or the name of the error code at `payload` when the result at 0 is one
    (func $print-outcome (param $argument i32) (param $payload i32)
      (local $name i32) (local $length i32)
      (call $print-string (local.get $argument))
      (call $print (i32.const 2088) (i32.const 2))
      (local.set $name (i32.const 2096))
      (if (i32.load8_u (i32.const 0))
        (then
          (local.set $name (i32.add (i32.const 1024)
            (i32.mul (i32.load8_u (local.get $payload)) (i32.const 24))))))
      (loop $next
        (local.set $length (i32.add (local.get $length) (i32.const 1)))
        (br_if $next (i32.load8_u (i32.add (local.get $name) (local.get $length)))))
      (call $print (local.get $name) (local.get $length))
      (call $print (i32.const 2080) (i32.const 1)))

    (func $cat
      (local $in i32)
      (local.set $in (call $get-stdin))
      (block $end
        (loop $next
          (call $blocking-read (local.get $in) (i64.const 4096) (i32.const 0))
          (br_if $end (i32.load8_u (i32.const 0)))
          (call $print-string (i32.const 4))
          (br $next)))
      (call $drop-input (local.get $in)))

    ;; The path is what stands behind the argument's first two letters.
    (func $use-path (param $argument i32) (param $letter i32)
      (local $path i32) (local $length i32) (local $writes i32)
      (local.set $path (i32.add (i32.load (local.get $argument)) (i32.const 2)))
      (local.set $length (i32.sub (i32.load offset=4 (local.get $argument)) (i32.const 2)))
      (if (i32.eq (local.get $letter) (i32.const 109)) ;; m
        (then
          (call $create-directory-at (global.get $root) (local.get $path) (local.get $length)
            (i32.const 0))
          (call $print-outcome (local.get $argument) (i32.const 1))
          (return)))
      (if (i32.eq (local.get $letter) (i32.const 117)) ;; u
        (then
          (call $unlink-file-at (global.get $root) (local.get $path) (local.get $length)
            (i32.const 0))
          (call $print-outcome (local.get $argument) (i32.const 1))
          (return)))
      (if (i32.eq (local.get $letter) (i32.const 108)) ;; l
        (then
          (call $symlink-at (global.get $root) (local.get $path) (local.get $length)
            (i32.const 2112) (i32.const 4) (i32.const 0))
          (call $print-outcome (local.get $argument) (i32.const 1))
          (return)))
      (local.set $writes (i32.eq (local.get $letter) (i32.const 119))) ;; w
      ;; follow links; create, read and write
      (call $open-at (global.get $root) (i32.const 1) (local.get $path) (local.get $length)
        (local.get $writes) (i32.add (i32.const 1) (i32.mul (local.get $writes) (i32.const 2)))
        (i32.const 0))
      (call $print-outcome (local.get $argument) (i32.const 4))
      (if (i32.load8_u (i32.const 0)) (then (return)))
      (local.set $path (i32.load (i32.const 4)))
      (if (local.get $writes)
        (then
          (call $write (local.get $path) (i32.const 2104) (i32.const 1) (i64.const 0)
            (i32.const 16))
          (if (i32.load8_u (i32.const 16)) (then (unreachable)))))
      (call $drop-descriptor (local.get $path)))

    ;; Gives whether `run` fails.
    (func $do (param $argument i32) (result i32)
      (local $letter i32)
      (local.set $letter (i32.load8_u (i32.load (local.get $argument))))
      (if (i32.eq (i32.load8_u offset=1 (i32.load (local.get $argument))) (i32.const 58))
        (then
          (call $use-path (local.get $argument) (local.get $letter))
          (return (i32.const 0))))
      (if (i32.eq (local.get $letter) (i32.const 97)) ;; args
        (then
          (call $print-list (i32.const 2048) (global.get $arguments)
            (global.get $argument-count) (i32.const 8) (i32.const 0))))
      (if (i32.eq (local.get $letter) (i32.const 101)) ;; env
        (then
          (call $get-environment (i32.const 0))
          (call $print-list (i32.const 2056) (i32.load (i32.const 0)) (i32.load (i32.const 4))
            (i32.const 16) (i32.const 0))))
      (if (i32.eq (local.get $letter) (i32.const 100)) ;; dirs
        (then
          (call $print-list (i32.const 2064) (global.get $directories)
            (global.get $directory-count) (i32.const 12) (i32.const 4))))
      (if (i32.eq (local.get $letter) (i32.const 99)) (then (call $cat)))
      (if (i32.eq (local.get $letter) (i32.const 111)) (then (call $exit (i32.const 0))))
      (if (i32.eq (local.get $letter) (i32.const 98)) (then (call $exit (i32.const 1))))
      (i32.eq (local.get $letter) (i32.const 102)))

    (func (export "run") (result i32)
      (local $index i32) (local $failed i32)
      (global.set $out (call $get-stdout))
      (call $get-arguments (i32.const 0))
      (global.set $arguments (i32.load (i32.const 0)))
      (global.set $argument-count (i32.load (i32.const 4)))
      (call $get-directories (i32.const 0))
      (global.set $directories (i32.load (i32.const 0)))
      (global.set $directory-count (i32.load (i32.const 4)))
      (if (global.get $directory-count)
        (then (global.set $root (i32.load (global.get $directories)))))
      (block $end
        (loop $next
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br_if $end (i32.ge_u (local.get $index) (global.get $argument-count)))
          (local.set $failed (i32.or (local.get $failed)
            (call $do (i32.add (global.get $arguments)
              (i32.mul (local.get $index) (i32.const 8))))))
          (br $next)))
      (call $drop-output (global.get $out))
      (local.get $failed)))

  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "wasi" (instance
      (export "get-stdin" (func $get-stdin))
      (export "get-stdout" (func $get-stdout))
      (export "blocking-read" (func $blocking-read))
      (export "write-stream" (func $write-stream))
      (export "drop-input" (func $drop-input))
      (export "drop-output" (func $drop-output))
      (export "get-environment" (func $get-environment))
      (export "get-arguments" (func $get-arguments))
      (export "exit" (func $exit'))
      (export "get-directories" (func $get-directories))
      (export "write" (func $write))
      (export "create-directory-at" (func $create-directory-at))
      (export "unlink-file-at" (func $unlink-file-at))
      (export "symlink-at" (func $symlink-at))
      (export "open-at" (func $open-at))
      (export "drop-descriptor" (func $drop-descriptor))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli-run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli-run)))
