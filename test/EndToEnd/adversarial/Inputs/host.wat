;; A guest that tries to harm the host or to get what it was not given. Its last argument says how; host.test
;; runs it. It ends with 100 + the error code of the file system, 1 when that gave it a descriptor, or traps.
(component
  (import "wasi:cli/environment@0.2.3" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.3" (instance $exit (export "exit-with-code" (func (param "status-code" u8)))))
  (import "wasi:random/random@0.2.3" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
  (import "wasi:io/error@0.2.3" (instance $io-error (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $error))
  (import "wasi:io/poll@0.2.3" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.3" (instance $streams
    (export "error" (type $error' (eq $error)))
    (export "pollable" (type $pollable' (eq $pollable)))
    (type $stream-error' (variant (case "last-operation-failed" (own $error')) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "input-stream" (type $input-stream (sub resource)))
    (export "output-stream" (type $output-stream (sub resource)))
    (export "[method]input-stream.read" (func (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))
    (export "[method]input-stream.blocking-skip" (func (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result u64 (error $stream-error)))))
    (export "[method]input-stream.subscribe" (func (param "self" (borrow $input-stream)) (result (own $pollable'))))
    (export "[method]output-stream.write" (func (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))
    (export "[method]output-stream.write-zeroes" (func (param "self" (borrow $output-stream)) (param "len" u64)
      (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdin@0.2.3" (instance $stdin
    (export "input-stream" (type $input-stream' (eq $input-stream)))
    (export "get-stdin" (func (result (own $input-stream'))))))
  (import "wasi:cli/stdout@0.2.3" (instance $stdout
    (export "output-stream" (type $output-stream' (eq $output-stream)))
    (export "get-stdout" (func (result (own $output-stream'))))))
  (import "wasi:filesystem/types@0.2.3" (instance $filesystem
    (export "descriptor" (type $descriptor (sub resource)))
    (type $descriptor-flags' (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync" "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $descriptor-flags')))
    (type $path-flags' (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $path-flags')))
    (type $open-flags' (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $open-flags')))
    (type $error-code' (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist" "file-too-large"
      "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop" "too-many-links"
      "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory" "insufficient-space"
      "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $error-code')))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "[method]descriptor.symlink-at" (func
      (param "self" (borrow $descriptor)) (param "old-path" string) (param "new-path" string)
      (result (result (error $error-code)))))
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))))
  (alias export $filesystem "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.3" (instance $preopens
    (export "descriptor" (type $descriptor' (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))

  (core module $Libc
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func (export "realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get $size))))
    (data (i32.const 0) "x\c3\a9")
    (data (i32.const 16) "in\00/../out")
    (data (i32.const 24) ".")
    (data (i32.const 32) "..")
    (data (i32.const 48) "/etc/passwd")
    (data (i32.const 64) "inside/../../out/x")
    (data (i32.const 96) "../outside.txtlink"))
  (core instance $libc (instantiate $Libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $get-arguments (canon lower (func $environment "get-arguments")
    (memory $memory) (realloc $realloc)))
  (core func $exit (canon lower (func $exit "exit-with-code")))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory $memory) (realloc $realloc)))
  (core func $open-at (canon lower (func $filesystem "[method]descriptor.open-at") (memory $memory)))
  (core func $symlink-at (canon lower (func $filesystem "[method]descriptor.symlink-at") (memory $memory)))
  (core func $file.read (canon lower (func $filesystem "[method]descriptor.read")
    (memory $memory) (realloc $realloc)))
  (core func $file.write (canon lower (func $filesystem "[method]descriptor.write") (memory $memory)))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $stream.read (canon lower (func $streams "[method]input-stream.read")
    (memory $memory) (realloc $realloc)))
  (core func $stream.skip (canon lower (func $streams "[method]input-stream.blocking-skip") (memory $memory)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $stream.write (canon lower (func $streams "[method]output-stream.write") (memory $memory)))
  (core func $stream.zeroes (canon lower (func $streams "[method]output-stream.write-zeroes") (memory $memory)))
  (core func $subscribe (canon lower (func $streams "[method]input-stream.subscribe")))
  (core func $poll (canon lower (func $poll "poll") (memory $memory) (realloc $realloc)))
  (core func $random (canon lower (func $random "get-random-bytes") (memory $memory) (realloc $realloc)))
  (core func $descriptor.drop (canon resource.drop $descriptor))
  (core func $input-stream.drop (canon resource.drop $input-stream))
  (core func $output-stream.drop (canon resource.drop $output-stream))
  (core func $pollable.drop (canon resource.drop $pollable))

  (core module $Main
    (import "libc" "memory" (memory 2))
    (import "" "get-arguments" (func $get-arguments (param i32)))
    (import "" "exit" (func $exit (param i32)))
    (import "" "get-directories" (func $get-directories (param i32)))
    (import "" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "" "symlink-at" (func $symlink-at (param i32 i32 i32 i32 i32 i32)))
    (import "" "file.read" (func $file.read (param i32 i64 i64 i32)))
    (import "" "file.write" (func $file.write (param i32 i32 i32 i64 i32)))
    (import "" "get-stdin" (func $get-stdin (result i32)))
    (import "" "stream.read" (func $stream.read (param i32 i64 i32)))
    (import "" "stream.skip" (func $stream.skip (param i32 i64 i32)))
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (import "" "stream.write" (func $stream.write (param i32 i32 i32 i32)))
    (import "" "stream.zeroes" (func $stream.zeroes (param i32 i64 i32)))
    (import "" "subscribe" (func $subscribe (param i32) (result i32)))
    (import "" "poll" (func $poll (param i32 i32 i32)))
    (import "" "random" (func $random (param i64 i32)))
    (import "" "descriptor.drop" (func $descriptor.drop (param i32)))
    (import "" "input-stream.drop" (func $input-stream.drop (param i32)))
    (import "" "output-stream.drop" (func $output-stream.drop (param i32)))
    (import "" "pollable.drop" (func $pollable.drop (param i32)))
    (global $h (mut i32) (i32.const 0))
    ;; The directory that was granted.
    (func $dir (result i32)
      (call $get-directories (i32.const 512))
      (i32.load (i32.load (i32.const 512))))
    ;; Ends by what stands in the result area.
    (func $end
      (if (i32.load8_u (i32.const 512))
        (then (call $exit (i32.add (i32.const 100) (i32.load8_u (i32.const 516))))))
      (call $exit (i32.const 1)))
    (func $open (param $path i32) (param $size i32)
      (call $open-at (call $dir) (i32.const 1) (local.get $path) (local.get $size) (i32.const 0) (i32.const 1)
        (i32.const 512))
      (call $end))
    ;; a path that ends inside a code point
    (func $a (call $open (i32.const 0) (i32.const 2)))
    ;; a path outside of the memory
    (func $b (call $open (i32.const 0x1fffe) (i32.const 3)))
    ;; a path of nearly 2^32 bytes
    (func $c (call $open (i32.const 0) (i32.const -1)))
    ;; a path of 100,000 bytes
    (func $d
      (memory.fill (i32.const 1024) (i32.const 0x61) (i32.const 100000))
      (call $open (i32.const 1024) (i32.const 100000)))
    ;; a path with a zero byte
    (func $e (call $open (i32.const 16) (i32.const 7)))
    ;; the parent
    (func $f (call $open (i32.const 32) (i32.const 2)))
    ;; an absolute path
    (func $g (call $open (i32.const 48) (i32.const 11)))
    ;; a way up through a directory
    (func $h (call $open (i32.const 64) (i32.const 18)))
    ;; a symbolic link out
    (func $i
      (call $symlink-at (call $dir) (i32.const 96) (i32.const 14) (i32.const 110) (i32.const 4) (i32.const 512))
      (call $open (i32.const 110) (i32.const 4)))
    ;; a descriptor that nobody gave
    (func $j
      (call $open-at (i32.const 77) (i32.const 0) (i32.const 24) (i32.const 1) (i32.const 0)
        (i32.const 1) (i32.const 512)))
    ;; a stream as a descriptor
    (func $k
      (call $open-at (call $get-stdin) (i32.const 0) (i32.const 24) (i32.const 1) (i32.const 0)
        (i32.const 1) (i32.const 512)))
    ;; a dropped descriptor
    (func $l
      (global.set $h (call $dir))
      (call $descriptor.drop (global.get $h))
      (call $open-at (global.get $h) (i32.const 0) (i32.const 24) (i32.const 1) (i32.const 0)
        (i32.const 1) (i32.const 512)))
    ;; a result area outside of the memory
    (func $m (call $file.read (call $dir) (i64.const 1) (i64.const 0) (i32.const -4)))
    ;; a misaligned result area
    (func $n (call $file.read (call $dir) (i64.const 1) (i64.const 0) (i32.const 513)))
    ;; a length and an offset of 2^64 - 1
    (func $o
      (call $file.read (call $dir) (i64.const -1) (i64.const -1) (i32.const 512))
      (call $end))
    ;; 2^64 - 1 random bytes
    (func $p (call $random (i64.const -1) (i32.const 512)))
    ;; a poll of nothing
    (func $q (call $poll (i32.const 1024) (i32.const 0) (i32.const 512)))
    ;; a poll of 2^30 things
    (func $r (call $poll (i32.const 1024) (i32.const 0x40000000) (i32.const 512)))
    ;; a poll of a forged handle
    (func $s
      (i32.store (i32.const 1024) (i32.const 5))
      (call $poll (i32.const 1024) (i32.const 1) (i32.const 512)))
    ;; a stream dropped before its child
    (func $t
      (global.set $h (call $get-stdin))
      (drop (call $subscribe (global.get $h)))
      (call $input-stream.drop (global.get $h))
      (call $exit (i32.const 7)))
    ;; more written than was asked for
    (func $u
      (call $stream.write (call $get-stdout) (i32.const 0) (i32.const 0x20000) (i32.const 512))
      (call $exit (i32.const 8)))
    ;; 2^64 - 1 zeroes
    (func $v
      (call $stream.zeroes (call $get-stdout) (i64.const -1) (i32.const 512))
      (call $exit (i32.const 9)))
    ;; reading 2^64 - 1 bytes
    (func $w
      (call $stream.read (call $get-stdin) (i64.const -1) (i32.const 512))
      (call $exit (i32.add (i32.const 10) (i32.load8_u (i32.const 512)))))
    ;; skipping 2^64 - 1 bytes
    (func $x
      (call $stream.skip (call $get-stdin) (i64.const -1) (i32.const 512))
      (call $exit (i32.add (i32.const 10) (i32.load8_u (i32.const 512)))))
    ;; flags that are none
    (func $y
      (call $open-at (call $dir) (i32.const -1) (i32.const 24) (i32.const 1) (i32.const -1)
        (i32.const -1) (i32.const 512))
      (call $end))
    ;; one handle twice in a poll
    (func $z
      (global.set $h (call $subscribe (call $get-stdin)))
      (i32.store (i32.const 1024) (global.get $h))
      (i32.store (i32.const 1028) (global.get $h))
      (call $poll (i32.const 1024) (i32.const 2) (i32.const 512))
      (call $exit (i32.load (i32.const 516))))
    ;; 2^36 random bytes: more than a list may have
    (func $A (call $random (i64.const 0x1000000000) (i32.const 512)))
    ;; reading 2^36 bytes
    (func $B
      (call $stream.read (call $get-stdin) (i64.const 0x1000000000) (i32.const 512))
      (call $exit (i32.add (i32.const 10) (i32.load8_u (i32.const 512)))))
    ;; reading 2^36 bytes of a file that is no file
    (func $C
      (call $file.read (call $dir) (i64.const 0x1000000000) (i64.const 0) (i32.const 512))
      (call $end))
    ;; 2^36 zeroes
    (func $D
      (call $stream.zeroes (call $get-stdout) (i64.const 0x1000000000) (i32.const 512))
      (call $exit (i32.const 9)))
    ;; writing at the end of all offsets
    (func $E
      (call $file.write (call $dir) (i32.const 0) (i32.const 16) (i64.const -1) (i32.const 512))
      (call $end))
    ;; writing what is outside of the memory
    (func $F
      (call $file.write (call $dir) (i32.const 0x1fff0) (i32.const 17) (i64.const 0) (i32.const 512))
      (call $end))
    ;; a standard stream closed, and its number used by what is opened next
    (func $G
      (call $input-stream.drop (call $get-stdin))
      (call $output-stream.drop (call $get-stdout))
      (call $stream.write (call $get-stdout) (i32.const 0) (i32.const 1) (i32.const 512))
      (call $exit (i32.const 11)))
    ;; more descriptors than a process may have: each is left open
    (func $H
      (loop $again (call $open-at (call $dir) (i32.const 0) (i32.const 24) (i32.const 1)
        (i32.const 0) (i32.const 1) (i32.const 512)) (br_if $again (i32.eqz (i32.load8_u (i32.const 512)))))
      (call $end))
    (func (export "run") (result i32)
      (local $letter i32)
      (call $get-arguments (i32.const 512))
      (local.set $letter (i32.load8_u (i32.load
        (i32.add (i32.load (i32.const 512))
          (i32.shl (i32.sub (i32.load (i32.const 516)) (i32.const 1)) (i32.const 3))))))
      (if (i32.eq (local.get $letter) (i32.const 97)) (then (call $a)))
      (if (i32.eq (local.get $letter) (i32.const 98)) (then (call $b)))
      (if (i32.eq (local.get $letter) (i32.const 99)) (then (call $c)))
      (if (i32.eq (local.get $letter) (i32.const 100)) (then (call $d)))
      (if (i32.eq (local.get $letter) (i32.const 101)) (then (call $e)))
      (if (i32.eq (local.get $letter) (i32.const 102)) (then (call $f)))
      (if (i32.eq (local.get $letter) (i32.const 103)) (then (call $g)))
      (if (i32.eq (local.get $letter) (i32.const 104)) (then (call $h)))
      (if (i32.eq (local.get $letter) (i32.const 105)) (then (call $i)))
      (if (i32.eq (local.get $letter) (i32.const 106)) (then (call $j)))
      (if (i32.eq (local.get $letter) (i32.const 107)) (then (call $k)))
      (if (i32.eq (local.get $letter) (i32.const 108)) (then (call $l)))
      (if (i32.eq (local.get $letter) (i32.const 109)) (then (call $m)))
      (if (i32.eq (local.get $letter) (i32.const 110)) (then (call $n)))
      (if (i32.eq (local.get $letter) (i32.const 111)) (then (call $o)))
      (if (i32.eq (local.get $letter) (i32.const 112)) (then (call $p)))
      (if (i32.eq (local.get $letter) (i32.const 113)) (then (call $q)))
      (if (i32.eq (local.get $letter) (i32.const 114)) (then (call $r)))
      (if (i32.eq (local.get $letter) (i32.const 115)) (then (call $s)))
      (if (i32.eq (local.get $letter) (i32.const 116)) (then (call $t)))
      (if (i32.eq (local.get $letter) (i32.const 117)) (then (call $u)))
      (if (i32.eq (local.get $letter) (i32.const 118)) (then (call $v)))
      (if (i32.eq (local.get $letter) (i32.const 119)) (then (call $w)))
      (if (i32.eq (local.get $letter) (i32.const 120)) (then (call $x)))
      (if (i32.eq (local.get $letter) (i32.const 121)) (then (call $y)))
      (if (i32.eq (local.get $letter) (i32.const 122)) (then (call $z)))
      (if (i32.eq (local.get $letter) (i32.const 65)) (then (call $A)))
      (if (i32.eq (local.get $letter) (i32.const 66)) (then (call $B)))
      (if (i32.eq (local.get $letter) (i32.const 67)) (then (call $C)))
      (if (i32.eq (local.get $letter) (i32.const 68)) (then (call $D)))
      (if (i32.eq (local.get $letter) (i32.const 69)) (then (call $E)))
      (if (i32.eq (local.get $letter) (i32.const 70)) (then (call $F)))
      (if (i32.eq (local.get $letter) (i32.const 71)) (then (call $G)))
      (if (i32.eq (local.get $letter) (i32.const 72)) (then (call $H)))
      (i32.const 0)))
  (core instance $main (instantiate $Main (with "libc" (instance $libc)) (with "" (instance
    (export "get-arguments" (func $get-arguments))
    (export "exit" (func $exit))
    (export "get-directories" (func $get-directories))
    (export "open-at" (func $open-at))
    (export "symlink-at" (func $symlink-at))
    (export "file.read" (func $file.read))
    (export "file.write" (func $file.write))
    (export "get-stdin" (func $get-stdin))
    (export "stream.read" (func $stream.read))
    (export "stream.skip" (func $stream.skip))
    (export "get-stdout" (func $get-stdout))
    (export "stream.write" (func $stream.write))
    (export "stream.zeroes" (func $stream.zeroes))
    (export "subscribe" (func $subscribe))
    (export "poll" (func $poll))
    (export "random" (func $random))
    (export "descriptor.drop" (func $descriptor.drop))
    (export "input-stream.drop" (func $input-stream.drop))
    (export "output-stream.drop" (func $output-stream.drop))
    (export "pollable.drop" (func $pollable.drop))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance (export "wasi:cli/run@0.2.3") (export "run" (func $run))))
