"""Random function types and values of the component model, and how both are written in a script.

Types are objects of the specification's definitions (`D`), values what those lift to: a record, tuple, variant, enum,
option, result or flags is a dict, a string is (text, encoding, tagged code units), a NaN is a `Nan`, with its bits.
"""
import math
import random
import struct

SCALARS = ['bool', 's8', 'u8', 's16', 'u16', 's32', 'u32', 's64', 'u64', 'f32', 'f64', 'char']
KEYS = ['bool', 's8', 'u8', 's16', 'u16', 's32', 'u32', 's64', 'u64', 'char', 'string']
CLASSES = {'bool': 'BoolType', 'char': 'CharType', 'string': 'StringType'}
CLASSES.update((name, name.upper() + 'Type') for name in SCALARS if name not in CLASSES)
NAMED = ('RecordType', 'VariantType', 'EnumType', 'FlagsType')


class Nan(float):
    """A NaN with its bits, which a float of Python does not keep."""

    def __new__(cls, bits, width):
        self = super().__new__(cls, 'nan')
        self.bits, self.width = bits, width
        return self


def kind(t):
    return type(t).__name__


class Shapes:
    """Makes types and values of one seed."""

    def __init__(self, D, seed, features):
        self.D, self.rng, self.features = D, random.Random(seed), features
        self.handles = []
        self.resource = D.ResourceType(None)

    # Types

    def primitive(self, names=None):
        if not names and self.handles and self.rng.random() < 0.3:
            return self.rng.choice(self.handles)(self.resource)
        return getattr(self.D, CLASSES[self.rng.choice(names or SCALARS + ['string'] * 4)])()

    def compound(self, depth):
        """A type with parts, which are at most `depth` levels deep."""
        D, rng = self.D, self.rng
        part = lambda: self.valtype(depth - 1)
        payload = lambda: part() if rng.random() < 0.7 else None
        choices = ['list', 'list', 'record', 'tuple', 'variant', 'enum', 'option', 'result', 'flags']
        choices += ['map'] * ('map' in self.features) + ['fixed'] * ('fixed' in self.features)
        match rng.choice(choices):
            case 'list':
                return D.ListType(part())
            case 'fixed':
                return D.ListType(part(), rng.choice([1, 2, 3, 5, 9]))
            case 'map':
                return D.MapType(self.primitive(KEYS), part())
            case 'record':
                return D.RecordType([D.FieldType(f'f{i}', part()) for i in range(rng.randint(1, 5))])
            case 'tuple':
                return D.TupleType([part() for _ in range(rng.randint(1, 5))])
            case 'variant':
                cases = [D.CaseType(f'c{i}', payload()) for i in range(rng.randint(1, 5))]
                if rng.random() < 0.03:
                    cases += [D.CaseType(f'c{i}', None) for i in range(len(cases), rng.choice([255, 256, 257, 300]))]
                return D.VariantType(cases)
            case 'enum':
                count = rng.choice([1, 2, 3, 7]) if rng.random() < 0.95 else rng.choice([255, 256, 257, 700])
                return D.EnumType([f'e{i}' for i in range(count)])
            case 'option':
                return D.OptionType(part())
            case 'result':
                return D.ResultType(payload(), payload())
            case 'flags':
                return D.FlagsType([f'b{i}' for i in range(rng.choice([1, 3, 7, 8, 9, 15, 16, 17, 31, 32]))])

    def valtype(self, depth):
        return self.primitive() if depth <= 0 or self.rng.random() < 0.4 else self.compound(depth)

    def functype(self):
        """Parameters and result; some are beyond the limits of flattening, on one side or on both."""
        D, rng = self.D, self.rng
        has_handles = 'handles' in self.features and rng.random() < 0.15
        self.handles = [D.OwnType, D.BorrowType] if has_handles else []
        style = rng.random()
        if style < 0.15:
            params = [self.primitive() for _ in range(rng.randint(0, 20))]
        elif style < 0.6:
            params = [self.valtype(3) for _ in range(rng.randint(1, 4))]
        else:
            params = [self.valtype(rng.randint(0, 4)) for _ in range(rng.choice([1, 1, 2, 3, 5, 9, 20]))]
        while sum(map(self.weight, params)) > 150:
            params.pop()
        self.handles = self.handles[:1]  # no borrow is ever returned
        result = None if rng.random() < 0.1 else self.valtype(rng.randint(0, 4))
        while result is not None and self.weight(result) > 100:
            result = self.valtype(2)
        return params, result

    def weight(self, t):
        """How many parts a type has; a bound for what is made of it."""
        if t is None:
            return 1
        match kind(t):
            case 'ListType':
                return 1 + self.weight(t.t) * (t.l or 1)
            case _:
                return 1 + sum(self.weight(part) for part in self.parts(t))

    def parts(self, t):
        match kind(t):
            case 'ListType' | 'OptionType':
                return [t.t]
            case 'MapType':
                return [t.k, t.v]
            case 'RecordType':
                return [field.t for field in t.fields]
            case 'TupleType':
                return t.ts
            case 'VariantType':
                return [case.t for case in t.cases if case.t is not None]
            case 'ResultType':
                return [part for part in (t.ok, t.error) if part is not None]
            case _:
                return []

    def contains(self, t, name):
        return kind(t) == name or any(self.contains(part, name) for part in self.parts(t))

    # Values

    def integer(self, bits, signed):
        rng = self.rng
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        return rng.choice([low, high, low + 1, high - 1, 0, 1, rng.randint(low, high), rng.randint(low, high)])

    def floating(self, width):
        rng = self.rng
        bits = rng.getrandbits(width)
        exponent = (0x7f800000, 0x7ff << 52)[width == 64]
        match rng.randrange(8):
            case 0:
                bits |= exponent | 1  # a NaN of any payload
            case 1:
                bits = exponent | 1 << (22, 51)[width == 64]  # the canonical one
            case 2:
                bits = rng.choice([0, 1 << width - 1, exponent, exponent | 1 << width - 1, 1])
        return float_of(bits, width)

    def character(self):
        rng = self.rng
        return chr(rng.choice([rng.randint(0, 0x7f), rng.randint(0x80, 0xff), rng.randint(0x100, 0x7ff),
                               rng.randint(0x800, 0xd7ff), rng.randint(0xe000, 0xffff), rng.randint(0x10000, 0x10ffff),
                               rng.choice([0, 0x7f, 0x80, 0xff, 0x100, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000,
                                           0x10ffff, 0xfeff])]))

    def text(self, longest):
        """Of one range of characters, or of several, or nearly of one."""
        rng = self.rng
        length = rng.choice([0, 1, 2, 3, rng.randint(0, 20), rng.randint(0, longest)])
        top = rng.choice([0x7f, 0x7f, 0xff, 0xff, 0x7ff, None])
        if top is None:
            return ''.join(self.character() for _ in range(length))
        chars = [chr(rng.randint(0 if rng.random() < 0.1 else 32, top)) for _ in range(length)]
        if chars and rng.random() < 0.4:
            chars[rng.randrange(length)] = self.character()
        return ''.join(chars)

    def string(self):
        text = self.text(70 if self.rng.random() < 0.95 else 500)
        return (text, 'utf8', len(text.encode()))

    def length(self, t):
        rng = self.rng
        if self.weight(t) > 1:
            return rng.choice([0, 1, 1, 2, 3])
        if kind(t) == 'StringType':
            return rng.choice([0, 1, 2, 4])
        return rng.choice([0, 1, 2, 5, rng.randint(0, 40)] if rng.random() < 0.95 else [rng.randint(40, 300)])

    def payload(self, label, t):
        return {label: None if t is None else self.value(t)}

    def value(self, t):
        rng = self.rng
        match kind(t):
            case 'BoolType':
                return rng.random() < 0.5
            case 'F32Type' | 'F64Type':
                return self.floating(int(kind(t)[1:3]))
            case 'CharType':
                return self.character()
            case 'StringType':
                return self.string()
            case 'ListType':
                return [self.value(t.t) for _ in range(self.length(t.t) if t.l is None else t.l)]
            case 'MapType':
                return [{'0': self.value(t.k), '1': self.value(t.v)} for _ in range(rng.choice([0, 1, 2, 3]))]
            case 'RecordType':
                return {field.label: self.value(field.t) for field in t.fields}
            case 'TupleType':
                return {str(i): self.value(part) for i, part in enumerate(t.ts)}
            case 'VariantType':
                case = rng.choice(t.cases)
                return self.payload(case.label, case.t)
            case 'EnumType':
                return {rng.choice(t.labels): None}
            case 'OptionType':
                return rng.choice([{'none': None}, self.payload('some', t.t)])
            case 'ResultType':
                return rng.choice([self.payload('ok', t.ok), self.payload('error', t.error)])
            case 'OwnType' | 'BorrowType':
                return None
            case 'FlagsType':
                return {label: rng.random() < 0.5 for label in t.labels}
            case name:  # an integer: S8Type to U64Type
                return self.integer(int(name[1:-4]), name[0] == 'S')


