//===- Component.h - Text of a component -> bytes ---------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_COMPONENT_H
#define TENON_TEXT_COMPONENT_H

#include "tenon/Support/ByteWriter.h"
#include "tenon/Text/Parser.h"

namespace tenon::text {

struct Options;

/// Parses component definitions up to (not with) the closing parenthesis, and appends the
/// component's binary, with its map entries, to `out` (Component Model, Explainer.md "Grammar",
/// Binary.md "Component Definitions"). The parser stands after `(component $id?`. `name` is the id:
/// it goes into the name section and is what `(alias outer $id ...)` may say; it may be empty.
/// `binary "..."` and `quote "..."` are understood too.
LogicalResult parseComponent(Parser &parser, llvm::StringRef name, ByteWriter &out,
                             const Options &options);

} // namespace tenon::text

#endif // TENON_TEXT_COMPONENT_H
