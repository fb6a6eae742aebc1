#!/usr/bin/env python3
"""Generates scripts of small programs, each made to lose or to invent a trap when it is optimised.

  traps.py [--programs N] [--seed S] [--per-script K] DIR

A program is a function and calls of it with addresses around the end of a memory. Where it returns, its results
end with a checksum of what it can reach near both ends of both memories; where it calls another instance, that one
takes the checksum, and may trap. What a trap leaves behind in between is not compared: accesses may move between two
calls that leave an instance, as long as none is lost, narrowed or made up. Nothing says what is to be expected:
`tenon-wast --differential` compares compiled code with the interpreter. Of the two memories the one with more
accesses is placed low, the other one high.
"""
import argparse
import random
from pathlib import Path

PAGE = 65536
# name, wasm type, bytes
LOADS = [('i32.load', 'i32', 4), ('i64.load', 'i64', 8), ('f32.load', 'f32', 4), ('f64.load', 'f64', 8),
         ('i32.load8_s', 'i32', 1), ('i32.load8_u', 'i32', 1), ('i32.load16_s', 'i32', 2), ('i32.load16_u', 'i32', 2),
         ('i64.load8_u', 'i64', 1), ('i64.load16_s', 'i64', 2), ('i64.load32_s', 'i64', 4), ('i64.load32_u', 'i64', 4)]
WIDE = [load for load in LOADS if load[2] > 1]
INTS = [load for load in LOADS if load[1][0] == 'i']
STORES = {'i32': [('i32.store', 4), ('i32.store8', 1), ('i32.store16', 2)],
          'i64': [('i64.store', 8), ('i64.store8', 1), ('i64.store16', 2), ('i64.store32', 4)],
          'f32': [('f32.store', 4)], 'f64': [('f64.store', 8)]}
SCALE = {1: 0, 2: 1, 4: 2, 8: 3}


