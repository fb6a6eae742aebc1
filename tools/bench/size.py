#!/usr/bin/env python3
"""Measures how compile time grows with the size of the input, and prints a Markdown table.

    tools/bench/size.py TENON [-O LEVEL]... [--only REGEX] [--scale F] [--timeout S] [--memory MB] [--limit R]

Every case is a core module that is huge in one way. It is made at half its size and at its size, and compiled to an object
(`--emit=obj --no-cache`). A row has the seconds and MB of the larger, and the ratio of the two times. "superlinear" is a ratio
above --limit (looked at only where the time is more than measuring noise); "crash" and "timeout" speak for themselves. The
status is 1 if a row has one of the three. --scale 0.1 makes everything ten times smaller.
"""

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

I32, FUNCREF, EMPTY = 0x7F, 0x70, 0x40
BLOCK, LOOP, IF, ELSE, END, BR, BR_IF, BR_TABLE, CALL = 2, 3, 4, 5, 11, 12, 13, 14, 16
DROP, GET, SET, CONST, ADD, XOR, MUL = 0x1A, 0x20, 0x21, 0x41, 0x6A, 0x73, 0x6C


def leb(value):
    """An unsigned number; for a constant below 64 it is the signed one too."""
    out = bytearray()
    while True:
        byte, value = value & 127, value >> 7
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)


def op(code, *numbers):
    return bytes([code]) + b"".join(map(leb, numbers))


def const(value):
    """i32.const of a number below 2**31."""
    return bytes([CONST]) + (bytes([value]) if value < 64 else leb(value | 1 << 34)[:4] + bytes([value >> 28 & 15]))


def vector(items):
    items = list(items)
    return leb(len(items)) + b"".join(items)


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def func_type(params, results):
    return b"\x60" + leb(params) + bytes([I32]) * params + leb(results) + bytes([I32]) * results


def body(code, locals_=0):
    declared = vector([leb(locals_) + bytes([I32])] if locals_ else [])
    content = declared + code + bytes([END])
    return leb(len(content)) + content


class Module:
    """Sections by number; type 0 is [i32] -> [i32], and every function is of it unless said."""

    def __init__(self, types=()):
        self.sections = {1: vector([func_type(1, 1), *types])}

    def functions(self, bodies, types=None):
        self.sections[3] = vector(leb(t) for t in (types or [0] * len(bodies)))
        self.sections[7] = vector([b"\x01f" + b"\x00" + leb(len(bodies) - 1)])
        self.sections[10] = vector(bodies)
        return self

    def bytes(self):
        order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
        return b"\0asm\1\0\0\0" + b"".join(section(i, self.sections[i]) for i in order if i in self.sections)


def one(code, locals_=0, types=()):
    """The module of one function, and of one that it can call; that is too large to be inlined."""
    leaf = body(op(GET, 0) + b"".join(const(i + 3) + op(MUL) + const(i) + op(XOR) for i in range(300)))
    return Module(types).functions([leaf, body(code, locals_)])


def table_targets(n):
    code = op(BLOCK, EMPTY) * 4 + op(GET, 0) + op(BR_TABLE) + vector(leb(i * 7 % 4) for i in range(n)) + leb(3)
    for i in range(4):
        code += op(END) + op(GET, 0) + const(i) + op(ADD) + op(SET, 0)
    return one(code + op(GET, 0))


def table_blocks(n):
    code = op(BLOCK, EMPTY) * n + op(GET, 0) + op(BR_TABLE) + vector(leb(i) for i in range(n)) + leb(n - 1)
    code += b"".join(op(END) + op(GET, 0) + const(i) + op(XOR) + op(SET, 0) for i in range(n))
    return one(code + op(GET, 0))


