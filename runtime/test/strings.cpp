//===- strings.cpp - The kernels for strings ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kernel, of every level that the processor has, against code that goes from character to
// character: texts of every length up to 300 code units and of every mixture of characters, some of
// them broken. A source ends, or begins, where the process's memory does, and what stands around a
// target is looked at.
//
//===----------------------------------------------------------------------===//

#include "../src/kernels.h"
#include "texts.h"

extern "C" {
uint8_t *tenon_utf16_to_native(const uint16_t *, uint64_t, uint64_t *);
uint8_t *tenon_latin1_to_native(const uint8_t *, uint64_t, uint64_t *);
void tenon_arena_release(void *);
}

namespace {

//===--- calls ------------------------------------------------------------===//

/// The kernels of a level.
struct Kernels {
  const char *name;
#define KERNEL(result, name, parameters, arguments) result(*name) parameters;
#include "../src/kernels.def"
#undef KERNEL
};

#define KERNEL(result, name, parameters, arguments) LEVEL(name),
#define LEVEL(name) tenon_##name
constexpr Kernels chosenKernels = {
    "as chosen",
#include "../src/kernels.def"
};
#undef LEVEL
#define LEVEL(name) baseline::name
constexpr Kernels baselineKernels = {
    "baseline",
#include "../src/kernels.def"
};
#undef LEVEL
#if defined(__x86_64__)
#define LEVEL(name) avx2::name
constexpr Kernels avx2Kernels = {
    "AVX2",
#include "../src/kernels.def"
};
#undef LEVEL
#define LEVEL(name) avx512::name
constexpr Kernels avx512Kernels = {
    "AVX-512",
#include "../src/kernels.def"
};
#undef LEVEL
#endif
#undef KERNEL

const Kernels *kernels; ///< those that are being tested

uint8_t *sourceBegin, *sourceEnd; ///< nothing can be read before, or from here on
bool atBegin;                     ///< where the next source is put
alignas(64) uint8_t target[8192];
constexpr uint8_t untouched = 0xa5;
constexpr uint64_t around = 128; ///< bytes before and behind what a kernel may write

struct Call {
  void (*run)(Call &);
  uint8_t *to;
  const uint8_t *source;
  uint64_t length;
  uint64_t result = 0;

