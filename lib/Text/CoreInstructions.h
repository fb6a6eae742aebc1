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

/// A hint that a branch is likely to be taken, or unlikely.
struct BranchHint {
  const Annotation *annotation = nullptr;
  uint32_t offset = 0; ///< of the instruction, in the function's body
  bool isLikely = false;
};

/// What the text of a function says beside its code.
struct BodyNotes {
  std::vector<BranchHint> branchHints;
  /// By the number of the block, in the order of their instructions.
  std::vector<std::pair<uint32_t, llvm::StringRef>> labels;
};

/// Encodes instructions, flat and folded, up to (not with) the closing parenthesis of what
/// surrounds them (core specification, "Text Format / Instructions"). Doesn't write the last `end`.
/// `locals` may be null where there are none. `notes` takes what stands in the body of a function.
LogicalResult encodeInstructions(Parser &parser, CoreScope &scope, const IndexSpace *locals,
                                 ByteWriter &out, BodyNotes *notes = nullptr);

/// Encodes one folded instruction.
LogicalResult encodeFoldedInstruction(Parser &parser, CoreScope &scope, ByteWriter &out);

/// The sixteen bytes of `i8x16 ...` to `f64x2 ...`.
FailureOr<std::array<uint8_t, 16>> parseV128(Parser &parser);

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COREINSTRUCTIONS_H
