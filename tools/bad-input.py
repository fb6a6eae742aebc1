#!/usr/bin/env python3
"""Damage inputs and see that the compiler takes it well.

usage: bad-input.py TENON FILE... [--count N] [--seed N] [--emit STAGES] [--run] [--keep DIR]

Makes --count damaged copies of each FILE (.wasm: cut off, bits flipped, bytes replaced, inserted, deleted, moved,
lengths blown up; .wat: the same with tokens) and compiles each with `TENON COPY -O0 -o OUT`, stopping in turn at
each of the --emit STAGES (default: exe,fused). A copy passes when the compiler
  - ends by itself within --timeout seconds and --memory megabytes, with status 0 or 1,
  - with status 1 says `PLACE: error: ...` and leaves no file behind,
  - with status 0 leaves its output.
With --run each program that was made runs without grants for at most a second: it may do anything but die from
a signal or report an internal fault, either of which would be a hole in the sandbox.

The same --seed makes the same copies. What fails is described and, with --keep, stored in DIR. The last line is
`N passed, N failed`; the exit status is 1 when anything failed.
"""
import argparse
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

PLACED_ERROR = re.compile(r'^.+:(0x[0-9a-f]+|\d+:\d+): error: .', re.MULTILINE)
# The status of a program whose fault is no trap (docs/Runtime.md).
INTERNAL_FAULT = 139
LENGTHS = [b'\xff\xff\xff\xff\x0f', b'\xff\xff\xff\xff\x07', b'\x80\x80\x80\x80\x08', b'\xc0\x84\x3d', b'\xff\x7f',
           b'\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', b'\x80\x00']
BYTES = [0x00, 0x01, 0x02, 0x3f, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7b, 0x7f, 0x80, 0xfe, 0xff]
WORDS = ['', '(', ')', '((', '))', '0', '-1', '4294967295', '4294967296', '99999999999999999999', '0x1p999', 'nan:0x1',
         '$x', '"', '"\\', '"\\u{110000}"', '"\\ff\\fe"', '"a" "a"', '(;', ';;', 'u8', 'string', 'own', 'i32', 'func',
         '(export "x")', '(type 1000000)', 'outer', 'canon', '(list (list (list u8)))', '\x00', '\xff']


def place(rng, length):
    """A position, more often near the ends: types and wiring stand there, code in the middle."""
    near = min(length, 6000)
    return rng.choice([rng.randrange(length), rng.randrange(near), length - 1 - rng.randrange(near)])


def damage_bytes(rng, data):
    """A copy of `data`, damaged in one place or a few."""
    data = bytearray(data)
    if rng.random() < 0.1:
        return bytes(data[:place(rng, len(data))])
    for _ in range(rng.choice([1, 1, 1, 2, 4, 16])):
        if not data:
            break
        at = place(rng, len(data))
        kind = rng.randrange(8)
        if kind <= 1:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 2:
            data[at] = rng.choice(BYTES)
        elif kind == 3:
            data[at] = (data[at] + rng.choice([-1, 1])) % 256
        elif kind == 4:
            data[at:at + 1] = rng.choice(LENGTHS)
        elif kind == 5:
            data[at:at + rng.choice([1, 2, 8, 64])] = b''
        elif kind == 6:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 2, 8])))
        else:
            source = place(rng, len(data))
            data[at:at] = data[source:source + rng.choice([1, 4, 16, 256])]
    return bytes(data)


def damage_text(rng, data):
    """A copy of `data`, damaged in one token or a few."""
    if rng.random() < 0.1:
        return damage_bytes(rng, data)
    tokens = re.findall(r'\s+|[()]|"(?:[^"\\]|\\.)*"|[^\s()"]+|.', data.decode(), re.DOTALL)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(tokens))
        while tokens[at].isspace():
            at = rng.randrange(len(tokens))
        kind = rng.randrange(6)
        if kind == 0:
            del tokens[at]
        elif kind == 1:
            tokens[at] = rng.choice(WORDS)
        elif kind == 2:
            tokens.insert(at, ' ' + rng.choice(WORDS) + ' ')
        elif kind == 3:
            tokens[at] = rng.choice(tokens)
        elif kind == 4:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        else:
            source = rng.randrange(len(tokens))
            tokens[at:at] = tokens[source:source + rng.choice([2, 8, 40])]
    return ''.join(tokens).encode('utf-8', 'surrogateescape')


def run_limited(command, seconds, megabytes, directory):
    """Run `command`; (status, stderr), the status None after a timeout."""
    def limit():
        # Address space is reserved generously; what counts is private memory.
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        done = subprocess.run(command, timeout=seconds, preexec_fn=limit, stdin=subprocess.DEVNULL, cwd=directory,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return None, ''
    return done.returncode, done.stderr.decode(errors='replace')


def signal_name(status):
    return signal.Signals(-status).name


def compile_copy(arguments, copy, stage, directory):
    """What is wrong with how `copy` was compiled, or None."""
    output = directory / 'out'
    output.mkdir()
    program = output / 'program'
    command = [arguments.tenon, copy, '-O0', f'--emit={stage}', '-o', program]
    status, errors = run_limited(command, arguments.timeout, arguments.memory, directory)
    if status is None:
        return f'hangs for {arguments.timeout} seconds'
    if status < 0:
        return f'dies from {signal_name(status)}\n{errors[-2000:]}'
    left = sorted(path.name for path in output.iterdir())
    if status == 0:
        if left != ['program']:
            return f'succeeds and leaves {left}'
        return run_program(program, directory) if arguments.run and stage == 'exe' else None
    if status != 1:
        return f'ends with status {status}\n{errors[-2000:]}'
    if left:
        return f'fails and leaves {left}'
    if not PLACED_ERROR.search(errors):
        return f'fails without an error that has a place\n{errors[-2000:]}'
    return None


def run_program(program, directory):
    status, errors = run_limited([program], 1, 4096, directory)
    if status is not None and status < 0:
        return f'makes a program that dies from {signal_name(status)}\n{errors[-2000:]}'
    if status == INTERNAL_FAULT and 'internal fault' in errors:
        return f'makes a program that faults\n{errors[-2000:]}'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('tenon')
    parser.add_argument('files', nargs='+', type=pathlib.Path)
    parser.add_argument('--count', type=int, default=20)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--emit', default='exe,fused')
    parser.add_argument('--timeout', type=int, default=60)
    parser.add_argument('--memory', type=int, default=4096)
    parser.add_argument('--run', action='store_true')
    parser.add_argument('--keep', type=pathlib.Path)
    arguments = parser.parse_args()
    found = shutil.which(arguments.tenon) or sys.exit(f'no program {arguments.tenon}')
    arguments.tenon = pathlib.Path(found).resolve()
    stages = arguments.emit.split(',')
    passed = failed = 0
    for file in arguments.files:
        data = file.read_bytes()
        damage = damage_text if file.suffix == '.wat' else damage_bytes
        for number in range(arguments.count):
            rng = random.Random(f'{arguments.seed} {file.parent.name}/{file.name} {number}')
            with tempfile.TemporaryDirectory() as scratch:
                directory = pathlib.Path(scratch)
                copy = directory / f'{file.parent.name}-{file.stem}-{arguments.seed}-{number}{file.suffix}'
                copy.write_bytes(damage(rng, data))
                stage = stages[number % len(stages)]
                problem = compile_copy(arguments, copy, stage, directory)
                if not problem:
                    passed += 1
                    continue
                failed += 1
                print(f'{copy.name}: --emit={stage} {problem}', flush=True)
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    shutil.copy(copy, arguments.keep)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
