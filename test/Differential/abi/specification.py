"""The specification's own definitions (definitions.py), made ready for many calls.

Only what the specification leaves open is decided here, and nothing of what it says is repeated: NaNs keep their bits,
as docs/CanonicalABI.md has it, and threads, of which synchronous calls have no use, are calls. What depends on a type
alone is remembered.
"""
import importlib.util
import sys

from shapes import float_of, Nan


class TooMuch(Exception):
    """The values that a broken image describes are too large to be of use."""


def load_definitions(path):
    spec = importlib.util.spec_from_file_location('definitions', path)
    D = sys.modules['definitions'] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(D)
    keep_nans(D)
    call_directly(D)
    remember(D)
    limit(D)
    find_tags(D)
    write_images(D)
    return D


def keep_nans(D):
    """NaNs are neither canonicalized nor scrambled: one of the outcomes that the specification allows."""
    def bits_of(width, original):
        return lambda f: f.bits if isinstance(f, Nan) and f.width == width else original(f)

    D.canonicalize_nan32 = D.canonicalize_nan64 = D.maybe_scramble_nan32 = D.maybe_scramble_nan64 = lambda f: f
    D.core_f32_reinterpret_i32 = lambda bits: float_of(bits, 32)
    D.core_f64_reinterpret_i64 = lambda bits: float_of(bits, 64)
    D.core_i32_reinterpret_f32 = bits_of(32, D.core_i32_reinterpret_f32)
    D.core_i64_reinterpret_f64 = bits_of(64, D.core_i64_reinterpret_f64)
    # The definitions pad a variant's payload with the integer 0, whatever its flat type.
    D.type_matches_value = lambda t, v: isinstance(v, int if t[0] == 'i' else (int, float))


def call_directly(D):
    """A thread runs inside of `resume`, and never blocks."""
    local = D.thread_local_handler
    local.value = None

    def cont_new(function):
        cont = D.Continuation()
        cont.function = function
        return cont

    def resume(cont, block_result, thread):
        handler = D.Handler()
        handler.current_thread = thread
        outer, local.value = local.value, handler
        try:
            cont.function(block_result)
        finally:
            local.value = outer
        return None, None

    def block(switch_to):
        raise AssertionError('a synchronous call does not block')

    D.cont_new, D.resume, D.block = cont_new, resume, block


def remember(D):
    def remembered(name, key, result=lambda x: x):
        function = getattr(D, name)

        def lookup(t, *rest):
            known = t.__dict__.setdefault('known', {})
            k = (name, *map(key, rest))
            if k not in known:
                known[k] = function(t, *rest)
            return result(known[k])
        setattr(D, name, lookup)

    remembered('despecialize', None)
    remembered('alignment', str)
    remembered('elem_size', str)
    remembered('flatten_type', lambda opts: opts.memory and opts.memory.ptr_type(), list)


def limit(D):
    """A broken length may describe gigabytes, part by part."""
    load, load_string = D.load, D.load_string_from_range
    D.budget = 0

    def spend(amount):
        D.budget -= amount
        if D.budget < 0:
            raise TooMuch

    def load_limited(cx, ptr, t):
        spend(1)
        return load(cx, ptr, t)

    def load_string_limited(cx, ptr, length):
        s = load_string(cx, ptr, length)
        spend(len(s[0]) // 16)
        return s

    D.load, D.load_string_from_range = load_limited, load_string_limited


def find_tags(D):
    """The tag of a UTF-16 string is where the pointers of its own side have it. The definitions look for it where those
    of the other side do, which makes a difference where one memory is 64-bit and the other is not."""
    load_string, store_string = D.load_string_from_range, D.store_string_into_range

    class Encoding(str):
        pass

    def load(cx, ptr, length):
        text, name, units = load_string(cx, ptr, length)
        encoding = Encoding(name)
        encoding.tag = D.utf16_tag(cx.opts.memory.ptr_type())
        return text, encoding, units

    def store(cx, v):
        text, encoding, units = v
        tag = D.utf16_tag(cx.opts.memory.ptr_type())
        if encoding == 'latin1+utf16' and encoding.tag != tag and units & encoding.tag:
            units = units ^ encoding.tag | tag
        return store_string(cx, (text, encoding, units))

    D.load_string_from_range, D.store_string_into_range = load, store


# Images: what a component has in its memory before a call.


class Char(int):
    """A character that is stored."""


class Handle(int):
    """Stands for a handle that is made just before the call."""


def write_images(D):
    """Storing in the context of an `Image` is noted, and strings take any form that their encoding has."""
    store_int, store_string = D.store_int, D.store_string_into_range

    def store_int_noted(cx, v, ptr, nbytes, signed=False):
        store_int(cx, v, ptr, nbytes, signed)
        if isinstance(cx, Image):
            cx.sites.append((ptr, nbytes, isinstance(v, Char)))
            if isinstance(v, Handle):
                cx.handles.append(ptr)

    D.store_int = store_int_noted
    D.store_string_into_range = lambda cx, v: cx.write_string(v[0]) if isinstance(cx, Image) else store_string(cx, v)
    char_to_i32 = D.char_to_i32
    D.char_to_i32 = lambda c: Char(char_to_i32(c))
    lower_own, lower_borrow = D.lower_own, D.lower_borrow
    D.lower_own = lambda cx, rep, t: Handle() if isinstance(cx, Image) else lower_own(cx, rep, t)
    D.lower_borrow = lambda cx, rep, t: Handle() if isinstance(cx, Image) else lower_borrow(cx, rep, t)


# How Python calls an encoding, the bytes of a code unit, and the tag in a string's length.
STRINGS = {'utf8': ('utf-8', 1, 0), 'utf16': ('utf-16-le', 2, 0), 'latin1+utf16': ('latin-1', 1, 0)}


class Image:
    """A LiftLowerContext that lowers into fresh memory, and knows where it has stored something."""

    def __init__(self, D, memory, encoding, rng, begin):
        self.opts = D.CanonicalOptions(string_encoding=encoding, memory=memory)
        self.D, self.rng, self.next, self.sites, self.handles = D, rng, begin, [], []
        self.inst = self.borrow_scope = None

    def allocate(self, alignment, size):
        gap = self.rng.choice([0, 0, 1, 2, 4, 7])
        begin = self.D.align_to(self.next + gap, alignment)
        self.next = begin + size
        return begin

    def write_string(self, text):
        encoding, unit, tag = STRINGS[self.opts.string_encoding]
        if encoding == 'latin-1' and (not all(ord(c) < 256 for c in text) or self.rng.random() < 0.3):
            encoding, unit, tag = 'utf-16-le', 2, self.D.utf16_tag(self.opts.memory.ptr_type())
        data = text.encode(encoding)
        ptr = self.allocate(2 if self.opts.string_encoding != 'utf8' else 1, len(data))
        self.opts.memory[ptr:ptr + len(data)] = data
        units = len(data) // unit
        positions = {*self.rng.sample(range(units), min(units, 4)), *([units - 1] if units else [])}
        self.sites += [(ptr + i * unit, unit, False) for i in sorted(positions)]
        return ptr, len(data) // unit | tag
