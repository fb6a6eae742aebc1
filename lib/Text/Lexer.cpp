//===- Lexer.cpp - The text format's tokens -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass over the characters. A token is the longest run of identifier characters, strings and
// the reserved punctuation; what the run is, is decided when it is complete (`"a""b"` and `0$x` are
// one reserved token each, as the specification asks). Tokens are offsets: values of strings with
// escapes are made when somebody asks.
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Lexer.h"
#include "tenon/Support/ByteCursor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

/// Core specification, "Text Format / Values / Identifiers".
static bool isIdChar(char c) {
  if (c <= ' ' || c >= 0x7f)
    return false;
  return !StringRef("\"(),;[]{}").contains(c);
}

static bool isReservedPunctuation(char c) { return StringRef(",;[]{}").contains(c); }

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Drops `digit ('_'? digit)*` from the front.
static bool dropDigits(StringRef &text, bool hex) {
  auto isDigit = [&](char c) { return hex ? llvm::isHexDigit(c) : llvm::isDigit(c); };
  if (text.empty() || !isDigit(text.front()))
    return false;
  size_t end = 1;
  while (end < text.size()) {
    if (isDigit(text[end]))
      ++end;
    else if (text[end] == '_' && end + 1 < text.size() && isDigit(text[end + 1]))
      end += 2;
    else
      break;
  }
  text = text.drop_front(end);
  return true;
}

static bool dropSign(StringRef &text) { return text.consume_front("+") || text.consume_front("-"); }

/// Integer, Float, or Reserved for what is no number.
static Token::Kind classifyNumber(StringRef text) {
  dropSign(text);
  if (text == "inf" || text == "nan")
    return Token::Float;
  if (text.consume_front("nan:0x"))
    return dropDigits(text, /*hex=*/true) && text.empty() ? Token::Float : Token::Reserved;
  bool hex = text.consume_front("0x");
  if (!dropDigits(text, hex))
    return Token::Reserved;
  if (text.empty())
    return Token::Integer;
  if (text.consume_front("."))
    dropDigits(text, hex);
  if (!text.empty() && llvm::toLower(text.front()) == (hex ? 'p' : 'e')) {
    text = text.drop_front();
    dropSign(text);
    if (!dropDigits(text, /*hex=*/false))
      return Token::Reserved;
  }
  return text.empty() ? Token::Float : Token::Reserved;
}

/// What a run of identifier characters is.
static Token::Kind classifyWord(StringRef text) {
  if (text.front() == '$')
    return text.size() > 1 ? Token::Id : Token::Reserved;
  Token::Kind number = classifyNumber(text);
  if (number != Token::Reserved)
    return number;
  return llvm::isLower(text.front()) ? Token::Keyword : Token::Reserved;
}

//===----------------------------------------------------------------------===//
// Strings
//===----------------------------------------------------------------------===//

/// The length of the escape whose backslash stands first in `text`, or 0 when it is none. Appends
/// its bytes to `out`.
static size_t decodeEscape(StringRef text, llvm::SmallVectorImpl<char> &out) {
  if (text.size() < 2)
    return 0;
  switch (text[1]) {
  case 't':
    return out.push_back('\t'), 2;
  case 'n':
    return out.push_back('\n'), 2;
  case 'r':
    return out.push_back('\r'), 2;
  case '"':
  case '\'':
  case '\\':
    return out.push_back(text[1]), 2;
  case 'u':
    break;
  default:
    if (text.size() < 3 || !llvm::isHexDigit(text[1]) || !llvm::isHexDigit(text[2]))
      return 0;
    out.push_back(char(llvm::hexFromNibbles(text[1], text[2])));
    return 3;
  }
  StringRef rest = text.drop_front(2);
  if (!rest.consume_front("{"))
    return 0;
  StringRef digits = rest;
  if (!dropDigits(rest, /*hex=*/true) || !rest.starts_with("}"))
    return 0;
  digits = digits.take_front(digits.size() - rest.size());
  uint32_t codepoint = 0;
  for (char c : digits) {
    if (c == '_')
      continue;
    codepoint = codepoint * 16 + llvm::hexDigitValue(c);
    if (codepoint > 0x10ffff)
      return 0;
  }
  if (codepoint >= 0xd800 && codepoint < 0xe000)
    return 0;
  char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = buffer;
  llvm::ConvertCodePointToUTF8(codepoint, end);
  out.append(buffer, end);
  return 4 + digits.size();
}

