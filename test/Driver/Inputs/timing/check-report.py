"""Reads what --time-report printed (stdin): the named phases are at least 90 % of the wall time."""
import re
import sys

rows = {}
for line in sys.stdin:
    match = re.match(r'([a-z]+) +([0-9.]+) +([0-9.]+) +([0-9.]+)$', line)
    if match:
        rows[match.group(1)] = float(match.group(2))
total = rows.pop('total')
for phase in sys.argv[1:]:
    assert phase in rows, f'{phase} is not among {sorted(rows)}'
assert 0.9 * total <= sum(rows.values()) <= 1.01 * total + 0.001, (rows, total)
