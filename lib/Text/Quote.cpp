//===- Quote.cpp - Modules that stand in strings --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quote.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

LogicalResult tenon::text::encodeBinaryStrings(Parser &parser, ByteWriter &out) {
  while (parser.peekString()) {
    out.mark(parser.getOffset());
    out.raw(parser.getBuffer().value(parser.next()));
  }
  return parser.peekRParen() || parser.atEnd() ? success()
                                               : LogicalResult(parser.expected("a string"));
}

LogicalResult
tenon::text::encodeQuote(Parser &parser,
                         llvm::function_ref<LogicalResult(Parser &, ByteWriter &)> encode,
                         ByteWriter &out) {
  std::string text;
  std::vector<std::pair<uint64_t, uint64_t>> pieces; // (offset in `text`, offset of the string)
  pieces.emplace_back(0, parser.getOffset());
  while (parser.peekString()) {
    pieces.emplace_back(text.size(), parser.getOffset());
    text += parser.getBuffer().value(parser.next());
    text += ' '; // the strings' ends separate tokens
  }
  auto outerOffset = [&](uint64_t inner) {
    auto after = llvm::upper_bound(
        pieces, inner, [](uint64_t offset, const auto &piece) { return offset < piece.first; });
    return std::prev(after)->second;
  };

  SourceFile file(parser.getFile().getName().str(), std::move(text));
  Diagnostics diags([&](const Diagnostic &inner) {
    Diagnostic outer = inner;
    uint64_t offset = inner.location.file == &file ? inner.location.offset : 0;
    outer.location = Location::text(parser.getFile(), outerOffset(offset));
    parser.getDiagnostics().report(outer);
  });
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  if (failed(buffer))
    return failure();
  Parser inside(**buffer, diags);
  ByteWriter bytes;
  if (failed(encode(inside, bytes)))
    return failure();
  if (!inside.atEnd())
    return inside.expected("the end of the quoted text");
  // The map leads to the strings.
  uint64_t written = 0;
  for (auto [binary, textOffset] : bytes.getLocations()) {
    out.raw(bytes.getBytes().slice(written, binary - written));
    out.mark(outerOffset(textOffset));
    written = binary;
  }
  out.raw(bytes.getBytes().drop_front(written));
  return success();
}
