#!/usr/bin/env python3
"""Real components validate; with one type changed they are refused, and the place is named.

broken_types.py TENON CORPUS [NAME...]

In the type section of each component, primitive types that functions of imported interfaces mention are
replaced by others, one at a time (a few of each component, spread over all of them). The result must be
refused when it is validated or compared with what the host has, by an error with the name of an import or
export in it. Prints a line for each component; exit status 1 if there was a failure.
"""
import lzma
import re
import subprocess
import sys
import tempfile
from pathlib import Path

VARIANTS = 4  # of each component
# bool .. string; each becomes one that is lowered otherwise.
PRIMITIVES = {0x7f: 0x75, 0x7e: 0x77, 0x7d: 0x77, 0x7c: 0x75, 0x7b: 0x75, 0x7a: 0x75, 0x79: 0x75,
              0x78: 0x76, 0x77: 0x76, 0x76: 0x79, 0x75: 0x79, 0x74: 0x78, 0x73: 0x79}
PLACE = re.compile(r"(error|note): .*(import|export|argument) '[^']+'")


class Walk:
    """The type section of a component, down to the offsets of primitive types in functions' types."""

    def __init__(self, data):
        self.data, self.at, self.places = data, 0, []

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def u32(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value

    def name(self):
        length = self.u32()
        self.at += length

    def extern_name(self):
        if self.byte() == 2:  # with attributes
            self.name()
            for _ in range(self.u32()):
                self.byte()
                self.name()
        else:
            self.name()

    def valtype(self, keep=True):
        if self.data[self.at] in PRIMITIVES:
            if keep:
                self.places.append(self.at)
            self.at += 1
        else:
            self.u32()

    def maybe(self, parse):
        if self.byte():
            parse()

    def extern(self):
        kind = self.byte()
        if kind == 0:  # core module
            self.byte()
            self.u32()
        elif kind == 3:  # type
            if self.byte() == 0:
                self.u32()
        elif kind == 2:
            self.byte()
            self.u32()
        else:
            self.u32()

    def func(self):
        for _ in range(self.u32()):
            self.name()
            self.valtype()
        if self.byte() == 0:
            self.valtype()
        else:
            self.byte()

    def defined(self):
        tag = self.byte()
        if tag in (0x40, 0x43):
            self.func()
        elif tag == 0x42:
            self.declarations(is_component=False)
        elif tag == 0x41:
            self.declarations(is_component=True)
        elif tag == 0x3f:  # resource
            self.byte()
            self.maybe(self.u32)
        elif tag == 0x72:  # record
            for _ in range(self.u32()):
                self.name()
                self.valtype()
        elif tag == 0x71:  # variant
            for _ in range(self.u32()):
                self.name()
                self.maybe(self.valtype)
                self.byte()
        elif tag in (0x70, 0x6b):  # list, option
            self.valtype()
        elif tag == 0x6f:  # tuple
            for _ in range(self.u32()):
                self.valtype()
        elif tag in (0x6e, 0x6d):  # flags, enum
            for _ in range(self.u32()):
                self.name()
        elif tag == 0x6a:  # result
            self.maybe(self.valtype)
            self.maybe(self.valtype)
        elif tag in (0x69, 0x68):  # own, borrow
            self.u32()
        elif tag in (0x66, 0x65):  # stream, future
            self.maybe(lambda: self.valtype(keep=False))
        elif tag not in PRIMITIVES:
            raise ValueError(f'type {tag:#x} at {self.at - 1:#x}')

    def declarations(self, is_component):
        for _ in range(self.u32()):
            kind = self.byte()
            if kind == 1:
                self.defined()
            elif kind == 2:  # outer alias
                self.byte()
                self.byte()
                self.u32()
                self.u32()
            elif kind == 3 and is_component or kind == 4:
                self.extern_name()
                self.extern()
            else:
                raise ValueError(f'declaration {kind} at {self.at - 1:#x}')

    def component(self):
        """Instance types of the component itself, which imports have."""
        self.at = 8
        while self.at < len(self.data):
            section, size = self.byte(), self.u32()
            end = self.at + size
            if section == 7:
                for _ in range(self.u32()):
                    before, is_instance = len(self.places), self.data[self.at] == 0x42
                    self.defined()
                    if not is_instance:
                        del self.places[before:]
                assert self.at == end
            self.at = end
        return self.places


def tenon(*args):
    return subprocess.run(args, capture_output=True, text=True, errors='replace', timeout=600)


def check(program, data, path):
    """The failures of one component, and how many variants of it there were."""
    path.write_bytes(data)
    done = tenon(program, 'validate', path)
    if done.returncode:
        return [f'does not validate: {done.stderr.strip()}'], 0
    places = Walk(data).component()
    step = max(1, len(places) // VARIANTS)
    chosen = places[step // 2::step][:VARIANTS]
    failures = []
    for place in chosen:
        broken = bytearray(data)
        broken[place] = PRIMITIVES[data[place]]
        path.write_bytes(broken)
        done = tenon(program, '--emit=flat', path, '-o', '/dev/null')
        if done.returncode != 1 or not PLACE.search(done.stderr):
            failures.append(f'variant at {place:#x}: status {done.returncode}: {done.stderr[-300:].strip()}')
    return failures, len(chosen)


def main():
    program, corpus, names = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    files = sorted(f for f in corpus.glob('*/component.wasm*') if not names or f.parent.name in names)
    failed = variants = 0
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            data = lzma.open(file).read() if file.suffix == '.xz' else file.read_bytes()
            failures, count = check(program, data, Path(folder) / 'component.wasm')
            print("\n  ".join([f"{'FAIL' if failures else 'ok  '} {file.parent.name}: {count} variants", *failures]))
            failed += bool(failures)
            variants += count
    print(f'{len(files)} components, {variants} variants, {failed} failed')
    return 1 if failed or not files else 0


if __name__ == '__main__':
    sys.exit(main())
