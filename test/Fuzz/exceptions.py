#!/usr/bin/env python3
"""Generates scripts of nested handlers in both encodings of exceptions, and knows what they give.

  exceptions.py [--seed N] [--count N] [--new-only] DIR      writes DIR/exceptions-SEED.wast ...

Every script is a module of functions that call each other downwards and throw, catch, rethrow, delegate
and throw references by the value of an accumulator, and asserts on them. What they give is worked out
here, while a function is made, by a second meaning of each piece: a text and a Python function. Run them:

  tenon-wast --opt=0,2,3 DIR        tenon-wast --interp DIR
"""
import argparse
import random
from pathlib import Path

MASK = (1 << 32) - 1
# Payloads of the tags. The first value of one that has any is the accumulator of the handler.
TAGS = [[], ["i32"], ["i64", "i32"], ["i32", "f64", "i64", "i32", "f32", "i32", "i64", "i32", "i32"]]


class Thrown(Exception):
    """An exception: `tag`, `values`; `to` is the frame that a delegate sent it to (0: out of the function)."""

    def __init__(self, tag, values, to=None):
        self.tag, self.values, self.to = tag, values, to


class Branch(Exception):
    def __init__(self, frame):
        self.frame = frame


class Env:
    def __init__(self, acc, functions):
        self.acc, self.functions, self.steps = acc, functions, functions["steps"]
        self.refs = [None, None]  # exnref locals
        self.caught = {}  # by the frame of a legacy catch

    def spend(self):
        self.steps[0] += 1
        if self.steps[0] > 100000:
            raise TooLong()


class TooLong(Exception):
    pass


def const(kind, value):
    return f"({kind}.const {value})"


