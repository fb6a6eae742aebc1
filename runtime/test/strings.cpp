//===- strings.cpp - The kernels for strings ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kernel against code that goes from character to character, for texts of every length up to
// 200 code units and of every mixture of characters, some of them broken. A source ends where the
// process's memory ends, and what stands behind a target is looked at.
//
//===----------------------------------------------------------------------===//

#include "../src/trap.h"
#include "check.h"

extern "C" {
void tenon_utf8_check(const void *, uint64_t);
void tenon_utf8_copy(void *, const void *, uint64_t);
void tenon_utf16_copy(void *, const void *, uint64_t);
void tenon_latin1_to_utf16(void *, const void *, uint64_t);
uint64_t tenon_utf8_to_utf16(void *, const void *, uint64_t);
uint64_t tenon_utf16_to_utf8(void *, const void *, uint64_t);
uint64_t tenon_latin1_to_utf8(void *, const void *, uint64_t);
uint64_t tenon_latin1_ascii_prefix(void *, const void *, uint64_t);
uint64_t tenon_utf16_ascii_prefix(void *, const void *, uint64_t);
uint64_t tenon_utf16_latin1_prefix(void *, const void *, uint64_t);
uint64_t tenon_utf8_latin1_prefix(void *, const void *, uint64_t);
void tenon_latin1_inflate(void *, uint64_t);
uint32_t tenon_utf16_copy_narrow(void *, const void *, uint64_t);
void *tenon_utf16_to_native(const void *, uint64_t, uint64_t *);
void *tenon_latin1_to_native(const void *, uint64_t, uint64_t *);
void tenon_arena_release(void *);
}

namespace {

//===--- the reference ----------------------------------------------------===//

enum Encoding { UTF8, UTF16, Latin1 };
constexpr Encoding encodings[] = {UTF8, UTF16, Latin1};
constexpr unsigned mostUnits = 256;

/// A text as code units of 1 or 2 bytes.
struct Text {
  Encoding encoding;
  uint64_t length = 0; ///< code units
  uint8_t bytes[4 * mostUnits] = {};

  unsigned unitBytes() const { return encoding == UTF16 ? 2 : 1; }
  uint64_t size() const { return length * unitBytes(); }
  void unit(uint32_t value) {
    for (unsigned i = 0; i < unitBytes(); ++i)
      bytes[size() + i] = uint8_t(value >> (8 * i));
    ++length;
  }
  uint32_t unitAt(uint64_t i) const {
    return encoding == UTF16 ? bytes[2 * i] | uint32_t(bytes[2 * i + 1]) << 8 : bytes[i];
  }
  void add(uint32_t character) {
    if (encoding == UTF16 && character >= 0x10000) {
      unit(0xd800 + ((character - 0x10000) >> 10));
      unit(0xdc00 + ((character - 0x10000) & 0x3ff));
    } else if (encoding != UTF8 || character < 0x80) {
      unit(character);
    } else {
      unsigned more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
      constexpr uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
      unit(leads[more] | character >> (6 * more));
      for (unsigned i = more; i--;)
        unit(0x80 | (character >> (6 * i) & 0x3f));
    }
  }
};

/// Takes a text apart.
struct Reader {
  const Text &text;
  uint64_t at = 0;
  uint32_t trap = 0; ///< why there is no next character