def float_of(bits, width):
    value = struct.unpack(*(('<f', struct.pack('<I', bits)) if width == 32 else ('<d', struct.pack('<Q', bits))))[0]
    return Nan(bits, width) if math.isnan(value) else value


# Text


class Definitions:
    """Type definitions in the text of a component, each once; exported ones have a name `t0`, `t1`, ..."""

    def __init__(self, form):
        """`form(index, definition)` says how a type that needs a name is written where the definitions go."""
        self.form, self.lines, self.known, self.exported = form, [], {}, 0

    def use(self, t):
        """The type as it is written where it is used."""
        name = {cls: name for name, cls in CLASSES.items()}.get(kind(t))
        if name:
            return name
        if kind(t) in ('OwnType', 'BorrowType'):
            return '(own $r)' if kind(t) == 'OwnType' else '(borrow $r)'
        if id(t) not in self.known:
            definition = self.define(t)  # its parts come first
            if kind(t) in NAMED:
                self.lines.append(self.form(self.exported, definition))
                self.known[id(t)] = f'$t{self.exported}'
                self.exported += 1
            else:
                self.known[id(t)] = f'$a{len(self.known)}'
                self.lines.append(f'(type {self.known[id(t)]} {definition})')
        return self.known[id(t)]

    def define(self, t):
        use = self.use
        match kind(t):
            case 'ListType':
                return f'(list {use(t.t)})' if t.l is None else f'(list {use(t.t)} {t.l})'
            case 'MapType':
                return f'(map {use(t.k)} {use(t.v)})'
            case 'RecordType':
                return f'(record {" ".join(f"""(field "{f.label}" {use(f.t)})""" for f in t.fields)})'
            case 'TupleType':
                return f'(tuple {" ".join(map(use, t.ts))})'
            case 'VariantType':
                payload = lambda case: '' if case.t is None else ' ' + use(case.t)
                return f'(variant {" ".join(f"""(case "{c.label}"{payload(c)})""" for c in t.cases)})'
            case 'EnumType':
                return f'(enum {" ".join(map(quote, t.labels))})'
            case 'OptionType':
                return f'(option {use(t.t)})'
            case 'ResultType':
                ok = '' if t.ok is None else ' ' + use(t.ok)
                return f'(result{ok}{"" if t.error is None else f" (error {use(t.error)})"})'
            case 'FlagsType':
                return f'(flags {" ".join(map(quote, t.labels))})'


