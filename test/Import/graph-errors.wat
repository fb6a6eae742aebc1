;; RUN: split-file %s %t
;; RUN: not tenon --emit=graph %t/async.wat -o - 2>&1 | FileCheck %s --check-prefix=ASYNC
;; RUN: not tenon --emit=graph %t/builtin.wat -o - 2>&1 | FileCheck %s --check-prefix=BUILTIN
;; RUN: not tenon --emit=graph %t/stream.wat -o - 2>&1 | FileCheck %s --check-prefix=STREAM
;; RUN: not tenon --emit=graph --enable=memory64 %t/rep.wat -o - 2>&1 | FileCheck %s --check-prefix=REP
;; RUN: not tenon --emit=graph --enable=values %t/value.wat -o - 2>&1 | FileCheck %s --check-prefix=VALUE
;; RUN: not tenon --emit=graph --enable=values %t/import.wat -o - 2>&1 | FileCheck %s --check-prefix=IMPORT
;; RUN: not tenon --emit=graph --enable=values %t/start.wat -o - 2>&1 | FileCheck %s --check-prefix=START

;; What is valid, but not supported yet, is said to be so, with a place.

;; ASYNC: async.wat:3:{{.*}} error: the option async of canon lower is not supported yet
;; BUILTIN: builtin.wat:2:{{.*}} error: canon task.cancel is not supported yet
;; STREAM: stream.wat:2:{{.*}} error: the type stream is not supported yet

;; REP: rep.wat:2:{{.*}} error: a resource with a representation of the type i64 is not supported yet
;; VALUE: value.wat:2:{{.*}} error: a value definition is not supported yet
;; IMPORT: import.wat:2:{{.*}} error: importing a value is not supported yet
;; START: start.wat:3:{{.*}} error: a component's start function is not supported yet

;--- rep.wat
(component
  (type (resource (rep i64))))

;--- value.wat
(component
  (value $x u8 1)
  (export "x" (value $x)))

;--- import.wat
(component
  (import "x" (value $x u8))
  (export "y" (value $x)))

;--- start.wat
(component
  (import "f" (func $f))
  (start $f))

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
