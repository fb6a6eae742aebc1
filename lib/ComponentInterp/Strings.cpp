//===- Strings.cpp - Strings in all encodings -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A string is UTF-8 between lifting and lowering. Which sizes are asked of `realloc`, and when, is
// part of the ABI and depends on both encodings: each way is a function here, named as in the
// specification.
//
//===----------------------------------------------------------------------===//

#include "LiftLower.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace tenon;
using namespace tenon::interp;
using component::StringEncoding;

namespace {
using Bytes = std::vector<uint8_t>;
using CodePoints = std::vector<uint32_t>;
} // namespace

static uint64_t utf16Tag(const Context &cx) {
  return uint64_t(1) << (8 * cx.options.ptrSize() - 1);
}

//===----------------------------------------------------------------------===//
// Encodings
//===----------------------------------------------------------------------===//

static void appendUTF8(uint32_t c, std::string &text) {
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = bytes;
  llvm::ConvertCodePointToUTF8(c, end);
  text.append(bytes, end);
}

/// False: an unpaired surrogate.
static bool decodeUTF16(llvm::ArrayRef<uint8_t> bytes, std::string &text) {
  for (size_t i = 0; i < bytes.size(); i += 2) {
    uint32_t unit = bytes[i] | bytes[i + 1] << 8;
    if (unit >= 0xd800 && unit < 0xe000) {
      if (unit >= 0xdc00 || i + 3 >= bytes.size())
        return false;
      uint32_t low = bytes[i + 2] | bytes[i + 3] << 8;
      if (low < 0xdc00 || low >= 0xe000)
        return false;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      i += 2;
    }
    appendUTF8(unit, text);
  }
  return true;
}

static CodePoints decodeUTF8(llvm::StringRef text) {
  CodePoints points;
  const llvm::UTF8 *at = text.bytes_begin();
  while (at != text.bytes_end()) {
    llvm::UTF32 c = 0;
    llvm::ConversionResult result =
        llvm::convertUTF8Sequence(&at, text.bytes_end(), &c, llvm::strictConversion);
    assert(result == llvm::conversionOK && "lifting has checked it");
    (void)result;
    points.push_back(c);
  }
  return points;
}

static Bytes encodeUTF16(const CodePoints &points) {
  Bytes bytes;
  auto put = [&](uint32_t unit) {
    bytes.push_back(uint8_t(unit));
    bytes.push_back(uint8_t(unit >> 8));
  };
  for (uint32_t c : points) {
    if (c < 0x10000) {
      put(c);
      continue;
    }
    put(0xd800 + ((c - 0x10000) >> 10));
    put(0xdc00 + ((c - 0x10000) & 0x3ff));
  }
  return bytes;
}

static Bytes encodeLatin1(const CodePoints &points) { return Bytes(points.begin(), points.end()); }

//===----------------------------------------------------------------------===//
// Lifting
//===----------------------------------------------------------------------===//

/// A sequence that the string's end cuts off is told apart from others.
static TrapKind invalidUTF8(llvm::StringRef text) {
  const llvm::UTF8 *at = text.bytes_begin();
  (void)llvm::isLegalUTF8String(&at, text.bytes_end());
  size_t left = text.bytes_end() - at;
  bool isCut = left < llvm::getNumBytesForUTF8(*at) && left > 0;
  for (size_t i = 1; isCut && i < left; ++i)
    isCut = (at[i] & 0xc0) == 0x80;
  // A second byte that no third can follow is wrong by itself.
  if (isCut && left > 1) {
    uint8_t first = at[0], second = at[1];
    isCut = !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0) &&
            !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second >= 0x90);
  }
  bool canStart = *at >= 0xc2 && *at <= 0xf4;
  return isCut && canStart ? TrapKind::IncompleteUTF8 : TrapKind::InvalidUTF8;
}