  bool more() const { return at < text.length && !trap; }
  uint32_t next() {
    uint32_t first = text.unitAt(at);
    if (text.encoding == UTF8)
      return first < 0x80 ? (++at, first) : nextOfUTF8(first);
    if (text.encoding == UTF16 && first >= 0xd800 && first < 0xe000)
      return nextPair(first);
    ++at;
    return first;
  }

private:
  uint32_t nextPair(uint32_t first) {
    uint32_t second = at + 1 < text.length ? text.unitAt(at + 1) : 0;
    if (first >= 0xdc00 || second < 0xdc00 || second >= 0xe000)
      return trap = InvalidUTF16, 0;
    at += 2;
    return 0x10000 + (((first - 0xd800) << 10) | (second - 0xdc00));
  }
  /// A prefix is good if some character begins with it.
  uint32_t nextOfUTF8(uint32_t first) {
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    constexpr uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    trap = InvalidUTF8;
    if (first < 0xc0 || first >= 0xf8)
      return 0;
    uint32_t value = first & (0x3f >> more);
    for (unsigned k = 1; k <= more; ++k) {
      // The characters that begin with what was read are those from here on, so many.
      uint32_t low = value << (6 * (more - k + 1)), count = 1u << (6 * (more - k + 1));
      bool some = low + count > smallest[more] && low <= 0x10ffff &&
                  !(low >= 0xd800 && low + count <= 0xe000);
      if (!some)
        return 0;
      if (at + k == text.length)
        return trap = IncompleteUTF8, 0;
      uint32_t unit = text.unitAt(at + k);
      if (unit >> 6 != 2)
        return 0;
      value = value << 6 | (unit & 0x3f);
    }
    if (value < smallest[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
      return 0;
    trap = 0;
    at += more + 1;
    return value;
  }
};

//===--- calls ------------------------------------------------------------===//

uint8_t *sourceEnd; ///< nothing can be read from here on
alignas(64) uint8_t target[8192];
constexpr uint8_t untouched = 0xa5;

struct Call {
  void (*run)(Call &);
  uint8_t *to;
  const uint8_t *from;
  uint64_t length;
  uint64_t result = 0;
};

/// Puts the text before the end of memory; the trap's kind, or 0.
uint32_t perform(Call &call, const Text &text) {
  call.from = sourceEnd - text.size();
  memcpy(sourceEnd - text.size(), text.bytes, text.size());
  call.length = text.length;
  return tenon_protect(
      [](void *call) { static_cast<Call *>(call)->run(*static_cast<Call *>(call)); }, &call);
}

void clear() { memset(target, untouched, 2048); }

/// That `expected` stands in the target, and nothing behind `room` bytes was touched.
bool holds(const Call &call, const Text &expected, uint64_t room) {
  for (uint64_t i = room; i < room + 64; ++i)
    if (call.to[i] != untouched)
      return false;
  return !memcmp(call.to, expected.bytes, expected.size());
}

#define RUN(expression) [](Call &c) { expression; }

/// A conversion of a whole text, into exactly as much room as it takes.
void checkWhole(const Text &text, Encoding to, void (*run)(Call &), unsigned shift) {
  Text expected = {to};
  Reader reader = {text};
  while (reader.more())
    if (uint32_t character = reader.next(); !reader.trap)
      expected.add(character);
  clear();
  Call call = {run, target + shift, nullptr, 0};
  CHECK_EQUAL(perform(call, text), reader.trap);
  if (reader.trap)
    return;
  CHECK(holds(call, expected, expected.size()));
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
  clear();
  Call call = {run, target + shift, nullptr, 0};
  uint32_t trap = perform(call, text);
  // Which mistake it is, the whole text decides.
  CHECK_EQUAL(trap != 0, reader.trap != 0);
  if (trap)
    return;
  CHECK(holds(call, expected, expected.length));
  CHECK_EQUAL(call.result, read << 32 | expected.length);
}

void checkUTF8(const Text &text, unsigned shift) {
  checkWhole(text, UTF8, RUN(tenon_utf8_copy(c.to, c.from, c.length); c.result = c.length), shift);
  checkWhole(
      text, UTF8,
      RUN(tenon_utf8_check(c.from, c.length); memcpy(c.to, c.from, c.length); c.result = c.length),
      shift);
  checkWhole(text, UTF16, RUN(c.result = tenon_utf8_to_utf16(c.to, c.from, c.length)), shift & ~1u);
  checkPrefix(text, 0x100, RUN(c.result = tenon_utf8_latin1_prefix(c.to, c.from, c.length)), shift);
}

void checkUTF16(const Text &text, unsigned shift) {
  checkWhole(text, UTF16, RUN(tenon_utf16_copy(c.to, c.from, c.length); c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF8, RUN(c.result = tenon_utf16_to_utf8(c.to, c.from, c.length)), shift);
  checkWhole(text, UTF8,
             RUN(void *native = tenon_utf16_to_native(c.from, c.length, &c.result);
                 memcpy(c.to, native, c.result); tenon_arena_release(nullptr)),
             shift);
  checkPrefix(text, 0x80, RUN(c.result = tenon_utf16_ascii_prefix(c.to, c.from, c.length)), shift);
  checkPrefix(text, 0x100, RUN(c.result = tenon_utf16_latin1_prefix(c.to, c.from, c.length)),
              shift);
  bool isLatin1 = true;
  for (uint64_t i = 0; i < text.length; ++i)
    isLatin1 &= text.unitAt(i) < 0x100;
  Text narrow = {Latin1};
  for (uint64_t i = 0; i < text.length; ++i)
    narrow.add(text.unitAt(i));
  clear();
  Call call = {RUN(c.result = tenon_utf16_copy_narrow(c.to, c.from, c.length)),
               target + (shift & ~1u), nullptr, 0};
  if (perform(call, text))
    return;
  CHECK_EQUAL(call.result, isLatin1);
  CHECK(holds(call, isLatin1 ? narrow : text, text.size()));
}

void checkLatin1(const Text &text, unsigned shift) {
  checkWhole(text, UTF16, RUN(tenon_latin1_to_utf16(c.to, c.from, c.length); c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF16,
             RUN(memcpy(c.to, c.from, c.length); tenon_latin1_inflate(c.to, c.length);
                 c.result = c.length),
             shift & ~1u);
  checkWhole(text, UTF8, RUN(c.result = tenon_latin1_to_utf8(c.to, c.from, c.length)), shift);
  checkWhole(text, UTF8,
             RUN(void *native = tenon_latin1_to_native(c.from, c.length, &c.result);
                 memcpy(c.to, native, c.result); tenon_arena_release(nullptr)),
             shift);
  checkPrefix(text, 0x80, RUN(c.result = tenon_latin1_ascii_prefix(c.to, c.from, c.length)), shift);
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

void checkEveryLength() {
  for (uint64_t length = 0; length <= 200 && failures < 20; ++length)
    for (unsigned mixture = 0; mixture < 6; ++mixture)
      for (Encoding encoding : encodings) {
        Text text = randomText(encoding, mixture, length);
        for (unsigned shift = 0; shift < 16; shift += 1 + random(5))
          check(text, shift);
        if (!length)
          continue;
        // Broken somewhere, mostly.
        uint64_t at = random(static_cast<uint32_t>(text.size()));
        text.bytes[at] = uint8_t(encoding == UTF16 ? 0xd8 + random(8) : 0x80 + random(128));
        check(text, random(16));
      }
}

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
    checkWhole(text, UTF8, RUN(tenon_utf8_copy(c.to, c.from, c.length); c.result = c.length), 0);
    if (i % 5 == 0)
      check(text, 0);
  }
}

uint32_t run() {
  constexpr uint64_t page = 4096;
  long got = mmap(nullptr, 3 * page, ProtReadWrite, MapPrivate | MapAnonymous);
  sourceEnd = reinterpret_cast<uint8_t *>(got) + 2 * page;
  mmap(sourceEnd, page, 0, MapPrivate | MapAnonymous | MapFixed);
  checkEveryLength();
  checkBoundaries();
  checkEveryMistake();
  exitProcess(failures);
}

} // namespace

const struct tenon_program_info tenon_program_info = {TENON_ABI_VERSION, 0,       nullptr, 0,
                                                      nullptr,           nullptr, 1 << 20, run};