class Program:
    """One function under construction. Parameters: $p and $q addresses, $n a count, $c a condition."""

    def __init__(self, rng, memory):
        self.rng, self.memory = rng, memory
        self.offset = rng.choice([0, 0, 0, 1, 3, 4, 8, 255, 65532, 65535, 65536, 1 << 20, 0xffffffff])

    def access(self, op, address, *value, offset=None):
        offset = self.offset if offset is None else offset
        return f'({op} {self.memory} offset={offset} {address} {" ".join(value)})'

    def load(self, load, address='(local.get $p)', offset=None):
        return self.access(load[0], address, offset=offset)

    def store(self, type, value, address='(local.get $q)', offset=0):
        return self.access(self.rng.choice(STORES[type])[0], address, value, offset=offset)

    def const(self, type, value):
        return f'({type}.const {value})'

    def to_i32(self, type, value):
        """A value of any type as an i32, every bit of it used."""
        rng = self.rng
        if type == 'i32':
            return value
        if type == 'f32':
            return f'(i32.reinterpret_f32 {value})'
        if type == 'f64':
            value = f'(i64.reinterpret_f64 {value})'
        return rng.choice([f'(i32.wrap_i64 (i64.xor {value} (i64.const 0x5555)))',
                           f'(i32.wrap_i64 (i64.rotl {value} (i64.const 17)))'])

    def narrow(self, type, value):
        """An i32 that only some bits of an integer value reach, or none."""
        rng, c = self.rng, self.const
        bits = 32 if type == 'i32' else 64
        pick = rng.randrange(14)
        if pick == 0:
            value = f'({type}.and {value} {c(type, rng.choice([0, 1, 0xff, 0xffff, 0xff00, 0x7f000000]))})'
        elif pick == 1:
            value = f'({type}.{rng.choice(["shr_u", "shr_s"])} {value} {c(type, rng.choice([8, 16, 24, bits - 8, bits - 1]))})'
        elif pick == 2:
            value = f'({type}.mul {value} {c(type, 0)})'
        elif pick == 3:
            value = f'({type}.shl {value} {c(type, rng.choice([8, 24, bits - 8, bits - 1]))})'
        elif pick == 4:
            value = f'({type}.extend8_s {value})'
        elif pick == 5:
            value = f'({type}.extend16_s {value})'
        elif pick == 6:
            value = f'({type}.rem_u {value} {c(type, rng.choice([1, 2, 256]))})'
        elif pick == 7:
            value = f'({type}.or {value} {c(type, -1)})'
        elif pick == 8:
            return f'({type}.ge_u {value} {c(type, 0)})'
        elif pick == 9:
            return f'({type}.eqz ({type}.and {value} {c(type, 0x80)}))'
        elif pick == 10:
            return f'({type}.lt_s {value} {c(type, 0)})'
        elif pick == 11:
            value = f'(select {value} {c(type, 3)} (i32.const {rng.randrange(2)}))'
        elif pick == 12:
            value = f'(select {value} {c(type, 3)} (i32.and (local.get $c) (i32.const 0)))'
        else:
            value = f'({type}.and ({type}.shr_u {value} {c(type, 8)}) {c(type, 0xff)})'
        return value if type == 'i32' else f'(i32.wrap_i64 {value})'

    # Each shape returns (declarations of locals, body, result type or '').

    def dead(self):
        load = self.rng.choice(LOADS)
        return '', f'(drop {self.load(load)})', ''

    def dead_in_local(self):
        load = self.rng.choice(LOADS)
        body = f'(local.set $x {self.load(load)})'
        if self.rng.randrange(2):
            body += f'(local.set $x {self.load(load, "(local.get $q)")})'
        return f'(local $x {load[1]})', body, ''

    def late_dead(self):
        """Dead only after inlining, or after something folds."""
        load = self.rng.choice(INTS)
        t, value = load[1], self.load(load)
        ignored = f'(call $ignore-{t} {value})'
        self_minus = f'(local.set $x {value}) ({t}.sub (local.get $x) (local.get $x))'
        both = f'(local.set $x {value}) ({t}.xor ({t}.and (local.get $x) {self.const(t, 0)}) {self.const(t, 9)})'
        body = self.rng.choice([ignored, self_minus, both])
        return f'(local $x {t})', body, t

    def narrowed(self):
        load = self.rng.choice([load for load in INTS if load[2] > 1])
        return '', self.narrow(load[1], self.load(load)), 'i32'

    def narrowed_float(self):
        load = self.rng.choice([load for load in LOADS if load[1][0] == 'f'])
        t = 'i' + load[1][1:]
        return '', self.narrow(t, f'({t}.reinterpret_{load[1]} {self.load(load)})'), 'i32'

    def narrowed_twice(self):
        load = self.rng.choice([load for load in INTS if load[2] > 1])
        x = '(local.get $x)'
        return (f'(local $x {load[1]})',
                f'(local.set $x {self.load(load)}) (i32.add {self.narrow(load[1], x)} {self.narrow(load[1], x)})', 'i32')

    def partly_dead(self):
        """The value is used on one side of a branch."""
        load = self.rng.choice(LOADS)
        x = self.to_i32(load[1], '(local.get $x)')
        other = self.rng.choice(['(i32.const 7)', '(local.get $n)', '(call $opaque (local.get $c))'])
        return (f'(local $x {load[1]})',
                f'(local.set $x {self.load(load)}) (if (result i32) (local.get $c) (then {x}) (else {other}))', 'i32')

    def selected(self):
        load = self.rng.choice(WIDE)
        x = self.to_i32(load[1], self.load(load))
        return '', f'(select {x} (i32.const 7) (local.get $c))', 'i32'

    def conditional(self):
        """A load that must not happen when the condition fails."""
        load = self.rng.choice(LOADS)
        x = self.to_i32(load[1], self.load(load))
        other = self.rng.choice(['(i32.const 0)', '(i32.const 7)', '(local.get $n)'])
        early = f'(if (i32.eqz (local.get $c)) (then (return {other}))) {x}'
        sided = f'(if (result i32) (local.get $c) (then {x}) (else {other}))'
        left = f'(block $out (br_if $out (i32.eqz (local.get $c))) (return {x})) {other}'
        return '', self.rng.choice([early, sided, left]), 'i32'

    def two_conditional(self):
        """Both sides load, from one address or from two."""
        load = self.rng.choice(LOADS)
        one, two = self.load(load), self.load(load, self.rng.choice(['(local.get $p)', '(local.get $q)']))
        return '', (f'(if (result i32) (local.get $c) (then {self.to_i32(load[1], one)})'
                    f' (else {self.to_i32(load[1], two)}))'), 'i32'

    def read_modify_write(self):
        """A load and a store that the back end would like to make narrower, or one instruction."""
        load = self.rng.choice([load for load in INTS if load[2] > 1])
        t = load[1]
        mask, bit = self.rng.choice([(0xff, 8), (0xff00, 1), (0xffffff00, 5), (-256, 77), (0xffff, 1 << 20), (-1, 128)])
        address = self.rng.choice(['(local.get $p)', '(local.get $p)', '(local.get $q)'])
        value = self.rng.choice([
            f'({t}.or ({t}.and {self.load(load)} {self.const(t, mask)}) {self.const(t, bit)})',
            f'({t}.add {self.load(load)} {self.const(t, bit)})', f'({t}.xor {self.load(load)} {self.const(t, mask)})',
            f'{self.load(load)}'])
        stores = [s for s in STORES[t] if s[1] <= load[2]]
        return '', self.access(self.rng.choice(stores)[0], address, value), ''

    def copied(self):
        """A copy that is overwritten, or one in pieces."""
        load = self.rng.choice(WIDE)
        t = load[1]
        store = STORES[t][0][0]
        copy = self.access(store, '(local.get $q)', self.load(load), offset=0)
        over = self.access(store, '(local.get $q)', self.const(t, 1), offset=self.rng.choice([0, 0, 1]))
        pieces = ''.join(self.access('i32.store', '(local.get $q)', self.load(('i32.load', 'i32', 4), offset=4 * i), offset=4 * i)
                         for i in range(self.rng.choice([2, 4, 8])))
        return '', self.rng.choice([copy + over, over + copy, copy + copy, pieces]), ''

    def stored_twice(self):
        """The first store is dead for whoever believes that nothing in between can trap."""
        t = self.rng.choice(['i32', 'i64', 'f32', 'f64'])
        store = self.rng.choice(STORES[t])[0]
        first = self.access(store, '(local.get $q)', self.const(t, 11), offset=0)
        second = self.access(store, '(local.get $q)', self.const(t, 22), offset=0)
        between = self.rng.choice([
            f'(drop {self.load(self.rng.choice(LOADS))})', '(call $leave (local.get $c))',
            '(drop (i32.div_u (i32.const 1) (local.get $c)))', '(if (local.get $c) (then unreachable))',
            '(drop (i32.trunc_f64_s (f64.convert_i32_u (local.get $n))))', f'(drop (memory.grow {self.memory} (i32.const 0)))'])
        return '', first + between + second, ''

    def stored_in_a_row(self):
        """Neighbouring stores, which a compiler likes to join; the first may fit and the last one not."""
        t = self.rng.choice(['i32', 'i64', 'f32', 'f64'])
        store, size = self.rng.choice(STORES[t])
        count = self.rng.choice([2, 4, 8])
        values = [self.rng.choice([self.const(t, 0), self.const(t, 5 + i), f'(local.get $x)']) for i in range(count)]
        order = range(count) if self.rng.randrange(3) else reversed(range(count))
        stores = ''.join(self.access(store, '(local.get $q)', values[i], offset=size * i) for i in order)
        return f'(local $x {t})', stores, ''

    def store_before_leaving(self):
        t = self.rng.choice(['i32', 'i64'])
        stores = ''.join(self.store(t, self.const(t, 1 + i), offset=8 * i) for i in range(self.rng.choice([1, 2, 4])))
        leave = self.rng.choice(['(call $leave (local.get $c))', 'unreachable', '(call $leave (i32.const 1))',
                                 f'(drop {self.load(self.rng.choice(LOADS))})',
                                 '(call_indirect (param i32) (i32.const 1) (local.get $c))'])
        return '', stores + leave, ''

    def loop(self, body, step, before='', after=''):
        """Around `body`, with $i from 0 to $n; tested before or behind, counted up or down."""
        count = '(local.set $i (i32.add (local.get $i) (i32.const 1)))'
        move = ''.join(f'(local.set {v} (i32.add (local.get {v}) (i32.const {step})))' for v in ('$p', '$q'))
        if self.rng.randrange(2):
            text = (f'(block $out (loop $top (br_if $out (i32.ge_u (local.get $i) (local.get $n)))'
                    f' {body} {move} {count} (br $top)))')
        else:
            text = f'(loop $top {body} {move} {count} (br_if $top (i32.lt_u (local.get $i) (local.get $n))))'
        return before + text + after

    def summed(self):
        load = self.rng.choice(LOADS)
        t = load[1]
        op = self.rng.choice(['add', 'mul'] if t[0] == 'f' else ['add', 'xor', 'or', 'and', 'mul'])
        value = self.load(load)
        if t[0] == 'i' and self.rng.randrange(3) == 0:
            value = f'({t}.and {value} {self.const(t, 255)})'
        body = f'(local.set $x ({t}.{op} (local.get $x) {value}))'
        step = self.rng.choice([load[2], load[2], 1, 2 * load[2], 16])
        if self.rng.randrange(4) == 0:
            return f'(local $x {t})', self.loop(body, step), ''
        return f'(local $x {t})', self.loop(body, step, after=self.to_i32(t, '(local.get $x)')), 'i32'

    def summed_under_condition(self):
        load = self.rng.choice(INTS)
        t = load[1]
        test = self.rng.choice(['(i32.and (local.get $i) (i32.const 1))', '(local.get $c)',
                                '(i32.lt_u (local.get $i) (local.get $c))'])
        body = f'(if {test} (then (local.set $x ({t}.add (local.get $x) {self.load(load)}))))'
        return f'(local $x {t})', self.loop(body, load[2], after=self.to_i32(t, '(local.get $x)')), 'i32'

    def dead_in_loop(self):
        load = self.rng.choice(LOADS)
        return '', self.loop(f'(drop {self.load(load)})', self.rng.choice([0, load[2]])), ''

    def invariant_in_loop(self):
        load = self.rng.choice(INTS)
        t = load[1]
        body = f'(local.set $x ({t}.add (local.get $x) {self.load(load)}))'
        if self.rng.randrange(2):
            body = f'(if (i32.gt_u (local.get $i) (local.get $c)) (then {body}))'
        return f'(local $x {t})', self.loop(body, 0, after=self.to_i32(t, '(local.get $x)')), 'i32'

    def last_of_loop(self):
        load = self.rng.choice(LOADS)
        body = f'(local.set $x {self.load(load)})'
        return f'(local $x {load[1]})', self.loop(body, load[2], after=self.to_i32(load[1], '(local.get $x)')), 'i32'

    def filled(self):
        t = self.rng.choice(['i32', 'i64', 'f32', 'f64'])
        store, size = self.rng.choice(STORES[t])
        value = self.rng.choice([self.const(t, 0), self.const(t, -1), self.const(t, 3)])
        return '', self.loop(self.access(store, '(local.get $p)', value), size), ''

    def copied_in_loop(self):
        load = self.rng.choice(LOADS)
        stores = [s for s in STORES[load[1]] if s[1] <= load[2]]
        store, size = self.rng.choice(stores)
        value = self.load(load)
        if load[1] == 'i32' and self.rng.randrange(2):
            value = f'(i32.add {value} (i32.const 1))'
        return '', self.loop(self.access(store, '(local.get $q)', value, offset=0), self.rng.choice([size, load[2]])), ''

    def searched(self):
        """Leaves at the first match: a load behind the exit must not happen."""
        load = self.rng.choice(INTS)
        test = f'(br_if $found ({load[1]}.eq {self.load(load)} {self.const(load[1], self.rng.choice([0, 1, 5]))}))'
        return '', f'(block $found {self.loop(test, load[2])}) (local.get $i)', 'i32'

    def bulk(self):
        m, other = self.memory, self.rng.randrange(2)
        n = self.rng.choice(['(local.get $n)', '(i32.const 0)', '(i32.const 4)', '(i32.const 16)', '(i32.const 300)'])
        fill = f'(memory.fill {m} (local.get $p) (local.get $c) {n})'
        copy = f'(memory.copy {m} {other} (local.get $q) (local.get $p) {n})'
        init = f'(memory.init {m} $data (local.get $p) (i32.const 2) {n})'
        return '', self.rng.choice([fill, copy, init, copy + fill]), ''

    def ordered_traps(self):
        """Two traps: the first one counts."""
        load = self.rng.choice(INTS)
        loaded = self.to_i32(load[1], self.load(load))
        divided = self.rng.choice([f'(i32.div_u (local.get $n) (local.get $c))', f'(i32.rem_s (local.get $n) (local.get $c))'])
        one, two = self.rng.sample([loaded, divided], 2)
        return '', f'(i32.add {one} {two})', 'i32'

    def divided(self):
        load = self.rng.choice(INTS)
        t = load[1]
        return '', f'(drop ({t}.{self.rng.choice(["div_s", "div_u", "rem_s", "rem_u"])} {self.const(t, 7)} {self.load(load)}))', ''

    def grown(self):
        load = self.rng.choice(LOADS)
        x = self.to_i32(load[1], self.load(load))
        grow = f'(drop (memory.grow {self.memory} (i32.and (local.get $c) (i32.const 1))))'
        early = f'(local.set $y {self.to_i32(load[1], self.load(load))})'
        return '(local $y i32)', f'{self.rng.choice(["", early])} {grow} (i32.add (local.get $y) {x})', 'i32'

    def inlined(self):
        """Through a function that LLVM inlines, which uses less than it is given."""
        load = self.rng.choice(INTS)
        t = load[1]
        return '', f'(call $low-{t} {self.load(load)})', 'i32'