def straight(n):
    step = b"".join(op(GET, 0) + const(i * 2654435761 % 2**31) + op(code) + op(SET, 0)
                    for i, code in enumerate([ADD, XOR, MUL, ADD] * 25))
    return one(step * (n // len(step)) + op(GET, 0))


def live(n):
    """n locals that are each set before a call, and all read behind all the calls."""
    code = b"".join(op(GET, 0) + const(i % 64) + op(ADD) + op(CALL, 0) + op(SET, i + 1) for i in range(n))
    code += b"".join(op(GET, 0) + op(GET, i + 1) + op(XOR) + op(SET, 0) for i in range(n))
    return one(code + op(GET, 0), n)


def calls(n):
    return one(op(GET, 0) + op(CALL, 0) * n)


def ifs(n):
    step = op(GET, 0) + const(5) + op(XOR) + op(IF, EMPTY) + op(GET, 0) + const(7) + op(ADD) + op(SET, 0) + op(END)
    return one(step * n + op(GET, 0))


def many_locals(n):
    code = b"".join(op(GET, i) + const(1) + op(ADD) + op(SET, i + 1) for i in range(n))
    return one(code + op(GET, n), n)


def nest(opcode, result):
    def make(n):
        kind = I32 if result else EMPTY
        open_ = (op(GET, 0) if opcode == IF else b"") + op(opcode, kind)
        step = op(GET, 0) + const(1) + op(ADD) + op(SET, 0)
        inside = op(GET, 0) if result else op(GET, 0) + op(BR_IF, n - 1)
        close = (step + (op(ELSE) + op(GET, 0) if opcode == IF and result else b"") + op(END))
        return one(open_ * n + inside + close * n + (b"" if result else op(GET, 0)))
    return make


def functions(n):
    bodies = [body(op(GET, 0) + const(3) + op(MUL))]
    bodies += [body(op(GET, 0) + op(CALL, i // 2) + const(i) + op(XOR)) for i in range(n - 1)]
    return Module().functions(bodies)


def elements(n):
    module = functions(100)
    module.sections[4] = vector([bytes([FUNCREF, 0]) + leb(n)])
    module.sections[9] = vector([leb(0) + const(0) + op(END) + vector(leb(i % 100) for i in range(n))])
    return module


def data(n):
    module = functions(2)
    module.sections[5] = vector([b"\0" + leb(n * 16 // 65536 + 1)])
    module.sections[11] = vector(leb(0) + const(i * 16) + op(END) + leb(3) + b"abc" for i in range(n))
    return module


def passive_data(n):
    module = functions(2)
    module.sections[5] = vector([b"\0\1"])
    module.sections[11] = vector(leb(1) + leb(3) + b"abc" for i in range(n))
    return module


def params(n):
    many = b"".join(op(GET, i) for i in range(n))
    caller = op(GET, 0) * n + op(CALL, 0) + op(ADD) * (n - 1)
    return Module([func_type(n, n)]).functions([body(many), body(caller)], [1, 0])


def global_(n):
    module = one(b"".join(op(GET, 0) + op(0x24, i) + op(0x23, i) + op(SET, 0) for i in range(n)) + op(GET, 0))
    module.sections[6] = vector(bytes([I32, 1]) + const(i) + op(END) for i in range(n))
    return module


CASES = {"br_table, targets": (table_targets, 100000), "br_table, blocks": (table_blocks, 10000),
         "straight line, bytes": (straight, 1000000), "values over calls": (live, 10000),
         "calls in a row": (calls, 50000), "ifs in a row": (ifs, 50000), "locals": (many_locals, 50000),
         "functions": (functions, 50000), "elements": (elements, 1000000), "active data": (data, 100000),
         "passive data": (passive_data, 100000), "params and results": (params, 1000), "globals": (global_, 50000)}
CASES |= {f"nested {name}{', results' * result}": (nest(code, result), 100000)
          for name, code in (("block", BLOCK), ("loop", LOOP), ("if", IF)) for result in (False, True)}


class Run:
    """One compilation: what came of it, processor seconds and MB."""

    def __init__(self, command, options):
        def bound():
            resource.setrlimit(resource.RLIMIT_AS, (options.memory << 20, options.memory << 20))
            resource.setrlimit(resource.RLIMIT_CPU, (options.timeout, options.timeout + 1))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=bound)
        message = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        self.seconds = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        self.verdict = ""
        if status:
            lines = message.strip().splitlines()
            self.verdict = "timeout" if self.seconds >= options.timeout else f"crash: {lines[0][:90] if lines else status}"


def measure(name, level, options, scratch):
    """Prints the row of a case; returns whether it is as it should be."""
    make, size = CASES[name]
    runs = []
    for n in (int(size * options.scale) // 2, int(size * options.scale)):
        source = scratch / "in.wasm"
        source.write_bytes(make(n).bytes())
        command = [options.tenon, f"-O{level}", "--emit=obj", "--no-cache", source, "-o", scratch / "out.o"]
        runs.append(Run(command, options))
        if runs[-1].verdict:
            break
    ratio = runs[-1].seconds / max(runs[0].seconds, 0.001) if len(runs) == 2 else 0
    verdict = runs[-1].verdict or ("superlinear" if ratio > options.limit and runs[-1].seconds > 1 else "")
    print(f"| {name} | {n} | -O{level} | {runs[-1].seconds:.2f} | {runs[-1].memory:.0f} | {ratio:.1f} | {verdict} |", flush=True)
    return not verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tenon", help="a path, or a command")
    parser.add_argument("-O", dest="levels", action="append", metavar="LEVEL")
    parser.add_argument("--only", default="", metavar="REGEX")
    parser.add_argument("--scale", type=float, default=1, metavar="F")
    parser.add_argument("--timeout", type=int, default=60, metavar="S")
    parser.add_argument("--memory", type=int, default=6000, metavar="MB")
    parser.add_argument("--limit", type=float, default=2.6, metavar="R")
    options = parser.parse_args()
    print("| case | n | level | processor, s | memory, MB | t(n) / t(n/2) | |\n|" + "---|" * 7)
    with tempfile.TemporaryDirectory() as folder:
        good = [measure(name, level, options, pathlib.Path(folder)) for name in CASES
                if re.search(options.only, name) for level in options.levels or ["0", "2"]]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
