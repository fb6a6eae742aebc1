"""Shows that a script's program computes its results from arguments that nobody knew at compile time.

  opaque.py PROGRAM

Every argument occurs once, as data, and no result occurs at all; and when an argument is changed in the
finished program, the result is another.
"""
import os
import struct
import subprocess
import sys

program = sys.argv[1]
image = open(program, 'rb').read()


def outcomes(path):
    done = subprocess.run([path], stdin=subprocess.DEVNULL, capture_output=True)
    lines = done.stdout.decode().split('\x1e')[1:]
    return {int(words[0]): words[1:] for words in (line.split() for line in lines)}


def occurrences(value, size):
    return image.count(struct.pack('<Q', value)[:size])


print('results', [' '.join(outcomes(program)[i]) for i in (1, 2, 3)])
for argument, result, size in ((0x1badcafe, 0x375b95fc, 4), (0x1122334455667788, 0x1122334455667789, 8),
                               (0x2badcafe, 0x575b95fc, 4)):
    print(f'{argument:#x} occurs', occurrences(argument, size), 'and its result', occurrences(result, size))

changed = program + '.changed'
for old, new in ((0x1badcafe, 1), (0x1122334455667788, 2), (0x2badcafe, 3)):
    image = image.replace(struct.pack('<Q', old), struct.pack('<Q', new))
with open(changed, 'wb') as file:
    file.write(image)
os.chmod(changed, 0o755)
print('changed', [' '.join(outcomes(changed)[i]) for i in (1, 2, 3)])
