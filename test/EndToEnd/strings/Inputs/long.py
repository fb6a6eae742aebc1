"""Long strings between two components, for each pair of encodings: a script for tenon-wast. What arrives is compared by a sum
over its bytes. After some of them kernels are called for all the vectors that the processor has."""

CODECS = {"utf8": "utf-8", "utf16": "utf-16-le", "latin1+utf16": "latin-1"}
TAG = 1 << 31
TEXTS = [
    "The quick brown fox jumps over the lazy dog. ",
    "Voil\xe0 l'\xe9t\xe9 pr\xe8s du ch\xe2teau, o\xf9 tout \xe9tait ferm\xe9. ",
    "na\xefve caf\xe9 \u2013 \u043f\u0440\u0438\u0432\u0435\u0442, \u4f60\u597d\u4e16\u754c! \U0001f600 ",
]
REPEATS = 3001

COMPONENT = """
(component definition ${name}
  (component $Callee
    (core module $Main
      (memory (export "memory") 64)
      (global $next (mut i32) (i32.const 64))
      (func (export "realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
        (local $new i32)
        (if (i32.and (i32.ne (local.get $old) (i32.const 0)) (i32.le_u (local.get $size) (local.get $had)))
          (then (return (local.get $old))))
        (local.set $new (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.set $next (i32.add (local.get $new) (local.get $size)))
        (memory.copy (local.get $new) (local.get $old) (local.get $had))
        (local.get $new))
      (func (export "take") (param $at i32) (param $length i32) (result i32)
        (local $end i32) (local $sum i32)
        (local.set $end (i32.add (local.get $at) (i32.mul
          (i32.and (local.get $length) (i32.const 0x7fffffff))
          (select (i32.const 2) (i32.const {unit}) (i32.lt_s (local.get $length) (i32.const 0))))))
        (local.set $sum (local.get $length))
        (loop $more
          (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load8_u (local.get $at))))
          (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end))))
        (global.set $next (i32.const 64))
        (local.get $sum)))
    (core instance $main (instantiate $Main))
    (func (export "take") (param "it" string) (result u32) (canon lift (core func $main "take")
      string-encoding={to} (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
  (instance $callee (instantiate $Callee))
  (core module $Memory (memory (export "memory") 16))
  (core instance $memory (instantiate $Memory))
  (core func $take (canon lower (func $callee "take")
    string-encoding={source} (memory (core memory $memory "memory"))))
  (core module $Main
    (import "libc" "memory" (memory 16))
    (import "callee" "take" (func $take (param i32 i32) (result i32)))
    (data (i32.const 1024) "{pattern}")
    ;; With another byte somewhere.
    (func (export "run") (param $at i32) (param $byte i32) (result i32)
      (local $i i32)
      (loop $more
        (memory.copy (i32.add (i32.const {begin}) (i32.mul (local.get $i) (i32.const {bytes})))
          (i32.const 1024) (i32.const {bytes}))
        (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {repeats}))))
      (i32.store8 (i32.add (i32.const {begin}) (local.get $at)) (local.get $byte))
      (call $take (i32.const {begin}) (i32.const {length}))))
  (core instance $main (instantiate $Main
    (with "libc" (instance $memory))
    (with "callee" (instance (export "take" (func $take))))))
  (func (export "run") (param "at" u32) (param "byte" u32) (result u32) (canon lift (core func $main "run"))))
"""


def stored(text, encoding):
    """Bytes, and the length as it is passed."""
    if encoding == "latin1+utf16" and any(ord(c) > 255 for c in text):
        data = text.encode("utf-16-le")
        return data, len(data) // 2 | TAG
    data = text.encode(CODECS[encoding])
    return data, len(data) // (2 if encoding == "utf16" else 1)


def checksum(text, encoding):
    data, total = stored(text, encoding)
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFFFF
    return total


def mistake(source, data):
    """A byte that makes the last quarter of the text ill-formed, and the trap."""
    if source == "utf8":
        at = data.rindex(b"\x20", 0, len(data) // 4 * 3)
        return at, 0xFF, "invalid utf-8 encoding"
    at = len(data) // 4 * 3 | 1
    return at, 0xDC, "invalid utf-16 encoding"


def main():
    count = 0
    for source in CODECS:
        for to in CODECS:
            for text in TEXTS:
                count += 1
                whole = text * REPEATS
                data, length = stored(whole, source)
                pattern = stored(text, source)[0]
                print(COMPONENT.format(
                    name=f"C{count}", source=source, to=to, unit=2 if to == "utf16" else 1, begin=65536 + 2 * count,
                    bytes=len(pattern), repeats=REPEATS, length=length - (1 << 32 if length >= TAG else 0),
                    pattern="".join(f"\\{byte:02x}" for byte in pattern)))
                print(f"(component instance $i{count} $C{count})")
                print(f'(assert_return (invoke "run" (u32.const {len(data)}) (u32.const 0)) '
                      f"(u32.const {checksum(whole, to)}))")
                if source == "latin1+utf16" and length < TAG:
                    continue
                at, byte, trap = mistake(source, data)
                print(f'(assert_trap (invoke "run" (u32.const {at}) (u32.const {byte})) "{trap}")')


if __name__ == "__main__":
    main()
