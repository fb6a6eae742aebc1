(component $Adder
  (core module $Main
    (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
  (core instance $main (instantiate $Main))
  (func (export "add") (param "a" u8) (param "b" u8) (result u32)
    (canon lift (core func $main "add"))))
