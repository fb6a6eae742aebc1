(module (func (export "f")) (func (export "loop") (loop (br 0))))
(assert_return (invoke "f"))
(assert_return (invoke "loop"))
(assert_return (invoke "f"))
