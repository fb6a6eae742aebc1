"""Compares docs/Pipeline.md with the compiler: each line of a code block below a stage's heading must be in
that stage's output, in order. `...` stands for any text; a line of it alone for any lines.

    check.py PIPELINE.MD STAGE < OUTPUT
"""

import re
import sys


def main():
    path, stage = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    section = re.search(rf"^## {stage}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    blocks = re.findall(r"^```\w+\n(.*?)^```", section.group(1), re.M | re.S) if section else []
    if not blocks:
        sys.exit(f"{path}: no excerpt of stage {stage}")
    output = iter(sys.stdin.read().splitlines())
    for line in "".join(blocks).splitlines():
        if line.strip() in ("", "..."):
            continue
        pattern = ".*".join(map(re.escape, line.strip().split("...")))
        if not any(re.fullmatch(pattern, candidate.strip()) for candidate in output):
            sys.exit(f"{path}: not what stage {stage} prints, or not in this order: {line}")


main()
