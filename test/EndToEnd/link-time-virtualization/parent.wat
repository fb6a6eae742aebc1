;; Runs child.wat on a virtual file system, which virtualize.wat makes of the real one.
;;
;;   as written                              as run
;;   parent --> virtualize                   parent makes  virtual-fs, of the real wasi:filesystem
;;      \-----> child                                      child,      of virtual-fs
;;   (each imports wasi:filesystem)          and child has no way to the real one
;;
;; The two are files beside this one, imported by their paths. parent-inline.wat is the same graph with
;; both copied into it.
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

  ;;===--- What it is made of: two files ------------------------------------===;;
  (import "./virtualize.wasm" (component $Virtualize
    (import "wasi:io/streams@0.2.0" (instance
      (export "input-stream" (type (eq $input-stream)))
      (export "output-stream" (type (eq $output-stream)))))
    (import "wasi:filesystem/types@0.2.0" (instance $fs (type $filesystem)))
    (alias export $fs "descriptor" (type $descriptor))
    (import "wasi:filesystem/preopens@0.2.0" (instance
      (export "descriptor" (type $descriptor' (eq $descriptor)))
      (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))
    (export "wasi:filesystem/types@0.2.0" (instance $virtual (type $filesystem)))
    (alias export $virtual "descriptor" (type $virtual-descriptor))
    (export "wasi:filesystem/preopens@0.2.0" (instance
      (export "descriptor" (type $descriptor' (eq $virtual-descriptor)))
      (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))
    (export "calls" (func (result u32)))))

  (import "./child.wat" (component $Child
    (import "wasi:io/error@0.2.0" (instance
      (export "error" (type (eq $error)))))
    (import "wasi:io/streams@0.2.0" (instance
      (export "error" (type $error' (eq $error)))
      (type $stream-error' (variant
        (case "last-operation-failed" (own $error'))
        (case "closed")))
      (export "stream-error" (type $stream-error (eq $stream-error')))
      (export "input-stream" (type $input-stream' (eq $input-stream)))
      (export "output-stream" (type $output-stream' (eq $output-stream)))
      (export "[method]input-stream.blocking-read" (func
        (param "self" (borrow $input-stream')) (param "len" u64)
        (result (result (list u8) (error $stream-error)))))
      (export "[method]output-stream.blocking-write-and-flush" (func
        (param "self" (borrow $output-stream')) (param "contents" (list u8))
        (result (result (error $stream-error)))))))
    (import "wasi:cli/stdout@0.2.0" (instance
      (export "output-stream" (type $output-stream' (eq $output-stream)))
      (export "get-stdout" (func (result (own $output-stream'))))))
    (import "wasi:filesystem/types@0.2.0" (instance $fs (type $filesystem)))
    (alias export $fs "descriptor" (type $descriptor))
    (import "wasi:filesystem/preopens@0.2.0" (instance
      (export "descriptor" (type $descriptor' (eq $descriptor)))
      (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))
    (export "wasi:cli/run@0.2.0" (instance
      (export "run" (func (result (result))))))))

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
