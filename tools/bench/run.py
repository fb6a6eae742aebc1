#!/usr/bin/env python3
"""Measures what Tenon makes, and prints Markdown tables: docs/Performance.md is made of them.

    tools/bench/run.py TENON [--rounds N] [--only PART...] [--shared DIR]

    start    size of hello, and the time from fork to exit, against a static C program and wasmtime
    kernels  kernels.c through wasm and Tenon, against the same file through clang -O3
    calls    nanoseconds a virtualized call (calls.wat), against the same program in C with -flto (calls.c)
    lists    lists and strings to another component (lists.wat), against memcpy in C (lists.c)
    reads    system calls of 1000 descriptor.reads (readloop.wat), bare and under the example's virtualizer

Programs that are compared run in turn, one run each a round, so that a slow minute of the machine hits all
of them; figures are medians of the rounds. What a missing tool prevents is named, not left out silently.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent
EXAMPLE = BENCH.parent.parent / "test" / "EndToEnd" / "link-time-virtualization"
CLANG = "clang-22"
GUEST_FLAGS = ("--target=wasm32 -O3 -nostdlib -mbulk-memory -msign-ext -mnontrapping-fptoint -Wl,--no-entry "
               "-Wl,--import-memory -Wl,--initial-memory=8388608").split()
HELLO_C = '#include <stdio.h>\nint main(void) { puts("hello, world"); return 0; }\n'
PARTS = ("start", "kernels", "calls", "lists", "reads")
ASCII = "The quick brown fox jumps over the lazy dog. 0123456789 abcdefg "
LATIN = "Voil\xe0 l'\xe9t\xe9 pr\xe8s du ch\xe2teau, o\xf9 tout \xe9tait ferm\xe9. "
MIXED = "na\xefve caf\xe9 \u2013 \u043f\u0440\u0438\u0432\u0435\u0442, \u4f60\u597d\u4e16\u754c! \U0001f600 "
ENCODINGS = {"utf8": "utf-8", "utf16": "utf-16-le", "latin1+utf16": "latin-1"}


class Skipped(Exception):
    """A part, or a row of one, that can't be measured here."""


def need(tool):
    path = shutil.which(tool)
    if not path:
        raise Skipped(f"{tool} is not on PATH")
    return path