def quote(text):
    return '"' + ''.join(c if c.isascii() and c.isalnum() else escape(c.encode()) for c in text) + '"'


def escape(data):
    return ''.join(chr(b) if chr(b).isascii() and chr(b).isalnum() else f'\\{b:02x}' for b in data)


def float_text(value, width):
    if isinstance(value, Nan):
        payload = value.bits & ((1 << (23, 52)[width == 64]) - 1)
        return f'{"-" if value.bits >> width - 1 else ""}nan:0x{payload:x}'
    return value.hex() if math.isfinite(value) else ('inf' if value > 0 else '-inf')


def constant(t, value):
    """A value as a script writes it. There is no way to write a map."""
    one = lambda part, v: '' if part is None else ' ' + constant(part, v)
    match kind(t):
        case 'BoolType':
            return f'(bool.const {str(value).lower()})'
        case 'F32Type' | 'F64Type':
            width = int(kind(t)[1:3])
            return f'(f{width}.const {float_text(value, width)})'
        case 'CharType':
            return f'(char.const {quote(value)})'
        case 'StringType':
            return f'(str.const {quote(value[0])})'
        case 'ListType':
            return f'(list.const{"".join(" " + constant(t.t, v) for v in value)})'
        case 'RecordType':
            fields = (f' (field "{f.label}" {constant(f.t, value[f.label])[1:-1]})' for f in t.fields)
            return f'(record.const{"".join(fields)})'
        case 'TupleType':
            return f'(tuple.const{"".join(" " + constant(part, value[str(i)]) for i, part in enumerate(t.ts))})'
        case 'VariantType':
            [(label, v)] = value.items()
            [case] = [case for case in t.cases if case.label == label]
            return f'(variant.const "{label}"{one(case.t, v)})'
        case 'EnumType':
            return f'(enum.const "{next(iter(value))}")'
        case 'OptionType':
            return f'(option.some {constant(t.t, value["some"])})' if 'some' in value else '(option.none)'
        case 'ResultType':
            [(label, v)] = value.items()
            return f'(result.ok{one(t.ok, v)})' if label == 'ok' else f'(result.err{one(t.error, v)})'
        case 'FlagsType':
            return f'(flags.const{"".join(f""" "{label}" """.rstrip() for label in t.labels if value[label])})'
        case name:
            return f'({name[:-4].lower()}.const {value})'
