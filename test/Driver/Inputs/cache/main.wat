;; Imports a component by a label, and a function that the host does not have yet: compiling warns.
(component $Main
  (import "dep" (component $Dep (export "answer" (func (result u32)))))
  (import "wasi:sockets/instance-network@0.2.0" (instance $network
    (export "network" (type $network (sub resource)))
    (export "instance-network" (func (result (own $network))))))
  (instance $dep (instantiate $Dep))
  (core func $ask (canon lower (func $dep "answer")))
  (core func $connect (canon lower (func $network "instance-network")))
  (core module $Code
    (import "dep" "ask" (func $ask (result i32)))
    (import "wasi" "connect" (func $connect (result i32)))
    (func (export "run") (result i32)
      (if (i32.eq (call $ask) (i32.const 7)) (then (drop (call $connect))))
      (i32.ne (call $ask) (i32.const 42))))
  (core instance $code (instantiate $Code
    (with "dep" (instance (export "ask" (func $ask))))
    (with "wasi" (instance (export "connect" (func $connect))))))
  (func $run (result (result)) (canon lift (core func $code "run")))
  (instance $cli-run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $cli-run)))
