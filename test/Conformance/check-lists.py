#!/usr/bin/env python3
"""Every official suite is tested or stands in not-yet.txt with its reason, and none does both.

  check-lists.py SPEC TENON_WAST

Each suite of not-yet.txt is run as well: it must fail, with exit status 1 and nothing else. One that
crashes or hangs shows a bug of ours, whatever it needs: such a line says `crashes` until that is mended.
One that passes belongs into a test now.
"""
import re, subprocess, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def problem_of(wast, suite):
    try:
        done = subprocess.run([wast, '-O0', str(suite)], capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return 'hangs'
    if done.returncode == 1:
        return None
    return 'passes now: give it a test' if done.returncode == 0 else f'crashes: status {done.returncode}'


def main():
    spec, wast = Path(sys.argv[1]), sys.argv[2]
    tested = set()
    for test in HERE.glob('*.test'):
        tested |= set(re.findall(r'%shared/spec/(\S+\.wast)', test.read_text()))
    lines = (HERE / 'not-yet.txt').read_text().splitlines()
    entries = [line.split() for line in lines if line and not line.startswith('#')]
    listed, crashing = {e[0] for e in entries}, {e[0] for e in entries if e[1:] == ['crashes']}
    present = {str(path.relative_to(spec)) for path in spec.rglob('*.wast')}
    problems = [f'{name}: neither tested nor listed' for name in sorted(present - tested - listed)]
    problems += [f'{name}: no such suite' for name in sorted((tested | listed) - present)]
    problems += [f'{name}: tested and listed' for name in sorted(tested & listed)]
    for name in sorted(listed & present):
        problem = problem_of(wast, spec / name)
        if name in crashing:
            problem = None if problem and 'crashes' in problem else 'crashes no more: drop the word'
        if problem:
            problems.append(f'{name}: {problem}')
    print('\n'.join(problems))
    print(f'{len(present)} suites: {len(tested)} tested, {len(listed)} not yet, {len(crashing)} of '
          f'these crash; {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