/// The bytes of a string's inside.
static void decodeString(StringRef text, llvm::SmallVectorImpl<char> &out) {
  while (!text.empty()) {
    size_t plain = std::min(text.find('\\'), text.size());
    out.append(text.begin(), text.begin() + plain);
    text = text.drop_front(plain);
    if (text.empty())
      return;
    size_t length = decodeEscape(text, out);
    assert(length && "the lexer accepts valid escapes only");
    text = text.drop_front(length);
  }
}

StringRef TokenBuffer::value(const Token &token) const {
  StringRef text = spelling(token);
  if (token.kind == Token::Id)
    text = text.drop_front(); // $
  if (text.starts_with("\"") || token.kind == Token::Character)
    text = text.drop_front().drop_back();
  if (!token.hasEscape)
    return text;
  llvm::SmallString<64> decoded;
  decodeString(text, decoded);
  return decoded.str().copy(arena);
}

//===----------------------------------------------------------------------===//
// Lexer
//===----------------------------------------------------------------------===//

namespace tenon::text {

class Lexer {
public:
  Lexer(TokenBuffer &buffer, Diagnostics &diags)
      : buffer(buffer), text(buffer.file.getContents()), diags(diags) {}

  LogicalResult run();

private:
  TokenBuffer &buffer;
  StringRef text;
  Diagnostics &diags;
  size_t position = 0;

  PendingDiagnostic error(size_t at, const llvm::Twine &message) {
    return diags.error(Location::text(buffer.file, at), message);
  }
  char peek(size_t ahead = 0) const {
    return position + ahead < text.size() ? text[position + ahead] : '\0';
  }
  bool startsWith(StringRef prefix) const { return text.substr(position).starts_with(prefix); }

  LogicalResult skipSpace();
  LogicalResult skipBlockComment();
  LogicalResult skipString(bool &hasEscape);
  bool lexCharacter();
  /// The token at `position`; white space was skipped.
  FailureOr<Token> lexToken();
  FailureOr<Token> lexRun();
  LogicalResult lexAnnotation();
};

} // namespace tenon::text

LogicalResult Lexer::skipBlockComment() {
  size_t start = position;
  position += 2;
  for (size_t depth = 1; depth;) {
    // Jump to what may open or close one.
    size_t at = text.find_first_of(";(", position);
    if (at == StringRef::npos)
      return error(start, "unclosed comment");
    position = at;
    if (startsWith("(;"))
      ++depth, position += 2;
    else if (startsWith(";)"))
      --depth, position += 2;
    else
      ++position;
  }
  return success();
}

LogicalResult Lexer::skipSpace() {
  while (position < text.size()) {
    char c = text[position];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
      ++position;
    else if (startsWith(";;"))
      position = std::min(text.find_first_of("\r\n", position), text.size());
    else if (startsWith("(;")) {
      if (failed(skipBlockComment()))
        return failure();
    } else
      break;
  }
  return success();
}

LogicalResult Lexer::skipString(bool &hasEscape) {
  size_t start = position++;
  llvm::SmallString<8> scratch;
  while (true) {
    if (position == text.size())
      return error(start, "unclosed string");
    unsigned char c = text[position];
    if (c == '"')
      break;
    if (c < 0x20 || c == 0x7f)
      return error(position, c == '\n' ? "unclosed string" : "illegal character in a string");
    if (c != '\\') {
      ++position;
      continue;
    }
    scratch.clear();
    size_t length = decodeEscape(text.substr(position), scratch);
    if (!length)
      return error(position, "invalid escape in a string");
    hasEscape = true;
    position += length;
  }
  ++position;
  return success();
}

/// Whether a token can stand beside one that ends, or begins, with `c`.
static bool isSeparator(char c) { return c == '\0' || StringRef(" \t\r\n();").contains(c); }

/// `'c'`, in quotes that may stand in words, too: only where a token begins and ends.
bool Lexer::lexCharacter() {
  StringRef rest = text.substr(position);
  if (!rest.consume_front("'") || rest.empty())
    return false;
  llvm::SmallString<8> decoded;
  unsigned char first = rest.front();
  bool isEscape = first == '\\';
  bool isByte = isEscape && rest.size() > 1 && llvm::isHexDigit(rest[1]);
  if (isByte || first == '"' || first < 0x20 || first == 0x7f)
    return false;
  size_t length = isEscape ? decodeEscape(rest, decoded) : llvm::getNumBytesForUTF8(first);
  rest = rest.drop_front(std::min(length, rest.size()));
  if (!length || !rest.consume_front("'") || !isSeparator(rest.empty() ? '\0' : rest.front()))
    return false;
  Token token;
  token.kind = Token::Character;
  token.hasEscape = isEscape;
  token.offset = uint32_t(position);
  token.length = uint32_t(length + 2);
  position += token.length;
  buffer.tokens.push_back(token);
  return true;
}

