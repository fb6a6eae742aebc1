//===- BranchHints.cpp - Which way branches are expected to go ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branch hinting proposal: the custom section "metadata.code.branch_hint", before the code. Hints
// change nothing that a program does, so a malformed section is ignored, silently and as a whole.
// An offset at which no branch stands is not looked for: nobody asks for its hint.
//
//===----------------------------------------------------------------------===//

#include "SectionReader.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::wasm;

static FailureOr<BranchHint> readBranchHint(ByteCursor &cursor) {
  FailureOr<uint32_t> offset = cursor.readU32();
  if (failed(offset))
    return failure();
  FailureOr<uint32_t> size = cursor.readU32();
  if (failed(size) || *size != 1)
    return failure();
  FailureOr<uint8_t> value = cursor.readByte();
  if (failed(value) || *value > 1)
    return failure();
  return BranchHint{*offset, *value == 1};
}

namespace {
struct FunctionHints {
  uint32_t function = 0;
  llvm::SmallVector<BranchHint, 0> hints;
};
} // namespace

/// Offsets ascend strictly and lie in the body.
static FailureOr<FunctionHints> readFunctionHints(ByteCursor &cursor, const Module &module) {
  FailureOr<uint32_t> function = cursor.readU32();
  if (failed(function) || module.isImportedFunc(*function) || *function >= module.funcTypes.size())
    return failure();
  size_t bodySize = module.definedFunc(*function).body.size();
  FailureOr<uint32_t> count = cursor.readCount("branch hints");
  if (failed(count))
    return failure();
  FunctionHints entry{*function, {}};
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<BranchHint> hint = readBranchHint(cursor);
    if (failed(hint) || hint->offset >= bodySize ||
        (i > 0 && hint->offset <= entry.hints.back().offset))
      return failure();
    entry.hints.push_back(*hint);
  }
  return entry;
}

void wasm::readBranchHints(const CustomSection &section, Module &module) {
  Diagnostics silent([](const Diagnostic &) {});
  ByteCursor cursor(section.bytes, section.location, silent);
  FailureOr<uint32_t> count = cursor.readCount("functions with branch hints");
  if (failed(count))
    return;
  std::vector<FunctionHints> entries;
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<FunctionHints> entry = readFunctionHints(cursor, module);
    if (failed(entry) || (i > 0 && entry->function <= entries.back().function))
      return;
    entries.push_back(std::move(*entry));
  }
  if (!cursor.atEnd())
    return;
  for (FunctionHints &entry : entries)
    module.functions[entry.function - module.numImportedFuncs].branchHints = std::move(entry.hints);
}

const BranchHint *Function::findBranchHint(uint32_t offset) const {
  const BranchHint *found = llvm::lower_bound(
      branchHints, offset, [](const BranchHint &hint, uint32_t at) { return hint.offset < at; });
  return found != branchHints.end() && found->offset == offset ? found : nullptr;
}
