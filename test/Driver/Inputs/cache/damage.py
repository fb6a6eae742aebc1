#!/usr/bin/env python3
"""damage.py FOLDER: damages every entry of a cache, each in another way."""
import sys
from pathlib import Path

for number, entry in enumerate(sorted(Path(sys.argv[1]).glob('llvmcache-*'))):
    data = bytearray(entry.read_bytes())
    if not data:
        continue
    way = number % 4
    if way == 0:
        data = data[:-1]
    elif way == 1:
        data = b''
    elif way == 2:
        data[len(data) // 2] ^= 1
    else:
        data += b'more'
    entry.write_bytes(data)
