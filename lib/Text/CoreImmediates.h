//===- CoreImmediates.h - What follows a mnemonic ---------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_COREIMMEDIATES_H
#define TENON_LIB_TEXT_COREIMMEDIATES_H

#include "CoreScope.h"
#include "tenon/Wasm/Operators.h"

namespace tenon::text {

/// The labels that are in scope. Looking up an id doesn't depend on how deep the nesting is.
class LabelStack {
public:
  void push(std::optional<llvm::StringRef> id);
  void pop();
  /// The label that is next, as a relative depth.
  FailureOr<uint32_t> parse(Parser &parser) const;

private:
  std::vector<std::optional<llvm::StringRef>> labels;
  llvm::StringMap<llvm::SmallVector<uint32_t, 1>> positions; ///< of an id, innermost last
};

/// Reads an instruction's immediates from text and writes the instruction. Blocks' labels and
/// nesting are the caller's.
class ImmediateEncoder {
public:
  ImmediateEncoder(Parser &parser, CoreScope &scope, const IndexSpace *locals,
                   const LabelStack &labels)
      : parser(parser), scope(scope), locals(locals), labels(labels) {}

  /// The parser stands after the mnemonic.
  LogicalResult encode(wasm::Opcode opcode, ByteWriter &out);
  /// `(type x)? (param t*)* (result t*)*` of a block.
  LogicalResult encodeBlockType(ByteWriter &out);
  /// The clauses of a try_table.
  LogicalResult encodeCatches(ByteWriter &out);

private:
  Parser &parser;
  CoreScope &scope;
  const IndexSpace *locals;
  const LabelStack &labels;

  LogicalResult encodeIndex(const IndexSpace &space, ByteWriter &out);
  /// An index or, if none is next, 0.
  FailureOr<uint32_t> parseOptionalIndex(const IndexSpace &space);
  LogicalResult encodeTwoIndices(const IndexSpace &space, ByteWriter &out);
  /// `x? y`: writes y, then x or 0.
  LogicalResult encodeSegmentAndTarget(const IndexSpace &segments, const IndexSpace &targets,
                                       ByteWriter &out);
  LogicalResult encodeLabel(ByteWriter &out);
  LogicalResult encodeLabelTable(ByteWriter &out);
  LogicalResult encodeTypeTable(ByteWriter &out);
  LogicalResult encodeMemArg(unsigned naturalAlignLog2, bool hasLane, ByteWriter &out);
  LogicalResult encodeLane(ByteWriter &out);
  LogicalResult encodeSelectTypes(ByteWriter &out);
  LogicalResult encodeNumber(wasm::Immediates kind, ByteWriter &out);
};

void writeOpcode(ByteWriter &out, wasm::Opcode opcode);
/// The instruction of that name; `select` and the like: the form without types.
std::optional<wasm::Opcode> findOpcode(llvm::StringRef name);

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COREIMMEDIATES_H
