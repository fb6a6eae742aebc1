//===- Scanner.cpp - The tokens of WAVE -----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scanner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"

using namespace tenon;
using namespace tenon::wave;
using llvm::StringRef;

static constexpr StringRef tripleQuote = "\"\"\"";

bool wave::isKeyword(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"true", "false", "inf", "nan", "some", "none", "ok", "err"}, true)
      .Default(false);
}

/// How many bytes the character at the front has.
static size_t charBytes(StringRef text) {
  return llvm::getNumBytesForUTF8(llvm::UTF8(text.front()));
}

static uint32_t decodeChar(StringRef bytes) {
  const llvm::UTF8 *begin = bytes.bytes_begin();
  llvm::UTF32 c = 0;
  llvm::UTF32 *out = &c;
  llvm::ConvertUTF8toUTF32(&begin, bytes.bytes_end(), &out, out + 1, llvm::strictConversion);
  return c;
}

static void appendChar(uint32_t c, std::string &out) {
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = bytes;
  llvm::ConvertCodePointToUTF8(c, end);
  out.append(bytes, end);
}

LogicalResult Scanner::checkEncoding() {
  const llvm::UTF8 *begin = text.bytes_begin();
  if (llvm::isLegalUTF8String(&begin, text.bytes_end()))
    return success();
  return errorAt(begin - text.bytes_begin(), "the text is not UTF-8");
}

void Scanner::skipSpace() {
  while (offset < text.size()) {
    if (StringRef(" \t\n\r").contains(text[offset]))
      ++offset;
    else if (rest().starts_with("//"))
      offset = std::min(text.find('\n', offset), text.size());
    else
      return;
  }
}

StringRef Scanner::peekWord() {
  skipSpace();
  StringRef from = rest();
  size_t length = from.starts_with("%") ? 1 : 0;
  if (length == from.size() || !llvm::isAlpha(from[length]))
    return {};
  while (length < from.size() && (llvm::isAlnum(from[length]) || from[length] == '-'))
    ++length;
  return from.take_front(length);
}

/// JSON's numbers: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
StringRef Scanner::peekNumber() {
  skipSpace();
  StringRef from = rest();
  size_t at = from.starts_with("-") ? 1 : 0;
  if (at && from.substr(at).starts_with("inf"))
    return from.take_front(4);
  auto digits = [&](size_t start) {
    size_t end = start;
    while (end < from.size() && llvm::isDigit(from[end]))
      ++end;
    return end;
  };
  size_t end = digits(at);
  if (end == at)
    return {};
  if (from[at] == '0')
    end = at + 1;
  if (from.substr(end).starts_with(".") && digits(end + 1) > end + 1)
    end = digits(end + 1);
  if (end < from.size() && (from[end] == 'e' || from[end] == 'E')) {
    size_t exponent = end + 1;
    exponent += exponent < from.size() && (from[exponent] == '+' || from[exponent] == '-');
    if (digits(exponent) > exponent)
      end = digits(exponent);
  }
  // `12ab` and `01` are no numbers.
  bool ends =
      end == from.size() || !(llvm::isAlnum(from[end]) || StringRef("._").contains(from[end]));
  return ends ? from.take_front(end) : StringRef();
}

std::string Scanner::describe() {
  if (atEnd())
    return "the end of the text";
  StringRef from = rest();
  if (from.starts_with("\""))
    return "a string";
  if (from.starts_with("'"))
    return "a character";
  size_t length = 0;
  auto isPart = [](char c) { return llvm::isAlnum(c) || StringRef("%-+._").contains(c); };
  while (length < from.size() && isPart(from[length]))
    ++length;
  if (!length)
    length = charBytes(from);
  constexpr size_t longest = 40;
  bool isCut = length > longest; // within ASCII
  return ("'" + from.take_front(std::min(length, longest)) + (isCut ? "...'" : "'")).str();
}

//===----------------------------------------------------------------------===//
// Characters and strings
//===----------------------------------------------------------------------===//

