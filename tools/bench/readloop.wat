;; Opens "data.bin" in the first preopened directory and reads it from its beginning, 4096 bytes a call,
;; 1000 times with descriptor.read. Fails when a read is short. Runs on the host's file system, or as the
;; child of test/EndToEnd/link-time-virtualization/parent.wat on a virtual one.
(component $ReadLoop
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
    (alias outer 1 $descriptor (type $descriptor-outer))
    (export "descriptor" (type $descriptor (eq $descriptor-outer)))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

  ;; All that is allocated between two `reset`s stands one behind the other from 4096 on.
  (core module $Libc
    (memory (export "memory") 2)
    (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (func (export "reset") (global.set $top (i32.const 4096))))
  (core instance $libc (instantiate $Libc))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $open-at (canon lower (func $fs "[method]descriptor.open-at")
    (memory (core memory $libc "memory"))))
  (core func $read (canon lower (func $fs "[method]descriptor.read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $drop (canon resource.drop $descriptor))

  (core module $Main
    (import "libc" "memory" (memory 2))
    (import "libc" "reset" (func $reset))
    (import "fs" "get-directories" (func $get-directories (param i32)))
    (import "fs" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "fs" "read" (func $read (param i32 i64 i64 i32)))
    (import "fs" "drop" (func $drop (param i32)))
    (data (i32.const 64) "data.bin")
    (func (export "run") (result i32)
      (local $root i32) (local $file i32) (local $i i32)
      (call $get-directories (i32.const 0))
      (if (i32.eqz (i32.load (i32.const 4))) (then (return (i32.const 1))))
      (local.set $root (i32.load (i32.load (i32.const 0))))
      (call $open-at (local.get $root) (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 0)
        (i32.const 1) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
      (local.set $file (i32.load (i32.const 4)))
      (loop $next
        (call $reset)
        (call $read (local.get $file) (i64.const 4096)
          (i64.mul (i64.extend_i32_u (local.get $i)) (i64.const 4096)) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 4096)) (then (return (i32.const 1))))
        (br_if $next (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
      (call $drop (local.get $file))
      (call $drop (local.get $root))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "libc" (instance $libc))
    (with "fs" (instance
      (export "get-directories" (func $get-directories))
      (export "open-at" (func $open-at))
      (export "read" (func $read))
      (export "drop" (func $drop))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $cli (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli)))
