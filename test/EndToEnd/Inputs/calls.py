"""What functions of an executable call, from the text that `llvm-objdump -d` prints.

  calls.py DISASSEMBLY FUNCTION...

Prints a line `CALLER calls CALLEE` for each call and each jump to another function, in all functions that
can be reached from those named; CALLEE is `*` when the target is not a constant. A jump to such a target
is a switch's (our code has no indirect tail calls): `CALLER jumps by a table`.
"""
import re, sys


def read(lines):
    """The targets of each function's calls."""
    functions, current = {}, None
    for line in lines:
        if head := re.match(r'[0-9a-f]+ <(.*)>:$', line):
            current = head[1]
            functions[current] = []
        elif branch := re.search(r'\t(call|j[a-z]+)q?\s+(.*)$', line):
            kind, operand = branch.groups()
            target = re.search(r'<([^>]*)>$', operand.replace('->', '-\0'))
            if '*' in operand:
                functions[current].append('calls *' if kind == 'call' else 'jumps by a table')
            elif target:
                name = target[1].replace('-\0', '->')
                if kind == 'call' or name != current and not re.search(r'\+0x[0-9a-f]+$', name):
                    functions[current].append(f'calls {name}')
    return functions


def main():
    functions = read(open(sys.argv[1]).read().splitlines())
    todo, seen = list(sys.argv[2:]), set()
    for name in todo:
        if name not in functions:
            sys.exit(f'no function {name}')
    while todo:
        caller = todo.pop()
        if caller in seen:
            continue
        seen.add(caller)
        for what in sorted(set(functions.get(caller, []))):
            print(f'{caller} {what}')
            if what.startswith('calls '):
                todo.append(what.removeprefix('calls '))


if __name__ == '__main__':
    main()