class Function:
    """Makes one function. A piece is (text, run); frames that can be named are on `self.open`, innermost last."""

    def __init__(self, rng, number, new_only):
        self.rng, self.number, self.new_only = rng, number, new_only
        self.frames, self.open, self.size = 0, [], 0

    def new_frame(self, kind):
        self.frames += 1
        return {"id": self.frames, "kind": kind}

    def body(self, depth):
        pieces = [self.piece(depth) for _ in range(self.rng.randint(1, 3))]

        def run(env):
            for _, do in pieces:
                do(env)
        return "\n".join(text for text, _ in pieces), run

    def piece(self, depth):
        self.size += 1
        choices = [self.compute, self.compute, self.throw, self.throw]
        if self.number:
            choices += [self.call, self.call]
        if any(f["kind"] == "catch" for f in self.open):
            choices += [self.rethrow, self.rethrow]
        if any(f["kind"] == "block" for f in self.open):
            choices += [self.branch]
        choices += [self.throw_ref]
        if depth > 0 and self.size < 40:
            choices += [self.try_table] * 3 + [self.loop, self.conditional, self.leave]
            if not self.new_only:
                choices += [self.legacy] * 3 + [self.delegate] * 2
        return self.rng.choice(choices)(depth)

    def compute(self, depth):
        k = self.rng.randint(1, 99)

        def run(env):
            env.spend()
            env.acc = (env.acc * 31 + k) & MASK
        return f"(local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 31)) (i32.const {k})))", run

    def guard(self, text, run):
        """Does it for some values of the accumulator."""
        bits, want = self.rng.choice([(0, 0), (1, 0), (1, 1), (3, 2), (7, 5)])
        shift = self.rng.randint(0, 8)

        def guarded(env):
            env.spend()
            if env.acc >> shift & bits == want:
                run(env)
        test = f"(i32.eq (i32.and (i32.shr_u (local.get $acc) (i32.const {shift})) (i32.const {bits})) (i32.const {want}))"
        return f"(if {test} (then {text}))", guarded

    def conditional(self, depth):
        frame = self.new_frame("if")
        self.open.append(frame)
        text, run = self.body(depth - 1)
        self.open.pop()
        return self.guard(text, run)

    def throw(self, depth):
        tag = self.rng.randrange(len(TAGS))
        extra = [self.rng.randint(0, 100) for _ in TAGS[tag]]

        def run(env):
            raise Thrown(tag, [v + (env.acc if t == "i32" else 0) & MASK if t == "i32" else v
                               for t, v in zip(TAGS[tag], extra)])
        args = " ".join(f"(i32.add (local.get $acc) (i32.const {v}))" if t == "i32" else const(t, v)
                        for t, v in zip(TAGS[tag], extra))
        return self.guard(f"(throw $t{tag} {args})", run)

    def call(self, depth):
        callee = self.rng.randrange(self.number)
        indirect = self.rng.random() < 0.4

        def run(env):
            env.spend()
            env.acc = call(env.functions, callee, env.acc)
        how = (f"(call_indirect (type $f) (local.get $acc) (i32.const {callee}))" if indirect
               else f"(call $f{callee} (local.get $acc))")
        return f"(local.set $acc {how})", run

    def loop(self, depth):
        count = self.rng.randint(2, 4)
        counter = f"$i{len(self.open)}_{self.frames}"
        self.locals.append(counter)
        frame = self.new_frame("loop")
        self.open.append(frame)
        text, run = self.body(depth - 1)
        self.open.pop()

        def repeat(env):
            for _ in range(count):
                env.spend()
                run(env)
        step = f"(local.tee {counter} (i32.add (local.get {counter}) (i32.const 1)))"
        return (f"(local.set {counter} (i32.const 0))\n(loop $l{frame['id']}\n{text}\n"
                f"(br_if $l{frame['id']} (i32.lt_u {step} (i32.const {count}))))"), repeat

    def leave(self, depth):
        """A block that is left by a branch, maybe out of handlers."""
        frame = self.new_frame("block")
        self.open.append(frame)
        text, run = self.body(depth - 1)
        self.open.pop()
        rest_text, _ = self.compute(depth)

        def do(env):
            run(env)
            raise Branch(frame["id"])
        text = f"(block $l{frame['id']}\n{text}\n(br $l{frame['id']})\n{rest_text})"

        def block(env):
            try:
                do(env)
            except Branch as b:
                if b.frame != frame["id"]:
                    raise
        return text, block

    def branch(self, depth):
        frame = self.rng.choice([f for f in self.open if f["kind"] == "block"])

        def run(env):
            raise Branch(frame["id"])
        return self.guard(f"(br $l{frame['id']})", run)

    def take(self, tag):
        """What a handler does with the payload on the stack: the accumulator is a mix of it."""
        text = []
        for t in reversed(TAGS[tag]):
            value = {"i32": "", "i64": "(i32.wrap_i64)", "f32": "(i32.trunc_f32_u)", "f64": "(i32.trunc_f64_u)"}[t]
            text.append(f"{value} (local.set $v) (local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 3)) (local.get $v)))")

        def run(env, values):
            for v in reversed(values):
                env.acc = (env.acc * 3 + v) & MASK
        return "\n".join(text), run

    def try_table(self, depth):
        out = self.new_frame("block")
        self.open.append(out)
        clauses = []
        for _ in range(self.rng.randint(0, 3)):
            kind = self.rng.choice(["catch", "catch", "catch_ref", "catch_all", "catch_all_ref"])
            tag = None if "all" in kind else self.rng.randrange(len(TAGS))
            label = self.new_frame("landing")  # its results are a payload: nobody branches there
            clauses.append((kind, tag, label))
        # The last clause's block is the innermost; the handlers of earlier ones follow outside.
        for _, _, label in clauses:
            self.open.append(label)
        table = self.new_frame("try_table")
        self.open.append(table)
        text, run = self.body(depth - 1)
        self.open.pop()
        heads = " ".join(f"({kind}{'' if tag is None else f' $t{tag}'} $l{label['id']})"
                         for kind, tag, label in clauses)
        text = f"(try_table $l{table['id']} {heads}\n{text})\n(br $l{out['id']})"
        handlers = []
        for kind, tag, label in reversed(clauses):
            self.open.pop()
            ref = self.rng.randrange(2) if kind.endswith("_ref") else None
            types = [] if tag is None else list(TAGS[tag])
            types += [] if ref is None else ["(ref exn)"]
            results = f"(result {' '.join(types)})" if types else ""
            take_text, take = self.take(tag) if tag is not None else ("", lambda env, values: None)
            if ref is not None:
                take_text = f"(local.set $e{ref})\n{take_text}"
            body_text, body = self.body(depth - 1)
            unreachable = "(unreachable)"
            text = f"(block $l{label['id']} {results}\n{text}\n{unreachable})\n{take_text}\n{body_text}\n(br $l{out['id']})"
            handlers.append((kind, tag, ref, take, body))
        handlers.reverse()
        self.open.pop()

        def block(env):
            try:
                do(env)
            except Branch as b:
                if b.frame != out["id"]:
                    raise

        def do(env):
            try:
                run(env)
                return
            except Thrown as e:
                if e.to is not None and e.to != table["id"]:
                    raise
                thrown = Thrown(e.tag, e.values)
            for kind, tag, ref, take, body in handlers:
                if tag is not None and tag != thrown.tag:
                    continue
                if ref is not None:
                    env.refs[ref] = thrown
                take(env, thrown.values)
                body(env)
                return
            raise thrown
        return f"(block $l{out['id']}\n{text})", block

    def legacy(self, depth):
        frame = self.new_frame("try")
        self.open.append(frame)
        text, run = self.body(depth - 1)
        frame["kind"] = "catch"
        clauses, parts = [], []
        for _ in range(self.rng.randint(0, 2)):
            tag = self.rng.randrange(len(TAGS))
            take_text, take = self.take(tag)
            body_text, body = self.body(depth - 1)
            clauses.append((tag, take, body))
            parts.append(f"(catch $t{tag}\n{take_text}\n{body_text})")
        if self.rng.random() < 0.5:
            body_text, body = self.body(depth - 1)
            clauses.append((None, lambda env, values: None, body))
            parts.append(f"(catch_all\n{body_text})")
        self.open.pop()

        def do(env):
            try:
                run(env)
                return
            except Thrown as e:
                if e.to is not None and e.to != frame["id"]:
                    raise
                thrown = Thrown(e.tag, e.values)
            for tag, take, body in clauses:
                if tag is not None and tag != thrown.tag:
                    continue
                env.caught[frame["id"]] = thrown
                take(env, thrown.values)
                body(env)
                return
            raise thrown
        return f"(try $l{frame['id']} (do\n{text})\n{' '.join(parts)})", do

    def delegate(self, depth):
        frame = self.new_frame("delegating")
        outer = list(self.open)
        self.open.append(frame)
        text, run = self.body(depth - 1)
        self.open.pop()
        label = self.rng.randint(0, len(outer))  # the last: the function
        to = 0
        for f in reversed(outer[:len(outer) - label]):
            if f["kind"] in ("try", "try_table", "delegating"):
                to = f["id"]
                break

        def do(env):
            try:
                run(env)
            except Thrown as e:
                if e.to is not None and e.to != frame["id"]:
                    raise
                raise Thrown(e.tag, e.values, to)
        return f"(try (do\n{text})\n(delegate {label}))", do

    def rethrow(self, depth):
        frame = self.rng.choice([f for f in self.open if f["kind"] == "catch"])

        def run(env):
            caught = env.caught[frame["id"]]
            raise Thrown(caught.tag, caught.values)
        return self.guard(f"(rethrow $l{frame['id']})", run)

    def throw_ref(self, depth):
        ref = self.rng.randrange(2)

        def run(env):
            if env.refs[ref]:
                raise Thrown(env.refs[ref].tag, env.refs[ref].values)
        return self.guard(f"(if (i32.eqz (ref.is_null (local.get $e{ref}))) (then (throw_ref (local.get $e{ref}))))", run)

    def make(self):
        self.locals = []
        text, run = self.body(4)
        declared = "".join(f" (local {name} i32)" for name in self.locals)
        return (f"(func $f{self.number} (export \"f{self.number}\") (type $f) (param $acc i32) (result i32)\n"
                f"(local $v i32) (local $e0 exnref) (local $e1 exnref){declared}\n{text}\n(local.get $acc))"), run


