#!/usr/bin/env python3
"""one-miss.py TENON LEVEL FIRST EDITED[=MISSES]...

Compiles FIRST with an empty cache, then every EDITED with what FIRST left there: MISSES parts (default
one) must be compiled, more than three must be found, and the output must be that of --no-cache.
"""
import filecmp
import re
import shutil
import subprocess
import sys

tenon, level, first, *edited = sys.argv[1:]


def compile(source, output, *flags):
    subprocess.run([tenon, level, '--emit=obj', source, '-o', output, *flags], check=True)


def counts():
    text = subprocess.run([tenon, 'cache', '--cache-dir=now'], check=True, capture_output=True, text=True).stdout
    return [int(n) for n in re.search(r'parts +(\d+) hits, (\d+) misses', text).groups()]


shutil.rmtree('base', ignore_errors=True)
compile(first, 'base.o', '--cache-dir=base')
for edit in edited:
    source, _, misses = edit.partition('=')
    shutil.rmtree('now', ignore_errors=True)
    shutil.copytree('base', 'now')
    before = counts()
    compile(source, 'cached.o', '--cache-dir=now')
    hits, missed = (b - a for a, b in zip(before, counts()))
    compile(source, 'fresh.o', '--no-cache')
    assert missed == int(misses or 1), f'{level} {source}: {missed} parts were compiled, {hits} found'
    assert hits > 3, f'{level} {source}: {hits} hits'
    assert filecmp.cmp('cached.o', 'fresh.o', shallow=False), f'{level} {source}: another output'
