"""The functions that carry `alwaysinline` in the LLVM IR of the standard input, as --emit=llvm prints it."""
import re, sys

defined = 0
for part in sys.stdin.read().split('; ModuleID = ')[1:]:
    groups = dict(re.findall(r'^attributes (#\d+) = \{(.*)\}$', part, re.M))
    for name, rest in re.findall(r'^define [^@]*@("[^"]*"|[^(]*)\((.*)$', part, re.M):
        defined += 1
        if any(' alwaysinline ' in groups[group] for group in re.findall(r'#\d+', rest.rsplit(')', 1)[1])):
            print(name.strip('"'))
print(f'of {defined} functions')
