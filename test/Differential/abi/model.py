"""Runs calls between two components, or from the host, in the specification's own definitions (definitions.py).

Only what the specification leaves open is decided here, and nothing of what it says is repeated: NaNs keep their bits,
as docs/CanonicalABI.md has it, and threads, of which synchronous calls have no use, are calls. What depends on a type
alone is remembered.
"""
import importlib.util
import sys
from dataclasses import dataclass

from shapes import float_of, Nan

PAGE = 65536
FILL = 0xa5
GUARD = 64          # bytes around the heap that are compared as well
ROW = 64            # where the rows of calls begin
SLOTS = 24          # where the flat values begin in a row: bad call, whether all is compared, bad result, number and list of handles
MASK = (1 << 64) - 1
FACTOR = 0x9e3779b97f4a7c15


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


class Handle(int):
    """Stands for a handle that is made just before the call."""


def write_images(D):
    """Storing in the context of an `Image` is noted, and strings take any form that their encoding has."""
    store_int, store_string = D.store_int, D.store_string_into_range

    def store_int_noted(cx, v, ptr, nbytes, signed=False):
        store_int(cx, v, ptr, nbytes, signed)
        if isinstance(cx, Image):
            cx.sites.append((ptr, nbytes))
            if isinstance(v, Handle):
                cx.handles.append(ptr)

    D.store_int = store_int_noted
    D.store_string_into_range = lambda cx, v: cx.write_string(v[0]) if isinstance(cx, Image) else store_string(cx, v)
    lower_own, lower_borrow = D.lower_own, D.lower_borrow
    D.lower_own = lambda cx, rep, t: Handle() if isinstance(cx, Image) else lower_own(cx, rep, t)
    D.lower_borrow = lambda cx, rep, t: Handle() if isinstance(cx, Image) else lower_borrow(cx, rep, t)


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
        tag = 0
        encoding, unit = {'utf8': ('utf-8', 1), 'utf16': ('utf-16-le', 2), 'latin1+utf16': ('latin-1', 1)}[self.opts.string_encoding]
        if self.opts.string_encoding == 'latin1+utf16' and (not all(ord(c) < 256 for c in text) or self.rng.random() < 0.3):
            encoding, unit, tag = 'utf-16-le', 2, self.D.utf16_tag(self.opts.memory.ptr_type())
        data = text.encode(encoding)
        ptr = self.allocate(2 if self.opts.string_encoding != 'utf8' else 1, len(data))
        self.opts.memory[ptr:ptr + len(data)] = data
        self.sites += [(ptr + i, unit) for i in range(0, len(data), max(unit, len(data) // 4 // unit * unit))]
        return ptr, len(data) // unit | tag


# Components


@dataclass
class Side:
    """What one of the two components is made of; components.py writes the same in WebAssembly."""
    encoding: str
    ptr: str            # the type of its addresses
    shrinks: bool       # whether its realloc keeps a block that gets smaller where it is
    post_return: bool
    data: bytes = b''
    heap: int = 0       # where its realloc begins to allocate
    guard: int = 0      # from where on memory is compared
    pages: int = 1
    max_pages: int = 1
    stride: int = SLOTS


class Guest:
    """The core code of a component."""

    def __init__(self, D, store, side):
        self.D, self.side = D, side
        self.memory = bytearray(side.data) + bytearray(side.pages * PAGE - len(side.data))
        self.inst = D.ComponentInstance(store)
        self.opts = D.CanonicalOptions(string_encoding=side.encoding, memory=D.MemInst(self.memory, side.ptr),
                                       realloc=self.realloc)
        self.hash = 0

    def word(self, address, size=8):
        return int.from_bytes(self.memory[address:address + size], 'little')

    def row(self, k):
        return ROW + k * self.side.stride

    def mix(self, word):
        h = (self.hash ^ word) * FACTOR & MASK
        self.hash = h ^ h >> 32

    def mix_flat(self, value, t):
        reinterpret = {'f32': self.D.core_i32_reinterpret_f32, 'f64': self.D.core_i64_reinterpret_f64}.get(t)
        self.mix(reinterpret(value) if reinterpret else value)

    def load_flat(self, slot, t):
        value = self.word(self.at + SLOTS + 8 * slot, 4 if t in ('i32', 'f32') else 8)
        return value if t[0] == 'i' else float_of(value, int(t[1:]))

    def begin(self, k):
        self.hash = self.calls = 0
        self.at, self.k = self.row(k), k
        self.next = self.side.heap
        self.memory[self.side.guard:] = bytes([FILL]) * (len(self.memory) - self.side.guard)

    def realloc(self, args):
        old, old_size, alignment, size = args
        self.calls += 1
        for arg in args:
            self.mix(arg)
        if self.calls == self.word(self.at, 4):
            return [self.word(self.at + 8, 4 if self.side.ptr == 'i32' else 8)]
        if old and size <= old_size and self.side.shrinks:
            return [old]
        result = self.next + alignment - 1 & -alignment
        self.next = result + size
        if self.next > len(self.memory):
            pages = (self.next - len(self.memory) + PAGE - 1) // PAGE
            if len(self.memory) // PAGE + pages > self.side.max_pages:
                self.D.trap()
            self.memory.extend(bytes(pages * PAGE))
        length = min(old_size, size)
        if old + length > len(self.memory):  # a block that a bad result of realloc made
            self.D.trap()
        self.memory[result:result + length] = self.memory[old:old + length]
        return [result]

    def make_handles(self, make):
        """Puts new handles where the image has some."""
        addresses = self.word(self.at + 20, 4)
        for i in range(self.word(self.at + 16, 4)):
            [handle] = make([self.k * 64 + i])
            address = self.word(addresses + 4 * i, 4)
            self.memory[address:address + 4] = handle.to_bytes(4, 'little')
            self.mix(handle)

    def finish(self):
        whole = self.word(self.at + 4, 4)
        begin = 0 if whole else self.side.guard
        end = len(self.memory) if whole else min(self.next + GUARD & ~7, len(self.memory))
        for at in range(begin, end, 8):
            self.mix(int.from_bytes(self.memory[at:at + 8], 'little'))


class Pair:
    """A caller and a callee, freshly instantiated."""

    def __init__(self, D, params, result, caller, callee, resource):
        self.D, self.store = D, D.Store()
        self.caller, self.callee = Guest(D, self.store, caller), Guest(D, self.store, callee)
        self.ft = D.FuncType(params, [] if result is None else [result])
        if callee.post_return:
            self.callee.opts.post_return = self.post_return
        self.lifted = D.flatten_functype(self.callee.opts, self.ft, 'lift')
        self.lowered = D.flatten_functype(self.caller.opts, self.ft, 'lower')
        self.f = self.store.lift(self.callee_core, self.ft, self.callee.opts, self.callee.inst)
        self.lowered_f = self.store.lower(self.f, self.ft, self.caller.opts, self.caller.inst)
        self.resource = resource
        options = D.CanonicalOptions()
        run_type, make_type = D.FuncType([D.U32Type()], [D.U64Type()]), D.FuncType([D.U32Type()], [D.OwnType(resource)])
        self.run_f = self.store.lift(self.caller_core, run_type, options, self.caller.inst)
        make_f = self.store.lift(self.make, make_type, options, self.callee.inst)
        self.lowered_make = self.store.lower(make_f, make_type, options, self.caller.inst)

    def make(self, args):
        return self.D.canon_resource_new(self.resource, args[0])

    def callee_core(self, args):
        guest = self.callee
        for value, t in zip(args, self.lifted.params, strict=True):
            guest.mix_flat(value, t)
        guest.finish()
        guest.make_handles(self.make)
        return [guest.load_flat(i, t) for i, t in enumerate(self.lifted.results)]

    def post_return(self, results):
        for value, t in zip(results, self.lifted.results, strict=True):
            self.callee.mix_flat(value, t)
        return []

    def caller_core(self, args):
        guest, [self.k] = self.caller, args
        guest.begin(self.k)
        self.callee.begin(self.k)
        guest.make_handles(self.lowered_make)
        results = self.lowered_f([guest.load_flat(i, t) for i, t in enumerate(self.lowered.params)])
        for value, t in zip(results, self.lowered.results, strict=True):
            guest.mix_flat(value, t)
        guest.finish()
        return [guest.hash]

    def invoke(self, f, args):
        results = []
        self.D.budget = 20000
        self.resource.impl = self.callee.inst
        self.store.invoke(f, lambda: args, results.extend)
        return results

    def run(self, k):
        """The hashes of what the caller and the callee have seen."""
        [caller] = self.invoke(self.run_f, [k])
        return caller, self.callee.hash

    def host(self, k, args):
        """The results, and the hash of what the callee has seen."""
        self.k = k
        self.callee.begin(k)
        return self.invoke(self.f, args), self.callee.hash
