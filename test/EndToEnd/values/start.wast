;; Start functions: what they are given, when they run, and what becomes of their results.

;; RUN: tenon-wast --opt=0,2,3 --enable=values,memory64 %s
;; RUN: tenon-wast --interp --enable=values,memory64 %s
;; RUN: tenon-wast --opt=0,2 --donut-wrapping --enable=values,memory64 %s

;; A string goes in, another comes out; once more, into another instance.
(component
  (component $Greeter
    (import "name" (value $name string))
    (core module $Main
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3))))
      (data (i32.const 0) "hello, ")
      (func (export "greet") (param i32 i32) (result i32)
        (memory.copy (i32.const 7) (local.get 0) (local.get 1))
        (i32.store (i32.const 512) (i32.const 0))
        (i32.store (i32.const 516) (i32.add (i32.const 7) (local.get 1)))
        (i32.const 512)))
    (core instance $main (instantiate $Main))
    (func $greet (param "name" string) (result string)
      (canon lift (core func $main "greet") (memory (core memory $main "memory"))
        (realloc (core func $main "realloc"))))
    (start $greet (value $name) (result (value $greeting)))
    (export "greeting" (value $greeting)))
  (value $world string "world")
  (instance $once (instantiate $Greeter (with "name" (value $world))))
  (instance $twice (instantiate $Greeter (with "name" (value $once "greeting"))))
  (export "once" (value $once "greeting")) ;; a second alias of it
  (export "twice" (value $twice "greeting")))
(assert_return (get "once") (str.const "hello, world"))
(assert_return (get "twice") (str.const "hello, hello, world"))
(assert_return (get "once") (str.const "hello, world"))