def call(functions, number, argument):
    env = Env(argument, functions)
    env.spend()
    try:
        functions[number](env)
    except Thrown as e:
        raise Thrown(e.tag, e.values)
    return env.acc


def script(seed, new_only):
    rng = random.Random(seed)
    count = rng.randint(2, 7)
    functions, texts = {"steps": [0]}, []
    for number in range(count):
        text, run = Function(rng, number, new_only).make()
        functions[number] = run
        texts.append(text)
    tags = "\n".join(f"(tag $t{i} (param {' '.join(types)}))" if types else f"(tag $t{i})"
                     for i, types in enumerate(TAGS))
    lines = ["(module", "(type $f (func (param i32) (result i32)))", tags,
             f"(table funcref (elem {' '.join(f'$f{i}' for i in range(count))}))", *texts, ")"]
    for number in range(count):
        for argument in [0, 1, 5, 77, rng.getrandbits(32)]:
            functions["steps"][0] = 0
            action = f"(invoke \"f{number}\" (i32.const {argument}))"
            try:
                result = call(functions, number, argument)
                lines.append(f"(assert_return {action} (i32.const {result}))")
            except Thrown:
                lines.append(f"(assert_exception {action})")
            except TooLong:
                pass
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--new-only", action="store_true", help="without the legacy encoding")
    parser.add_argument("dir", type=Path)
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + options.count):
        (options.dir / f"exceptions-{seed}.wast").write_text(script(seed, options.new_only))


if __name__ == "__main__":
    main()
