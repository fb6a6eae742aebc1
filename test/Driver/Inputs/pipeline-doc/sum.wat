(component $Sum
  (import "./adder.wat" (component $Adder
    (export "add" (func (param "a" u8) (param "b" u8) (result u32)))))
  (component $User
    (import "add" (func $add (param "a" u8) (param "b" u8) (result u32)))
    (core func $add (canon lower (func $add)))
    (core module $Main
      (import "env" "add" (func $add (param i32 i32) (result i32)))
      (func (export "run") (result i32)
        (i32.ne (call $add (i32.const 40) (i32.const 2)) (i32.const 42))))
    (core instance $main (instantiate $Main
      (with "env" (instance (export "add" (func $add))))))
    (func (export "run") (result (result)) (canon lift (core func $main "run"))))
  (instance $adder (instantiate (component $Adder)))
  (instance $user (instantiate (component $User) (with "add" (func $adder "add"))))
  (instance $cli (export "run" (func $user "run")))
  (export "wasi:cli/run@0.2.0" (instance $cli)))
