#!/usr/bin/env python3
"""Measures how fast Tenon compiles, and prints a Markdown table: docs/Performance.md has it.

    tools/bench/compile.py TENON COMPONENT... [-O LEVEL]... [-j N] [--rounds N] [--against TENON]

COMPONENT is a binary component (.wasm, or .wasm.xz). MB are those of the code sections of its core modules.
Per component and level: the wall time's median, MB of code a second of it, the least processor time of all
rounds (on a busy machine the only figure to compare by), and the most memory. With --against the other
compiler runs in turn with the first, so that a slow minute hits both.
"""

import argparse
import lzma
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CORE_MODULE, COMPONENT, CODE = 1, 4, 10


def sections(data, at, end):
    """Yields (id, start, end) of the sections that stand in data[at:end], behind the eight bytes of a preamble."""
    at += 8
    while at < end:
        kind, at, size, shift = data[at], at + 1, 0, 0
        while True:
            byte, at = data[at], at + 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield kind, at, at + size
        at += size


def code_bytes(data):
    """Bytes of code sections in a component, or in a core module."""
    total, todo = 0, [(0, len(data))]
    while todo:
        start, end = todo.pop()
        is_component = data[start + 6] == 1
        for kind, first, last in sections(data, start, end):
            if is_component and kind in (CORE_MODULE, COMPONENT):
                todo.append((first, last))
            elif not is_component and kind == CODE:
                total += last - first
    return total


class Run:
    """One run of a compiler: seconds of wall time and of processor time, and the most memory in MB."""

    def __init__(self, command):
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if status:
            sys.exit(f"{' '.join(map(str, command))}: status {status}\n{message.decode()}")


def unpacked(path, scratch):
    if path.suffix != ".xz":
        return path
    plain = scratch / path.stem
    plain.write_bytes(lzma.decompress(path.read_bytes()))
    return plain


def name_of(path):
    return path.parent.name if path.name.startswith("component.") else path.stem


def row(name, level, size, runs):
    wall = statistics.median(run.wall for run in runs)
    cpu = min(run.cpu for run in runs)
    memory = max(run.memory for run in runs)
    return f"| {name} | {size:.2f} | -O{level} | {wall:.2f} | {size / wall:.2f} | {cpu:.2f} | {memory:.0f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tenon", type=pathlib.Path)
    parser.add_argument("components", type=pathlib.Path, nargs="+", metavar="COMPONENT")
    parser.add_argument("-O", dest="levels", action="append", metavar="LEVEL")
    parser.add_argument("-j", dest="jobs", default="0", metavar="N", help="threads (default: all)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=pathlib.Path, metavar="TENON")
    options = parser.parse_args()
    compilers = {"": options.tenon.resolve()}
    if options.against:
        compilers[" (against)"] = options.against.resolve()
    jobs = [] if options.jobs == "0" else ["-j", options.jobs]
    print("| component | MB of code | level | wall, s | MB/s | processor, s | memory, MB |\n|" + "---|" * 7)
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for component in options.components:
            source = unpacked(component, scratch)
            size = code_bytes(source.read_bytes()) / 1e6
            for level in options.levels or ["0", "2"]:
                runs = {name: [] for name in compilers}
                for _ in range(options.rounds):
                    for name, tenon in compilers.items():
                        runs[name].append(Run([tenon, f"-O{level}", *jobs, source, "-o", scratch / "out"]))
                for name in compilers:
                    print(row(name_of(component) + name, level, size, runs[name]), flush=True)


if __name__ == "__main__":
    main()
