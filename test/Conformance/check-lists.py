#!/usr/bin/env python3
"""Every official suite is tested or stands in not-yet.txt with its reason, and none does both.

  check-lists.py SPEC TENON_WAST

Each suite of not-yet.txt is run as well: it must fail, with exit status 1 and nothing else. One that
crashes or hangs shows a bug of ours, whatever it needs: such a line says `crashes` until that is mended.
One that passes belongs into a test now.
"""
import os, re, subprocess, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def crashes(wast, suites):
    """What is wrong with the end of a run over `suites`, if anything, and what it printed."""
    environment = {**os.environ, 'LLVM_DISABLE_SYMBOLIZATION': '1'}
    try:
        done = subprocess.run([wast, '-O0', *suites], capture_output=True, timeout=600, env=environment)
    except subprocess.TimeoutExpired as e:
        return 'hangs', (e.stdout or b'').decode()
    status = done.returncode
    return (None if status in (0, 1) else f'crashes: status {status}'), done.stdout.decode()


def problems_of(wast, spec, sound, crashing):
    """Runs the suites that do not pass yet; those that are `sound` all at once."""
    suites = [str(spec / name) for name in sound]
    crash, printed = crashes(wast, suites)
    ended = dict(re.findall(r'^(\S+\.wast): (failed: .*|\d+ passed, .*)$', printed, re.M))
    for suite in suites:
        if suite not in ended:
            yield f'{suite}: {crash}'
            break
        if re.search(r'passed, 0 failed', ended[suite]):
            yield f'{suite}: passes now: give it a test'
    for name in crashing:
        if not crashes(wast, [str(spec / name)])[0]:
            yield f'{name}: crashes no more: drop the word'


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
    problems += problems_of(wast, spec, sorted((listed & present) - crashing), sorted(crashing & present))
    print('\n'.join(problems))
    print(f'{len(present)} suites: {len(tested)} tested, {len(listed)} not yet, {len(crashing)} of '
          f'these crash; {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
