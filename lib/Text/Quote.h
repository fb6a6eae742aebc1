//===- Quote.h - Modules that stand in strings ------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `(module binary "...")` and `(module quote "...")`, and the same for components.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_QUOTE_H
#define TENON_LIB_TEXT_QUOTE_H

#include "tenon/Support/ByteWriter.h"
#include "tenon/Text/Parser.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenon::text {

/// Strings up to the closing parenthesis, as bytes.
LogicalResult encodeBinaryStrings(Parser &parser, ByteWriter &out);

/// Strings up to the closing parenthesis, as text that `encode` reads to its end. Its diagnostics
/// are reported at the string that holds the fault.
LogicalResult encodeQuote(Parser &parser,
                          llvm::function_ref<LogicalResult(Parser &, ByteWriter &)> encode,
                          ByteWriter &out);

} // namespace tenon::text

#endif // TENON_LIB_TEXT_QUOTE_H
