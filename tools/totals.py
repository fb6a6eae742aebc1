#!/usr/bin/env python3
"""Print the totals of a lit run: totals.py RESULTS.json

First a line for each kind of outcome, the names of skipped tests with it, then the line
`N passed, N failed, N skipped` (an expected failure counts as passed, an unexpected pass as failed).
"""
import collections
import json
import sys

PASSED = ('PASS', 'XFAIL', 'FLAKYPASS')
SKIPPED = ('UNSUPPORTED', 'SKIPPED', 'EXCLUDED')

with open(sys.argv[1]) as results:
    tests = json.load(results)['tests']
names = collections.defaultdict(list)
for test in tests:
    names[test['code']].append(test['name'])
passed = sum(len(names[code]) for code in PASSED)
skipped = sum(len(names[code]) for code in SKIPPED)
for code in SKIPPED:
    for name in sorted(names[code]):
        print(f'skipped: {name}')
print(f'run: {len(tests) - skipped}')
print(f'passed: {passed - len(names["XFAIL"])}')
print(f'expected failures: {len(names["XFAIL"])}')
print(f'skipped: {skipped}')
print(f'{passed} passed, {len(tests) - skipped - passed} failed, {skipped} skipped')