FailureOr<Token> Lexer::lexRun() {
  Token token;
  token.offset = uint32_t(position);
  size_t pieces = 0; // words, strings and punctuation in the run
  bool endsInString = false;
  while (position < text.size()) {
    char c = text[position];
    if (c == '"') {
      if (failed(skipString(token.hasEscape)))
        return failure();
      endsInString = true;
    } else if (isIdChar(c)) {
      while (position < text.size() && isIdChar(text[position]))
        ++position;
      endsInString = false;
    } else if (isReservedPunctuation(c) && !startsWith(";;")) {
      ++position;
      endsInString = false;
      ++pieces; // never alone a token of the grammar
    } else
      break;
    ++pieces;
  }
  if (!pieces)
    return error(position, "illegal character");
  token.length = uint32_t(position - token.offset);
  StringRef spelling = buffer.spelling(token);
  if (pieces == 1)
    token.kind = endsInString ? Token::String : classifyWord(spelling);
  else if (pieces == 2 && endsInString && spelling.starts_with("$\""))
    token.kind = Token::Id;
  else
    token.kind = Token::Reserved;
  if (token.kind != Token::Id || !endsInString)
    return token;
  StringRef name = buffer.value(token);
  if (name.empty())
    return error(token.offset, "empty identifier");
  if (!isValidUTF8(name))
    return error(token.offset, "malformed UTF-8 encoding in an identifier");
  return token;
}

FailureOr<Token> Lexer::lexToken() {
  char c = peek();
  if (c != '(' && c != ')')
    return lexRun();
  Token token;
  token.kind = c == '(' ? Token::LParen : Token::RParen;
  token.offset = uint32_t(position++);
  token.length = 1;
  return token;
}

LogicalResult Lexer::lexAnnotation() {
  Annotation annotation;
  annotation.offset = uint32_t(position);
  annotation.nextToken = buffer.tokens.size();
  position += 2; // (@
  if (peek() == '"') {
    Token name;
    name.kind = Token::String;
    name.offset = uint32_t(position);
    if (failed(skipString(name.hasEscape)))
      return failure();
    name.length = uint32_t(position - name.offset);
    annotation.name = buffer.value(name);
    if (!isValidUTF8(annotation.name))
      return error(name.offset, "malformed UTF-8 encoding in an annotation id");
  } else {
    size_t start = position;
    while (isIdChar(peek()))
      ++position;
    annotation.name = text.slice(start, position);
  }
  if (annotation.name.empty())
    return error(annotation.offset, "empty annotation id");

  for (size_t depth = 1; true;) {
    if (failed(skipSpace()))
      return failure();
    if (position == text.size())
      return error(annotation.offset, "unclosed annotation");
    FailureOr<Token> token = lexToken();
    if (failed(token))
      return failure();
    depth += token->kind == Token::LParen;
    depth -= token->kind == Token::RParen;
    if (!depth) {
      Token end;
      end.offset = token->offset;
      annotation.tokens.push_back(end);
      break;
    }
    annotation.tokens.push_back(*token);
  }
  buffer.annotations.push_back(std::move(annotation));
  return success();
}

LogicalResult Lexer::run() {
  if (text.size() >= UINT32_MAX)
    return error(0, "a text of 4 GiB or more is not supported");
  const auto *bad = reinterpret_cast<const llvm::UTF8 *>(text.data());
  if (!llvm::isLegalUTF8String(&bad, bad + text.size()))
    return error(reinterpret_cast<const char *>(bad) - text.data(), "malformed UTF-8 encoding");
  buffer.tokens.reserve(text.size() / 6);
  while (true) {
    if (failed(skipSpace()))
      return failure();
    if (position == text.size())
      break;
    if (startsWith("(@")) {
      if (failed(lexAnnotation()))
        return failure();
      continue;
    }
    if (lexCharacter())
      continue;
    FailureOr<Token> token = lexToken();
    if (failed(token))
      return failure();
    buffer.tokens.push_back(*token);
  }
  Token end;
  end.offset = uint32_t(position);
  buffer.tokens.push_back(end);
  return success();
}

FailureOr<std::unique_ptr<TokenBuffer>> TokenBuffer::lex(const SourceFile &file,
                                                         Diagnostics &diags) {
  std::unique_ptr<TokenBuffer> buffer(new TokenBuffer(file));
  if (failed(Lexer(*buffer, diags).run()))
    return failure();
  return buffer;
}
