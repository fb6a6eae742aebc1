"""A script: values of types with thousands of parts go from one instance to another.

A tuple of bools, each of which is made 0 or 1 on its way, and a variant whose cases cross as i32, f32 and i64.
"""

BOOLS = 12000
CASES = 6000

MEMORY = """(core module $Memory
    (memory (export "memory") 3)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
  (core instance $memory (instantiate $Memory))"""
OPTIONS = '(memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))'

PAYLOADS = ["u8", "f32", "s64"]
variant = " ".join(f'(case "c{i}" {PAYLOADS[i % 3]})' for i in range(CASES))
bools = "(tuple" + " bool" * BOOLS + ")"

print(f"""(component
  (type $variant (variant {variant}))
  (component $Callee
    (type $variant' (variant {variant}))
    (import "variant" (type $variant (eq $variant')))
    {MEMORY}
    (core module $M
      (import "" "memory" (memory 3))
      (func (export "sum") (param $at i32) (result i32)
        (local $sum i32) (local $end i32)
        (local.set $end (i32.add (local.get $at) (i32.const {BOOLS})))
        (loop $next
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
        (local.get $sum))
      (func (export "pick") (param $case i32) (param $payload i64) (result i64)
        (i64.add (i64.mul (i64.extend_i32_u (local.get $case)) (i64.const 1000)) (local.get $payload))))
    (core instance $m (instantiate $M (with "" (instance $memory))))
    (func (export "sum") (param "x" {bools}) (result u32) (canon lift (core func $m "sum") {OPTIONS}))
    (func (export "pick") (param "x" $variant) (result u64) (canon lift (core func $m "pick"))))
  (component $Caller
    (type $variant' (variant {variant}))
    (import "variant" (type $variant (eq $variant')))
    (import "sum" (func $sum (param "x" {bools}) (result u32)))
    (import "pick" (func $pick (param "x" $variant) (result u64)))
    {MEMORY}
    (core func $sum' (canon lower (func $sum) {OPTIONS}))
    (core func $pick' (canon lower (func $pick)))
    (core module $M
      (import "" "memory" (memory 3))
      (import "" "sum" (func $sum (param i32) (result i32)))
      (import "" "pick" (func $pick (param i32 i64) (result i64)))
      (func (export "sum") (param $ones i32) (result i32)
        (memory.fill (i32.const 0) (i32.const 7) (local.get $ones))
        (memory.fill (local.get $ones) (i32.const 0) (i32.sub (i32.const {BOOLS}) (local.get $ones)))
        (call $sum (i32.const 0)))
      (export "pick" (func $pick)))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $memory "memory")) (export "sum" (func $sum')) (export "pick" (func $pick'))))))
    (func (export "sum") (param "ones" u32) (result u32) (canon lift (core func $m "sum")))
    (func (export "pick") (param "case" u32) (param "payload" u64) (result u64) (canon lift (core func $m "pick"))))
  (instance $callee (instantiate $Callee (with "variant" (type $variant))))
  (instance $caller (instantiate $Caller
    (with "variant" (type $variant)) (with "sum" (func $callee "sum")) (with "pick" (func $callee "pick"))))
  (export "sum" (func $caller "sum"))
  (export "pick" (func $caller "pick")))
(assert_return (invoke "sum" (u32.const 0)) (u32.const 0))
(assert_return (invoke "sum" (u32.const 8191)) (u32.const 8191))
(assert_return (invoke "pick" (u32.const 0) (u64.const 511)) (u64.const 255))
(assert_return (invoke "pick" (u32.const 5998) (u64.const 0x3f800000)) (u64.const {5998 * 1000 + 0x3f800000}))
(assert_return (invoke "pick" (u32.const 5999) (u64.const 0x100000001)) (u64.const {5999 * 1000 + 0x100000001}))
(assert_trap (invoke "pick" (u32.const {CASES}) (u64.const 0)) "invalid variant discriminant")""")
