"""Two components as the specification runs them; components.py writes the same ones in WebAssembly."""
import struct
from dataclasses import dataclass

from shapes import float_of
from specification import TooMuch

PAGE = 65536
FILL = 0xa5
GUARD = 64          # bytes around the heap that are compared as well
ROW = 64            # where the rows of calls begin
SLOTS = 24          # where the flat values begin in a row, after what follows
BAD_CALL, WHOLE, BAD_RESULT, HANDLES, HANDLE_LIST = 0, 4, 8, 16, 20
MASK = (1 << 64) - 1
FACTOR = 0x9e3779b97f4a7c15


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
        if self.calls == self.word(self.at + BAD_CALL, 4):
            return [self.word(self.at + BAD_RESULT, 4 if self.side.ptr == 'i32' else 8)]
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
        """Puts new handles where the image has some; an odd address takes the one before."""
        addresses, count, handle = self.word(self.at + HANDLE_LIST, 4), self.word(self.at + HANDLES, 4), 0
        if count > 1000:  # a row that was overwritten
            raise TooMuch
        for i in range(count):
            address = self.word(addresses + 4 * i, 4)
            if not address & 1:
                [handle] = make([self.k * 64 + i])
            address &= ~1
            self.memory[address:address + 4] = handle.to_bytes(4, 'little')
            self.mix(handle)

    def finish(self):
        whole = self.word(self.at + WHOLE, 4)
        begin = 0 if whole else self.side.guard
        end = len(self.memory) if whole else min(self.next + GUARD & ~7, len(self.memory))
        h = self.hash
        for word in struct.unpack(f'<{(end - begin) // 8}Q', self.memory[begin:end]):
            h = (h ^ word) * FACTOR & MASK
            h ^= h >> 32
        self.hash = h


class Pair:
    """A caller and a callee, freshly instantiated."""

    def __init__(self, D, params, result, caller, callee, resource, has_handles):
        self.D, self.store = D, D.Store()
        self.caller, self.callee = Guest(D, self.store, caller), Guest(D, self.store, callee)
        self.ft = D.FuncType(params, [] if result is None else [result])
        if callee.post_return:
            self.callee.opts.post_return = self.post_return
        self.lifted = D.flatten_functype(self.callee.opts, self.ft, 'lift')
        self.lowered = D.flatten_functype(self.caller.opts, self.ft, 'lower')
        self.f = self.store.lift(self.callee_core, self.ft, self.callee.opts, self.callee.inst)
        self.lowered_f = self.store.lower(self.f, self.ft, self.caller.opts, self.caller.inst)
        self.resource, self.has_handles = resource, has_handles
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
        if self.has_handles:
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
        if self.has_handles:
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
