//===- CoreModule.h - Text of a core module -> bytes ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_COREMODULE_H
#define TENON_TEXT_COREMODULE_H

#include "tenon/Support/ByteWriter.h"
#include "tenon/Text/Parser.h"

namespace tenon::text {

/// Parses module fields up to (not with) the closing parenthesis or the end of the text, and
/// appends the module's binary, with its map entries, to `out` (core specification, "Text Format /
/// Modules"). The parser stands after `(module $id?` or `(core module $id?`. `name` is the id, for
/// the name section; it may be empty. `binary` and `quote` are understood too.
LogicalResult parseCoreModule(Parser &parser, llvm::StringRef name, ByteWriter &out);

} // namespace tenon::text

#endif // TENON_TEXT_COREMODULE_H