/// `part[at]` is a backslash; `at` goes behind the escape. `start` is the offset of `part`.
FailureOr<uint32_t> Scanner::parseEscape(StringRef part, size_t &at, uint64_t start) {
  uint64_t place = start + at;
  char kind = at + 1 < part.size() ? part[at + 1] : 0;
  at += 2;
  switch (kind) {
  case '\\':
  case '\'':
  case '"':
    return uint32_t(kind);
  case 't':
    return uint32_t('\t');
  case 'n':
    return uint32_t('\n');
  case 'r':
    return uint32_t('\r');
  case 'u': {
    StringRef digits = part.substr(at);
    size_t close = digits.find('}');
    uint32_t c = 0;
    if (!digits.consume_front("{") || close == StringRef::npos || close < 2 || close > 7 ||
        !llvm::all_of(digits.take_front(close - 1), llvm::isHexDigit) ||
        digits.take_front(close - 1).getAsInteger(16, c))
      return errorAt(place, "expected one to six hexadecimal digits: \\u{1f30a}");
    at += close + 1;
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
      return errorAt(place, "not a Unicode scalar value");
    return c;
  }
  default:
    return errorAt(place, "unknown escape: \\\\, \\', \\\", \\t, \\n, \\r and \\u{...} are known");
  }
}

std::optional<FailureOr<uint32_t>> Scanner::parseChar() {
  if (!consume('\''))
    return std::nullopt;
  uint64_t open = offset - 1;
  StringRef from = rest();
  FailureOr<uint32_t> c = failure();
  size_t at = 0;
  if (from.empty() || from[0] == '\'' || from[0] == '\n')
    return FailureOr<uint32_t>(errorAt(open, "expected a character between the quotes"));
  if (from[0] == '\\') {
    c = parseEscape(from, at, offset);
    if (failed(c))
      return c;
  } else {
    at = charBytes(from);
    c = decodeChar(from.take_front(at));
  }
  if (!from.substr(at).starts_with("'"))
    return FailureOr<uint32_t>(errorAt(open, "expected one character between single quotes"));
  offset += at + 1;
  return c;
}

/// Appends `part` with its escapes replaced; `start` is its offset.
LogicalResult Scanner::appendUnescaped(StringRef part, uint64_t start, std::string &out) {
  size_t at = 0;
  while (at < part.size()) {
    size_t end = std::min(part.find('\\', at), part.size());
    out += part.slice(at, end);
    at = end;
    if (at == part.size())
      break;
    FailureOr<uint32_t> c = parseEscape(part, at, start);
    if (failed(c))
      return failure();
    appendChar(*c, out);
  }
  return success();
}

FailureOr<std::string> Scanner::parsePlainString() {
  uint64_t open = offset++;
  size_t end = offset;
  while (end < text.size() && text[end] != '"' && text[end] != '\n')
    end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size() || text[end] == '\n')
    return errorAt(open, "the string does not end on its line");
  std::string value;
  if (failed(appendUnescaped(text.slice(offset, end), offset, value)))
    return failure();
  offset = end + 1;
  return value;
}

/// Three quotes, a line break, lines, and three quotes that only spaces precede on their line:
/// every line begins with as many, which are not part of it.
FailureOr<std::string> Scanner::parseMultilineString() {
  uint64_t open = offset;
  size_t begin = offset + tripleQuote.size();
  size_t end = text.find(tripleQuote, begin); // not even escaped may they stand in it
  if (end == StringRef::npos)
    return errorAt(open, "the multiline string does not end");
  size_t lineBreak = begin + text.substr(begin).starts_with("\r");
  if (lineBreak >= end || text[lineBreak] != '\n')
    return errorAt(begin, "expected a line break behind the opening quotes of a multiline string");
  size_t lastLine = text.take_front(end).rfind('\n') + 1;
  StringRef indent = text.slice(lastLine, end);
  if (indent.find_first_not_of(' ') != StringRef::npos)
    return errorAt(end, "only spaces may precede the closing quotes of a multiline string");
  std::string value;
  for (size_t line = lineBreak + 1; line < lastLine;) {
    size_t lineEnd = text.find('\n', line);
    StringRef content = text.slice(line, lineEnd);
    if (!content.consume_front(indent))
      return errorAt(line, "the line is indented less than the closing quotes");
    content.consume_back("\r");
    if (line != lineBreak + 1)
      value += '\n';
    if (failed(appendUnescaped(content, line + indent.size(), value)))
      return failure();
    line = lineEnd + 1;
  }
  offset = end + tripleQuote.size();
  return value;
}

std::optional<FailureOr<std::string>> Scanner::parseString() {
  if (!peek('"'))
    return std::nullopt;
  return rest().starts_with(tripleQuote) ? parseMultilineString() : parsePlainString();
}
