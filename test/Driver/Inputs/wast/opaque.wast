;; Small functions, arguments that occur nowhere else, and a result that folding would put into the code.
(module
  (func $twice (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "add") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "wrap") (param i32) (result i32) (call $twice (local.get 0))))
(assert_return (invoke "twice" (i32.const 0x1badcafe)) (i32.const 0x375b95fc))
(assert_return (invoke "add" (i64.const 0x1122334455667788) (i64.const 1)) (i64.const 0x1122334455667789))
(assert_return (invoke "wrap" (i32.const 0x2badcafe)) (i32.const 0x575b95fc))
