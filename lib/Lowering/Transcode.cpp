//===- Transcode.cpp - Strings of one encoding stored in another ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that `store_string_into_range` of CanonicalABI.md consists of. Each is a sequence
// of calls of the destination's realloc, with kernels of the runtime between them that read the
// source where it stands and write the destination where it stands: there is no copy in between. A
// guest sees its realloc called as specified, with what the specification has written by then.
//
// All adapters between the same two sides share one function, the transcoder: a string in another
// encoding is some hundred instructions.
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// A string on its way: `length` code units at `begin`, checked but for well-formedness.
struct AdapterBuilder::Conversion {
  AdapterBuilder &builder;
  const Side &from;
  const Side &to;
  Value begin;
  Value length;

  Value bytes(uint64_t perUnit) const { return builder.e.mul(length, builder.e.i64(perUnit)); }
  Value allocate(uint32_t alignment, Value bytes) const {
    return builder.allocate(to, alignment, bytes, Trap::StringTooLong);
  }
  Value reallocate(Value old, Value oldBytes, uint32_t alignment, Value bytes) const {
    return builder.reallocate(to, old, oldBytes, alignment, bytes, Trap::StringTooLong);
  }
  /// The source from a byte on, and the destination: pointers are made anew after each realloc.
  Value source(Value offset = {}) const {
    Value pointer = builder.pointerTo(from, {begin, 0});
    return offset ? builder.e.offset(pointer, offset) : pointer;
  }
  Value target(Value at, Value offset = {}) const {
    Value pointer = builder.pointerTo(to, {at, 0});
    return offset ? builder.e.offset(pointer, offset) : pointer;
  }
  /// `reallocate` if fewer bytes were written than there is room for; where the string is then.
  Value shrink(Value at, Value room, uint32_t alignment, Value written) const;
};

Value AdapterBuilder::Conversion::shrink(Value at, Value room, uint32_t alignment,
                                         Value written) const {
  Emitter &e = builder.e;
  return e
      .ifElse(
          e.compare(LLVM::ICmpPredicate::ult, written, room), e.intType(64),
          [&] { return Values{reallocate(at, room, alignment, written)}; },
          [&] { return Values{at}; })
      .front();
}

static StringRef nameOf(Encoding encoding) {
  switch (encoding) {
  case Encoding::UTF8:
    return "utf8";
  case Encoding::UTF16:
    return "utf16";
  case Encoding::Latin1UTF16:
    return "latin1+utf16";
  }
  llvm_unreachable("all encodings are listed");
}

/// Names what a transcoder depends on, and nothing else.
static std::string transcoderName(const Side &from, const Side &to) {
  auto memory = [](const Side &side) {
    return side.isNative()
               ? std::string("host")
               : (side.memoryInstance.getValue() + "!" + side.memoryExport.getValue()).str();
  };
  LLVM::LLVMFuncOp realloc = to.realloc;
  return ("transcode " + nameOf(from.encoding) + " of " + memory(from) + " -> " +
          nameOf(to.encoding) + " of " + memory(to) + " by " + realloc.getSymName())
      .str();
}

Extent AdapterBuilder::callTranscoder(const Side &from, Extent range, const Side &to) {
  std::string name = transcoderName(from, to);
  LLVM::LLVMFuncOp function = functions.lookup(name);
  if (!function) {
    MLIRContext *context = e.getBuilder().getContext();
    Type i64 = e.intType(64);
    Type result = LLVM::LLVMStructType::getLiteral(context, {i64, i64});
    Types parameters = {from.isNative() ? e.ptrType() : i64, i64};
    function = functions.define(name, LLVM::LLVMFunctionType::get(result, parameters));
    markAsAdapter(function);
    AdapterBuilder(spec, functions, function).buildTranscoder(from, to);
  }
  Values carried = e.unpack(e.call(function, {range.begin, range.length}).front());
  return {carried[0], carried[1]};
}

void AdapterBuilder::buildTranscoder(const Side &from, const Side &to) {
  Extent source = {e.arguments()[0], e.arguments()[1]};
  Extent stored = carryStringRange(from, source, to);
  e.ret(e.pack({stored.begin, stored.length}));
}

/// `store_string_into_range`; two encodings that are the same are here too.
Extent AdapterBuilder::transcode(Units units, const Side &from, Extent range, const Side &to) {
  Conversion c = {*this, from, to, range.begin, range.length};
  switch (to.encoding) {
  case Encoding::UTF8:
    assert(units != Units::UTF8 && "is copied");
    return units == Units::UTF16
               ? storeToUTF8(c, "tenon_utf16_ascii_prefix", "tenon_utf16_to_utf8", 3)
               : storeToUTF8(c, "tenon_latin1_ascii_prefix", "tenon_latin1_to_utf8", 2);
  case Encoding::UTF16:
    return units == Units::UTF8    ? storeUTF8ToUTF16(c)
           : units == Units::UTF16 ? storeCopy(c, "tenon_utf16_copy", 2, 2)
                                   : storeCopy(c, "tenon_latin1_to_utf16", 2, 2);
  case Encoding::Latin1UTF16:
    if (units == Units::Latin1)
      return storeCopy(c, /*kernel=*/"", 1, 2);
    return from.encoding == Encoding::Latin1UTF16 ? storeProbablyUTF16(c)
                                                  : storeToLatin1OrUTF16(c, units == Units::UTF8);
  }
  llvm_unreachable("all encodings are listed");
}

