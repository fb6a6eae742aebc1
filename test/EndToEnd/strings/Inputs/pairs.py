#!/usr/bin/env python3
"""Writes a script that carries strings between two components, for one pair of string encodings.

    pairs.py FROM TO [N]      each of utf8, utf16, latin1+utf16; N: only every Nth of the calls that trap

Both components instantiate the same core module; `out` sends a string of the caller's memory, `back` gets one
of the callee's. Who gets a string makes a checksum of it: of its bytes, its length, and of every call of
realloc with its arguments. What it must be, the model below says: `store_string_into_range` of
CanonicalABI.md, on a memory of its own. Then the source is broken in every way that there is, and realloc
answers with what it must not: those calls trap.
"""

import sys

TAG = 1 << 31
MASK = (1 << 32) - 1
FIRST = 0x8000  # where realloc begins
PAGE = 0x10000

TEXTS = [
    "", "a", "abc", "\xe9", "a\xe9", "\u20ac", "a\u20acb", "\U0001f600", "a\U0001f600\xe9", "\u07ff\u0800",
    "x" * 15, "x" * 16, "x" * 17 + "\xff", "x" * 40 + "\u20ac" + "y" * 30, "\xe9\xff" * 30,
    "\u043f\u0440\u0438\u0432\u0435\u0442 " * 9, "\u4f60\u597d\uffff" * 11, "\U0010ffff\U00010000" * 13,
    "\xe9" * 33 + "\u0100" + "\xe9" * 5, "z" * 100 + "\U0001f370",
]


