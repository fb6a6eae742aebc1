#!/usr/bin/env python3
"""Compares calls between components with the specification's definitions of the canonical ABI.

  compare.py --definitions definitions.py [--types N] [--values N] [--seed S] (-o DIR | --build BUILD [--opt LEVELS])

For each random function type there is a component of two: C calls P, with values that lie in the memory of C, and P
returns values of its own. What each side gets (flat values, every byte of what was allocated, calls of realloc) goes
into a checksum, and the definitions say which. P is called by the host as well, and values with a mutation must trap,
or must not, as they do in the definitions; whatever traps has instances of its own.

-o writes the scripts into a folder. --build runs them instead, and keeps those that show a difference in the folder
`differences`; the last line counts.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import components
import model
import specification
from model import GUARD, PAGE, ROW, SLOTS
from shapes import constant, Shapes
from specification import TooMuch

ENCODINGS = ['utf8', 'utf16', 'latin1+utf16']
HOSTILE = {1: [0, 1, 2, 0x7f, 0x80, 0xc0, 0xed, 0xf5, 0xff],
           2: [0, 0xff, 0x100, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xffff],
           4: [0, 1, 0xff, 0x100, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0x10ffff, 0x110000, 0x7fffffff, 0x80000000,
               0x80000001, 0xfffffffe, 0xffffffff, 0x0fffffff, 0x10000000, 0x3fffffff, 0x55555556],
           8: [0, 1, 0xffffffff, 0x100000000, 0x100000001, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff]}

CHARS = [0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0x10ffff, 0x110000, 0x7fffffff, 0x80000041, 0xffffffff]


class Calls:
    """The calls of one function type: their images, and what they give."""

    def __init__(self, D, shapes, encodings, options):
        self.D, self.shapes, self.rng, self.options = D, shapes, shapes.rng, options
        self.params, self.result = shapes.functype()
        self.results = [] if self.result is None else [self.result]
        contains = lambda name: any(shapes.contains(t, name) for t in self.params + self.results)
        self.has_handles, self.has_maps = contains('OwnType') or contains('BorrowType'), contains('MapType')
        rng = self.rng
        pointers = ['i32'] * 4 + ['i64'] if 'memory64' in options.features else ['i32']
        self.sides = [model.Side(encoding, rng.choice(pointers), shrinks=rng.random() < 0.5,
                                 post_return=rng.random() < 0.3) for encoding in encodings]
        self.values = [([shapes.value(t) for t in self.params], [shapes.value(t) for t in self.results])
                       for _ in range(options.values)]
        self.sites, self.handles = [[] for _ in self.values], [[] for _ in self.values]
        self.build(self.sides[0], 'lower', self.params, 0)
        self.build(self.sides[1], 'lift', self.results, 1)
        self.mutated = set(k for k in range(len(self.values)) if rng.random() < options.mutations)
        for k in sorted(self.mutated):
            self.mutate(k)

    # Images

    def build(self, side, context, types, which):
        """The memory of one side: a row for each call, then the images of values."""
        D, rng, count = self.D, self.rng, len(self.values)
        memory = D.MemInst(bytearray(rng.choices(b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', k=PAGE)) +
                           bytearray(7 * PAGE), side.ptr)
        opts = D.CanonicalOptions(string_encoding=side.encoding, memory=memory)
        flat_types = D.flatten_functype(opts, D.FuncType(self.params, self.results), context)
        slots = flat_types.params if which == 0 else flat_types.results
        side.stride = SLOTS + 8 * len(slots)
        image = specification.Image(D, memory, side.encoding, rng, ROW + count * side.stride)
        # Whether the caller says where the result goes.
        is_indirect = which == 0 and D.flatten_functype(opts, D.FuncType([], self.results), context).params
        for k, value in enumerate(self.values):
            image.sites, image.handles = [], []
            flat = D.lower_flat_values(image, D.MAX_FLAT_RESULTS if which else D.MAX_FLAT_PARAMS, value[which], types)
            row = ROW + k * side.stride
            memory[row:row + SLOTS] = bytes(SLOTS)
            for i, (v, t) in enumerate(zip(flat, slots)):
                self.write_flat(side, memory, row + SLOTS + 8 * i, v, t)
                if isinstance(v, specification.Handle):
                    image.handles.append(row + SLOTS + 8 * i)
                image.sites += [(row + SLOTS + 8 * i, 4 if t[1:] == '32' else 8, isinstance(v, specification.Char))] * 3
            if is_indirect:
                image.sites += [(row + SLOTS + 8 * (len(slots) - 1), D.ptr_size(side.ptr), False)] * 2
            self.list_handles(k, side, image, row)
            self.sites[k] += [(side, *site) for site in image.sites]
        side.guard = image.next + 7 & ~7
        side.heap = side.guard + GUARD
        if is_indirect:
            result = D.TupleType(self.results)
            alignment, size = D.alignment(result, side.ptr), D.elem_size(result, side.ptr)
            area = D.align_to(side.heap + rng.choice([0, 1, 4, 8]), alignment)
            side.heap = area + size
            for k in range(count):
                self.write_flat(side, memory, ROW + k * side.stride + SLOTS + 8 * (len(slots) - 1), area, side.ptr)
        side.pages = (side.heap + rng.choice([0, 200, 8000]) + PAGE - 1) // PAGE
        side.max_pages = side.pages + rng.choice([1, 3])
        side.data = bytes(memory[:image.next])

    def list_handles(self, k, side, image, row):
        """Where handles go just before the call."""
        count, memory = len(image.handles), image.opts.memory
        begin = image.allocate(4, 4 * count)
        for i, address in enumerate(image.handles):
            memory[begin + 4 * i:begin + 4 * i + 4] = address.to_bytes(4, 'little')
            self.handles[k].append((side, begin + 4 * i, address))
        memory[row + model.HANDLES:row + model.HANDLES + 8] = count.to_bytes(4, 'little') + begin.to_bytes(4, 'little')

    def write_flat(self, side, memory, address, value, t):
        reinterpret = {'f32': self.D.core_i32_reinterpret_f32, 'f64': self.D.core_i64_reinterpret_f64}.get(t)
        size = 4 if t[1:] == '32' else 8
        memory[address:address + size] = (reinterpret(value) if reinterpret else value).to_bytes(size, 'little')

    def patch(self, side, address, value, size):
        data = bytearray(side.data)
        data[address:address + size] = (value & (1 << 8 * size) - 1).to_bytes(size, 'little')
        side.data = bytes(data)

    # Mutations

    def mutate(self, k):
        """Something else in an image, or a realloc that returns what it should not."""
        rng = self.rng
        if rng.random() < 0.25 and self.mutate_realloc(k):
            return
        if self.handles[k] and rng.random() < 0.5:  # none that was made just before the call
            side, entry, address = rng.choice(self.handles[k])
            if rng.random() < 0.4:  # one that another value has
                return self.patch(side, entry, address | 1, 4)
            self.patch(side, entry, 0, 4)
            self.patch(side, address, rng.choice([0, 1, 2, 3, 4, 7, 1 << 28, 0xffffffff]), 4)
            return
        for _ in range(rng.choice([1, 1, 1, 2, 4])):
            if not self.sites[k]:
                return
            side, address, size, is_char = rng.choice(self.sites[k])
            old = int.from_bytes(side.data[address:address + size], 'little')
            bytes_of = side.pages * PAGE
            near = [bytes_of - 1, bytes_of, bytes_of + 1, bytes_of - old, bytes_of - old & ~7] if size >= 4 else []
            flipped = old ^ 1 << rng.randrange(8 * size)
            hostile = CHARS if is_char else HOSTILE[size] + near
            new = rng.choice([rng.choice(hostile), rng.choice(hostile), old + 1, old - 1, flipped,
                              old | 1 << 8 * size - 1, rng.getrandbits(8 * size)])
            self.patch(side, address, new, size)

    def mutate_realloc(self, k):
        """One of its calls returns what it should not. False if there are none."""
        rng, pair = self.rng, self.pair()
        pair.run(k)
        calls = [(guest.side, i) for guest in (pair.caller, pair.callee) for i in range(1, guest.calls + 1)]
        if not calls:
            return False
        side, call = rng.choice(calls)
        row, end = ROW + k * side.stride, side.pages * PAGE
        near = side.heap + rng.randrange(32)
        far = rng.choice([0, 1, 2, 3, side.guard, end - 8, end - 1, end, end + 1, 0xffffffff, 0xfffffff8, 0x80000000])
        self.patch(side, row + model.BAD_CALL, call, 4)
        self.patch(side, row + model.WHOLE, 1, 4)
        self.patch(side, row + model.BAD_RESULT, rng.choice([near, near | 1, far, rng.randrange(end)]), 8)
        return True

    # Expectations

    def pair(self):
        return model.Pair(self.D, self.params, self.result, *self.sides, self.shapes.resource, self.has_handles)

    def call(self, pair, by_host, k):
        """The lines that make call `k` and expect what the definitions say. Raises Trap or TooMuch."""
        if not by_host:
            caller, callee = pair.run(k)
            call = f'(assert_return (invoke "run" (u32.const {k})) (u64.const {caller}))'
        else:
            results, callee = pair.host(k, self.values[k][0])
            texts = ' '.join(constant(t, v) for t, v in zip(self.results, results, strict=True))
            call = f'(invoke "begin" (u32.const {k}))\n(assert_return {self.host_call(k)} {texts})'
        return [call, f'(assert_return (invoke "seen") (u64.const {callee}))']

    def host_call(self, k):
        args = zip(self.params, self.values[k][0], strict=True)
        return f'(invoke "f"{"".join(" " + constant(t, v) for t, v in args)})'

    def trapping_lines(self, by_host, k):
        begin = [f'(invoke "begin" (u32.const {k}))'] if by_host else []
        call = self.host_call(k) if by_host else f'(invoke "run" (u32.const {k}))'
        return begin + [f'(assert_trap {call} "")']

    def outcome(self, by_host, k):
        """What becomes of a mutated call in fresh instances."""
        try:
            self.call(self.pair(), by_host, k)
        except self.D.Trap:
            return 'traps'
        except TooMuch:
            return 'too large'
        return 'values'

    def calls(self):
        """Who makes which call: those without a mutation first. There is no way to write a map or a handle."""
        for k in sorted(range(len(self.values)), key=lambda k: k in self.mutated):
            yield False, k
            if not self.has_handles and not self.has_maps and self.rng.random() < 0.25:
                yield True, k

    def script(self, name, counts):
        """The component, and all calls that go with it."""
        pair = self.pair()
        lines = [components.pair_text(name, pair, self.params, self.result),
                 f'(component instance $i ${name})']
        trapping = []
        for by_host, k in self.calls():
            outcome = self.outcome(by_host, k) if k in self.mutated else 'values'
            if outcome == 'values':
                try:
                    lines += self.call(pair, by_host, k)
                except (self.D.Trap, TooMuch):  # an earlier call left something where this one looks
                    counts['dropped'] += 1
                    break
            elif outcome == 'traps':
                trapping.append((by_host, k))
                continue
            counts[outcome] += 1
            if outcome == 'values':
                counts['of these mutated'] += k in self.mutated
                counts['of these by the host'] += by_host
        for by_host, k in trapping[:self.options.traps]:
            lines += [f'(component instance $i ${name})', *self.trapping_lines(by_host, k)]
            counts['traps'] += 1
            counts['traps by the host'] += by_host
        counts['types'] += 1
        return '\n'.join(lines) + '\n'


def write_scripts(D, folder, options, counts):
    """Scripts of some types each, made when they are asked for."""
    for first in range(0, options.types, options.per_script):
        pieces = []
        for i in range(first, min(first + options.per_script, options.types)):
            shapes = Shapes(D, f'{options.seed}-{i}', options.features)
            names = options.encodings
            pairs = [(a, b) for a in names for b in names]
            pieces.append(Calls(D, shapes, pairs[i % len(pairs)], options).script(f'T{i}', counts))
        path = folder / f'abi-{options.seed}-{first:05}.wast'
        head = f';; Made by test/Differential/abi/compare.py --seed={options.seed}: {len(pieces)} function types.\n'
        path.write_text(head + ''.join(pieces))
        yield path


def run_script(path, options, counts):
    """Whether tenon-wast finds no difference."""
    try:
        flags = [f'--opt={options.opt}', '-v', '--timeout=600']
        if 'memory64' in options.features:
            flags.append('--enable=memory64')
        done = subprocess.run([options.build / 'bin/tenon-wast', *flags, path], capture_output=True, text=True,
                              timeout=1200)
    except subprocess.TimeoutExpired:
        print(f'{path.name}: timed out')
        return False
    last = re.search(r'^(\d+) passed, (\d+) failed, (\d+) skipped$', done.stdout, re.M)
    if last:
        counts['passed'] += int(last[1])
    if done.returncode == 0 and last and last[2] == '0' and last[3] == '0':
        return True
    print('\n'.join(line for line in (done.stdout + done.stderr).splitlines() if '.wast:' in line)[:2000])
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--definitions', type=Path, required=True)
    parser.add_argument('--types', type=int, default=100)
    parser.add_argument('--values', type=int, default=20)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--per-script', type=int, default=10)
    parser.add_argument('--mutations', type=float, default=0.3, help='the part of the values that are mutated')
    parser.add_argument('--traps', type=int, default=2, help='traps of a type at most; each takes instances of its own')
    parser.add_argument('--encodings', default=','.join(ENCODINGS), type=lambda text: text.split(','))
    parser.add_argument('--features', default='', type=lambda text: text.split(','),
                        help='of map, fixed, handles, memory64')
    parser.add_argument('--opt', default='0,2')
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument('-o', dest='output', type=Path)
    group.add_argument('--build', type=Path)
    options = parser.parse_args()
    D = specification.load_definitions(options.definitions)
    counts = Counter()
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        for _ in write_scripts(D, options.output, options, counts):
            pass
        print(dict(counts))
        return 0
    different = 0
    with tempfile.TemporaryDirectory() as temporary:
        for path in write_scripts(D, Path(temporary), options, counts):
            if not run_script(path, options, counts):
                different += 1
                Path('differences').mkdir(exist_ok=True)
                shutil.copy(path, 'differences')
            path.unlink()
    print(', '.join(f'{count} {name}' for name, count in counts.items()))
    print(f'{different} scripts different')
    return different != 0


if __name__ == '__main__':
    sys.exit(main())
