;; Values and start functions: what their bytes and types must be, and that each value is consumed once.

;; RUN: tenon-wast --enable=values,error-context %s
;; RUN: tenon-wast --enable=values,error-context --interp %s

;; The examples of Explainer.md.
(component definition
  (value $a bool true) (value $b u8 1) (value $c u16 2) (value $d u32 3) (value $e u64 4)
  (value $f s8 5) (value $g s16 6) (value $h s32 7) (value $i s64 8)
  (value $j f32 9.1) (value $k f64 9.2) (value $l char 'a') (value $m string "hello")
  (type $nt (record (field "a" bool) (field "b" u8)))
  (export $n-type "n-type" (type $nt))
  (value $n $n-type (binary "\01\01"))
  (type $p-type (list (result (option u8))))
  (value $p $p-type (list error (ok (some 1)) (ok none) error (ok (some 2))))
  (value $q (tuple u8 u16 u32) (tuple 1 2 3))
  (value $t bool (binary "\00"))
  (value $u string (binary "\07example"))
  (export "a" (value $a)) (export "b" (value $b)) (export "c" (value $c)) (export "d" (value $d))
  (export "e" (value $e)) (export "f" (value $f)) (export "g" (value $g)) (export "h" (value $h))
  (export "i" (value $i)) (export "j" (value $j)) (export "k" (value $k)) (export "l" (value $l))
  (export "m" (value $m)) (export "p" (value $p)) (export "q" (value $q)) (export "t" (value $t))
  (export "u" (value $u))
  (export "n" (value $n)))
(component definition
  (import "system-port" (value $port u16))
  (value $url string "https://example.com")
  (export "default-url" (value $url))
  (export "default-port" (value $port)))
;; A start function between an import and an export.
(component definition
  (import "name" (value $name string))
  (import "greet" (func $greet (param "name" string) (result string)))
  (start $greet (value $name) (result (value $greeting)))
  (export "greeting" (value $greeting)))
;; Values of types of all kinds, taken by start functions.
(component definition
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "take") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))
    (func (export "flag") (param i32))
    (func (export "pair") (param i32 i32)))
  (core instance $m (instantiate $M))
  (type $abc (flags "a" "b" "c"))
  (type $complex
    (tuple
      (record (field "a" (option string)) (field "b" (tuple (option u8) string)))
      (list char)
      $abc
      string))
  (func $take (param "x" $complex)
    (canon lift (core func $m "take") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (func $flag (param "x" $abc) (canon lift (core func $m "flag")))
  (func $letter (param "x" (enum "a" "b" "c")) (canon lift (core func $m "flag")))
  (func $pair (param "x" (variant (case "a" bool) (case "b" u8))) (canon lift (core func $m "pair")))
  (value $complex1 (type $complex)
    (tuple (record none (tuple none "empty")) (list) (flags) ""))
  (value $complex2 (type $complex)
    (tuple
      (record (some "example") (tuple (some 42) "hello"))
      (list 'a' 'b' 'c')
      (flags "b" "a")
      "hi"))
  (value $r $abc (flags "a" "c"))
  (value $s (enum "a" "b" "c") (enum "b"))
  (value $o (variant (case "a" bool) (case "b" u8)) (variant "b" 1))
  (start $take (value $complex1))
  (start $take (value $complex2))
  (start $flag (value $r))
  (start $letter (value $s))
  (start $pair (value $o)))
;; Through an instance.
(component definition
  (component $C
    (import "in" (value $in u8))
    (export "out" (value $in)))
  (value $one u8 1)
  (instance $c (instantiate $C (with "in" (value $one))))
  (export "again" (value $c "out")))
(component definition
  (type (component (import "x" (value u8)) (export "y" (value string))))
  (type (instance (export "y" (value (list u8))))))

;; Consumed never, or twice.
(assert_invalid (component (import "x" (value u8))) "value 0 is never consumed")
(assert_invalid (component (value u8 1)) "value 0 is never consumed")
(assert_invalid
  (component (import "x" (value $x u8)) (export "y" (value $x)) (export "z" (value $x)))
  "value 0 is consumed a second time")
(assert_invalid
  (component
    (import "x" (value $x u8))
    (import "f" (func $f (param "a" u8) (param "b" u8)))
    (start $f (value $x) (value $x)))
  "value 0 is consumed a second time")
(assert_invalid
  (component (import "i" (instance $i (export "x" (value u8)))) (alias export $i "x" (value $x)))
  "value 0 is never consumed")
(assert_invalid
  (component (import "f" (func $f (result u8))) (start $f (result (value $x))))
  "value 0 is never consumed")

;; Start functions.
(assert_invalid
  (component (import "x" (value $x u8)) (import "f" (func $f (param "a" u16))) (start $f (value $x)))
  "expected u16, found u8")
(assert_invalid
  (component (import "x" (value $x u8)) (import "f" (func $f)) (start $f (value $x)))
  "1 arguments given, 0 expected")
(assert_invalid
  (component (import "f" (func $f (result u8))) (start $f))
  "0 results named, 1 expected")
(assert_invalid
  (component (import "f" (func $f)) (start $f (result (value $x))))
  "1 results named, 0 expected")

;; Types of imports and exports.
(assert_invalid
  (component
    (component $C (import "in" (value $in u8)) (export "out" (value $in)))
    (value $one u16 1)
    (instance (instantiate $C (with "in" (value $one)))))
  "expected value of u8, found value of u16")
(assert_invalid
  (component (import "x" (value $x u8)) (export "y" (value $x) (value u16)))
  "expected value of u16, found value of u8")

;; Bytes.
(assert_invalid (component (value $x bool (binary "\02")) (export "x" (value $x))) "invalid bool 2")
(assert_invalid (component (value $x u8 (binary "\01\02")) (export "x" (value $x))) "1 bytes after")
(assert_invalid (component (value $x u16 (binary "\80\80\04")) (export "x" (value $x))) "integer too large")
(assert_invalid (component (value $x u16 (binary "\81\80\80\00")) (export "x" (value $x))) "integer too large")
(assert_invalid (component (value $x s16 (binary "\80\80\02")) (export "x" (value $x))) "integer too large")
(assert_invalid (component (value $x f32 (binary "\01\00\c0\7f")) (export "x" (value $x))) "NaN")
(assert_invalid (component (value $x f64 (binary "\00\00\00\00\00\00\f8\ff")) (export "x" (value $x))) "NaN")
(assert_invalid (component (value $x char (binary "\ed\a0\80")) (export "x" (value $x))) "malformed UTF-8")
(assert_invalid (component (value $x char (binary "\e2\82")) (export "x" (value $x))) "end")
(assert_invalid (component (value $x string (binary "\02a")) (export "x" (value $x))) "end")
(assert_invalid (component (value $x (option u8) (binary "\02\00")) (export "x" (value $x))) "invalid option 2")
(assert_invalid (component (value $x (list u8) (binary "\ff\ff\ff\ff\0f\00")) (export "x" (value $x))) "elements")
(assert_invalid
  (component (type $e (enum "a" "b")) (export $t "t" (type $e)) (value $x $e (binary "\02"))
    (export "x" (value $x)))
  "case 2 of a type with 2")
(assert_invalid (component (value $x error-context (binary "\00")) (export "x" (value $x))) "can't be defined")
(assert_invalid
  (component (type $r (resource (rep i32))) (value $x (own $r) (binary "\00")) (export "x" (value $x)))
  "can't be defined")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "v" (value $v (borrow $r))) (export "w" (value $v)))
  "an exported value can't contain a borrow: value of borrow<r>")
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "v" (value $v (option (borrow $r))))
    (instance $i (export "w" (value $v)))
    (export "i" (instance $i)))
  "an exported value can't contain a borrow")