def encodings(text, encoding):
    """The ways in which a text can stand in memory: (bytes, tagged length)."""
    utf16 = text.encode("utf-16-le")
    if encoding == "utf8":
        return [(text.encode(), len(text.encode()))]
    if encoding == "utf16":
        return [(utf16, len(utf16) // 2)]
    both = [(utf16, len(utf16) // 2 | TAG)]
    if all(ord(c) < 256 for c in text):
        both.append((text.encode("latin-1"), len(text)))
    return both


class Lowering:
    """The destination: its memory, and the calls of its realloc, which never gives the same place again."""

    def __init__(self):
        self.memory = bytearray(PAGE)
        self.top = FIRST
        self.sum = 0x811C9DC5
        self.calls = 0

    def mix(self, value):
        self.sum = (self.sum ^ value) * 16777619 & MASK

    def realloc(self, old, old_size, alignment, size):
        self.calls += 1
        for value in (old, old_size, alignment, size):
            self.mix(value)
        at = (self.top + 7) & ~7
        self.top = at + size
        kept = min(old_size, size)
        self.memory[at:at + kept] = self.memory[old:old + kept]
        return at

    def put(self, at, data):
        self.memory[at:at + len(data)] = data

    def copy(self, data, alignment):
        at = self.realloc(0, 0, alignment, len(data))
        self.put(at, data)
        return at

    def to_utf8(self, text, units, worst):
        at = self.realloc(0, 0, 1, units)
        ascii_units = next((i for i, c in enumerate(text) if ord(c) >= 128), len(text))
        self.put(at, text[:ascii_units].encode())
        if ascii_units == len(text):
            return at, units
        data = text.encode()
        at = self.realloc(at, units, 1, worst)
        self.put(at + ascii_units, data[ascii_units:])
        if worst > len(data):
            at = self.realloc(at, worst, 1, len(data))
        return at, len(data)

    def utf8_to_utf16(self, text, units):
        data = text.encode("utf-16-le")
        at = self.realloc(0, 0, 2, 2 * units)
        self.put(at, data)
        if len(data) < 2 * units:
            at = self.realloc(at, 2 * units, 2, len(data))
        return at, len(data) // 2

    def to_latin1_or_utf16(self, text, units):
        at = self.realloc(0, 0, 2, units)
        prefix = next((i for i, c in enumerate(text) if ord(c) >= 256), len(text))
        self.put(at, text[:prefix].encode("latin-1"))
        if prefix == len(text):
            return (self.realloc(at, units, 2, prefix) if prefix < units else at), prefix
        data = text.encode("utf-16-le")
        at = self.realloc(at, units, 2, 2 * units)
        self.put(at, data)
        if 2 * units > len(data):
            at = self.realloc(at, 2 * units, 2, len(data))
        return at, len(data) // 2 | TAG

    def probably_utf16(self, text):
        data = text.encode("utf-16-le")
        at = self.copy(data, 2)
        if any(ord(c) >= 256 for c in text):
            return at, len(data) // 2 | TAG
        self.put(at, text.encode("latin-1"))
        return self.realloc(at, len(data), 1, len(text)), len(text)

    def store(self, text, source, tagged, target):
        """Where the string is then, and its tagged length."""
        units = tagged & ~TAG
        simple = source if source != "latin1+utf16" else "utf16" if tagged & TAG else "latin1"
        if target == "utf8":
            if simple == "utf8":
                return self.copy(text.encode(), 1), units
            return self.to_utf8(text, units, units * (3 if simple == "utf16" else 2))
        if target == "utf16":
            if simple == "utf8":
                return self.utf8_to_utf16(text, units)
            return self.copy(text.encode("utf-16-le"), 2), units
        if source != "latin1+utf16":
            return self.to_latin1_or_utf16(text, units)
        if simple == "latin1":
            return self.copy(text.encode("latin-1"), 2), units
        return self.probably_utf16(text)


def checksum(text, source, tagged, target):
    lowering = Lowering()
    at, length = lowering.store(text, source, tagged, target)
    lowering.mix(length)
    size = length if target == "utf8" else 2 * (length & ~TAG)
    if target == "latin1+utf16" and not length & TAG:
        size = length
    for byte in lowering.memory[at:at + size]:
        lowering.mix(byte)
    return lowering.sum, lowering.calls


MODULE = """
  (core module $M
    (memory (export "memory") 1)
    {data}
    (global $top (mut i32) (i32.const {first}))
    (global $sum (mut i32) (i32.const 0))
    (global $calls (mut i32) (i32.const 0))
    ;; The call with this number answers so.
    (global $bad-call (mut i32) (i32.const -1))
    (global $bad-answer (mut i32) (i32.const 0))
    (func $mix (param i32)
      (global.set $sum (i32.mul (i32.xor (global.get $sum) (local.get 0)) (i32.const 16777619))))
    (func (export "reset") (param $call i32) (param $answer i32)
      (global.set $top (i32.const {first}))
      (global.set $sum (i32.const 0x811c9dc5))
      (global.set $calls (i32.const 0))
      (global.set $bad-call (local.get $call))
      (global.set $bad-answer (local.get $answer)))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (call $mix (local.get $old)) (call $mix (local.get $old-size))
      (call $mix (local.get $align)) (call $mix (local.get $size))
      (if (i32.eq (global.get $calls) (global.get $bad-call)) (then (return (global.get $bad-answer))))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (memory.copy (local.get $at) (local.get $old) (select (local.get $old-size) (local.get $size)
        (i32.lt_u (local.get $old-size) (local.get $size))))
      (local.get $at))
    (func (export "sum") (param $at i32) (param $length i32) (result i32)
      (local $end i32)
      (call $mix (local.get $length))
      (local.set $end (i32.add (local.get $at) {size}))
      (block $done (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (call $mix (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
      (global.get $sum))
    (func (export "give") (param $at i32) (param $length i32) (result i32)
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (i32.const 0)))"""

# Bytes of a string of so many code units.
SIZES = {
    "utf8": "(local.get $length)",
    "utf16": "(i32.shl (local.get $length) (i32.const 1))",
    "latin1+utf16": "(select (i32.shl (local.get $length) (i32.const 1)) (local.get $length)"
                    " (i32.lt_s (local.get $length) (i32.const 0)))",
}

PROGRAM = """(component definition $Pair
  (component $Callee
{callee}
    (core instance $m (instantiate $M))
    (func (export "reset") (param "call" u32) (param "answer" u32) (canon lift (core func $m "reset")))
    (func (export "take") (param "text" string) (result u32) (canon lift (core func $m "sum")
      string-encoding={to} (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "give") (param "at" u32) (param "length" u32) (result string) (canon lift (core func $m "give")
      string-encoding={source} (memory (core memory $m "memory"))))
    (func (export "echo") (param "text" string) (result string) (canon lift (core func $m "give")
      string-encoding={source} (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $Caller
    (import "reset" (func $reset (param "call" u32) (param "answer" u32)))
    (import "take" (func $take (param "text" string) (result u32)))
    (import "give" (func $give (param "at" u32) (param "length" u32) (result string)))
{caller}
    (core instance $m (instantiate $M))
    (core func $reset' (canon lower (func $reset)))
    (core func $take' (canon lower (func $take) string-encoding={source} (memory (core memory $m "memory"))))
    (core func $give' (canon lower (func $give) string-encoding={to}
      (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (core module $Main
      (import "m" "memory" (memory 1))
      (import "m" "reset" (func $reset (param i32 i32)))
      (import "m" "sum" (func $sum (param i32 i32) (result i32)))
      (import "c" "reset" (func $reset-callee (param i32 i32)))
      (import "c" "take" (func $take (param i32 i32) (result i32)))
      (import "c" "give" (func $give (param i32 i32 i32)))
      (func (export "out") (param $at i32) (param $length i32) (param $call i32) (param $answer i32) (result i32)
        (call $reset-callee (local.get $call) (local.get $answer))
        (call $take (local.get $at) (local.get $length)))
      (func (export "back") (param $at i32) (param $length i32) (param $call i32) (param $answer i32) (result i32)
        (call $reset (local.get $call) (local.get $answer))
        (call $give (local.get $at) (local.get $length) (i32.const 8))
        (call $sum (i32.load (i32.const 8)) (i32.load (i32.const 12)))))
    (core instance $main (instantiate $Main (with "m" (instance $m)) (with "c" (instance
      (export "reset" (func $reset')) (export "take" (func $take')) (export "give" (func $give'))))))
    (type $test (func (param "at" u32) (param "length" u32) (param "call" u32) (param "answer" u32) (result u32)))
    (func (export "out") (type $test) (canon lift (core func $main "out")))
    (func (export "back") (type $test) (canon lift (core func $main "back"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "reset" (func $callee "reset")) (with "take" (func $callee "take"))
    (with "give" (func $callee "give"))))
  (func (export "echo") (alias export $callee "echo"))
  (func (export "out") (alias export $caller "out"))
  (func (export "back") (alias export $caller "back")))
(component instance $pair $Pair)"""

BROKEN_UTF8 = [b"\x80", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80",
               b"\xf5\x80\x80\x80", b"\xff", b"\xc3a", b"\xe2\x82a", b"\xf0\x9f\x98a"]
CUT_UTF8 = [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98"]
BROKEN_UTF16 = [b"\x00\xd8", b"\xff\xdb", b"\x00\xdc", b"\x00\xd8\x00\xd8", b"\x00\xdc\x00\xd8", b"\x00\xd8\x41\x00"]


class Script:
    def __init__(self, source, target, step="1"):
        self.source, self.target = source, target
        self.step, self.traps = int(step), 0
        self.image = bytearray(32)
        self.lines = []

    def place(self, data):
        while len(self.image) % 8:
            self.image.append(0)
        at = len(self.image)
        self.image += data
        return at

    def expect(self, text, data, tagged):
        at = self.place(data)
        value, _ = checksum(text, self.source, tagged, self.target)
        for name in ("out", "back"):
            self.lines.append(f'(assert_return (invoke "{name}" (u32.const {at}) (u32.const {tagged}) (u32.const {MASK})'
                              f' (u32.const 0)) (u32.const {value}))')

    def trap(self, at, tagged, why, call=MASK, answer=0):
        for name in ("out", "back"):
            self.traps += 1
            if self.traps % self.step:
                continue
            self.lines.append("(component instance $pair $Pair)")
            self.lines.append(f'(assert_trap (invoke "{name}" (u32.const {at}) (u32.const {tagged}) (u32.const {call})'
                              f' (u32.const {answer})) "{why}")')

    def tagged(self, units):
        """A length of UTF-16 in the source's encoding."""
        return units | TAG if self.source == "latin1+utf16" else units

    def texts(self):
        for text in TEXTS:
            for data, tagged in encodings(text, self.source):
                self.expect(text, data, tagged)
            if all(c.isprintable() for c in text):
                self.lines.append(f'(assert_return (invoke "echo" (str.const "{text}")) (str.const "{text}"))')

    def ill_formed(self):
        for prefix in ("", "a" * 21, "\u20ac" * 11, "\xe9" * 20):
            if self.source == "utf8":
                for broken in BROKEN_UTF8:
                    data = prefix.encode() + broken + b"a" * len(prefix)
                    self.trap(self.place(data), len(data), "invalid utf-8 encoding")
                for cut in CUT_UTF8:
                    data = prefix.encode() + cut
                    self.trap(self.place(data), len(data), "incomplete utf-8 byte sequence")
                continue
            for broken in BROKEN_UTF16:
                data = prefix.encode("utf-16-le") + broken
                self.trap(self.place(data), self.tagged(len(data) // 2), "invalid utf-16 encoding")

    def out_of_bounds(self):
        why = "string content out-of-bounds"
        for at, tagged in ((PAGE, 1), (PAGE - 2, 3), (MASK - 1, 0), (0, 1 << 28), (0, TAG - 1), (0x7FFFFFFE, 0x7FFFFFFF)):
            self.trap(at, tagged, why)
        if self.source != "latin1+utf16":
            self.trap(0, TAG, why)
            self.trap(0, MASK, why)
        if self.source != "utf8":
            for units in (1, 0):
                self.trap(PAGE - 1, self.tagged(units), "unaligned pointer")
            for units in (1 << 27, TAG - 1):
                self.trap(0, self.tagged(units), why)
            self.trap(PAGE - 2, self.tagged(2), why)
            self.trap(MASK - 1, self.tagged(TAG - 1), why)

    def bad_reallocs(self):
        """Every call that a text of this kind causes, answered out of bounds and, where it matters, misaligned."""
        for text in ("ab\xe9\u20acz", "\xe9" * 20, ""):
            for data, tagged in encodings(text, self.source):
                at = self.place(data)
                _, calls = checksum(text, self.source, tagged, self.target)
                for call in range(calls):
                    self.trap(at, tagged, "string content out-of-bounds", call, MASK - 1)
                    if data:
                        self.trap(at, tagged, "string content out-of-bounds", call, PAGE - 2)
                    narrows = tagged & TAG and all(ord(c) < 256 for c in text)
                    if self.target == "utf8" or (self.target == self.source == "latin1+utf16" and narrows and call):
                        continue
                    self.trap(at, tagged, "unaligned pointer", call, 0x8001)

    def write(self):
        escaped = "".join(f"\\{byte:02x}" for byte in self.image)
        data = f'(data (i32.const 0) "{escaped}")'
        module = MODULE.format(data=data, first=FIRST, size=SIZES[self.target])
        print(PROGRAM.format(callee=module, caller=module, source=self.source, to=self.target))
        print("\n".join(self.lines))


def main():
    script = Script(*sys.argv[1:])
    script.texts()
    script.ill_formed()
    script.out_of_bounds()
    script.bad_reallocs()
    assert len(script.image) <= FIRST
    script.write()


main()