  uint16_t *toUnits() const { return reinterpret_cast<uint16_t *>(to); }
  const uint16_t *units() const { return reinterpret_cast<const uint16_t *>(source); }
};

/// Puts the source where memory begins or ends; the trap's kind, or 0.
uint32_t perform(Call &call, const uint8_t *bytes, uint64_t size) {
  uint8_t *at = atBegin ? sourceBegin : sourceEnd - size;
  atBegin = !atBegin;
  memcpy(at, bytes, size);
  call.source = at;
  return tenon_protect(
      [](void *call) { static_cast<Call *>(call)->run(*static_cast<Call *>(call)); }, &call);
}
uint32_t perform(Call &call, const Text &text) {
  call.length = text.length;
  return perform(call, text.bytes, text.size());
}

Call callAt(void (*run)(Call &), unsigned shift) {
  memset(target, untouched, sizeof(target) / 2);
  return {run, target + around + shift, nullptr, 0};
}

bool isUntouched(const uint8_t *from, uint64_t size) {
  for (uint64_t i = 0; i < size; ++i)
    if (from[i] != untouched)
      return false;
  return true;
}

/// That the bytes stand in the target, and nothing before it, or behind `room` bytes, was touched.
bool holds(const Call &call, const void *expected, uint64_t size, uint64_t room) {
  return isUntouched(call.to + room, around) && isUntouched(call.to - around, around) &&
         !memcmp(call.to, expected, size);
}

#define RUN(expression) [](Call &c) { expression; }

/// A conversion of a whole text, into exactly as much room as it takes.
void checkWhole(const Text &text, Encoding to, void (*run)(Call &), unsigned shift) {
  Text expected = {to};
  Reader reader = {text};
  while (reader.more())
    if (uint32_t character = reader.next(); !reader.trap)
      expected.add(character);
  Call call = callAt(run, shift);
  CHECK_EQUAL(perform(call, text), reader.trap);
  if (reader.trap)
    return;
  CHECK(holds(call, expected.bytes, expected.size(), expected.size()));
  if (call.result != ~0ull)
    CHECK_EQUAL(call.result, expected.length);
}

/// One that ends before the first character from `limit` on.
void checkPrefix(const Text &text, uint32_t limit, void (*run)(Call &), unsigned shift) {
  Text expected = {Latin1};
  Reader reader = {text};
  uint64_t read = 0;
  while (reader.more()) {
    // What begins a longer character ends the prefix, whatever follows.
    uint32_t first = text.unitAt(reader.at);
    if (first >= (text.encoding == UTF8 ? 0xc4 : limit))
      break;
    uint32_t character = reader.next();
    if (reader.trap)
      break;
    expected.add(character);
    read = reader.at;
  }
  if (text.encoding != UTF8)
    read = 0;
  Call call = callAt(run, shift);
  uint32_t trap = perform(call, text);
  // Which mistake it is, the whole text decides.
  CHECK_EQUAL(trap != 0, reader.trap != 0);
  if (trap)
    return;
  CHECK(holds(call, expected.bytes, expected.length, expected.length));
  CHECK_EQUAL(call.result, read << 32 | expected.length);
}

/// A conversion for the host.
template <auto Convert, typename Unit> void toNative(Call &c) {
  uint8_t *native = Convert(reinterpret_cast<const Unit *>(c.source), c.length, &c.result);
  memcpy(c.to, native, c.result);
  tenon_arena_release(nullptr);
}

void checkUTF8(const Text &text, unsigned shift) {
  checkWhole(text, UTF8, RUN(kernels->utf8_copy(c.to, c.source, c.length); c.result = c.length),
             shift);
  checkWhole(text, UTF8,
             RUN(kernels->utf8_check(c.source, c.length); memcpy(c.to, c.source, c.length);
                 c.result = c.length),
             shift);
  checkWhole(text, UTF16, RUN(c.result = kernels->utf8_to_utf16(c.toUnits(), c.source, c.length)),
             shift & ~1u);
  checkPrefix(text, 0x100, RUN(c.result = kernels->utf8_latin1_prefix(c.to, c.source, c.length)),
              shift);
}

void checkUTF16(const Text &text, unsigned shift) {
  checkWhole(text, UTF16,
             RUN(kernels->utf16_copy(c.toUnits(), c.units(), c.length); c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF8, RUN(c.result = kernels->utf16_to_utf8(c.to, c.units(), c.length)), shift);
  checkWhole(text, UTF8, toNative<tenon_utf16_to_native, uint16_t>, shift);
  checkPrefix(text, 0x80, RUN(c.result = kernels->utf16_ascii_prefix(c.to, c.units(), c.length)),
              shift);
  checkPrefix(text, 0x100, RUN(c.result = kernels->utf16_latin1_prefix(c.to, c.units(), c.length)),
              shift);
  bool isLatin1 = true;
  for (uint64_t i = 0; i < text.length; ++i)
    isLatin1 &= text.unitAt(i) < 0x100;
  Text narrow = {Latin1};
  for (uint64_t i = 0; i < text.length; ++i)
    narrow.add(text.unitAt(i));
  Call call = callAt(RUN(c.result = kernels->utf16_copy_narrow(c.toUnits(), c.units(), c.length)),
                     shift & ~1u);
  if (perform(call, text))
    return;
  CHECK_EQUAL(call.result, isLatin1);
  const Text &expected = isLatin1 ? narrow : text;
  CHECK(holds(call, expected.bytes, expected.size(), text.size()));
}

void checkLatin1(const Text &text, unsigned shift) {
  checkWhole(text, UTF16,
             RUN(kernels->latin1_to_utf16(c.toUnits(), c.source, c.length); c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF16,
             RUN(memcpy(c.to, c.source, c.length); kernels->latin1_inflate(c.to, c.length);
                 c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF8, RUN(c.result = kernels->latin1_to_utf8(c.to, c.source, c.length)), shift);
  checkWhole(text, UTF8, toNative<tenon_latin1_to_native, uint8_t>, shift);
  checkPrefix(text, 0x80, RUN(c.result = kernels->latin1_ascii_prefix(c.to, c.source, c.length)),
              shift);
}

void check(const Text &text, unsigned shift) {
  if (text.encoding == UTF8)
    checkUTF8(text, shift);
  else if (text.encoding == UTF16)
    checkUTF16(text, shift);
  else
    checkLatin1(text, shift);
}

//===--- texts ------------------------------------------------------------===//

uint64_t state = 1;
uint32_t random(uint32_t below) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>((state >> 33) % below);
}

constexpr uint32_t boundaries[] = {0,       1,       0x7f,    0x80,    0xbf,     0xc0,
                                   0xff,    0x100,   0x7ff,   0x800,   0xfff,    0x1000,
                                   0xcfff,  0xd000,  0xd7ff,  0xe000,  0xfffd,   0xffff,
                                   0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff};

/// Mixture 0: ASCII; 1: Latin-1; 2: below U+0800; 3: plane 0; 4: boundaries; 5: anything, mostly
/// ASCII.
uint32_t randomCharacter(unsigned mixture) {
  constexpr uint32_t below[] = {0x80, 0x100, 0x800, 0x10000};
  if (mixture == 4)
    return boundaries[random(sizeof(boundaries) / sizeof(boundaries[0]))];
  uint32_t character = mixture < 4 ? random(below[mixture])
                       : random(8) ? random(128)
                                   : random(0x110000);
  return character >= 0xd800 && character < 0xe000 ? 0xe000 : character;
}

Text randomText(Encoding encoding, unsigned mixture, uint64_t length) {
  Text text = {encoding};
  while (text.length < length) {
    Text longer = text;
    uint32_t character = randomCharacter(mixture);
    longer.add(encoding == Latin1 ? character & 0xff : character);
    if (longer.length > length)
      longer = text, longer.add('x');
    text = longer;
  }
  return text;
}

constexpr uint64_t mostLength = 300;

/// Another byte, or code unit, somewhere: mostly a mistake.
void breakAt(Text &text, uint64_t unit) {
  if (text.encoding == UTF16)
    text.bytes[2 * unit + 1] = uint8_t(0xd8 + random(8));
  else
    text.bytes[unit] = uint8_t(0x80 + random(128));
}

void checkEveryLength() {
  for (uint64_t length = 0; length <= mostLength && failures < 20; ++length)
    for (unsigned mixture = 0; mixture < 6; ++mixture)
      for (Encoding encoding : encodings) {
        Text text = randomText(encoding, mixture, length);
        for (unsigned shift = random(5); shift < 64; shift += 1 + random(40))
          check(text, shift);
        if (!length)
          continue;
        breakAt(text, random(static_cast<uint32_t>(length)));
        check(text, random(64));
      }
}

/// Mistakes at every place, in texts about as long as some vectors.
void checkEveryPlace() {
  constexpr uint64_t sizes[] = {16, 32, 64, 128, 256};
  constexpr unsigned mixtures[] = {0, 1, 5};
  for (uint64_t vectors : sizes)
    for (uint64_t length = vectors - 1; length <= vectors + 3; ++length)
      for (unsigned mixture : mixtures)
        for (Encoding encoding : encodings) {
          if (encoding == Latin1)
            continue;
          Text text = randomText(encoding, mixture, length);
          for (uint64_t at = 0; at < length && failures < 20; ++at) {
            Text broken = text;
            breakAt(broken, at);
            check(broken, static_cast<unsigned>(at % 64));
          }
        }
}

//===--- lists ------------------------------------------------------------===//

void checkBools(uint64_t length, unsigned shift) {
  uint8_t bytes[mostLength], expected[mostLength];
  for (uint64_t i = 0; i < length; ++i) {
    bytes[i] = uint8_t(random(2) ? random(256) : random(2));
    expected[i] = bytes[i] != 0;
  }
  Call call = callAt(RUN(kernels->list_bool(c.to, c.source, c.length)), shift);
  call.length = length;
  CHECK_EQUAL(perform(call, bytes, length), 0);
  CHECK(holds(call, expected, length, length));
}

void checkChars(const uint32_t *values, uint64_t length, unsigned shift, uint32_t trap) {
  Call call =
      callAt(RUN(kernels->list_char(reinterpret_cast<uint32_t *>(c.to),
                                    reinterpret_cast<const uint32_t *>(c.source), c.length)),
             shift & ~3u);
  call.length = length;
  CHECK_EQUAL(perform(call, reinterpret_cast<const uint8_t *>(values), 4 * length), trap);
  if (!trap)
    CHECK(holds(call, values, 4 * length, 4 * length));
}

void checkLists() {
  constexpr uint32_t wrong[] = {0xd800,   0xdbff,     0xdfff,     0x110000,
                                0x11d800, 0x7fffffff, 0x8000d800, 0xffffffff};
  for (uint64_t length = 0; length <= mostLength && failures < 20; ++length) {
    for (unsigned shift = 0; shift < 64; shift += 1 + random(7))
      checkBools(length, shift);
    uint32_t values[mostLength];
    for (uint64_t i = 0; i < length; ++i)
      values[i] = randomCharacter(random(6));
    for (unsigned shift = 0; shift < 64; shift += 4)
      checkChars(values, length, shift, 0);
    for (uint64_t i = 0; i < length; ++i) {
      uint32_t value = values[i];
      values[i] = wrong[random(sizeof(wrong) / sizeof(wrong[0]))];
      checkChars(values, length, 0, InvalidChar);
      values[i] = value;
    }
  }
}

//===--- rules ------------------------------------------------------------===//

void checkBoundaries() {
  for (uint32_t character : boundaries)
    for (Encoding encoding : encodings)
      for (unsigned before = 0; before < 48; ++before) {
        if (encoding == Latin1 && character >= 0x100)
          continue;
        Text text = {encoding};
        for (unsigned i = 0; i < before; ++i)
          text.add(i % 7 == 5 ? 0xe9 : 'a');
        text.add(character);
        for (uint64_t whole = text.length; text.length && text.length + 4 > whole; --text.length)
          check(text, 0);
        for (text.length += 4; text.length < 120;)
          text.add('b');
        if (failures < 20)
          check(text, 3);
      }
}

/// Every sequence of four bytes out of those at which a rule begins or ends.
void checkEveryMistake() {
  constexpr uint8_t bytes[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                               0xc0, 0xc1, 0xc2, 0xc4, 0xdf, 0xe0, 0xe1, 0xed,
                               0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xf8, 0xff};
  constexpr unsigned count = sizeof(bytes);
  for (unsigned i = 0; i < count * count * count * count && failures < 20; ++i) {
    Text text = {UTF8};
    for (unsigned k = 0; k < 13 + i % 3; ++k)
      text.add('a');
    for (unsigned k = 0, rest = i; k < 4; ++k, rest /= count)
      text.unit(bytes[rest % count]);
    if (i % 2)
      text.add('b');
    checkWhole(text, UTF8, RUN(kernels->utf8_copy(c.to, c.source, c.length); c.result = c.length),
               0);
    if (i % 5 == 0)
      check(text, 0);
  }
}

void checkLevel(const Kernels &level) {
  kernels = &level;
  int before = failures;
  checkEveryLength();
  checkLists();
  if (kernels != &chosenKernels) {
    checkEveryPlace();
    checkBoundaries();
    checkEveryMistake();
  }
  if (failures != before)
    Printer(2) << "with the kernels " << level.name << '\n';
}

uint32_t run() {
  constexpr uint64_t page = 4096;
  long got = mmap(nullptr, 4 * page, 0, MapPrivate | MapAnonymous);
  sourceBegin = reinterpret_cast<uint8_t *>(got) + page;
  sourceEnd = sourceBegin + 2 * page;
  mmap(sourceBegin, 2 * page, ProtReadWrite, MapPrivate | MapAnonymous | MapFixed);
  // Nobody asks the processor for little.
  CHECK(levelFor(1000) == Level::Baseline);
  CHECK_EQUAL(tenon_vector_level, 0);
  Level level = levelFor(~0ull);
  checkLevel(chosenKernels);
  checkLevel(baselineKernels);
#if defined(__x86_64__)
  if (level >= Level::Avx2)
    checkLevel(avx2Kernels);
  if (level >= Level::Avx512)
    checkLevel(avx512Kernels);
#endif
  CHECK_EQUAL(tenon_vector_level, static_cast<uint8_t>(level));
  exitProcess(failures);
}

} // namespace

const struct tenon_program_info tenon_program_info = {TENON_ABI_VERSION, 0,       nullptr, 0,
                                                      nullptr,           nullptr, 1 << 20, run};