bool interp::loadString(Context &cx, uint64_t address, uint64_t taggedCodeUnits,
                        std::string &text) {
  StringEncoding encoding = cx.options.encoding;
  bool isLatin1 = encoding == StringEncoding::Latin1UTF16 && !(taggedCodeUnits & utf16Tag(cx));
  uint64_t codeUnits =
      encoding == StringEncoding::Latin1UTF16 ? taggedCodeUnits & ~utf16Tag(cx) : taggedCodeUnits;
  uint64_t unitSize = encoding == StringEncoding::UTF8 || isLatin1 ? 1 : 2;
  if (codeUnits > maxListBytes / unitSize)
    return cx.fail(cx.stringOutOfBounds());
  if (encoding != StringEncoding::UTF8 && address % 2)
    return cx.fail(TrapKind::PointerMisaligned);
  if (!cx.isInMemory(address, codeUnits * unitSize))
    return cx.fail(cx.stringOutOfBounds());
  cx.strings.push_back({encoding, isLatin1, codeUnits});
  llvm::ArrayRef<uint8_t> bytes(cx.at(address), codeUnits * unitSize);
  if (isLatin1) {
    for (uint8_t c : bytes)
      appendUTF8(c, text);
    return true;
  }
  if (encoding != StringEncoding::UTF8)
    return decodeUTF16(bytes, text) ? true : cx.fail(TrapKind::InvalidUTF16);
  text.assign(bytes.begin(), bytes.end());
  const llvm::UTF8 *begin = bytes.begin();
  return llvm::isLegalUTF8String(&begin, bytes.end()) ? true : cx.fail(invalidUTF8(text));
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

namespace {

/// `store_string_into_range`: the way from `source` to what the context wants.
class StringStore {
public:
  StringStore(Context &cx, llvm::StringRef text, const SourceString &source)
      : cx(cx), text(text), source(source) {}

  bool store();

  uint64_t address = 0;
  uint64_t taggedCodeUnits = 0;

private:
  Context &cx;
  llvm::StringRef text;
  SourceString source;

  bool allocate(uint64_t alignment, uint64_t size) {
    return cx.reallocate(0, 0, alignment, size, TrapKind::StringTooLong, address);
  }
  bool reallocate(uint64_t oldSize, uint64_t alignment, uint64_t size) {
    return cx.reallocate(address, oldSize, alignment, size, TrapKind::StringTooLong, address);
  }
  void write(llvm::ArrayRef<uint8_t> bytes, uint64_t from = 0) {
    if (bytes.size() > from)
      memcpy(cx.at(address + from), bytes.data() + from, bytes.size() - from);
  }
  bool finish(uint64_t units) {
    taggedCodeUnits = units;
    return true;
  }
  bool copy(unsigned unitSize, uint64_t alignment, llvm::function_ref<Bytes()> encode);
  bool toUTF8(uint64_t worstSize);
  bool utf8ToUTF16();
  bool toLatin1OrUTF16();
  bool probablyUTF16ToLatin1OrUTF16();
};

} // namespace

bool StringStore::copy(unsigned unitSize, uint64_t alignment, llvm::function_ref<Bytes()> encode) {
  if (!allocate(alignment, unitSize * source.codeUnits))
    return false;
  write(encode());
  return finish(source.codeUnits);
}

bool StringStore::toUTF8(uint64_t worstSize) {
  uint64_t units = source.codeUnits;
  if (!allocate(1, units))
    return false;
  llvm::ArrayRef<uint8_t> bytes(text.bytes_begin(), text.size());
  size_t ascii = 0;
  for (; ascii < bytes.size() && bytes[ascii] < 0x80; ++ascii)
    *cx.at(address + ascii) = bytes[ascii];
  if (ascii == bytes.size())
    return finish(units);
  if (!reallocate(units, 1, worstSize))
    return false;
  write(bytes, ascii);
  if (worstSize > bytes.size() && !reallocate(worstSize, 1, bytes.size()))
    return false;
  return finish(bytes.size());
}

bool StringStore::utf8ToUTF16() {
  uint64_t worstSize = 2 * source.codeUnits;
  if (!allocate(2, worstSize))
    return false;
  Bytes bytes = encodeUTF16(decodeUTF8(text));
  write(bytes);
  if (bytes.size() < worstSize && !reallocate(worstSize, 2, bytes.size()))
    return false;
  return finish(bytes.size() / 2);
}

bool StringStore::toLatin1OrUTF16() {
  uint64_t units = source.codeUnits;
  if (!allocate(2, units))
    return false;
  CodePoints points = decodeUTF8(text);
  size_t narrow = 0;
  for (; narrow < points.size() && points[narrow] < 0x100; ++narrow)
    *cx.at(address + narrow) = uint8_t(points[narrow]);
  if (narrow == points.size()) {
    if (narrow < units && !reallocate(units, 2, narrow))
      return false;
    return finish(narrow);
  }
  uint64_t worstSize = 2 * units;
  if (!reallocate(units, 2, worstSize))
    return false;
  for (size_t i = narrow; i-- > 0;) {
    *cx.at(address + 2 * i) = *cx.at(address + i);
    *cx.at(address + 2 * i + 1) = 0;
  }
  Bytes bytes = encodeUTF16(points);
  write(bytes, 2 * narrow);
  if (worstSize > bytes.size() && !reallocate(worstSize, 2, bytes.size()))
    return false;
  return finish(bytes.size() / 2 | utf16Tag(cx));
}

bool StringStore::probablyUTF16ToLatin1OrUTF16() {
  uint64_t size = 2 * source.codeUnits;
  if (!allocate(2, size))
    return false;
  CodePoints points = decodeUTF8(text);
  Bytes bytes = encodeUTF16(points);
  write(bytes);
  if (llvm::any_of(points, [](uint32_t c) { return c >= 0x100; }))
    return finish(bytes.size() / 2 | utf16Tag(cx));
  write(encodeLatin1(points));
  if (!reallocate(size, 1, points.size()))
    return false;
  return finish(points.size());
}

bool StringStore::store() {
  bool isUTF8 = source.encoding == StringEncoding::UTF8;
  auto utf8 = [&] { return Bytes(text.bytes_begin(), text.bytes_end()); };
  auto utf16 = [&] { return encodeUTF16(decodeUTF8(text)); };
  auto latin1 = [&] { return encodeLatin1(decodeUTF8(text)); };
  switch (cx.options.encoding) {
  case StringEncoding::UTF8:
    return isUTF8 ? copy(1, 1, utf8) : toUTF8(source.codeUnits * (source.isLatin1 ? 2 : 3));
  case StringEncoding::UTF16:
    return isUTF8 ? utf8ToUTF16() : copy(2, 2, utf16);
  case StringEncoding::Latin1UTF16:
    if (source.encoding != StringEncoding::Latin1UTF16)
      return toLatin1OrUTF16();
    return source.isLatin1 ? copy(1, 2, latin1) : probablyUTF16ToLatin1OrUTF16();
  }
  llvm_unreachable("all encodings are above");
}

bool interp::storeString(Context &cx, llvm::StringRef text, uint64_t &address,
                         uint64_t &taggedCodeUnits) {
  SourceString source{StringEncoding::UTF8, false, text.size()};
  if (!cx.strings.empty()) { // of a value that comes from outside nothing is known
    source = cx.strings.front();
    cx.strings.pop_front();
  }
  StringStore strings(cx, text, source);
  if (!strings.store())
    return false;
  address = strings.address;
  taggedCodeUnits = strings.taggedCodeUnits;
  return true;
}