SHAPES = [Program.dead, Program.dead_in_local, Program.late_dead, Program.narrowed, Program.narrowed, Program.narrowed_float,
          Program.narrowed_twice, Program.partly_dead, Program.selected, Program.conditional, Program.conditional,
          Program.two_conditional, Program.read_modify_write, Program.read_modify_write, Program.copied, Program.stored_twice, Program.stored_in_a_row,
          Program.store_before_leaving, Program.summed, Program.summed, Program.summed_under_condition, Program.dead_in_loop,
          Program.invariant_in_loop, Program.last_of_loop, Program.filled, Program.copied_in_loop, Program.searched,
          Program.bulk, Program.ordered_traps, Program.divided, Program.grown, Program.inlined]

MEMORIES = '''(module $memories
  (memory (export "low") 1 2) (memory (export "high") 1 2))
(register "memories")
'''
IMPORTS = '''
  (import "memories" "low" (memory 1 2)) (import "memories" "high" (memory 1 2))'''
LOOK = '''
  (func $sum (param $m i32) (param $from i32) (result i64) (local $end i32) (local $x i64)
    (local.set $end (i32.add (local.get $from) (i32.const 2048)))
    (loop $top
      (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 0x100000001b3))
        (if (result i64) (local.get $m)
          (then (i64.load 1 (local.get $from))) (else (i64.load 0 (local.get $from))))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $top (i32.lt_u (local.get $from) (local.get $end))))
    (local.get $x))
  (func $look (result i64 i64 i64 i64 i32 i32)
    (call $sum (i32.const 0) (i32.const 0)) (call $sum (i32.const 0) (i32.const 63488))
    (call $sum (i32.const 1) (i32.const 0)) (call $sum (i32.const 1) (i32.const 63488))
    (memory.size 0) (memory.size 1))
'''
OBSERVER = f'''(module $observer {IMPORTS}{LOOK}
  (global $a (mut i64) (i64.const 0)) (global $b (mut i64) (i64.const 0))
  (global $c (mut i64) (i64.const 0)) (global $d (mut i64) (i64.const 0))
  (func (export "leave") (param i32)
    (call $look) drop drop
    (global.set $a) (global.set $b) (global.set $c) (global.set $d)
    (if (local.get 0) (then unreachable)))
  (func (export "seen") (result i64 i64 i64 i64)
    (global.get $a) (global.get $b) (global.get $c) (global.get $d)))
(register "observer")
'''
HELPERS = f'''{IMPORTS}
  (import "observer" "leave" (func $leave (param i32))){LOOK}
  (data $data "0123456789abcdef")
  (table funcref (elem $leave $ignore-i32))
  (func $opaque (export "opaque") (param i32) (result i32) (local.get 0))
  (func $ignore-i32 (param i32) (result i32) (i32.const 7))
  (func $ignore-i64 (param i64) (result i64) (i64.const 7))
  (func $low-i32 (param i32) (result i32) (i32.and (local.get 0) (i32.const 255)))
  (func $low-i64 (param i64) (result i32) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 56))))
  (func (export "reset") (local $i i32)
    (memory.fill 0 (i32.const 0) (i32.const 0) (i32.shl (memory.size 0) (i32.const 16)))
    (memory.fill 1 (i32.const 0) (i32.const 0) (i32.shl (memory.size 1) (i32.const 16)))
    (loop $top
      (memory.init 0 $ends (local.get $i) (i32.const 0) (i32.const 64))
      (memory.init 1 $ends (local.get $i) (i32.const 0) (i32.const 64))
      (local.set $i (i32.add (local.get $i) (i32.const 65472)))
      (br_if $top (i32.lt_u (local.get $i) (i32.const 65536)))))
'''


