;; Rules of components that the official suite has no script for.

;; RUN: tenon-wast --enable=memory64 -O0 %s
;; RUN: tenon-wast --enable=memory64 --interp %s

;; `context.get` and `context.set` of a component are of one type.
(component definition
  (core func (canon context.get i64 0))
  (core func (canon context.set i64 1))
  (component (core func (canon context.get i32 0))))
(assert_invalid
  (component (core func (canon context.get i32 0)) (core func (canon context.set i64 0)))
  "context.set: expected i32, which others of the component have, found i64")
(assert_invalid
  (component (core func (canon context.get i64 0)) (core func (canon context.get i32 1)))
  "context.get: expected i64")

;; The memory of canonical options is not shared.
(assert_invalid
  (component
    (import "f" (func $f (param "x" string)))
    (core module $M (memory (export "memory") 1 1 shared))
    (core instance $m (instantiate $M))
    (core func (canon lower (func $f) (memory (core memory $m "memory")))))
  "the memory of canonical options must match (memory 0)")

;; In the type of a component or an instance, what is defined is not exported at once.
(assert_malformed (component quote "(type (component (type (export \"t\") (func))))") "unexpected token")
(assert_malformed (component quote "(type (instance (type (import \"t\") (func))))") "unexpected token")
(component definition (type (export "t") (func)))

;; A script provides neither components nor modules.
(assert_unlinkable (component (import "m" (core module))) "nobody provides this import")
(assert_unlinkable (component (import "c" (component (export "f" (func))))) "nobody provides this import")
(assert_unlinkable (component (import "i" (instance (export "m" (core module))))) "nobody provides this import")
