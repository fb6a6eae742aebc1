;; A program that uses the file system and prints what it sees. It was written without regard to who
;; runs it: it imports wasi:filesystem with its own types, and would run on the real one as well.
(component $Child
  ;;===--- What it imports, in the types of WASI 0.2 ------------------------===;;
  (import "wasi:io/error@0.2.0" (instance $io-error
    (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $error))

  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "error" (type $error' (eq $error)))
    (type $stream-error' (variant
      (case "last-operation-failed" (own $error'))
      (case "closed")))
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

  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (export "output-stream" (type $output-stream' (eq $output-stream)))
    (export "get-stdout" (func (result (own $output-stream'))))))

  (import "wasi:filesystem/types@0.2.0" (instance $fs
    (export "input-stream" (type $input-stream' (eq $input-stream)))
    (export "output-stream" (type $output-stream' (eq $output-stream)))
    (type $descriptor-type' (enum
      "unknown" "block-device" "character-device" "directory" "fifo" "symbolic-link"
      "regular-file" "socket"))
    (export "descriptor-type" (type $descriptor-type (eq $descriptor-type')))
    (type $descriptor-flags' (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync"
      "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $descriptor-flags')))
    (type $path-flags' (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $path-flags')))
    (type $open-flags' (flags
      "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $open-flags')))
    (type $directory-entry' (record
      (field "type" $descriptor-type) (field "name" string)))
    (export "directory-entry" (type $directory-entry (eq $directory-entry')))
    (type $error-code' (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist"
      "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io"
      "is-directory" "loop" "too-many-links" "message-size" "name-too-long" "no-device"
      "no-entry" "no-lock" "insufficient-memory" "insufficient-space" "not-directory"
      "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $error-code')))
    (export "descriptor" (type $descriptor (sub resource)))
    (export "directory-entry-stream" (type $directory-entry-stream (sub resource)))
    (export "[method]descriptor.read-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64)
      (result (result (own $input-stream') (error $error-code)))))
    (export "[method]descriptor.write-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64)
      (result (result (own $output-stream') (error $error-code)))))
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))
    (export "[method]descriptor.read-directory" (func
      (param "self" (borrow $descriptor))
      (result (result (own $directory-entry-stream) (error $error-code)))))
    (export "[method]descriptor.create-directory-at" (func
      (param "self" (borrow $descriptor)) (param "path" string)
      (result (result (error $error-code)))))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "[method]directory-entry-stream.read-directory-entry" (func
      (param "self" (borrow $directory-entry-stream))
      (result (result (option $directory-entry) (error $error-code)))))))
  (alias export $fs "descriptor" (type $descriptor))
  (alias export $fs "directory-entry-stream" (type $directory-entry-stream))

  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (export "descriptor" (type $descriptor' (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))

  ;;===--- Memory, and an allocator that only goes up -----------------------===;;
  (core module $Libc
    (memory (export "memory") 2)
    (global $top (mut i32) (i32.const 4096))
    (func (export "realloc")
        (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      ;; up to the next multiple of the alignment
      (local.set $at (i32.and
        (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $top) (i32.const 0x20000)) (then (unreachable)))
      (if (local.get $old-size)
        (then (memory.copy (local.get $at) (local.get $old) (local.get $old-size))))
      (local.get $at)))
  (core instance $libc (instantiate $Libc))

  ;;===--- The imports, as core functions -----------------------------------===;;
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $blocking-read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $write-stream
    (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
      (memory (core memory $libc "memory"))))
  (core func $drop-input (canon resource.drop $input-stream))
  (core func $drop-output (canon resource.drop $output-stream))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $read-via-stream (canon lower (func $fs "[method]descriptor.read-via-stream")
    (memory (core memory $libc "memory"))))
  (core func $write-via-stream (canon lower (func $fs "[method]descriptor.write-via-stream")
    (memory (core memory $libc "memory"))))
  (core func $read (canon lower (func $fs "[method]descriptor.read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $write (canon lower (func $fs "[method]descriptor.write")
    (memory (core memory $libc "memory"))))
  (core func $read-directory (canon lower (func $fs "[method]descriptor.read-directory")
    (memory (core memory $libc "memory"))))
  (core func $read-directory-entry
    (canon lower (func $fs "[method]directory-entry-stream.read-directory-entry")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $create-directory-at (canon lower (func $fs "[method]descriptor.create-directory-at")
    (memory (core memory $libc "memory"))))
  (core func $open-at (canon lower (func $fs "[method]descriptor.open-at")
    (memory (core memory $libc "memory"))))
  (core func $drop-descriptor (canon resource.drop $descriptor))
  (core func $drop-entries (canon resource.drop $directory-entry-stream))

  ;;===--- The program ------------------------------------------------------===;;
  (core module $Main
    (import "libc" "memory" (memory 2))
    (import "stdout" "get-stdout" (func $get-stdout (result i32)))
    (import "streams" "blocking-read" (func $blocking-read (param i32 i64 i32)))
    (import "streams" "write" (func $write-stream (param i32 i32 i32 i32)))
    (import "streams" "drop-input" (func $drop-input (param i32)))
    (import "streams" "drop-output" (func $drop-output (param i32)))
    (import "fs" "get-directories" (func $get-directories (param i32)))
    (import "fs" "read-via-stream" (func $read-via-stream (param i32 i64 i32)))
    (import "fs" "write-via-stream" (func $write-via-stream (param i32 i64 i32)))
    (import "fs" "read" (func $read (param i32 i64 i64 i32)))
    (import "fs" "write" (func $write (param i32 i32 i32 i64 i32)))
    (import "fs" "read-directory" (func $read-directory (param i32 i32)))
    (import "fs" "read-directory-entry" (func $read-directory-entry (param i32 i32)))
    (import "fs" "create-directory-at" (func $create-directory-at (param i32 i32 i32 i32)))
    (import "fs" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "fs" "drop-descriptor" (func $drop-descriptor (param i32)))
    (import "fs" "drop-entries" (func $drop-entries (param i32)))

    ;; 0..32 results of calls; 64.. digits; 128.. text
    (data (i32.const 128) "root: ")                                    ;; 6
    (data (i32.const 160) "create notes: ")                            ;; 14
    (data (i32.const 192) "ok\n")                                      ;; 3
    (data (i32.const 200) "error ")                                    ;; 6
    (data (i32.const 208) "\n")                                        ;; 1
    (data (i32.const 224) "open notes/today.txt: ")                    ;; 22
    (data (i32.const 256) "write: ")                                   ;; 7
    (data (i32.const 264) " bytes\n")                                  ;; 7
    (data (i32.const 288) "stream: ")                                  ;; 8
    (data (i32.const 320) "read:\n")                                   ;; 6
    (data (i32.const 336) "read by stream:\n")                         ;; 16
    (data (i32.const 368) "list /: ")                                  ;; 8
    (data (i32.const 384) "list notes: ")                              ;; 12
    (data (i32.const 400) "  ")                                        ;; 2
    (data (i32.const 416) "open ../outside.txt: ")                     ;; 21
    (data (i32.const 448) "end\n")                                     ;; 4
    (data (i32.const 464) "not-permitted\n")                           ;; 14
    (data (i32.const 512) "notes/today.txt")                           ;; 15, "notes" is 5
    (data (i32.const 544) "../outside.txt")                            ;; 14
    (data (i32.const 576) "by descriptor.write\n")                     ;; 20
    (data (i32.const 608) "by write-via-stream\n")                     ;; 20

    (global $out (mut i32) (i32.const 0))

    ;;--- Printing
    (func $print (param $text i32) (param $length i32)
      (call $write-stream (global.get $out) (local.get $text) (local.get $length) (i32.const 48))
      (if (i32.load8_u (i32.const 48)) (then (unreachable))))
    (func $print-number (param $number i32)
      (local $at i32)
      (local.set $at (i32.const 80))
      (loop $digit
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (i32.store8 (local.get $at)
          (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
        (local.set $number (i32.div_u (local.get $number) (i32.const 10)))
        (br_if $digit (local.get $number)))
      (call $print (local.get $at) (i32.sub (i32.const 80) (local.get $at))))
    ;; Prints "ok", or the error code of the result at 0, whose payload stands at `payload`. Gives
    ;; whether it is an error.
    (func $failed (param $payload i32) (result i32)
      (if (i32.eqz (i32.load8_u (i32.const 0)))
        (then
          (call $print (i32.const 192) (i32.const 3))
          (return (i32.const 0))))
      (if (i32.eq (i32.load8_u (local.get $payload)) (i32.const 31))
        (then
          (call $print (i32.const 464) (i32.const 14))
          (return (i32.const 1))))
      (call $print (i32.const 200) (i32.const 6))
      (call $print-number (i32.load8_u (local.get $payload)))
      (call $print (i32.const 208) (i32.const 1))
      (i32.const 1))

    ;;--- Listing a directory
    (func $list (param $directory i32)
      (local $entries i32)
      (call $read-directory (local.get $directory) (i32.const 0))
      (if (call $failed (i32.const 4)) (then (return)))
      (local.set $entries (i32.load (i32.const 4)))
      (block $end
        (loop $next
          (call $read-directory-entry (local.get $entries) (i32.const 0))
          (br_if $end (i32.load8_u (i32.const 0)))             ;; error
          (br_if $end (i32.eqz (i32.load8_u (i32.const 4))))   ;; none
          (call $print (i32.const 400) (i32.const 2))
          (call $print (i32.load (i32.const 12)) (i32.load (i32.const 16)))
          (call $print (i32.const 208) (i32.const 1))
          (br $next)))
      (call $drop-entries (local.get $entries)))

    ;;--- One file: written and read, by descriptor and by stream
    (func $use (param $file i32)
      (local $stream i32) (local $written i64)
      (call $print (i32.const 256) (i32.const 7))
      (call $write (local.get $file) (i32.const 576) (i32.const 20) (i64.const 0) (i32.const 0))
      (if (call $failed (i32.const 8)) (then (return)))
      (local.set $written (i64.load (i32.const 8)))

      (call $print (i32.const 288) (i32.const 8))
      (call $write-via-stream (local.get $file) (local.get $written) (i32.const 0))
      (if (call $failed (i32.const 4)) (then (return)))
      (local.set $stream (i32.load (i32.const 4)))
      (call $write-stream (local.get $stream) (i32.const 608) (i32.const 20) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (unreachable)))
      (call $drop-output (local.get $stream))

      (call $print (i32.const 320) (i32.const 6))
      (call $read (local.get $file) (i64.const 1000) (i64.const 0) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (unreachable)))
      (call $print (i32.load (i32.const 4)) (i32.load (i32.const 8)))
      (call $print-number (i32.load (i32.const 8)))
      (call $print (i32.const 264) (i32.const 7))

      (call $print (i32.const 336) (i32.const 16))
      (call $read-via-stream (local.get $file) (i64.const 3) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (unreachable)))
      (local.set $stream (i32.load (i32.const 4)))
      (block $end
        (loop $next
          (call $blocking-read (local.get $stream) (i64.const 1000) (i32.const 0))
          (br_if $end (i32.load8_u (i32.const 0)))
          (call $print (i32.load (i32.const 4)) (i32.load (i32.const 8)))
          (br $next)))
      ;; The end of the file is the error "closed", which holds nothing to drop.
      (if (i32.ne (i32.load8_u (i32.const 4)) (i32.const 1)) (then (unreachable)))
      (call $drop-input (local.get $stream)))

    (func (export "run") (result i32)
      (local $root i32) (local $file i32) (local $directories i32)
      (global.set $out (call $get-stdout))
      (call $get-directories (i32.const 0))
      (if (i32.eqz (i32.load (i32.const 4))) (then (return (i32.const 1))))
      (local.set $directories (i32.load (i32.const 0)))
      (local.set $root (i32.load (local.get $directories)))
      (call $print (i32.const 128) (i32.const 6))
      (call $print (i32.load offset=4 (local.get $directories))
                   (i32.load offset=8 (local.get $directories)))
      (call $print (i32.const 208) (i32.const 1))

      (call $print (i32.const 160) (i32.const 14))
      (call $create-directory-at (local.get $root) (i32.const 512) (i32.const 5) (i32.const 0))
      (drop (call $failed (i32.const 1)))

      ;; create | truncate, read | write
      (call $print (i32.const 224) (i32.const 22))
      (call $open-at (local.get $root) (i32.const 0) (i32.const 512) (i32.const 15) (i32.const 9)
        (i32.const 3) (i32.const 0))
      (if (call $failed (i32.const 4)) (then (return (i32.const 1))))
      (local.set $file (i32.load (i32.const 4)))
      (call $use (local.get $file))
      (call $drop-descriptor (local.get $file))

      (call $print (i32.const 368) (i32.const 8))
      (call $list (local.get $root))
      (call $print (i32.const 384) (i32.const 12))
      (call $open-at (local.get $root) (i32.const 0) (i32.const 512) (i32.const 5) (i32.const 2)
        (i32.const 1) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (unreachable)))
      (local.set $file (i32.load (i32.const 4)))
      (call $list (local.get $file))
      (call $drop-descriptor (local.get $file))

      ;; Nothing but an error code comes of this, on the real file system or on a virtual one.
      (call $print (i32.const 416) (i32.const 21))
      (call $open-at (local.get $root) (i32.const 0) (i32.const 544) (i32.const 14) (i32.const 0)
        (i32.const 1) (i32.const 0))
      (if (i32.eqz (call $failed (i32.const 4))) (then (unreachable)))

      (call $drop-descriptor (local.get $root))
      (call $print (i32.const 448) (i32.const 4))
      (call $drop-output (global.get $out))
      (i32.const 0)))

  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "stdout" (instance
      (export "get-stdout" (func $get-stdout))))
    (with "streams" (instance
      (export "blocking-read" (func $blocking-read))
      (export "write" (func $write-stream))
      (export "drop-input" (func $drop-input))
      (export "drop-output" (func $drop-output))))
    (with "fs" (instance
      (export "get-directories" (func $get-directories))
      (export "read-via-stream" (func $read-via-stream))
      (export "write-via-stream" (func $write-via-stream))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "read-directory" (func $read-directory))
      (export "read-directory-entry" (func $read-directory-entry))
      (export "create-directory-at" (func $create-directory-at))
      (export "open-at" (func $open-at))
      (export "drop-descriptor" (func $drop-descriptor))
      (export "drop-entries" (func $drop-entries))))))

  ;;===--- What it exports --------------------------------------------------===;;
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli-run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli-run)))
