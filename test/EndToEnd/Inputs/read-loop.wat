;; Reads the file "data" of its first directory with descriptor.read, 64 times 1024 bytes, and succeeds
;; when each time they were all there and started with the number of the block.
(component $Loop
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
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))))
  (alias export $fs "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (export "descriptor" (type $descriptor' (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))

  ;; Each result takes the place of the one before.
  (core module $Libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
  (core instance $libc (instantiate $Libc))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $open-at (canon lower (func $fs "[method]descriptor.open-at")
    (memory (core memory $libc "memory"))))
  (core func $read (canon lower (func $fs "[method]descriptor.read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))

  (core module $Main
    (import "libc" "memory" (memory 1))
    (import "fs" "get-directories" (func $get-directories (param i32)))
    (import "fs" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "fs" "read" (func $read (param i32 i64 i64 i32)))
    (data (i32.const 128) "data")
    (func (export "run") (result i32)
      (local $root i32) (local $file i32) (local $block i32)
      ;; The list and its string share their place: only the handle matters, and only before.
      (call $get-directories (i32.const 0))
      (local.set $root (i32.const 1))
      (call $open-at (local.get $root) (i32.const 0) (i32.const 128) (i32.const 4) (i32.const 0)
        (i32.const 1) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
      (local.set $file (i32.load (i32.const 4)))
      (loop $next
        (call $read (local.get $file) (i64.const 1024)
          (i64.extend_i32_u (i32.shl (local.get $block) (i32.const 10))) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 1024)) (then (return (i32.const 1))))
        (if (i32.ne (i32.load8_u (i32.load (i32.const 4))) (local.get $block))
          (then (return (i32.const 1))))
        (local.set $block (i32.add (local.get $block) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $block) (i32.const 64))))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "fs" (instance
      (export "get-directories" (func $get-directories))
      (export "open-at" (func $open-at))
      (export "read" (func $read))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli-run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli-run)))
