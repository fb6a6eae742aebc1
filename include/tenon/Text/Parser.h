//===- Parser.h - A cursor over tokens --------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the parsers of core modules, components and scripts share: looking ahead, consuming, and
// reporting at a token. The grammar is one of parentheses, so two tokens of look-ahead decide
// nearly everything: `peekField("func")` asks for `(func`.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_PARSER_H
#define TENON_TEXT_PARSER_H

#include "tenon/Text/Lexer.h"
#include <optional>

namespace tenon::text {

class Parser {
public:
  Parser(const TokenBuffer &buffer, Diagnostics &diags)
      : buffer(&buffer), tokens(buffer.getTokens()), diags(&diags) {}
  /// Over the inside of an annotation of `buffer`.
  Parser(const TokenBuffer &buffer, const Annotation &annotation, Diagnostics &diags)
      : buffer(&buffer), tokens(annotation.tokens), diags(&diags), inAnnotation(true) {}

  const TokenBuffer &getBuffer() const { return *buffer; }
  const SourceFile &getFile() const { return buffer->getFile(); }
  Diagnostics &getDiagnostics() const { return *diags; }

  //===--- Position -------------------------------------------------------===//
  size_t getPosition() const { return position; }
  void setPosition(size_t to) { position = to; }
  /// Text offset of the next token.
  uint64_t getOffset() const { return peek().offset; }
  Location getLocation() const { return Location::text(getFile(), getOffset()); }
  Location locationOf(const Token &token) const { return Location::text(getFile(), token.offset); }

  //===--- Looking --------------------------------------------------------===//
  const Token &peek(size_t ahead = 0) const {
    return tokens[std::min(position + ahead, tokens.size() - 1)];
  }
  bool atEnd() const { return peek().kind == Token::Eof; }
  bool peekLParen() const { return peek().kind == Token::LParen; }
  bool peekRParen() const { return peek().kind == Token::RParen; }
  bool peekId() const { return peek().kind == Token::Id; }
  bool peekString() const { return peek().kind == Token::String; }
  bool peekInteger() const { return peek().kind == Token::Integer; }
  /// An index: a number or an id.
  bool peekIndex() const { return peekId() || peekInteger(); }
  /// The next token is the keyword `word`.
  bool peekKeyword(llvm::StringRef word, size_t ahead = 0) const {
    const Token &token = peek(ahead);
    return token.kind == Token::Keyword && buffer->spelling(token) == word;
  }
  /// `(word`
  bool peekField(llvm::StringRef word) const { return peekLParen() && peekKeyword(word, 1); }
  /// `(first second`
  bool peekField(llvm::StringRef first, llvm::StringRef second) const {
    return peekField(first) && peekKeyword(second, 2);
  }
  llvm::StringRef spelling() const { return buffer->spelling(peek()); }

  //===--- Consuming ------------------------------------------------------===//
  /// Consumes any token (at the end: nothing).
  const Token &next() {
    const Token &token = peek();
    if (token.kind != Token::Eof)
      ++position;
    return token;
  }
  bool consumeIfLParen() { return consumeIf(Token::LParen); }
  bool consumeIfRParen() { return consumeIf(Token::RParen); }
  bool consumeIfKeyword(llvm::StringRef word);
  /// Consumes `(word` when it is next.
  bool consumeIfField(llvm::StringRef word);
  bool consumeIfField(llvm::StringRef first, llvm::StringRef second);
  LogicalResult consumeLParen();
  LogicalResult consumeRParen();
  LogicalResult consumeKeyword(llvm::StringRef word);
  /// Any keyword; `what` names what was expected.
  FailureOr<llvm::StringRef> parseKeyword(llvm::StringRef what);
  /// The id that is next, without `$`, if one is.
  std::optional<llvm::StringRef> parseOptionalId();
  /// A string's bytes.
  FailureOr<llvm::StringRef> parseString(llvm::StringRef what = "a string");
  /// A string that is valid UTF-8.
  FailureOr<llvm::StringRef> parseName(llvm::StringRef what = "a name");
  FailureOr<uint32_t> parseU32(llvm::StringRef what = "a number");
  FailureOr<uint64_t> parseU64(llvm::StringRef what = "a number");
  /// Consumes up to and with the parenthesis that closes the one just consumed. Fails at the end.
  LogicalResult skipToClose();

  //===--- Annotations ----------------------------------------------------===//
  /// The annotation called `name` that stands directly before the next token, if there is one. It
  /// stays.
  const Annotation *findAnnotation(llvm::StringRef name) const;
  /// All annotations directly before the next token.
  llvm::ArrayRef<Annotation> annotationsHere() const;

  //===--- Reporting ------------------------------------------------------===//
  PendingDiagnostic error(const llvm::Twine &message) const {
    return diags->error(getLocation(), message);
  }
  PendingDiagnostic errorAt(const Token &token, const llvm::Twine &message) const {
    return diags->error(locationOf(token), message);
  }
  PendingDiagnostic errorAt(uint64_t textOffset, const llvm::Twine &message) const {
    return diags->error(Location::text(getFile(), textOffset), message);
  }
  /// "expected `what`, found ..." at the next token.
  PendingDiagnostic expected(llvm::StringRef what) const;

private:
  const TokenBuffer *buffer;
  llvm::ArrayRef<Token> tokens;
  size_t position = 0;
  Diagnostics *diags;
  bool inAnnotation = false;

  bool consumeIf(Token::Kind kind) {
    if (peek().kind != kind)
      return false;
    ++position;
    return true;
  }
};

} // namespace tenon::text

#endif // TENON_TEXT_PARSER_H
