;; RUN: split-file %s %t
;; RUN: not tenon --emit=graph %t/async.wat -o - 2>&1 | FileCheck %s --check-prefix=ASYNC
;; RUN: not tenon --emit=graph %t/builtin.wat -o - 2>&1 | FileCheck %s --check-prefix=BUILTIN
;; RUN: not tenon --emit=graph %t/stream.wat -o - 2>&1 | FileCheck %s --check-prefix=STREAM

;; What is valid, but not supported yet, is said to be so, with a place.

;; ASYNC: async.wat:3:{{.*}} error: the option async of canon lower is not supported yet
;; BUILTIN: builtin.wat:2:{{.*}} error: canon task.cancel is not supported yet
;; STREAM: stream.wat:2:{{.*}} error: the type stream is not supported yet

;--- async.wat
(component
  (import "f" (func $f async))
  (core func (canon lower (func $f) async)))

;--- builtin.wat
(component
  (core func (canon task.cancel)))

;--- stream.wat
(component
  (import "f" (func (param "s" (stream u8)))))
