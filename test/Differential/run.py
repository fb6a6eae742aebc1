#!/usr/bin/env python3
"""Compares compiled code with the interpreter on generated programs.

  run.py [--modules N] [--traps N] [--seed S] [--opt LEVELS] [--without FEATURE,...] [-j N] BUILD

Modules come from generate-modules, which covers every instruction; trap programs from traps.py. Scripts that
show a difference are kept in the folder `differences`; the last line counts.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES_PER_SCRIPT = 25
SCRIPTS_PER_RUN = 16


def module_scripts(build, folder, seed, count, without):
    """Scripts of generated modules, `count` modules in all; made when they are asked for."""
    for i, first in enumerate(range(0, count, MODULES_PER_SCRIPT)):
        path = folder / f'modules-{seed}-{i:04}.wast'
        modules = min(MODULES_PER_SCRIPT, count - first)
        done = subprocess.run([build / 'test/Differential/generate-modules', f'--seed={seed * 1000000 + i}',
                               f'--modules={modules}', *without], capture_output=True, text=True, check=True, timeout=60)
        path.write_text(done.stdout)
        yield path


def trap_scripts(folder, seed, count):
    subprocess.run([sys.executable, HERE / 'traps.py', '--programs', str(count), '--seed', str(seed), folder], check=True)
    yield from sorted(folder.glob('traps-*.wast'))


def groups(items, size):
    group = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--modules', type=int, default=0)
    parser.add_argument('--traps', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--opt', default='0,2,3')
    parser.add_argument('--without', default='')
    parser.add_argument('-j', type=int, default=2)
    parser.add_argument('build', type=Path)
    arguments = parser.parse_args()
    without = [f'--without={arguments.without}'] if arguments.without else []
    compared = different = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for kind in ('modules', 'traps'):
            scripts = (module_scripts(arguments.build, folder, arguments.seed, arguments.modules, without) if kind == 'modules'
                       else trap_scripts(folder, arguments.seed, arguments.traps))
            for group in groups(scripts, SCRIPTS_PER_RUN):
                done = subprocess.run([arguments.build / 'bin/tenon-wast', '--differential', f'--opt={arguments.opt}',
                                       f'-j{arguments.j}', *group], capture_output=True, text=True)
                last = done.stdout.rstrip().rsplit('\n', 1)[-1]
                counts = re.fullmatch(r'(\d+) passed, (\d+) failed, \d+ skipped', last)
                if not counts:
                    sys.exit(f'tenon-wast failed:\n{done.stdout}{done.stderr}')
                compared += int(counts[1]) + int(counts[2])
                different += int(counts[2])
                if int(counts[2]):
                    print(done.stdout, end='', flush=True)
                    Path('differences').mkdir(exist_ok=True)
                    for path in group:
                        if re.search(rf'^{re.escape(str(path))}:\d+: ', done.stdout, re.M):
                            shutil.copy(path, 'differences')
                for path in group:
                    path.unlink()
    print(f'{compared} compared, {different} different')
    return different != 0


if __name__ == '__main__':
    sys.exit(main())