def near_end(rng, offset):
    """An address whose sum with the offset lies around the end of a memory of one page, or elsewhere of interest."""
    around = (PAGE - offset + rng.randrange(-9, 3)) & 0xffffffff
    return rng.choice([around, around, around, PAGE - 8 + rng.randrange(10), rng.randrange(0, 64), 2 * PAGE - 4 + rng.randrange(6),
                       0xffffffff - rng.randrange(9), rng.randrange(0, PAGE)])


def calls_of(rng, name, offset):
    for _ in range(6):
        count = rng.choice([0, 1, 2, 3, 7, 16, 33, 100])
        p, q = near_end(rng, offset), near_end(rng, 0)
        if rng.randrange(2):  # so that a loop crosses the end
            p = (PAGE - offset - rng.choice([1, 2, 4, 8, 16]) * count + rng.randrange(-8, 9)) & 0xffffffff
        if rng.randrange(3) == 0:
            q = (PAGE - rng.choice([1, 2, 4, 8]) * count + rng.randrange(-8, 9)) & 0xffffffff
        c = rng.choice([0, 0, 1, 2, 5])
        yield f'(invoke "reset")\n(invoke "{name}" (i32.const {p}) (i32.const {q}) (i32.const {count}) (i32.const {c}))\n'
        yield '(invoke $observer "seen")\n'