def run(*command, cwd=None):
    """Runs a command to its end and returns what it printed; a failure ends the benchmark."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def alternate(rounds, subjects, measure):
    """For each of {name: subject} the list of what `measure` gave, a round at a time, in turning order."""
    samples = {name: [] for name in subjects}
    names = list(subjects)
    for round_number in range(rounds):
        for name in names if round_number % 2 == 0 else names[::-1]:
            samples[name].append(measure(subjects[name]))
    return samples


def table(title, header, rows):
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


class Bench:
    def __init__(self, options, scratch):
        self.tenon = pathlib.Path(options.tenon).resolve()
        self.rounds = options.rounds
        self.shared = options.shared
        self.scratch = scratch

    def compile(self, source, output, *flags):
        run(self.tenon, source, "-o", self.scratch / output, *flags, cwd=self.scratch)
        return self.scratch / output

    def clang(self, output, *arguments):
        run(need(CLANG), *arguments, "-o", self.scratch / output)
        return self.scratch / output

    # --- start -----------------------------------------------------------------------------------------

    def start(self):
        programs, sizes = {}, {}
        notes = []

        def add(name, command, size):
            programs[name] = [str(word) for word in command]
            sizes[name] = size

        try:
            (self.scratch / "hello.c").write_text(HELLO_C)
            native = self.clang("hello-c", "-O2", "-static", self.scratch / "hello.c")
            run("strip", native)
            add("static C, stripped", [native], native.stat().st_size)
        except Skipped as reason:
            notes.append(f"static C: {reason}")
        hello = self.compile(BENCH / "hello.wat", "hello")
        stripped = self.compile(BENCH / "hello.wat", "hello-stripped", "--strip")
        add(f"Tenon, hello.wat ({stripped.stat().st_size} with --strip)", [hello], hello.stat().st_size)
        corpus = self.shared / "corpus" / "hello-p2" / "component.wasm"
        if corpus.exists():
            program = self.compile(corpus, "hello-p2")
            add("Tenon, hello-p2 (C with wasi-libc)", [program], program.stat().st_size)
        else:
            notes.append(f"hello-p2: no {corpus}")
        try:
            wasmtime = need_wasmtime()
            module = self.scratch / "hello.cwasm"
            binary = self.scratch / "hello.wasm"
            run(self.tenon, "--emit=wasm", BENCH / "hello.wat", "-o", binary)
            run(wasmtime, "compile", binary, "-o", module)
            add("wasmtime, hello.wat precompiled", [wasmtime, "run", "--allow-precompiled", module],
                module.stat().st_size)
        except Skipped as reason:
            notes.append(f"wasmtime: {reason}")

        samples = alternate(max(self.rounds * 10, 50), programs, time_process)
        base = statistics.median(samples[next(iter(samples))])
        rows = []
        for name in programs:
            median = statistics.median(samples[name])
            rows.append([name, f"{sizes[name]}", f"{median * 1e3:.2f}", f"{median / base:.2f}"])
        table("Size and start-up", ["hello", "bytes", "exec to exit, ms", "against the first"], rows)
        return notes

    # --- kernels ---------------------------------------------------------------------------------------

    def kernels(self):
        source = BENCH / "kernels.c"
        programs = {
            "clang -O3": self.clang("native", "-O3", source),
            "clang -O3 -march=x86-64-v2": self.clang("native-v2", "-O3", "-march=x86-64-v2", source),
        }
        self.clang("kernels.wasm", *GUEST_FLAGS, source)
        text = shutil.copy(BENCH / "kernels.wat", self.scratch)
        for level in ("-O2", "-O3"):
            programs[f"Tenon {level}"] = self.compile(text, f"kernels{level}", level)
        samples = alternate(self.rounds, programs, lambda program: parse(run(program)))
        names = list(next(iter(samples.values()))[0])
        native = list(programs)[1]
        rows = []
        for kernel in names:
            checks = {one[kernel][-1] for many in samples.values() for one in many}
            if len(checks) != 1:
                sys.exit(f"{kernel}: the programs don't agree on the result: {sorted(checks)}")
            medians = {name: statistics.median(one[kernel][0] for one in samples[name]) for name in programs}
            row = [kernel]
            for name in programs:
                ratio = "" if name == native else f" ({medians[name] / medians[native]:.2f})"
                row.append(f"{medians[name] / 1e3:.0f}{ratio}")
            rows.append(row)
        header = [name + (", µs" if name == native else ", µs (ratio)") for name in programs]
        table("Kernels; ratios against clang for the same instruction set", ["kernel"] + header, rows)
        return []

    # --- calls -----------------------------------------------------------------------------------------

    def calls_in_wasm(self, depth):
        lines = (BENCH / "calls.wat").read_text()
        level = re.search(r"  \(instance \$level1 .*?\n.*?\n", lines).group(0)
        chain = "".join(
            level.replace("$level1", f"$level{n}").replace("$level0", f"$level{n - 1}")
            for n in range(1, depth + 1))
        child = '(with "counters" (instance $level1 "counters"))))'
        text = lines.replace(child, child.replace("$level1", f"$level{depth}")).replace(level, chain)
        path = self.scratch / f"calls{depth}.wat"
        path.write_text(text)
        return self.compile(path, f"calls{depth}")

    def calls_in_c(self, depth):
        flags = ["-O2", "-march=x86-64-v2", "-flto", "-c", BENCH / "calls.c"]
        parts = [self.clang("leaf.o", *flags, "-DPART=0"), self.clang("main.o", *flags, "-DPART=3"),
                 self.clang("child.o", *flags, "-DPART=2", f"-DTOP={depth}")]
        for n in range(1, depth + 1):
            parts.append(
                self.clang(f"level{n}.o", *flags, "-DPART=1", f"-DLEVEL={n}", f"-DBELOW={n - 1}"))
        return self.clang(f"calls-c{depth}", "-O2", "-flto", "-fuse-ld=lld", *parts)

    def calls(self):
        programs = {}
        notes = []
        for depth in (1, 8):
            programs["Tenon -O2", depth] = self.calls_in_wasm(depth)
            try:
                programs["clang -O2 -flto", depth] = self.calls_in_c(depth)
            except Skipped as reason:
                notes.append(f"calls.c: {reason}")
        samples = alternate(self.rounds, programs, lambda program: parse(run(program)))
        rows = []
        for loop in ("scalars", "handles"):
            for depth in (1, 8):
                row = [loop, str(depth)]
                medians = []
                for compiler in ("Tenon -O2", "clang -O2 -flto"):
                    many = samples.get((compiler, depth))
                    if many:
                        medians.append(statistics.median(one[loop][1] / one[loop][0] for one in many))
                    row.append(f"{medians[-1]:.2f}" if many else "skipped")
                row.append(f"{medians[0] / medians[1]:.2f}" if len(medians) == 2 else "")
                rows.append(row)
        table("Virtualized calls, ns a call", ["loop", "virtualizers", "Tenon -O2", "C -O2 -flto", "ratio"], rows)
        return notes

    # --- lists -----------------------------------------------------------------------------------------

    def list_program(self, name, **values):
        text = (BENCH / "lists.wat").read_text()
        for key, value in {"TO": "utf8", "FROM": "utf8", "TAG": 0, **values}.items():
            text = text.replace("@" + key, str(value))
        path = self.scratch / f"lists-{len(list(self.scratch.iterdir()))}.wat"
        path.write_text(text)
        return self.compile(path, path.stem)

    def string_program(self, text, source, target):
        codec = ENCODINGS[source]
        tag = 0
        if source == "latin1+utf16" and any(ord(c) > 255 for c in text):
            codec, tag = "utf-16-le", 1 << 31
        data = text.encode(codec)
        return self.list_program("string", TYPE="string", FROM=source, TO=target, TAG=tag, BYTES=len(data),
                                 ELEMENTS=len(data) // (2 if codec == "utf-16-le" else 1),
                                 PATTERN="".join(f"\\{byte:02x}" for byte in data))

    def lists(self):
        programs = {"memcpy": self.clang("lists-c", "-O2", BENCH / "lists.c")}
        for element, size in (("u8", 1), ("u32", 4), ("f64", 8), ("bool", 1), ("char", 4)):
            programs[f"list<{element}>"] = self.list_program(
                element, TYPE=f"(list {element})", BYTES=64, ELEMENTS=64 // size,
                PATTERN="\\01\\00\\00\\00" * 16)
        for kind, text in (("ASCII", ASCII), ("Latin-1", LATIN), ("mixed", MIXED)):
            for source in ENCODINGS:
                for target in ENCODINGS:
                    programs[f"{kind}, {source} to {target}"] = self.string_program(text, source, target)
        samples = alternate(self.rounds, programs, lambda program: [
            tuple(map(int, line.split())) for line in run(program).splitlines()])

        def speed(name, i):
            return statistics.median(many[i][0] * many[i][1] / many[i][2] for many in samples[name])

        rows = []
        for name in programs:
            row = [name]
            for i in range(3):
                ratio = "" if name == "memcpy" else f" ({speed(name, i) / speed('memcpy', i):.2f})"
                row.append(f"{speed(name, i):.1f}{ratio}")
            rows.append(row)
        table("Lists and strings, GB/s of the source, and the ratio to memcpy",
              ["what", "4 KiB", "64 KiB", "1 MiB"], rows)
        return []

    # --- reads -----------------------------------------------------------------------------------------

    def reads(self):
        strace = need("strace")
        for folder in ("files", "files/jail", "composed"):
            (self.scratch / folder).mkdir()
        for name in ("files/data.bin", "files/jail/data.bin"):
            (self.scratch / name).write_bytes(bytes(1000 * 4096))
        for name in ("parent.wat", "virtualize.wat"):
            shutil.copy(EXAMPLE / name, self.scratch / "composed")
        shutil.copy(BENCH / "readloop.wat", self.scratch / "composed" / "child.wat")
        grant = ("--dir", "files::/")
        programs = {
            "on the host's file system": self.compile(BENCH / "readloop.wat", "bare", *grant),
            "under the example's virtualizer": self.compile("composed/parent.wat", "virtual", *grant),
        }
        rows = []
        for name, program in programs.items():
            counts = self.system_calls(strace, program)
            rows.append([name, str(counts["pread64"]), str(sum(counts.values()) - counts["pread64"]),
                         f"{counts['pread64'] / 1000:.2f}"])
        table("System calls of 1000 reads of 4 KiB", ["program", "pread64", "all others", "reads a read"], rows)
        return []

    def system_calls(self, strace, program):
        log = self.scratch / "strace.log"
        run(strace, "-f", "-c", "-o", log, program, cwd=self.scratch)
        counts = {}
        for line in log.read_text().splitlines():
            found = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", line)
            if found and found.group(2) != "total":
                counts[found.group(2)] = int(found.group(1))
        return counts


def need_wasmtime():
    """A wrapper script in front of the program would be measured with it."""
    path = need("wasmtime")
    if pathlib.Path(path).read_bytes()[:2] == b"#!":
        raise Skipped(f"{path} is a script that starts the program")
    return path


def time_process(command):
    """Seconds from fork to exit; output goes nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    took = time.perf_counter() - start
    os.close(null)
    if status:
        sys.exit(f"{command[0]}: exit {status}")
    return took


def parse(output):
    """Lines `name number number...` as {name: [number, ...]}."""
    return {words[0]: [int(word) for word in words[1:]] for words in map(str.split, output.splitlines())}


def machine():
    model = "unknown processor"
    if os.path.exists("/proc/cpuinfo"):
        found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        model = found.group(1) if found else model
    clang = run(CLANG, "--version").splitlines()[0] if shutil.which(CLANG) else f"no {CLANG}"
    return f"{model}, {os.cpu_count()} cores; {clang}; load {os.getloadavg()[0]:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tenon")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--shared", type=pathlib.Path, default=BENCH.parent.parent.parent / "shared")
    options = parser.parse_args()
    print(machine(), f"medians of {options.rounds} rounds", sep="; ")
    for part in options.only:
        with tempfile.TemporaryDirectory(prefix="tenon-bench-") as scratch:
            try:
                notes = getattr(Bench(options, pathlib.Path(scratch)), part)()
            except Skipped as reason:
                notes = [f"{part}: {reason}"]
        for note in notes:
            print(f"\nSkipped: {note}.")


if __name__ == "__main__":
    main()
