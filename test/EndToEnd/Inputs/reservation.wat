(component
  (core module $M
    (memory 1)
    (func (export "run") (result i32)
      (drop (memory.grow (i32.const 1)))
      (i32.load (i32.const 0))))
  (core instance $m (instantiate $M))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $cli (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli)))
