#!/usr/bin/env python3
"""Shrinks the list of expected failures to what still fails.

  update.py [FLAG...] [FILE|DIR...]     suites, as they are called in the list (all of them)

  --reason TEXT   add what fails and is not listed, for this reason; without it that is an error
  --lines         write `FILE:*` entries line by line
  --check         change nothing: whether the list is in order, and names nothing that is not there
  --wast PROGRAM  tenon-wast (build/bin/tenon-wast)
  --spec DIR      the folder of the suites (what build/CMakeCache.txt says)
  -j N            suites at a time (2)

Runs the suites at -O0, and rewrites their entries in expected-failures.txt. Reasons are kept. `FILE:*`
is kept as long as anything in the file fails.
"""
import argparse, json, re, subprocess, sys, tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIST = HERE / 'expected-failures.txt'
ANY = 0


def read_list():
    """The comment at the top, and {file: {line: reason}}."""
    head, entries = [], {}
    for number, text in enumerate(LIST.read_text().splitlines(), 1):
        if text.startswith('#') or not text:
            head.append(text)
            continue
        match = re.fullmatch(r'(\S+\.wast):(\d+|\*) (\S.*)', text)
        if not match:
            sys.exit(f'{LIST}:{number}: expected FILE:LINE REASON')
        file, line, reason = match.groups()
        entries.setdefault(file, {})[ANY if line == '*' else int(line)] = reason
    return head, entries


def print_list(head, entries):
    lines = [f'{file}:{line or "*"} {reason}' for file in sorted(entries)
             for line, reason in sorted(entries[file].items())]
    return '\n'.join(head + lines) + '\n'


def spec_folder():
    cache = ROOT / 'build' / 'CMakeCache.txt'
    match = re.search(r'^TENON_SHARED_DIR:\w+=(.*)$', cache.read_text(), re.M) if cache.exists() else None
    return Path(match.group(1) if match else ROOT.parent / 'shared') / 'spec'


def failing_lines(wast, spec, suites, jobs):
    """{file: {line: message}} of what fails, for every file of `suites`; None for one that crashed."""
    with tempfile.NamedTemporaryFile(suffix='.json') as report:
        subprocess.run([wast, '-O0', f'-j{jobs}', f'--json={report.name}', *(spec / s for s in suites)],
                       stdout=subprocess.DEVNULL)
        files = json.load(report)['files']
    result = {}
    for f in files:
        failed = {d['line']: d.get('message', '') for d in f['directives'] if d['outcome'] == 'failed'}
        crashed = [d for d in f['directives'] if d['outcome'] == 'crashed']
        file = str(Path(f['file']).relative_to(spec))
        result[file] = None if crashed else failed
        if crashed:
            print(f'{file}:{crashed[0]["line"]}: {crashed[0]["message"]}')
    return result


def updated(old, failing, reason, by_lines):
    """The entries of a file, and the lines that fail without one."""
    if ANY in old and not by_lines:
        return ({ANY: old[ANY]}, []) if failing else ({}, [])
    new = {line: old.get(line, old.get(ANY, reason)) for line in failing}
    return {line: why for line, why in new.items() if why}, [line for line in new if not new[line]]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('suites', nargs='*', default=['.'])
    parser.add_argument('--reason')
    parser.add_argument('--lines', action='store_true')
    parser.add_argument('--check', action='store_true')
    parser.add_argument('--wast', default=ROOT / 'build/bin/tenon-wast')
    parser.add_argument('--spec', type=Path, default=None)
    parser.add_argument('-j', type=int, default=2, dest='jobs')
    args = parser.parse_args()
    spec = args.spec or spec_folder()
    head, entries = read_list()
    if args.check:
        missing = [file for file in entries if not (spec / file).exists()]
        for file in missing:
            print(f'{file} is listed, but not there')
        if print_list(head, entries) != LIST.read_text():
            print('the list is not sorted by file and line: run update.py')
            return 1
        return 1 if missing else 0

    unlisted = 0
    for file, failing in failing_lines(args.wast, spec, args.suites, args.jobs).items():
        if failing is None:  # which no list allows
            unlisted += 1
            continue
        entries[file], unexpected = updated(entries.get(file, {}), failing, args.reason, args.lines)
        unlisted += len(unexpected)
        for line in unexpected:
            print(f'{file}:{line}: fails, and is not listed: {failing[line]}')
    entries = {file: lines for file, lines in entries.items() if lines and (spec / file).exists()}
    before = LIST.read_text()
    LIST.write_text(print_list(head, entries))
    print(f'{before.count(chr(10)) - len(head)} entries before, {sum(map(len, entries.values()))} now, '
          f'{unlisted} failures are not listed')
    return 1 if unlisted else 0


if __name__ == '__main__':
    sys.exit(main())
