//===- CoreInstructions.h - Text of instructions -> bytes -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_COREINSTRUCTIONS_H
#define TENON_LIB_TEXT_COREINSTRUCTIONS_H

#include "CoreScope.h"

namespace tenon::text {

/// Encodes instructions, flat and folded, up to (not with) the closing parenthesis of what
/// surrounds them (core specification, "Text Format / Instructions"). Doesn't write the last `end`.
/// `locals` may be null where there are none.
LogicalResult encodeInstructions(Parser &parser, CoreScope &scope, const IndexSpace *locals,
                                 ByteWriter &out);

/// Encodes one folded instruction.
LogicalResult encodeFoldedInstruction(Parser &parser, CoreScope &scope, ByteWriter &out);

/// The sixteen bytes of `i8x16 ...` to `f64x2 ...`.
FailureOr<std::array<uint8_t, 16>> parseV128(Parser &parser);

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COREINSTRUCTIONS_H