/// `store_string_copy`. Without a kernel the bytes stay as they are.
Extent AdapterBuilder::storeCopy(const Conversion &c, StringRef kernel, uint64_t unitBytes,
                                 uint32_t alignment) {
  Value at = c.allocate(alignment, c.bytes(unitBytes));
  if (kernel.empty())
    e.copy(c.target(at), c.source(), c.length, mayOverlap(c.from, c.to));
  else
    e.runtime(kernel, {c.target(at), c.source(), c.length});
  return {at, c.length};
}

/// `store_string_to_utf8`: room for ASCII, then for the worst case, then for what it took.
Extent AdapterBuilder::storeToUTF8(const Conversion &c, StringRef prefixKernel, StringRef kernel,
                                   uint64_t worstFactor) {
  Value at = c.allocate(1, c.length);
  Value ascii = e.runtime(prefixKernel, {c.target(at), c.source(), c.length});
  Values stored = e.ifElse(
      e.compare(LLVM::ICmpPredicate::eq, ascii, c.length), {e.intType(64), e.intType(64)},
      [&] { return Values{at, c.length}; },
      [&] {
        Value worst = c.bytes(worstFactor);
        Value grown = c.reallocate(at, c.length, 1, worst);
        Value read = prefixKernel == "tenon_utf16_ascii_prefix" ? e.add(ascii, ascii) : ascii;
        Value rest =
            e.runtime(kernel, {c.target(grown, ascii), c.source(read), e.sub(c.length, ascii)});
        Value bytes = e.add(ascii, rest);
        return Values{c.shrink(grown, worst, 1, bytes), bytes};
      });
  return {stored[0], stored[1]};
}

/// `store_utf8_to_utf16`: room for a code unit a byte, then for what it took.
Extent AdapterBuilder::storeUTF8ToUTF16(const Conversion &c) {
  Value worst = c.bytes(2);
  Value at = c.allocate(2, worst);
  Value length = e.runtime("tenon_utf8_to_utf16", {c.target(at), c.source(), c.length});
  return {c.shrink(at, worst, 2, e.add(length, length)), length};
}

/// `store_string_to_latin1_or_utf16`: room for Latin-1; at the first character that is not, what is
/// there becomes UTF-16 where it stands, and the rest follows it.
Extent AdapterBuilder::storeToLatin1OrUTF16(const Conversion &c, bool isUTF8) {
  Value at = c.allocate(2, c.length);
  Value prefix = e.runtime(isUTF8 ? "tenon_utf8_latin1_prefix" : "tenon_utf16_latin1_prefix",
                           {c.target(at), c.source(), c.length});
  // UTF-8 takes up to two bytes for a character of Latin-1.
  Value written = isUTF8 ? e.bitAnd(prefix, e.i64(0xffffffff)) : prefix;
  Value read = isUTF8 ? e.shiftRight(prefix, 32) : prefix;
  Values stored = e.ifElse(
      e.compare(LLVM::ICmpPredicate::eq, read, c.length), {e.intType(64), e.intType(64)},
      [&] { return Values{isUTF8 ? c.shrink(at, c.length, 2, written) : at, written}; },
      [&] {
        Value worst = c.bytes(2);
        Value grown = c.reallocate(at, c.length, 2, worst);
        e.runtime("tenon_latin1_inflate", {c.target(grown), written});
        Value target = c.target(grown, e.add(written, written));
        Value rest = e.sub(c.length, read);
        Value restLength = rest;
        if (isUTF8)
          restLength = e.runtime("tenon_utf8_to_utf16", {target, c.source(read), rest});
        else
          e.runtime("tenon_utf16_copy", {target, c.source(e.add(read, read)), rest});
        Value length = e.add(written, restLength);
        Value bytes = e.add(length, length);
        Value shrunk = isUTF8 ? c.shrink(grown, worst, 2, bytes) : grown;
        return Values{shrunk, e.bitOr(length, e.i64(c.to.utf16Tag()))};
      });
  return {stored[0], stored[1]};
}

/// `store_probably_utf16_to_latin1_or_utf16`: room for UTF-16; a string that is Latin-1 after all
/// becomes that where it stands.
Extent AdapterBuilder::storeProbablyUTF16(const Conversion &c) {
  Value bytes = c.bytes(2);
  Value at = c.allocate(2, bytes);
  Value isLatin1 = e.runtime("tenon_utf16_copy_narrow", {c.target(at), c.source(), c.length});
  Values stored = e.ifElse(
      e.isNonZero(isLatin1), {e.intType(64), e.intType(64)},
      [&] { return Values{c.reallocate(at, bytes, 1, c.length), c.length}; },
      [&] { return Values{at, e.bitOr(c.length, e.i64(c.to.utf16Tag()))}; });
  return {stored[0], stored[1]};
}