;; Starts run where they stand: each writes a digit of a number.
(component
  (core module $Log
    (global $log (mut i32) (i32.const 0))
    (func (export "add") (param i32)
      (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
    (func (export "get") (result i32) (global.get $log)))
  (core instance $log (instantiate $Log))
  (func $add (param "digit" u32) (canon lift (core func $log "add")))
  (core func $add' (canon lower (func $add)))
  (core module $Three
    (import "" "add" (func $add (param i32)))
    (func $start (call $add (i32.const 3)))
    (start $start))
  (component $Child
    (import "add" (func $add (param "digit" u32)))
    (value $four u32 4)
    (start $add (value $four)))
  (value $five u32 5) (value $two u32 2) (value $one u32 1)
  (start $add (value $one))
  (start $add (value $two))
  (core instance (instantiate $Three (with "" (instance (export "add" (func $log "add"))))))
  (instance (instantiate $Child (with "add" (func $add))))
  (start $add (value $five))
  (func (export "log") (result u32) (canon lift (core func $log "get"))))
(assert_return (invoke "log") (u32.const 12345))

;; Arguments of every flat shape on the stack: sixteen values at most. Cases of variants share places.
(component
  (core module $M
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3))))
    (global $sum (mut f64) (f64.const 0))
    ;; ((first * 3) + second) * 3 ..., with the string's first byte behind its address.
    (func (export "sum") (param i32 i64 i32 i64 i32 i64 i32 i64 i32 i32 i32 i32 f32 f64) (result f64)
      (global.set $sum (f64.const 0))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 0))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i64_s (local.get 1))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 2))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i64_s (local.get 3))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 4))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i64_s (local.get 5))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 6))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i64_s (local.get 7))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 8))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 9))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_u (i32.load8_u (local.get 9)))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 10))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.convert_i32_s (local.get 11))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (f64.promote_f32 (local.get 12))))
      (global.set $sum (f64.add (f64.mul (global.get $sum) (f64.const 3)) (local.get 13)))
      (global.get $sum))
    (func (export "reset") (param f64) (global.set $next (i32.const 1024))))
  (core instance $m (instantiate $M))
  (type $shape' (variant (case "none") (case "narrow" f32) (case "wide" f64) (case "int" s16) (case "long" u64)))
  (export $shape "shape" (type $shape'))
  (type $where' (record (field "name" string) (field "far" bool) (field "x" f32) (field "y" f64)))
  (export $where "where" (type $where'))
  (func $sum (param "a" $shape) (param "b" $shape) (param "c" $shape) (param "d" $shape)
    (param "e" bool) (param "f" $where) (result f64)
    (canon lift (core func $m "sum") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))
      (post-return (core func $m "reset"))))
  (value $none $shape (variant "none"))
  (value $narrow $shape (variant "narrow" 1.5))
  (value $wide $shape (variant "wide" -2.5))
  (value $int $shape (variant "int" -7))
  (value $long $shape (variant "long" 1_000_000))
  (value $true bool true)
  (value $false bool false)
  (value $w1 $where (record "A" true 0.25 1e9))
  (value $w2 $where (record "A" true 0.25 1e9))
  (value $narrow2 $shape (variant "narrow" 1.5))
  (value $none2 $shape (variant "none"))
  (value $none3 $shape (variant "none"))
  ;; none + long + none + int: cases 0 + 4 + 0 + 3, 1000000 - 7 (65529, zero-extended), a string at 1024.
  (start $sum (value $none) (value $long) (value $none2) (value $int) (value $true) (value $w1)
    (result (value $s1)))
  ;; The same place again: post-return was called. Bits of 1.5 and -2.5.
  (start $sum (value $narrow) (value $wide) (value $none3) (value $narrow2) (value $false) (value $w2)
    (result (value $s2)))
  (export "s1" (value $s1))
  (export "s2" (value $s2)))
(assert_return (get "s1") (f64.const 9571242861352.75))
(assert_return (get "s2") (f64.const -8.167468916080149e+23))

;; Seventeen flat values go through memory, whatever each would be alone; more than one result does, too.
(component
  (core module $M
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3))))
    ;; What it is given is what it returns: the record is in memory already.
    (func (export "same") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (type $c' (enum "red" "green")) (export $c "c" (type $c'))
  (type $fl' (flags "a" "b" "c" "d" "e" "f" "g" "h" "i")) (export $fl "fl" (type $fl'))
  (func $same
    (param "a" bool) (param "b" s8) (param "c" u16) (param "d" f32) (param "e" char) (param "f" u64)
    (param "g" f64) (param "h" $c) (param "i" $fl) (param "j" (tuple u8 u8)) (param "k" (option s32))
    (param "l" (list string)) (param "m" s64) (param "n" u8)
    (result (tuple bool s8 u16 f32 char u64 f64 $c $fl (tuple u8 u8) (option s32) (list string) s64 u8))
    (canon lift (core func $m "same") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (value $a bool true) (value $b s8 -1) (value $c0 u16 2) (value $d f32 0.5) (value $e char 'e')
  (value $f u64 6) (value $g f64 -7.5) (value $h $c (enum "green")) (value $i $fl (flags "b" "i"))
  (value $j (tuple u8 u8) (tuple 10 11)) (value $k (option s32) (some -12))
  (value $l (list string) (list "x" "yz")) (value $m0 s64 -13) (value $n u8 14)
  (start $same (value $a) (value $b) (value $c0) (value $d) (value $e) (value $f) (value $g) (value $h)
    (value $i) (value $j) (value $k) (value $l) (value $m0) (value $n) (result (value $all)))
  (export "all" (value $all)))
(assert_return (get "all")
  (tuple.const (bool.const true) (s8.const -1) (u16.const 2) (f32.const 0.5) (char.const "e") (u64.const 6)
    (f64.const -7.5) (enum.const "green") (flags.const "b" "i") (tuple.const (u8.const 10) (u8.const 11))
    (option.some (s32.const -12)) (list.const (str.const "x") (str.const "yz")) (s64.const -13)
    (u8.const 14)))

;; Strings of a component are encoded as its function says; and in memories with 64-bit addresses.
(component
  (component $Echo
    (import "s" (value $s string))
    (core module $M
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local i32)
        (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (local.set 4 (global.get $next))
        (global.set $next (i32.add (global.get $next) (local.get 3)))
        (memory.copy (local.get 4) (local.get 0) (local.get 1))
        (local.get 4))
      (func (export "echo") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (local.get 1))
        (i32.store (i32.const 24) (local.get 1))
        (i32.const 16)))
    (core instance $m (instantiate $M))
    (alias core export $m "memory" (core memory $memory))
    (alias core export $m "realloc" (core func $realloc))
    (func $utf16 (param "s" string) (result (tuple string u32))
      (canon lift (core func $m "echo") (memory $memory) (realloc $realloc) string-encoding=utf16))
    (func $latin1 (param "s" string) (result (tuple string u32))
      (canon lift (core func $m "echo") (memory $memory) (realloc $realloc) string-encoding=latin1+utf16))
    (import "t" (value $t string))
    (start $utf16 (value $s) (result (value $r)))
    (start $latin1 (value $t) (result (value $q)))
    (export "utf16" (value $r))
    (export "latin1" (value $q)))
  (component $Echo64
    (import "s" (value $s string))
    (core module $M
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 1024))
      (func (export "echo") (param i64 i64) (result i64)
        (i64.store (i64.const 16) (local.get 0))
        (i64.store (i64.const 24) (local.get 1))
        (i64.const 16)))
    (core instance $m (instantiate $M))
    (func $echo (param "s" string) (result string)
      (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (start $echo (value $s) (result (value $r)))
    (export "out" (value $r)))
  (value $s string "Zoë \u{1f600}") (value $t string "Zoë") (value $u string "sixty-four")
  (instance $e (instantiate $Echo (with "s" (value $s)) (with "t" (value $t))))
  (instance $e64 (instantiate $Echo64 (with "s" (value $u))))
  (export "utf16" (value $e "utf16"))
  (export "latin1" (value $e "latin1"))
  (export "wide" (value $e64 "out")))
