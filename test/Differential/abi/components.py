"""The WebAssembly of the two components whose memories are compared; model.py's `Guest` and `Pair` do the same."""
import re

from model import FACTOR, FILL, GUARD, PAGE, ROW, SLOTS
from shapes import Definitions, escape

LIBC = '''
    (core module $Libc
      (memory (export "mem") {memory} {pages} {max_pages})
      (data ({p}.const 0) "{data}")
      (global $hash (mut i64) (i64.const 0))
      (global $next (mut {p}) ({p}.const 0))
      (global $calls (mut i32) (i32.const 0))
      (global $row (export "row") (mut {p}) ({p}.const 0))
      (func $size (result {p}) ({p}.shl (memory.size) ({p}.const 16)))
      (func $mix (export "mix") (param $word i64)
        (global.set $hash (i64.mul (i64.xor (global.get $hash) (local.get $word)) (i64.const {factor})))
        (global.set $hash (i64.xor (global.get $hash) (i64.shr_u (global.get $hash) (i64.const 32)))))
      (func (export "hash") (result i64) (global.get $hash))
      (func (export "begin") (param $k i32)
        (global.set $hash (i64.const 0))
        (global.set $calls (i32.const 0))
        (global.set $next ({p}.const {heap}))
        (global.set $row ({p}.add ({p}.const {row}) ({p}.mul {k} ({p}.const {stride}))))
        (memory.fill ({p}.const {guard}) (i32.const {fill}) ({p}.sub (call $size) ({p}.const {guard}))))
      (func (export "realloc")
        (param $old {p}) (param $old-size {p}) (param $align {p}) (param $new-size {p}) (result {p})
        (local $result {p})
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (call $mix {old64}) (call $mix {oldsize64}) (call $mix {align64}) (call $mix {newsize64})
        (if (i32.eq (global.get $calls) (i32.load (global.get $row)))
          (then (return ({p}.load offset=8 (global.get $row)))))
        {shrink}
        (local.set $result ({p}.and ({p}.add (global.get $next) ({p}.sub (local.get $align) ({p}.const 1)))
                                    ({p}.sub ({p}.const 0) (local.get $align))))
        (global.set $next ({p}.add (local.get $result) (local.get $new-size)))
        (if ({p}.gt_u (global.get $next) (call $size))
          (then (if ({p}.eq ({p}.const -1) (memory.grow ({p}.shr_u
                      ({p}.add ({p}.sub (global.get $next) (call $size)) ({p}.const 65535)) ({p}.const 16))))
            (then (unreachable)))))
        (memory.copy (local.get $result) (local.get $old)
          (select (local.get $old-size) (local.get $new-size) ({p}.lt_u (local.get $old-size) (local.get $new-size))))
        (local.get $result))
      (func (export "finish")
        (local $at {p}) (local $end {p})
        (if (i32.load offset=4 (global.get $row))
          (then (local.set $end (call $size)))
          (else
            (local.set $at ({p}.const {guard}))
            (local.set $end ({p}.and ({p}.add (global.get $next) ({p}.const {guard_size})) ({p}.const -8)))
            (if ({p}.gt_u (local.get $end) (call $size)) (then (local.set $end (call $size))))))
        (loop $words
          (if ({p}.lt_u (local.get $at) (local.get $end))
            (then (call $mix (i64.load (local.get $at)))
              (local.set $at ({p}.add (local.get $at) ({p}.const 8)))
              (br $words))))))
    (core instance $libc (instantiate $Libc))'''

SHRINK = '''(if (i32.and ({p}.ne (local.get $old) ({p}.const 0)) ({p}.le_u (local.get $new-size) (local.get $old-size)))
          (then (return (local.get $old))))'''

IMPORTS = '''
      (import "libc" "mem" (memory {memory} {pages} {max_pages}))
      (import "libc" "row" (global $row (mut {p})))
      (import "libc" "mix" (func $mix (param i64)))
      (import "libc" "begin" (func $begin (param i32)))
      (import "libc" "finish" (func $finish))
      (import "libc" "hash" (func $hash (result i64)))'''

