//===- Scanner.h - The tokens of WAVE ---------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which token may stand somewhere depends on the type that is expected there, so there is no stream
// of tokens: the parser asks for what it wants.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_WAVE_SCANNER_H
#define TENON_LIB_WAVE_SCANNER_H

#include "tenon/Support/Diagnostics.h"
#include <optional>

namespace tenon::wave {

/// `true`, `some` and the like: a label of that name is written with a `%`.
bool isKeyword(llvm::StringRef word);

class Scanner {
public:
  Scanner(const SourceFile &file, uint64_t offset, Diagnostics &diags)
      : file(file), text(file.getContents()), offset(offset), diags(diags) {}

  /// Whether the text is UTF-8; to be asked first.
  LogicalResult checkEncoding();

  void skipSpace();
  bool atEnd() {
    skipSpace();
    return offset == text.size();
  }
  uint64_t getOffset() {
    skipSpace();
    return offset;
  }

  /// Behind what was consumed last.
  uint64_t getEnd() const { return offset; }

  bool peek(char c) {
    skipSpace();
    return rest().starts_with(llvm::StringRef(&c, 1));
  }
  bool consume(char c) {
    bool found = peek(c);
    offset += found;
    return found;
  }

  /// A label or keyword as it is written, with its `%`; empty: there is none. Not consumed.
  llvm::StringRef peekWord();
  /// A number as it is written, `-inf` too; empty: there is none. Not consumed.
  llvm::StringRef peekNumber();
  void advance(size_t length) { offset += length; }

  /// A character in single quotes. Nothing, without a diagnostic: something else stands here.
  std::optional<FailureOr<uint32_t>> parseChar();
  /// A string, in UTF-8; either form. Nothing, without a diagnostic: something else stands here.
  std::optional<FailureOr<std::string>> parseString();

  /// What stands here, for a message.
  std::string describe();
  PendingDiagnostic error(const llvm::Twine &message) { return errorAt(getOffset(), message); }
  PendingDiagnostic errorAt(uint64_t offset, const llvm::Twine &message) {
    return diags.error(Location::text(file, offset), message);
  }

private:
  const SourceFile &file;
  llvm::StringRef text;
  uint64_t offset;
  Diagnostics &diags;

  llvm::StringRef rest() const { return text.substr(offset); }
  FailureOr<uint32_t> parseEscape(llvm::StringRef text, size_t &at, uint64_t start);
  FailureOr<std::string> parsePlainString();
  FailureOr<std::string> parseMultilineString();
  LogicalResult appendUnescaped(llvm::StringRef part, uint64_t start, std::string &out);
};

} // namespace tenon::wave

#endif // TENON_LIB_WAVE_SCANNER_H