(assert_return (get "utf16") (tuple.const (str.const "Zoë \u{1f600}") (u32.const 6)))
(assert_return (get "latin1") (tuple.const (str.const "Zoë") (u32.const 3)))
(assert_return (get "wide") (str.const "sixty-four"))

;; The function may be a child's, or of an instance beside it, and may call a child itself.
(component
  (component $Adder
    (core module $M (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
    (core instance $m (instantiate $M))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $m "add"))))
  (component $User
    (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    (import "a" (value $a u32))
    (value $one u32 1)
    (start $add (value $a) (value $one) (result (value $r)))
    (export "sum" (value $r)))
  (instance $adder (instantiate $Adder))
  (value $two u32 2) (value $three u32 3)
  (start (func $adder "add") (value $two) (value $three) (result (value $five)))
  (instance $user (instantiate $User (with "add" (func $adder "add")) (with "a" (value $five))))
  (export "six" (value $user "sum")))
(assert_return (get "six") (u32.const 6))

;; A trap of a start function is one of the instantiation.
(assert_trap
  (component
    (core module $M (func (export "fail") (param i32) unreachable))
    (core instance $m (instantiate $M))
    (func $fail (param "x" u32) (canon lift (core func $m "fail")))
    (value $one u32 1)
    (start $fail (value $one)))
  "unreachable")
(assert_trap
  (component
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const -1))
      (func (export "take") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func $take (param "x" string)
      (canon lift (core func $m "take") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (value $text string "text")
    (start $take (value $text)))
  "string content out-of-bounds")
