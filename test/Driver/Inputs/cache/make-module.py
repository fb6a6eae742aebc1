#!/usr/bin/env python3
"""Prints a module of N functions for the tests of the cache: make-module.py N [EDIT...]

Edits of function 17: `constant` changes a number, `longer` adds instructions and a local. `types` adds a
type in front of all others, `function` a function in front of all others.
"""
import sys

count, edits = int(sys.argv[1]), sys.argv[2:]
print('(module')
if 'types' in edits:
    print('  (type $new (func (param f32 f64) (result i64)))')
print('  (type $unary (func (param i32) (result i32)))')
print('  (memory (export "memory") 1)')
print('  (global $sum (mut i32) (i32.const 0))')
print('  (table funcref (elem $f0 $f1))')
if 'function' in edits:
    print('  (func $fresh (export "fresh") (result i32) (i32.load (i32.const 8)))')
for i in range(count):
    edited = i == 17
    print(f'  (func $f{i} (export "f{i}") (type $unary)')
    if edited and 'longer' in edits:
        print('    (local $new i64) (local.set $new (i64.extend_i32_u (local.get 0)))')
        print('    (i64.store (i32.const 64) (i64.mul (local.get $new) (local.get $new)))')
    number = 12345 if edited and 'constant' in edits else i
    print(f'    (i32.store offset={4 * i} (local.get 0) (i32.mul (i32.load (local.get 0)) (i32.const {number})))')
    print('    (global.set $sum (i32.add (global.get $sum) (local.get 0)))')
    print(f'    (call_indirect (type $unary) (local.get 0) (local.get 0))')
    if i % 3 == 0:
        print(f'    (call $f{(i + 7) % count})')
    # Never translated, but bytes: so that a few functions are a part, and none is copied into another.
    print('    (return) (br_table ' + '0 ' * 20000 + '(local.get 0) (local.get 0)))')
print(')')
