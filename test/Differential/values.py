#!/usr/bin/env python3
"""Compare what values become, compiled and interpreted: values.py --components N [--seed S] [--opt 0,2] BUILD

Each component defines values of random types, gives them to start functions, and exports what those saw: the flat
values and every byte of the memory (`raw`), and the first element of a list as a value of its own (`first`), from a
memory that post-return then wipes. The script looks at all of it, and `tenon-wast --differential` compares.
"""
import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

INTEGERS = {f'{sign}{bits}': (sign == 's', bits) for sign in 'su' for bits in (8, 16, 32, 64)}
PRIMITIVES = ['bool', *INTEGERS, 'f32', 'f64', 'char', 'string']
COMPOUNDS = ['record', 'tuple', 'variant', 'list', 'list', 'option', 'result', 'flags', 'enum']
FLOATS = ['nan', 'inf', '-inf', '-0', '0', '1.5', '-2.25e3', '1e-30']
CHARS = ["'a'", "'é'", r"'\n'", r"'\u{10ffff}'", "' '", "'('", r"'\''", "';'"]
STRINGS = ['', 'a', 'hello', 'é', '日本', '\U0001f600x', r'\u{0}\u{7f}', 'x' * 70]


class Type:
    """`parts` are types, None for a case without a payload; `labels` name them, or are all there is."""

    def __init__(self, kind, parts=(), labels=()):
        self.kind, self.parts, self.labels = kind, list(parts), list(labels)

    def cases(self):
        return [None, *self.parts] if self.kind == 'option' else self.parts

    def flat(self):
        """The core types of a value, for 32-bit pointers."""
        if self.kind in ('s64', 'u64'):
            return ['i64']
        if self.kind in ('f32', 'f64'):
            return [self.kind]
        if self.kind in ('string', 'list'):
            return ['i32', 'i32']
        if self.kind in ('record', 'tuple'):
            return [one for part in self.parts for one in part.flat()]
        if self.kind in PRIMITIVES or self.kind in ('flags', 'enum'):
            return ['i32']
        joined = []
        for case in self.cases():
            for i, one in enumerate(case.flat() if case else []):
                if i == len(joined):
                    joined.append(one)
                elif joined[i] != one:
                    joined[i] = 'i32' if {joined[i], one} == {'i32', 'f32'} else 'i64'
        return ['i32', *joined]

    def size_of_one(self):
        """Bytes of a value that has one flat value."""
        if self.kind in ('record', 'tuple'):
            return self.parts[0].size_of_one()
        if self.kind in INTEGERS:
            return INTEGERS[self.kind][1] // 8
        if self.kind == 'flags':
            return 1 if len(self.labels) <= 8 else 2 if len(self.labels) <= 16 else 4
        if self.kind == 'enum':
            return 1 if len(self.labels) <= 256 else 2
        return {'f64': 8, 'f32': 4, 'char': 4}.get(self.kind, 1)


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)

    def type(self, depth):
        rng = self.rng
        if depth == 0 or rng.random() < 0.35:
            return Type(rng.choice(PRIMITIVES))
        kind = rng.choice(COMPOUNDS)
        payload = lambda: self.type(depth - 1) if rng.random() < 0.7 else None
        count = {'record': rng.randint(1, 4), 'tuple': rng.randint(1, 5), 'variant': rng.choice([1, 2, 3, 5]),
                 'flags': rng.choice([1, 3, 8, 9, 16, 17, 32]), 'enum': rng.choice([1, 2, 300])}.get(kind, 1)
        labels = [f'{kind[0]}{i}' for i in range(count)]
        if kind in ('flags', 'enum'):
            return Type(kind, [], labels)
        if kind == 'result':
            return Type(kind, [payload(), payload()])
        if kind == 'variant':
            return Type(kind, [payload() for _ in labels], labels)
        return Type(kind, [self.type(depth - 1) for _ in labels], labels)

    def value(self, t):
        """A value as text."""
        rng, kind = self.rng, t.kind
        if kind in INTEGERS:
            signed, bits = INTEGERS[kind]
            low = -(1 << bits - 1) if signed else 0
            high = low + (1 << bits) - 1
            return str(rng.choice([low, high, 0, 1, rng.randint(low, high)]))
        match kind:
            case 'bool':
                return rng.choice(['true', 'false'])
            case 'f32' | 'f64':
                return rng.choice(FLOATS)
            case 'char':
                return rng.choice(CHARS)
            case 'string':
                return f'"{rng.choice(STRINGS)}"'
            case 'record' | 'tuple':
                return f'({kind} {" ".join(map(self.value, t.parts))})'
            case 'list':
                return f'(list {" ".join(self.value(t.parts[0]) for _ in range(rng.choice([0, 1, 2, 5])))})'
            case 'option':
                return rng.choice(['none', f'(some {self.value(t.parts[0])})'])
            case 'flags':
                return f'(flags {" ".join(f"{chr(34)}{label}{chr(34)}" for label in t.labels if rng.random() < 0.4)})'
            case 'enum':
                return f'(enum "{rng.choice(t.labels)}")'
        index = rng.randrange(len(t.parts))
        payload = f' {self.value(t.parts[index])}' if t.parts[index] else ''
        if kind == 'variant':
            return f'(variant "{t.labels[index]}"{payload})'
        word = ['ok', 'error'][index]
        return f'({word}{payload})' if payload else word