(assert_trap
  (component
    (core module $M (memory (export "memory") 1) (func (export "list") (result i32)
      (i32.store (i32.const 4) (i32.const 0x10000000)) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func $list (result (list u8)) (canon lift (core func $m "list") (memory (core memory $m "memory"))))
    (start $list (result (value $r)))
    (export "r" (value $r)))
  "list")

;; Handles: what a start function made is passed on, and is in no table of the guest meanwhile.
(component definition $Handles
  (component $Maker
    (core module $Dtor
      (global $dropped (mut i32) (i32.const 0))
      (func (export "drop") (param i32) (global.set $dropped (local.get 0)))
      (func (export "get") (result i32) (global.get $dropped)))
    (core instance $dtor (instantiate $Dtor))
    (type $r' (resource (rep i32) (dtor (core func $dtor "drop"))))
    (export $r "r" (type $r'))
    (core func $new (canon resource.new $r'))
    (core module $M
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "next") (result i32) (call $new (i32.const 1))))
    (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
    (func $make (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (value $n u32 42)
    (start $make (value $n) (result (value $handle)))
    (export "handle" (value $handle))
    (func (export "next") (result u32) (canon lift (core func $m "next")))
    (func (export "dropped") (result u32) (canon lift (core func $dtor "get"))))
  (component $Taker
    (import "r" (type $r (sub resource)))
    (import "handle" (value $handle (own $r)))
    (core func $drop (canon resource.drop $r))
    (func $take (param "h" (own $r)) (canon lift (core func $drop)))
    (start $take (value $handle)))
  (instance $maker (instantiate $Maker))
  (instance $taker
    (instantiate $Taker (with "r" (type $maker "r")) (with "handle" (value $maker "handle"))))
  (export "next" (func $maker "next"))
  (export "dropped" (func $maker "dropped")))
(component instance $handles $Handles)
(assert_return (invoke "dropped") (u32.const 42))
(assert_return (invoke "next") (u32.const 1))

;; An alias of an instance's value is a value of its own, but what it owns is there once.
(assert_trap
  (component
    (component $Maker
      (type $r' (resource (rep i32)))
      (export $r "r" (type $r'))
      (core func $new (canon resource.new $r'))
      (func $make (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
      (value $n u32 42)
      (start $make (value $n) (result (value $handle)))
      (export "handle" (value $handle)))
    (component $Taker
      (import "r" (type $r (sub resource)))
      (import "handle" (value $handle (own $r)))
      (core func $drop (canon resource.drop $r))
      (func $take (param "h" (own $r)) (canon lift (core func $drop)))
      (start $take (value $handle)))
    (instance $maker (instantiate $Maker))
    (instance (instantiate $Taker (with "r" (type $maker "r")) (with "handle" (value $maker "handle"))))
    (instance (instantiate $Taker (with "r" (type $maker "r")) (with "handle" (value $maker "handle")))))
  "unknown handle index 1")
(component
  (type $r' (resource (rep i32)))
  (export $r "r" (type $r'))
  (core func $new (canon resource.new $r'))
  (func $make (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
  (value $n u32 42)
  (start $make (value $n) (result (value $handle)))
  (export "handle" (value $handle)))
(get "handle")
(assert_trap (get "handle") "unknown handle index 1")
(assert_trap (get "handle") "unknown handle index 1")

;; Through an instance that has the resource's functions as well.
(component
  (component $Maker
    (type $r' (resource (rep i32)))
    (export $r "r" (type $r'))
    (core func $new (canon resource.new $r'))
    (core module $M (func (export "rep") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (func $make (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
    (value $n u32 42)
    (start $make (value $n) (result (value $handle)))
    (func (export "rep") (param "self" (borrow $r)) (result u32) (canon lift (core func $m "rep")))
    (export "handle" (value $handle)))
  (component $Taker
    (import "i" (instance $i
      (export "r" (type $r (sub resource)))
      (export "rep" (func (param "self" (borrow $r)) (result u32)))
      (export "handle" (value (own $r)))))
    (alias export $i "r" (type $r))
    (core func $rep (canon lower (func $i "rep")))
    (core module $M
      (import "" "rep" (func $rep (param i32) (result i32)))
      (func (export "rep") (param i32) (result i32) (call $rep (local.get 0))))
    (core instance $m (instantiate $M (with "" (instance (export "rep" (func $rep))))))
    (func $take (param "h" (own $r)) (result u32) (canon lift (core func $m "rep")))
    (start $take (value $i "handle") (result (value $rep)))
    (export "rep" (value $rep)))
  (instance $maker (instantiate $Maker))
  (instance $taker (instantiate $Taker (with "i" (instance $maker))))
  (export "rep" (value $taker "rep")))
(assert_return (get "rep") (u32.const 42))