def script(rng, count):
    functions, calls = [], []
    for i in range(count):
        program = Program(rng, rng.randrange(2))
        locals_, body, result = rng.choice(SHAPES)(program)
        functions.append(f'''  (func $f{i} (param $p i32) (param $q i32) (param $n i32) (param $c i32) (result {result})
    (local $i i32) {locals_}
    {body})
  (func (export "f{i}") (param i32 i32 i32 i32) (result {result} i64 i64 i64 i64 i32 i32)
    (call $f{i} (local.get 0) (local.get 1) (local.get 2) (local.get 3)) (call $look))
''')
        calls.extend(calls_of(rng, f'f{i}', program.offset))
    ends = ''.join(f'\\{rng.randrange(256):02x}' for _ in range(64))
    return (f'{MEMORIES}{OBSERVER}(module {HELPERS}  (data $ends "{ends}")\n{"".join(functions)})\n{"".join(calls)}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--programs', type=int, default=5000)
    parser.add_argument('--per-script', type=int, default=50)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('directory', type=Path)
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for i, first in enumerate(range(0, arguments.programs, arguments.per_script)):
        rng = random.Random(f'{arguments.seed}.{i}')
        count = min(arguments.per_script, arguments.programs - first)
        (arguments.directory / f'traps-{arguments.seed}-{i:03}.wast').write_text(script(rng, count))


if __name__ == '__main__':
    main()
