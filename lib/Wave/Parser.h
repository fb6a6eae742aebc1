//===- Parser.h - The parser of WAVE ----------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each kind of type. They recurse as deep as the type is nested, which the
// validator limits, however deep the text is.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_WAVE_PARSER_H
#define TENON_LIB_WAVE_PARSER_H

#include "Scanner.h"
#include "tenon/Wave/Wave.h"
#include "llvm/ADT/BitVector.h"

namespace tenon::wave {

class Parser {
public:
  Parser(const SourceFile &file, uint64_t offset, const component::TypeArena &arena,
         Diagnostics &diags)
      : arena(arena), scanner(file, offset, diags) {}

  Scanner &getScanner() { return scanner; }
  FailureOr<component::Val> parse(component::ValType type);
  FailureOr<std::vector<component::Val>> parseArguments(const component::FuncType &type);
  LogicalResult parseEnd() {
    return scanner.atEnd() ? success() : LogicalResult(unexpected("the end of the text"));
  }

private:
  const component::TypeArena &arena;
  Scanner scanner;
  /// Where in the value the text stands, for messages: `argument 'p': field 'age': `.
  std::string path;

  FailureOr<component::Val> parsePrimitive(component::Primitive type);
  FailureOr<component::Val> parseInteger(component::Primitive type);
  FailureOr<component::Val> parseFloat(component::Primitive type);
  FailureOr<component::Val> parseSequence(component::TypeId type);
  FailureOr<component::Val> parseEntry(component::TypeId map);
  FailureOr<component::Val> parseTuple(component::TypeId type);
  FailureOr<component::Val> parseRecord(component::TypeId type);
  FailureOr<component::Val> parseFlags(component::TypeId type);
  FailureOr<component::Val> parseVariant(component::TypeId type);
  FailureOr<component::Val> parseFlattened(component::TypeId type);
  LogicalResult parsePayload(component::TypeId type, component::Val &value);
  FailureOr<llvm::StringRef> parseLabel(const llvm::Twine &what);
  FailureOr<uint32_t> parseMember(component::TypeId type, const llvm::Twine &what,
                                  llvm::BitVector &seen);
  /// The elements up to `close`, with commas between them and perhaps behind the last.
  template <typename F> LogicalResult parseList(char close, F &&parseElement);

  PendingDiagnostic error(const llvm::Twine &message) { return scanner.error(path + message); }
  PendingDiagnostic errorAt(uint64_t offset, const llvm::Twine &message) {
    return scanner.errorAt(offset, path + message);
  }
  PendingDiagnostic unexpected(const llvm::Twine &expected) {
    return error("expected " + expected + ", found " + scanner.describe());
  }
  /// Parses a value with `place` added to where messages say they are.
  FailureOr<component::Val> parseAt(const llvm::Twine &place, component::ValType type) {
    size_t length = path.size();
    path += place.str() + ": ";
    FailureOr<component::Val> value = parse(type);
    path.resize(length);
    return value;
  }
};

template <typename F> LogicalResult Parser::parseList(char close, F &&parseElement) {
  while (!scanner.consume(close)) {
    if (failed(parseElement()))
      return failure();
    if (!scanner.consume(',') && !scanner.peek(close))
      return unexpected(llvm::Twine("',' or '") + llvm::Twine(close) + "'");
  }
  return success();
}

} // namespace tenon::wave

#endif // TENON_LIB_WAVE_PARSER_H
