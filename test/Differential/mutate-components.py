#!/usr/bin/env python3
"""Changes one byte in what components say of types, imports, exports, aliases and canonical functions, and compares
what `tenon validate` and `wasm-tools validate` think of it. A refusal must name a place, and no input may crash.

  mutate-components.py [--count N] [--seed S] [--features LIST] [--alone] BUILD FILE...

Without wasm-tools on the PATH, or with --alone, only the second is checked. Each kind of difference is printed once, with the number of
inputs, and its first input is kept in the folder `differences`.
"""
import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

PREAMBLE = b'\0asm\x0d\0\x01\0'
NESTED, INTERESTING = 4, {5, 6, 7, 8, 10, 11}  # component; instance, alias, type, canon, import, export
BYTES = [0x7f, 0x7d, 0x79, 0x73, 0x70, 0x69, 0x68]  # bool, u8, u32, string, list, own, borrow


def leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def ranges(data, begin, end):
    """The sections of a component, and of those in it, that are worth a change."""
    found = []
    at = begin + len(PREAMBLE)
    while at < end:
        kind = data[at]
        size, at = leb(data, at + 1)
        if kind == NESTED:
            found += ranges(data, at, at + size)
        elif kind in INTERESTING and size:
            found.append((at, at + size))
        at += size
    return found


def mutate(rng, data, places):
    begin, end = rng.choices(places, [end - begin for begin, end in places])[0]
    at = rng.randrange(begin, end)
    changed = bytearray(data)
    changed[at] = rng.choice([data[at] ^ 1, (data[at] + 1) & 255, (data[at] - 1) & 255, *BYTES, rng.randrange(256)])
    return bytes(changed)


def validate(command, path):
    """Whether it is accepted, and what was said."""
    done = subprocess.run([*command, path], capture_output=True, text=True, errors='replace', timeout=120)
    return done.returncode, done.stderr


def kind_of(accepted, said):
    if accepted:
        return 'accepted'
    said = re.sub(r"'[^']*'|`[^`]*`", '_', said.split('error:')[-1].strip())
    return re.sub(r'0x[0-9a-f]+|[0-9]+', 'N', said)[:100]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--count', type=int, default=1000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--features', default='all', help='what `tenon validate` gets with --enable')
    parser.add_argument('--alone', action='store_true', help='do not ask wasm-tools')
    parser.add_argument('build', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    options = parser.parse_args()
    seeds = []
    for path in options.files:
        data = path.read_bytes()
        if data.startswith(PREAMBLE) and (places := ranges(data, 0, len(data))):
            seeds.append((data, places))
    ours = [options.build / 'bin/tenon', 'validate', f'--enable={options.features}']
    asks = shutil.which('wasm-tools') and not options.alone
    theirs = ['wasm-tools', 'validate', '--features=all'] if asks else None
    rng = random.Random(options.seed)
    counts, differences = Counter(), Counter()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, 'changed.wasm')
        for _ in range(options.count):
            path.write_bytes(mutate(rng, *rng.choice(seeds)))
            status, said = validate(ours, path)
            counts['accepted' if status == 0 else 'refused'] += 1
            difference = None
            if status not in (0, 1):
                difference = f'exit status {status}', said[-200:]
            elif status == 1 and 'changed.wasm:0x' not in said:
                difference = 'no place', said[:200]
            elif theirs:
                other, other_said = validate(theirs, path)
                if (status == 0) != (other == 0):
                    difference = kind_of(status == 0, said), kind_of(other == 0, other_said)
            if difference:
                if not differences[difference]:
                    Path('differences').mkdir(exist_ok=True)
                    shutil.copy(path, f'differences/{len(differences)}.wasm')
                differences[difference] += 1
    for (one, other), count in differences.most_common():
        print(f'{count}: tenon: {one}; wasm-tools: {other}')
    print(f'{len(seeds)} components, {counts["accepted"]} variants accepted, {counts["refused"]} refused, '
          f'{differences.total()} differences')
    return bool(differences)


if __name__ == '__main__':
    sys.exit(main())