(assert_invalid
  (component (type (component
    (import "r" (type $r (sub resource)))
    (export "v" (value (tuple u8 (borrow $r)))))))
  "an exported value can't contain a borrow")
(component definition
  (import "r" (type $r (sub resource)))
  (import "f" (func $f (param "b" (borrow $r))))
  (import "v" (value $v (borrow $r)))
  (start $f (value $v)))

;; Which value it is.
(component definition
  (import "a" (value $a u8))
  (export $b "b" (value $a) (value (eq $a)))
  (type $t u8))
(assert_invalid
  (component
    (import "a" (value $a u8)) (import "b" (value $b u8))
    (export "x" (value $a) (value (eq $b)))
    (export "y" (value $b)))
  "expected value 1, found value 0")
(assert_invalid
  (component (import "a" (value $a u8)) (export "x" (value $a) (value (eq 7))))
  "unknown value 7")

;; Lengths that reach beyond what is there: of the value, of the section, of a name and of a list in it.
(assert_malformed
  (component binary "\00asm\0d\00\01\00" "\0c\04\01\7d\05\01")
  "unexpected end")
(assert_malformed
  (component binary "\00asm\0d\00\01\00" "\0c\09\01\7d\01\01")
  "unexpected end")
(assert_malformed
  (component binary "\00asm\0d\00\01\00" "\0c\05\ff\ff\ff\ff\0f")
  "unexpected end")
(assert_invalid (component (value $x string (binary "\ff\ff\ff\ff\0fa")) (export "x" (value $x))) "unexpected end")
(assert_invalid (component (value $x string (binary "\02\c3\28")) (export "x" (value $x))) "malformed UTF-8")
(assert_invalid (component (value $x string (binary "\81\80\80\80\80\00a")) (export "x" (value $x))) "integer")
(assert_invalid (component (value $x char (binary "\c0\80")) (export "x" (value $x))) "malformed UTF-8")
(assert_invalid (component (value $x char (binary "\f8\88\80\80")) (export "x" (value $x))) "malformed UTF-8")
(assert_invalid (component (value $x (list (list u8)) (binary "\02\01\00\02\00")) (export "x" (value $x))) "elements")
(component binary ;; not the shortest LEB128, which is as good as any of up to five bytes
  "\00asm\0d\00\01\00" "\0c\09\01\79\85\00\81\80\80\80\00" "\0b\07\01\00\01x\02\00\00")
(assert_return (get "x") (u32.const 1))