class Definitions:
    """Types as the root writes them, each exported under its name, and as another component imports them."""

    def __init__(self):
        self.count, self.root, self.imports, self.args = 0, [], [], []

    def use(self, t):
        if t.kind in PRIMITIVES:
            return t.kind
        parts = [self.use(part) if part else '' for part in t.parts]
        match t.kind:
            case 'record':
                body = ' '.join(f'(field "{label}" {part})' for label, part in zip(t.labels, parts))
            case 'variant':
                body = ' '.join(f'(case "{label}" {part})' for label, part in zip(t.labels, parts))
            case 'result':
                body = parts[0] + (f' (error {parts[1]})' if parts[1] else '')
            case 'flags' | 'enum':
                body = ' '.join(f'"{label}"' for label in t.labels)
            case _:
                body = ' '.join(parts)
        name, self.count = f't{self.count}', self.count + 1
        definition = f"(type ${name}' ({t.kind} {body}))"
        self.root.append(f'{definition} (export ${name} "{name}" (type ${name}\'))')
        self.imports.append(f'{definition} (import "{name}" (type ${name} (eq ${name}\')))')
        self.args.append(f'(with "{name}" (type ${name}))')
        return f'${name}'


BITS = {'i32': '(i64.extend_i32_u {})', 'i64': '{}', 'f32': '(i64.extend_i32_u (i32.reinterpret_f32 {}))',
        'f64': '(i64.reinterpret_f64 {})'}
LOADS = {1: 'i32.load8_u', 2: 'i32.load16_u', 4: 'i32.load'}


def core_module(flat, first):
    """`raw` of parameters that flatten so, `first` of lists of that type."""
    flat = flat if len(flat) <= 16 else ['i32']
    saves = ' '.join(f'(i64.store (i32.const {512 + 8 * i}) {BITS[one].format(f"(local.get {i})")})'
                     for i, one in enumerate(flat))
    result, load = 'i32', '(local.get 0)'
    if len(first.flat()) == 1:
        result = first.flat()[0]
        load = f'({LOADS[first.size_of_one()] if result == "i32" else result + ".load"} (local.get 0))'
    return f'''(core module $M
    (memory (export "memory") 4)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $new i32)
      (local.set $new (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $new) (local.get $size)))
      (memory.copy (local.get $new) (local.get $old)
        (select (local.get $old-size) (local.get $size) (i32.lt_u (local.get $old-size) (local.get $size))))
      (local.get $new))
    (func (export "raw") (param {" ".join(flat)}) (result i32)
      {saves}
      (i32.store (i32.const 0) (i32.const 512)) (i32.store (i32.const 4) (i32.const {len(flat)}))
      (i32.store (i32.const 8) (i32.const 1024))
      (i32.store (i32.const 12) (i32.sub (global.get $next) (i32.const 1024)))
      (i32.const 0))
    (func (export "first") (param i32 i32) (result {result}) {load})
    (func (export "wipe") (param {result})
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))
      (global.set $next (i32.const 1024))))'''


def component(maker):
    rng = maker.rng
    types = [maker.type(rng.randint(0, 3)) for _ in range(rng.choice([1, 1, 2, 3, 6]))]
    definitions = Definitions()
    names = [definitions.use(t) for t in types]
    values = [maker.value(t) for t in types]
    given = [(f'v{i}', name, value) for i, (name, value) in enumerate(zip(names, values))]
    given += [(f'l{i}', f'(list {names[0]})', f'(list {" ".join([values[0]] * (2 - i))})') for i in range(2)]
    options = ('(memory (core memory $m "memory")) (realloc (core func $m "realloc")) string-encoding='
               + rng.choice(['utf8', 'utf16', 'latin1+utf16']))
    lines = lambda texts: '\n    '.join(texts)
    return f'''(component
    {lines(definitions.root)}
    {lines(f'(value ${name} {t} {value})' for name, t, value in given)}
    (value $itself {names[0]} {values[0]}) (export "itself" (value $itself))
  (component $C
    {lines(definitions.imports)}
    {lines(f'(import "{name}" (value ${name} {t}))' for name, t, _ in given)}
    {core_module([one for t in types for one in t.flat()], types[0])}
    (core instance $m (instantiate $M))
    (func $raw {" ".join(f'(param "p{i}" {name})' for i, name in enumerate(names))}
      (result (tuple (list u64) (list u8))) (canon lift (core func $m "raw") {options}))
    (func $first (param "l" (list {names[0]})) (result {names[0]})
      (canon lift (core func $m "first") (post-return (core func $m "wipe")) {options}))
    (start $first (value $l0) (result (value $first-of-two)))
    (start $first (value $l1) (result (value $first-of-one)))
    (start $raw {" ".join(f'(value $v{i})' for i in range(len(types)))} (result (value $raw)))
    (export "first-of-two" (value $first-of-two))
    (export "first-of-one" (value $first-of-one))
    (export "raw" (value $raw)))
  (instance $c (instantiate $C {" ".join(definitions.args)}
    {" ".join(f'(with "{name}" (value ${name}))' for name, _, _ in given)}))
  (export "first-of-two" (value $c "first-of-two"))
  (export "first-of-one" (value $c "first-of-one"))
  (export "raw" (value $c "raw")))
(get "itself") (get "first-of-two") (get "first-of-one") (get "raw")
'''


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build', type=Path)
    parser.add_argument('--components', type=int, default=40)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--opt', default='0')
    options = parser.parse_args()
    maker = Maker(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f'values-{options.seed}.wast'
        script.write_text('\n'.join(component(maker) for _ in range(options.components)), encoding='utf-8')
        command = [options.build / 'bin/tenon-wast', '--differential', f'--opt={options.opt}', '--enable=values', script]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            Path(script.name).write_text(script.read_text(encoding='utf-8'), encoding='utf-8')
            print(run.stdout + run.stderr + f'kept as {script.name}')
            return 1
    print(f'{options.components} components, {4 * options.components} values, 0 different')
    return 0


if __name__ == '__main__':
    sys.exit(main())
