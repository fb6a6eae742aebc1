"""Components whose types are made to be slow to check: types.py CASE... writes each to CASE.wat.

What is small to write and exponential to write out, what is long, and what is deep.
"""

import sys


def component(*parts):
    return "(component " + "\n".join(parts) + ")"


def doubling(make, first, count):
    """$t0 is `first`; every further type mentions the one before it twice."""
    return [f"(type $t0 {first})"] + [f"(type $t{i + 1} {make(f'$t{i}')})" for i in range(count)]


def records():
    return component(*doubling(lambda t: f'(record (field "a" {t}) (field "b" {t}))', "u8", 60))


def variants():
    """Flattening: 2^16 cases, one place."""
    return component(*doubling(lambda t: f"(result {t} (error {t}))", "(result)", 16), '(import "f" (func $f (param "x" $t16)))')


def deep():
    """Deeper than the limit, by definitions that refer to each other."""
    return component("(type $t0 (list u8))", *[f"(type $t{i + 1} (list $t{i}))" for i in range(200)])


def fields():
    """One record of many fields, in many functions."""
    labels = " ".join(f'(field "f{i}" u8)' for i in range(50000))
    return component(f"(type $r (record {labels}))", '(export $e "r" (type $r))',
                     *[f"(type (func (param \"x\" $e) (result $e)))" for _ in range(100)])


def labels():
    """Names are compared without their case."""
    return component("(type (enum " + " ".join(f'"n{i}"' for i in range(50000)) + ' "N7"))')


def aliases():
    """A chain of names for one type."""
    return component('(type $t0 (record (field "a" u8)))',
                     *[f'(export $t{i + 1} "n{i}" (type $t{i}))' for i in range(20000)])


def instances():
    """Instance types of instance types: 2^60 exports, written out."""
    return component(*doubling(lambda t: f'(instance (export "a" (instance (type {t}))) (export "b" (instance (type {t}))))',
                               '(instance (export "r" (type (sub resource))))', 60))


def imports():
    """The same, opened again and again, below the limit of one type."""
    return component(*doubling(lambda t: f'(instance (export "a" (instance (type {t}))) (export "b" (instance (type {t}))))',
                               '(instance (export "r" (type (sub resource))))', 14),
                     *[f'(import "i{i}" (instance (type $t14)))' for i in range(2000)])


def components():
    """Subtyping between component types that take each other."""
    both = doubling(lambda t: f'(component (import "a" (component (type {t}))) (export "b" (component (type {t}))))',
                    '(component (import "f" (func)))', 16)
    return component(*both, '(import "c" (component $c (type $t16)))',
                     *[f'(export "e{i}" (component $c) (component (type $t16)))' for i in range(2000)])


def outer():
    """Every type from the outside, in nested components."""
    types = " ".join("(type (tuple u8 u16 u32))" for _ in range(2000))
    inner = " ".join(f"(alias outer 1 {i} (type))" for i in range(2000))
    return component(types, *[f"(component {inner})" for _ in range(100)])


def resources():
    """Functions that mention many resources."""
    count = 3000
    params = " ".join(f'(param "p{i}" (borrow $r{i}))' for i in range(count))
    return component(*[f'(import "r{i}" (type $r{i} (sub resource)))' for i in range(count)],
                     *[f'(import "f{i}" (func {params}))' for i in range(100)])


def fixed():
    """2^60 elements in as many bytes as fit."""
    return component('(type $t0 (list u8 16383))', '(type $t1 (list $t0 16383))',
                     *[f'(import "f{i}" (func (param "x" $t1)))' for i in range(100)])


def maps():
    return component(*doubling(lambda t: f"(map u8 (tuple {t} {t}))", "u8", 60))


for case in sys.argv[1:]:
    with open(case + ".wat", "w") as file:
        print(globals()[case](), file=file)