# New handles where the image of a call has some; an odd address takes the one before.
MAKE_HANDLES = '''
      (import "handles" "new" (func $new (param i32) (result i32)))
      (func $make-handles (param $k i32) (local $i i32) (local $address i32) (local $handle i32)
        (loop $next
          (if (i32.lt_u (local.get $i) (i32.load offset=16 (global.get $row)))
            (then
              (local.set $address (i32.load {entry}))
              (if (i32.eqz (i32.and (local.get $address) (i32.const 1)))
                (then (local.set $handle (call $new (i32.add (i32.mul (local.get $k) (i32.const 64)) (local.get $i))))))
              (i32.store {address} (local.get $handle))
              (call $mix (i64.extend_i32_u (local.get $handle)))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br $next)))))'''

PAIR = '''(component definition ${name}
  (component $P
    {resource}{callee_types}{callee_libc}
    (core module $Main{callee_imports}
      (global $k (mut i32) (i32.const 0))
      (func (export "begin") (param $k i32) (global.set $k (local.get $k)) (call $begin (local.get $k)))
      (func (export "f") {callee_params} {callee_results}
        {callee_mixes} (call $finish) {callee_makes}
        {callee_loads})
      (func (export "post") {post_params} {post_mixes})
      (func (export "seen") (result i64) (call $hash)))
    (core instance $main (instantiate $Main (with "libc" (instance $libc)){callee_with}))
    (func (export "begin") (param "k" u32) (canon lift (core func $main "begin")))
    (func (export "f") {signature} (canon lift (core func $main "f") {callee_options}{post_return}))
    (func (export "seen") (result u64) (canon lift (core func $main "seen"))){make})
  (component $C
    (import "p" (instance $p
      {imported_resource}{caller_types}
      (export "begin" (func (param "k" u32)))
      (export "f" (func {caller_signature}))))
    {caller_libc}
    (core func $begin (canon lower (func $p "begin"))){lower_make}
    (core func $f (canon lower (func $p "f") {caller_options}))
    (core module $Main
      (import "p" "begin" (func $p.begin (param i32)))
      (import "p" "f" (func $p.f {lowered_params} {lowered_results})){caller_imports}
      (func (export "run") (param $k i32) (result i64) {caller_locals}
        (call $begin (local.get $k))
        (call $p.begin (local.get $k)) {caller_makes}
        (call $p.f {caller_loads})
        {caller_mixes} (call $finish) (call $hash)))
    (core instance $main (instantiate $Main (with "libc" (instance $libc))
      (with "p" (instance (export "begin" (func $begin)) (export "f" (func $f)))){caller_with}))
    (func (export "run") (param "k" u32) (result u64) (canon lift (core func $main "run"))))
  (instance $p (instantiate $P))
  (instance $c (instantiate $C (with "p" (instance $p))))
  {reexports}
  (func (export "begin") (alias export $p "begin"))
  (func (export "seen") (alias export $p "seen"))
  (func (export "run") (alias export $c "run")))
'''


def side_texts(side):
    """What stands for `{...}` in the pieces of one side."""
    wide = (lambda x: f'(i64.extend_i32_u (local.get {x}))') if side.ptr == 'i32' else (lambda x: f'(local.get {x})')
    return dict(p=side.ptr, memory='i64' if side.ptr == 'i64' else '', pages=side.pages, max_pages=side.max_pages,
                data=escape(bytes(side.data)), factor=FACTOR, heap=side.heap, guard=side.guard, guard_size=GUARD,
                fill=FILL, row=ROW, stride=side.stride,
                k='(local.get $k)' if side.ptr == 'i32' else '(i64.extend_i32_u (local.get $k))',
                old64=wide('$old'), oldsize64=wide('$old-size'), align64=wide('$align'), newsize64=wide('$new-size'),
                shrink=SHRINK.format(p=side.ptr) if side.shrinks else '')


def options(side):
    return (f'string-encoding={side.encoding} (memory (core memory $libc "mem")) '
            '(realloc (core func $libc "realloc"))')


def as_word(t, value):
    return {'i32': '(i64.extend_i32_u {})', 'i64': '{}', 'f32': '(i64.extend_i32_u (i32.reinterpret_f32 {}))',
            'f64': '(i64.reinterpret_f64 {})'}[t].format(value)


def mixes(types, names):
    return ' '.join(f'(call $mix {as_word(t, f"(local.get {name})")})' for t, name in zip(types, names, strict=True))


