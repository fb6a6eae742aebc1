//===- Text.cpp - .wat -> bytes -------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Text.h"
#include "tenon/Text/Component.h"
#include "tenon/Text/CoreModule.h"

using namespace tenon;
using namespace tenon::text;

/// `(module $id? ...)`, `(component $id? ...)`, or module fields alone.
static LogicalResult parseFile(Parser &parser, const Options &options, ByteWriter &out) {
  bool isComponent = parser.peekField("component");
  if (!isComponent && !parser.peekField("module"))
    return parseCoreModule(parser, "", out);
  parser.next();
  parser.next();
  llvm::StringRef name = parser.parseOptionalId().value_or("");
  LogicalResult parsed =
      isComponent ? parseComponent(parser, name, out, options) : parseCoreModule(parser, name, out);
  return failed(parsed) ? failure() : parser.consumeRParen();
}

FailureOr<std::vector<uint8_t>> tenon::text::encode(SourceFile &file, Diagnostics &diags,
                                                    const Options &options) {
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  if (failed(buffer))
    return failure();
  Parser parser(**buffer, diags);
  ByteWriter out;
  if (failed(parseFile(parser, options, out)))
    return failure();
  if (!parser.atEnd())
    return parser.expected("the end of the text");
  out.mapInto(file);
  return out.takeBytes();
}
