#!/usr/bin/env python3
"""Compare every #include with the table of floors in docs/Architecture.md: check.py ROOT

Prints each include that the table does not allow; exit status 1 if there was one. A floor below Dialect
in the table must not include MLIR, and the runtime neither MLIR nor LLVM.
"""
import re
import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
NO_MLIR = {'Text', 'Component', 'Wave', 'ComponentInterp', 'Interp', 'Wasm', 'Support', 'CanonicalABI', 'Codegen', 'Link'}


def table():
    """floor -> set of the floors that it may include."""
    rows = {}
    section = (ROOT / 'docs/Architecture.md').read_text().split('## Floors')[1].split('\n## ')[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if len(cells) == 3 and re.fullmatch(r'[A-Za-z]+', cells[0]) and cells[0] != 'floor':
            rows[cells[0]] = {name.strip() for name in cells[2].split(',') if name.strip()}
    return rows


def floor_of(path):
    parts = path.relative_to(ROOT).parts
    if parts[0] == 'include':
        return parts[2]
    return parts[1] if parts[0] == 'lib' else parts[0]


def main():
    allowed = table()
    wrong = 0
    files = [f for top in ('lib', 'include', 'tools', 'runtime') for f in sorted((ROOT / top).rglob('*'))
             if f.suffix in ('.cpp', '.h', '.def', '.td')]
    for path in files:
        floor = floor_of(path)
        if floor not in allowed:
            print(f'{path}: the floor {floor} is not in the table')
            wrong += 1
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#?include\s+["<]([^">]+)[">]', line)
            if not found:
                continue
            name = found[1]
            if name.startswith('tenon/'):
                target = name.split('/')[1]
            elif name.startswith('tenon-abi/'):
                target = 'tenon-abi'
            else:
                target = None
            bad = target and target != floor and target not in allowed[floor]
            bad = bad or (name.startswith('mlir/') and floor in NO_MLIR)
            bad = bad or (floor == 'runtime' and name.startswith(('mlir/', 'llvm/', 'lld/')))
            if bad:
                print(f'{path}:{number}: {floor} must not include {name}')
                wrong += 1
    print(f'{len(files)} files, {wrong} includes against the table')
    return 1 if wrong or not files else 0


if __name__ == '__main__':
    sys.exit(main())
