#!/usr/bin/env python3
"""Compare the host's interfaces with what the runtime implements: host-functions.py ROOT

Every function of runtime/host/wasi-0.2.wat must stand in runtime/include/tenon-abi/host-functions.def, and
the reverse; resources have destructors. Prints each difference; exit status 1 if there was one.
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
wat = (root / 'runtime/host/wasi-0.2.wat').read_text()
offered = set()
for block in re.split(r'\n  \(type \$ty-', wat)[1:]:
    interface = re.match(r'(\S+?)@', block)[1]
    body = block.split('\n  (import ')[0]
    offered |= {f'{interface}#{name}' for name in re.findall(r'\(export "([^"]+)" \(func', body)}
    offered |= {f'{interface}#[resource-drop]{name}'
                for name in re.findall(r'\(export "([^"]+)" \(type (?:\$\S+ )?\(sub resource\)', body)}
implemented = set(re.findall(r'"(wasi:[^"]+)"',
                             (root / 'runtime/include/tenon-abi/host-functions.def').read_text()))
for name in sorted(offered - implemented):
    print(f'offered, but not implemented: {name}')
for name in sorted(implemented - offered):
    print(f'implemented, but not offered: {name}')
print(f'{len(offered)} host functions')
sys.exit(1 if offered != implemented or not offered else 0)
