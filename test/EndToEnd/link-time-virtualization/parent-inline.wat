;; Runs child.wat on a virtual file system, which virtualize.wat makes of the real one.
;;
;;   as written                              as run
;;   parent --> virtualize                   parent makes  virtual-fs, of the real wasi:filesystem
;;      \-----> child                                      child,      of virtual-fs
;;   (each imports wasi:filesystem)          and child has no way to the real one
;;
;; parent.wat with the two files that it imports copied into it: the same program.
(component $Parent
  ;;===--- What the host gives ----------------------------------------------===;;
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

  ;; Each file system, the real one and a virtual one, has a `descriptor` of its own in this type.
  (type $filesystem (instance
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
  (import "wasi:filesystem/types@0.2.0" (instance $real-fs (type $filesystem)))
  (alias export $real-fs "descriptor" (type $real-descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $real-preopens
    (export "descriptor" (type $descriptor (eq $real-descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

  ;;===--- What it is made of: copies of virtualize.wat and child.wat ---------===;;
  (component $Virtualize
    ;;===--- What it imports --------------------------------------------------===;;
    (import "wasi:io/streams@0.2.0" (instance $streams
      (export "input-stream" (type (sub resource)))
      (export "output-stream" (type (sub resource)))))
    (alias export $streams "input-stream" (type $input-stream))
    (alias export $streams "output-stream" (type $output-stream))

    (import "wasi:filesystem/types@0.2.0" (instance $host
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
    (alias export $host "descriptor" (type $host-descriptor))
    (alias export $host "directory-entry-stream" (type $host-entries))

    (import "wasi:filesystem/preopens@0.2.0" (instance $host-preopens
      (export "descriptor" (type $descriptor (eq $host-descriptor)))
      (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

    ;;===--- Memory and destructor --------------------------------------------===;;
    (core func $drop-host-descriptor (canon resource.drop $host-descriptor))
    (core func $drop-host-entries (canon resource.drop $host-entries))

    ;; Everything that a call allocates is gone after the call: `reset` is each function's post-return.
    ;; The first allocation of a call stands at 1024, just behind the text "jail/". So a path that is
    ;; passed to a function has its prefix already, and need not be copied.
    (core module $Base
      (import "host" "drop-descriptor" (func $drop-descriptor (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 1019) "jail/")
      (global $top (mut i32) (i32.const 1024))
      (func (export "realloc")
          (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
        (local $at i32) (local $missing i32)
        ;; up to the next multiple of the alignment
        (local.set $at (i32.and
          (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
          (i32.sub (i32.const 0) (local.get $align))))
        (global.set $top (i32.add (local.get $at) (local.get $size)))
        (if (i32.lt_u (global.get $top) (local.get $at)) (then (unreachable)))
        (local.set $missing (i32.sub
          (i32.shr_u (i32.add (i32.sub (global.get $top) (i32.const 1)) (i32.const 0x10000))
                     (i32.const 16))
          (memory.size)))
        (if (i32.gt_s (local.get $missing) (i32.const 0))
          (then
            (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1)) (then (unreachable)))))
        (if (local.get $old-size)
          (then (memory.copy (local.get $at) (local.get $old) (local.get $old-size))))
        (local.get $at))
      (func (export "reset") (param i32)
        (global.set $top (i32.const 1024)))
      ;; A descriptor is represented by the host's handle and a bit: whether it is a root.
      (func (export "drop-descriptor") (param $descriptor i32)
        (call $drop-descriptor (i32.shr_u (local.get $descriptor) (i32.const 1)))))
    (core instance $base (instantiate $Base
      (with "host" (instance (export "drop-descriptor" (func $drop-host-descriptor))))))

    ;;===--- The resources it makes -------------------------------------------===;;
    (type $descriptor (resource (rep i32) (dtor (core func $base "drop-descriptor"))))
    (type $directory-entry-stream (resource (rep i32) (dtor (core func $drop-host-entries))))
    (core func $new-descriptor (canon resource.new $descriptor))
    (core func $new-entries (canon resource.new $directory-entry-stream))

    ;;===--- The imports, as core functions -----------------------------------===;;
    (core func $host-get-directories
      (canon lower (func $host-preopens "get-directories")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))))
    (core func $host-read-via-stream
      (canon lower (func $host "[method]descriptor.read-via-stream")
        (memory (core memory $base "memory"))))
    (core func $host-write-via-stream
      (canon lower (func $host "[method]descriptor.write-via-stream")
        (memory (core memory $base "memory"))))
    (core func $host-read
      (canon lower (func $host "[method]descriptor.read")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))))
    (core func $host-write
      (canon lower (func $host "[method]descriptor.write")
        (memory (core memory $base "memory"))))
    (core func $host-read-directory
      (canon lower (func $host "[method]descriptor.read-directory")
        (memory (core memory $base "memory"))))
    (core func $host-read-directory-entry
      (canon lower (func $host "[method]directory-entry-stream.read-directory-entry")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))))
    (core func $host-create-directory-at
      (canon lower (func $host "[method]descriptor.create-directory-at")
        (memory (core memory $base "memory"))))
    (core func $host-open-at
      (canon lower (func $host "[method]descriptor.open-at")
        (memory (core memory $base "memory"))))

    ;;===--- The virtual file system ------------------------------------------===;;
    (core module $Main
      (import "base" "memory" (memory 1))
      (import "host" "get-directories" (func $host-get-directories (param i32)))
      (import "host" "read-via-stream" (func $host-read-via-stream (param i32 i64 i32)))
      (import "host" "write-via-stream" (func $host-write-via-stream (param i32 i64 i32)))
      (import "host" "read" (func $host-read (param i32 i64 i64 i32)))
      (import "host" "write" (func $host-write (param i32 i32 i32 i64 i32)))
      (import "host" "read-directory" (func $host-read-directory (param i32 i32)))
      (import "host" "read-directory-entry" (func $host-read-directory-entry (param i32 i32)))
      (import "host" "create-directory-at" (func $host-create-directory-at (param i32 i32 i32 i32)))
      (import "host" "open-at" (func $host-open-at (param i32 i32 i32 i32 i32 i32 i32)))
      (import "host" "drop-descriptor" (func $host-drop-descriptor (param i32)))
      (import "new" "descriptor" (func $new-descriptor (param i32) (result i32)))
      (import "new" "directory-entry-stream" (func $new-entries (param i32) (result i32)))

      ;; All results are written at 16, where the host's have been written: the same type, and an
      ;; `own` in it is replaced by one of ours.
      (global $calls (mut i32) (i32.const 0))
      (func (export "calls") (result i32) (global.get $calls))
      (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))

      (func $is-root (param $self i32) (result i32) (i32.and (local.get $self) (i32.const 1)))
      (func $host-of (param $self i32) (result i32) (i32.shr_u (local.get $self) (i32.const 1)))

      ;; Whether a path stays where it starts: it is not empty, does not start with a slash, and no
      ;; part of it is "..".
      (func $stays-inside (param $path i32) (param $length i32) (result i32)
        (local $end i32) (local $char i32)
        (local $dots i32) ;; since the part began; large when it has other characters
        (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
        (if (i32.eq (i32.load8_u (local.get $path)) (i32.const 0x2f)) (then (return (i32.const 0))))
        (local.set $end (i32.add (local.get $path) (local.get $length)))
        (loop $next
          (local.set $char (i32.load8_u (local.get $path)))
          (local.set $path (i32.add (local.get $path) (i32.const 1)))
          (if (i32.eq (local.get $char) (i32.const 0x2f))
            (then
              (if (i32.eq (local.get $dots) (i32.const 2)) (then (return (i32.const 0))))
              (local.set $dots (i32.const 0)))
            (else
              (local.set $dots (select
                (i32.add (local.get $dots) (i32.const 1))
                (i32.const 3)
                (i32.and (i32.eq (local.get $char) (i32.const 0x2e))
                         (i32.lt_u (local.get $dots) (i32.const 3)))))))
          (br_if $next (i32.lt_u (local.get $path) (local.get $end))))
        (i32.ne (local.get $dots) (i32.const 2)))

      ;; A path in a root begins five bytes earlier, where "jail/" stands.
      (func $prefix (param $self i32) (result i32)
        (i32.mul (call $is-root (local.get $self)) (i32.const 5)))

      ;; err(not-permitted), for a result whose payload stands `payload` behind its beginning.
      (func $refuse (param $payload i32) (result i32)
        (i32.store8 (i32.const 16) (i32.const 1))
        (i32.store8 offset=16 (local.get $payload) (i32.const 31))
        (i32.const 16))

      ;; The list that the host gives, with descriptors of ours. A jail that isn't there is made.
      (func (export "get-directories") (result i32)
        (local $at i32) (local $left i32)
        (call $count)
        (call $host-get-directories (i32.const 16))
        (local.set $at (i32.load (i32.const 16)))
        (local.set $left (i32.load (i32.const 20)))
        (block $end
          (br_if $end (i32.eqz (local.get $left)))
          (loop $next
            (call $host-create-directory-at (i32.load (local.get $at))
              (i32.const 1019) (i32.const 4) (i32.const 32)) ;; an error: it is there, or nothing works
            (i32.store (local.get $at) (call $new-descriptor
              (i32.or (i32.shl (i32.load (local.get $at)) (i32.const 1)) (i32.const 1))))
            (local.set $at (i32.add (local.get $at) (i32.const 12)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $next (local.get $left))))
        (i32.const 16))

      (func (export "open-at")
          (param $self i32) (param $path-flags i32) (param $path i32) (param $length i32)
          (param $open-flags i32) (param $flags i32) (result i32)
        (local $prefix i32)
        (call $count)
        (if (i32.eqz (call $stays-inside (local.get $path) (local.get $length)))
          (then (return (call $refuse (i32.const 4)))))
        (local.set $prefix (call $prefix (local.get $self)))
        (call $host-open-at (call $host-of (local.get $self))
          (i32.const 0) ;; a link at the end of the path may lead out: it is not followed
          (i32.sub (local.get $path) (local.get $prefix))
          (i32.add (local.get $length) (local.get $prefix))
          (local.get $open-flags) (local.get $flags) (i32.const 16))
        (if (i32.eqz (i32.load8_u (i32.const 16)))
          (then (i32.store (i32.const 20)
            (call $new-descriptor (i32.shl (i32.load (i32.const 20)) (i32.const 1))))))
        (i32.const 16))

      (func (export "create-directory-at")
          (param $self i32) (param $path i32) (param $length i32) (result i32)
        (local $prefix i32)
        (call $count)
        (if (i32.eqz (call $stays-inside (local.get $path) (local.get $length)))
          (then (return (call $refuse (i32.const 1)))))
        (local.set $prefix (call $prefix (local.get $self)))
        (call $host-create-directory-at (call $host-of (local.get $self))
          (i32.sub (local.get $path) (local.get $prefix))
          (i32.add (local.get $length) (local.get $prefix))
          (i32.const 16))
        (i32.const 16))

      ;; To list a root is to open its jail and list that.
      (func $host-list (param $self i32)
        (local $jail i32)
        (if (i32.eqz (call $is-root (local.get $self)))
          (then
            (call $host-read-directory (call $host-of (local.get $self)) (i32.const 16))
            (return)))
        (call $host-open-at (call $host-of (local.get $self)) (i32.const 0)
          (i32.const 1019) (i32.const 4) (i32.const 2) (i32.const 1) (i32.const 16))
        (if (i32.load8_u (i32.const 16)) (then (return)))
        (local.set $jail (i32.load (i32.const 20)))
        (call $host-read-directory (local.get $jail) (i32.const 16))
        (call $host-drop-descriptor (local.get $jail)))

      (func (export "read-directory") (param $self i32) (result i32)
        (call $count)
        (call $host-list (local.get $self))
        (if (i32.eqz (i32.load8_u (i32.const 16)))
          (then (i32.store (i32.const 20) (call $new-entries (i32.load (i32.const 20))))))
        (i32.const 16))

      (func (export "read-directory-entry") (param $self i32) (result i32)
        (call $count)
        (call $host-read-directory-entry (local.get $self) (i32.const 16))
        (i32.const 16))

      (func (export "read")
          (param $self i32) (param $length i64) (param $offset i64) (result i32)
        (call $count)
        (call $host-read (call $host-of (local.get $self)) (local.get $length) (local.get $offset)
          (i32.const 16))
        (i32.const 16))

      (func (export "write")
          (param $self i32) (param $buffer i32) (param $length i32) (param $offset i64) (result i32)
        (call $count)
        (call $host-write (call $host-of (local.get $self)) (local.get $buffer) (local.get $length)
          (local.get $offset) (i32.const 16))
        (i32.const 16))

      (func (export "read-via-stream") (param $self i32) (param $offset i64) (result i32)
        (call $count)
        (call $host-read-via-stream (call $host-of (local.get $self)) (local.get $offset)
          (i32.const 16))
        (i32.const 16))

      (func (export "write-via-stream") (param $self i32) (param $offset i64) (result i32)
        (call $count)
        (call $host-write-via-stream (call $host-of (local.get $self)) (local.get $offset)
          (i32.const 16))
        (i32.const 16)))

    (core instance $main (instantiate $Main
      (with "base" (instance $base))
      (with "host" (instance
        (export "get-directories" (func $host-get-directories))
        (export "read-via-stream" (func $host-read-via-stream))
        (export "write-via-stream" (func $host-write-via-stream))
        (export "read" (func $host-read))
        (export "write" (func $host-write))
        (export "read-directory" (func $host-read-directory))
        (export "read-directory-entry" (func $host-read-directory-entry))
        (export "create-directory-at" (func $host-create-directory-at))
        (export "open-at" (func $host-open-at))
        (export "drop-descriptor" (func $drop-host-descriptor))))
      (with "new" (instance
        (export "descriptor" (func $new-descriptor))
        (export "directory-entry-stream" (func $new-entries))))))

    ;;===--- What it exports --------------------------------------------------===;;
    (type $descriptor-type (enum
      "unknown" "block-device" "character-device" "directory" "fifo" "symbolic-link"
      "regular-file" "socket"))
    (type $descriptor-flags (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync"
      "mutate-directory"))
    (type $path-flags (flags "symlink-follow"))
    (type $open-flags (flags
      "create" "directory" "exclusive" "truncate"))
    (type $directory-entry (record
      (field "type" $descriptor-type) (field "name" string)))
    (type $error-code (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist"
      "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io"
      "is-directory" "loop" "too-many-links" "message-size" "name-too-long" "no-device"
      "no-entry" "no-lock" "insufficient-memory" "insufficient-space" "not-directory"
      "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (func $read-via-stream
      (param "self" (borrow $descriptor)) (param "offset" u64)
      (result (result (own $input-stream) (error $error-code)))
      (canon lift (core func $main "read-via-stream")
        (memory (core memory $base "memory"))
        (post-return (core func $base "reset"))))
    (func $write-via-stream
      (param "self" (borrow $descriptor)) (param "offset" u64)
      (result (result (own $output-stream) (error $error-code)))
      (canon lift (core func $main "write-via-stream")
        (memory (core memory $base "memory"))
        (post-return (core func $base "reset"))))
    (func $read
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))
      (canon lift (core func $main "read")
        (memory (core memory $base "memory"))
        (post-return (core func $base "reset"))))
    (func $write
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))
      (canon lift (core func $main "write")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))
        (post-return (core func $base "reset"))))
    (func $read-directory
      (param "self" (borrow $descriptor))
      (result (result (own $directory-entry-stream) (error $error-code)))
      (canon lift (core func $main "read-directory")
        (memory (core memory $base "memory"))
        (post-return (core func $base "reset"))))
    (func $read-directory-entry
      (param "self" (borrow $directory-entry-stream))
      (result (result (option $directory-entry) (error $error-code)))
      (canon lift (core func $main "read-directory-entry")
        (memory (core memory $base "memory"))
        (post-return (core func $base "reset"))))
    (func $create-directory-at
      (param "self" (borrow $descriptor)) (param "path" string)
      (result (result (error $error-code)))
      (canon lift (core func $main "create-directory-at")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))
        (post-return (core func $base "reset"))))
    (func $open-at
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))
      (canon lift (core func $main "open-at")
        (memory (core memory $base "memory")) (realloc (core func $base "realloc"))
        (post-return (core func $base "reset"))))
    ;; An interface with resources is exported by a component that gives everything its name in it.
    (component $Types
      (import "input-stream" (type $in.input-stream (sub resource)))
      (import "output-stream" (type $in.output-stream (sub resource)))
      (import "descriptor-type" (type $in.descriptor-type (eq $descriptor-type)))
      (import "descriptor-flags" (type $in.descriptor-flags (eq $descriptor-flags)))
      (import "path-flags" (type $in.path-flags (eq $path-flags)))
      (import "open-flags" (type $in.open-flags (eq $open-flags)))
      (type $in.entry (record (field "type" $in.descriptor-type) (field "name" string)))
      (import "directory-entry" (type $in.directory-entry (eq $in.entry)))
      (import "error-code" (type $in.error-code (eq $error-code)))
      (import "descriptor" (type $in.descriptor (sub resource)))
      (import "directory-entry-stream" (type $in.directory-entry-stream (sub resource)))
      (import "read-via-stream" (func $in.read-via-stream
        (param "self" (borrow $in.descriptor)) (param "offset" u64)
        (result (result (own $in.input-stream) (error $in.error-code)))))
      (import "write-via-stream" (func $in.write-via-stream
        (param "self" (borrow $in.descriptor)) (param "offset" u64)
        (result (result (own $in.output-stream) (error $in.error-code)))))
      (import "read" (func $in.read
        (param "self" (borrow $in.descriptor)) (param "length" u64) (param "offset" u64)
        (result (result (tuple (list u8) bool) (error $in.error-code)))))
      (import "write" (func $in.write
        (param "self" (borrow $in.descriptor)) (param "buffer" (list u8)) (param "offset" u64)
        (result (result u64 (error $in.error-code)))))
      (import "read-directory" (func $in.read-directory
        (param "self" (borrow $in.descriptor))
        (result (result (own $in.directory-entry-stream) (error $in.error-code)))))
      (import "read-directory-entry" (func $in.read-directory-entry
        (param "self" (borrow $in.directory-entry-stream))
        (result (result (option $in.directory-entry) (error $in.error-code)))))
      (import "create-directory-at" (func $in.create-directory-at
        (param "self" (borrow $in.descriptor)) (param "path" string)
        (result (result (error $in.error-code)))))
      (import "open-at" (func $in.open-at
        (param "self" (borrow $in.descriptor)) (param "path-flags" $in.path-flags) (param "path" string)
        (param "open-flags" $in.open-flags) (param "flags" $in.descriptor-flags)
        (result (result (own $in.descriptor) (error $in.error-code)))))
      (export $out.input-stream "input-stream" (type $in.input-stream))
      (export $out.output-stream "output-stream" (type $in.output-stream))
      (export $out.descriptor-type "descriptor-type" (type $in.descriptor-type))
      (export $out.descriptor-flags "descriptor-flags" (type $in.descriptor-flags))
      (export $out.path-flags "path-flags" (type $in.path-flags))
      (export $out.open-flags "open-flags" (type $in.open-flags))
      (type $out.entry (record (field "type" $out.descriptor-type) (field "name" string)))
      (export $out.directory-entry "directory-entry" (type $out.entry))
      (export $out.error-code "error-code" (type $in.error-code))
      (export $out.descriptor "descriptor" (type $in.descriptor))
      (export $out.directory-entry-stream "directory-entry-stream" (type $in.directory-entry-stream))
      (export "[method]descriptor.read-via-stream" (func $in.read-via-stream) (func
        (param "self" (borrow $out.descriptor)) (param "offset" u64)
        (result (result (own $out.input-stream) (error $out.error-code)))))
      (export "[method]descriptor.write-via-stream" (func $in.write-via-stream) (func
        (param "self" (borrow $out.descriptor)) (param "offset" u64)
        (result (result (own $out.output-stream) (error $out.error-code)))))
      (export "[method]descriptor.read" (func $in.read) (func
        (param "self" (borrow $out.descriptor)) (param "length" u64) (param "offset" u64)
        (result (result (tuple (list u8) bool) (error $out.error-code)))))
      (export "[method]descriptor.write" (func $in.write) (func
        (param "self" (borrow $out.descriptor)) (param "buffer" (list u8)) (param "offset" u64)
        (result (result u64 (error $out.error-code)))))
      (export "[method]descriptor.read-directory" (func $in.read-directory) (func
        (param "self" (borrow $out.descriptor))
        (result (result (own $out.directory-entry-stream) (error $out.error-code)))))
      (export "[method]directory-entry-stream.read-directory-entry" (func $in.read-directory-entry) (func
        (param "self" (borrow $out.directory-entry-stream))
        (result (result (option $out.directory-entry) (error $out.error-code)))))
      (export "[method]descriptor.create-directory-at" (func $in.create-directory-at) (func
        (param "self" (borrow $out.descriptor)) (param "path" string)
        (result (result (error $out.error-code)))))
      (export "[method]descriptor.open-at" (func $in.open-at) (func
        (param "self" (borrow $out.descriptor)) (param "path-flags" $out.path-flags) (param "path" string)
        (param "open-flags" $out.open-flags) (param "flags" $out.descriptor-flags)
        (result (result (own $out.descriptor) (error $out.error-code))))))
    (instance $types (instantiate $Types
      (with "input-stream" (type $input-stream))
      (with "output-stream" (type $output-stream))
      (with "descriptor-type" (type $descriptor-type))
      (with "descriptor-flags" (type $descriptor-flags))
      (with "path-flags" (type $path-flags))
      (with "open-flags" (type $open-flags))
      (with "directory-entry" (type $directory-entry))
      (with "error-code" (type $error-code))
      (with "descriptor" (type $descriptor))
      (with "directory-entry-stream" (type $directory-entry-stream))
      (with "read-via-stream" (func $read-via-stream))
      (with "write-via-stream" (func $write-via-stream))
      (with "read" (func $read))
      (with "write" (func $write))
      (with "read-directory" (func $read-directory))
      (with "read-directory-entry" (func $read-directory-entry))
      (with "create-directory-at" (func $create-directory-at))
      (with "open-at" (func $open-at))))
    (export $virtual-types "wasi:filesystem/types@0.2.0" (instance $types))

    (alias export $virtual-types "descriptor" (type $exported-descriptor))
    (func $get-directories (result (list (tuple (own $exported-descriptor) string)))
      (canon lift (core func $main "get-directories")
        (memory (core memory $base "memory")) (post-return (core func $base "reset"))))
    (instance $preopens
      (export "descriptor" (type $exported-descriptor))
      (export "get-directories" (func $get-directories)))
    (export "wasi:filesystem/preopens@0.2.0" (instance $preopens) (instance
      (export "descriptor" (type $descriptor (eq $exported-descriptor)))
      (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

    (func (export "calls") (result u32) (canon lift (core func $main "calls"))))

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

  ;;===--- The graph --------------------------------------------------------===;;
  (instance $virtual-fs (instantiate (component $Virtualize)
    (with "wasi:io/streams@0.2.0" (instance $streams))
    (with "wasi:filesystem/types@0.2.0" (instance $real-fs))
    (with "wasi:filesystem/preopens@0.2.0" (instance $real-preopens))))
  (instance $child (instantiate (component $Child)
    (with "wasi:io/error@0.2.0" (instance $io-error))
    (with "wasi:io/streams@0.2.0" (instance $streams))
    (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    (with "wasi:filesystem/types@0.2.0" (instance $virtual-fs "wasi:filesystem/types@0.2.0"))
    (with "wasi:filesystem/preopens@0.2.0"
      (instance $virtual-fs "wasi:filesystem/preopens@0.2.0"))))
  (export "wasi:cli/run@0.2.0" (instance $child "wasi:cli/run@0.2.0")))
