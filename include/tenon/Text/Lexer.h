//===- Lexer.h - The text format's tokens -----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Source text -> tokens (core specification, "Text Format / Lexical Format"), all at once: a parser
// that can look anywhere needs no backtracking machinery. Comments vanish. Annotations are white
// space to whoever doesn't ask: they stand in a list beside the tokens, each with the index of the
// token that follows it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_LEXER_H
#define TENON_TEXT_LEXER_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"
#include <memory>
#include <vector>

namespace tenon::text {

struct Token {
  enum Kind : uint8_t {
    LParen,
    RParen,
    Keyword,   ///< starts with a lower-case letter
    Id,        ///< `$x`, `$"x"`
    String,    ///< `"..."`, with valid escapes
    Integer,   ///< `[+-]?` decimal or hexadecimal digits
    Float,     ///< has a point or an exponent, or is `inf`, `nan`, `nan:0x...`
    Character, ///< `'c'`, a string of one character, in another kind of quotes
    Reserved,  ///< no token of the grammar; legal in annotations only
    Eof
  };
  Kind kind = Eof;
  bool hasEscape = false; ///< strings and quoted ids: the value differs from the spelling
  uint32_t offset = 0;    ///< into the file's text
  uint32_t length = 0;
};

/// `(@name tokens...)`
struct Annotation {
  llvm::StringRef name;
  uint32_t offset = 0;       ///< of its parenthesis
  size_t nextToken = 0;      ///< index of the token that follows it in TokenBuffer::tokens
  std::vector<Token> tokens; ///< between the name and the closing parenthesis; ended by an Eof
};

/// The tokens of a file. Strings that it hands out live as long as it and the file.
class TokenBuffer {
public:
  /// Lexes the whole file. Reports what no token can start with, open strings and comments, invalid
  /// escapes, malformed UTF-8.
  static FailureOr<std::unique_ptr<TokenBuffer>> lex(const SourceFile &file, Diagnostics &diags);

  const SourceFile &getFile() const { return file; }
  /// Ended by an Eof.
  llvm::ArrayRef<Token> getTokens() const { return tokens; }
  llvm::ArrayRef<Annotation> getAnnotations() const { return annotations; }
  /// As it is spelled.
  llvm::StringRef spelling(const Token &token) const {
    return file.getContents().substr(token.offset, token.length);
  }
  /// A string's or character's bytes, or an id's name without `$`.
  llvm::StringRef value(const Token &token) const;

private:
  explicit TokenBuffer(const SourceFile &file) : file(file) {}

  const SourceFile &file;
  std::vector<Token> tokens;
  std::vector<Annotation> annotations;
  mutable llvm::BumpPtrAllocator arena;
  friend class Lexer;
};

} // namespace tenon::text

#endif // TENON_TEXT_LEXER_H