def loads(types):
    return ' '.join(f'({t}.load offset={SLOTS + 8 * i} (global.get $row))' for i, t in enumerate(types))


def clause(word, types):
    return f'({word} {" ".join(types)})' if types else ''


def signature(types, params, result):
    """A function's parameters and result as the definitions `types` name them."""
    texts = [f'(param "p{i}" {types.use(t)})' for i, t in enumerate(params)]
    if result is not None:
        texts.append(f'(result {types.use(result)})')
    return ' '.join(texts)


# What a pair has only where its function takes or returns handles.
HANDLE_TEXTS = {
    'resource': '(type $R (resource (rep i32))) (export $r "r" (type $R))\n    '
                '(core func $new (canon resource.new $R))\n    ',
    'make': '\n    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new)))',
    'imported_resource': '(export "r" (type $r (sub resource)))\n      '
                         '(export "make" (func (param "rep" u32) (result (own $r))))\n      ',
    'lower_make': '\n    (core func $new (canon lower (func $p "make")))',
    'callee_with': ' (with "handles" (instance (export "new" (func $new))))',
    'caller_with': ' (with "handles" (instance (export "new" (func $new))))',
    'callee_makes': '(call $make-handles (global.get $k))', 'caller_makes': '(call $make-handles (local.get $k))'}


def make_handles(side):
    wide = '{}' if side.ptr == 'i32' else '(i64.extend_i32_u {})'
    entry = '(i32.add (i32.load offset=20 (global.get $row)) (i32.shl (local.get $i) (i32.const 2)))'
    address = '(i32.and (local.get $address) (i32.const -2))'
    return MAKE_HANDLES.format(entry=wide.format(entry), address=wide.format(address))


def pair_text(name, pair, params, result):
    """The component definition `name`, which exports `run`, `begin`, `seen` and, without handles, `f`."""
    caller, callee = pair.caller.side, pair.callee.side
    lifted, lowered, has_handles = pair.lifted, pair.lowered, pair.has_handles
    inside = Definitions(lambda i, text: f'(type $u{i} {text}) (export $t{i} "t{i}" (type $u{i}))')
    outside = Definitions(lambda i, text: f'(type $u{i} {text}) (export "t{i}" (type $t{i} (eq $u{i})))')
    again = Definitions(lambda i, text: f'(type $u{i} {text}) (alias export $p "t{i}" (type $p.t{i})) '
                                        f'(export $t{i} "t{i}" (type $p.t{i}) (type (eq $u{i})))')
    signatures = [signature(types, params, result) for types in (inside, outside, again)]
    numbered = lambda types: [str(i) for i in range(len(types))]
    text = PAIR.format(
        name=name, signature=signatures[0], caller_signature=signatures[1],
        callee_types='\n    '.join(inside.lines), caller_types='\n      '.join(outside.lines),
        callee_libc=LIBC.format(**side_texts(callee)), caller_libc=LIBC.format(**side_texts(caller)),
        callee_imports=IMPORTS.format(**side_texts(callee)) + (make_handles(callee) if has_handles else ''),
        caller_imports=IMPORTS.format(**side_texts(caller)) + (make_handles(caller) if has_handles else ''),
        callee_params=clause('param', lifted.params), callee_results=clause('result', lifted.results),
        callee_mixes=mixes(lifted.params, numbered(lifted.params)), callee_loads=loads(lifted.results),
        callee_options=options(callee), caller_options=options(caller),
        post_params=clause('param', lifted.results), post_mixes=mixes(lifted.results, numbered(lifted.results)),
        post_return=' (post-return (core func $main "post"))' if callee.post_return else '',
        lowered_params=clause('param', lowered.params), lowered_results=clause('result', lowered.results),
        caller_locals=f'(local $r {lowered.results[0]})' if lowered.results else '', caller_loads=loads(lowered.params),
        caller_mixes='(local.set $r) ' + mixes(lowered.results, ['$r']) if lowered.results else '',
        reexports='' if has_handles else '\n  '.join(again.lines + [
            f'(alias export $p "f" (func $f)) (export "f" (func $f) (func {signatures[2]}))']),
        **(HANDLE_TEXTS if has_handles else dict.fromkeys(HANDLE_TEXTS, '')))
    return re.sub('\n[ \n]+', '\n', text)
