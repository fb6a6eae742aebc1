//===- HugeFunctions.cpp - Functions that are not optimised --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Much in LLVM takes time that grows with the square of a function's size: phis of blocks with
// thousands of predecessors, each edge of a long switch that is looked at for each of its cases,
// long chains of values in one block. What -O0 runs is linear. So a function beyond the bounds here
// is a part of its own (Partition.cpp), which is translated, selected and allocated as at -O0;
// that obeys the same rules about traps. The bounds lie where the worst functions known take some
// seconds at -O2. Functions that people wrote hardly come near them: interpreters' loops have some
// thousand branches and a table of some hundred labels.
//
//===----------------------------------------------------------------------===//

#include "HugeFunctions.h"
#include "tenon/Support/Diagnostics.h"
#include "tenon/Wasm/Operators.h"

using namespace tenon;
using namespace tenon::codegen;

/// Bytes of a body: straight code.
static constexpr size_t maxBody = 256 << 10;
/// A body that is no larger than this is not read.
static constexpr size_t minBody = 4 << 10;
/// Branches, and blocks that are something to branch to or around.
static constexpr unsigned maxBranches = 8192;
/// Values that live over many calls are what the optimiser and the register allocator suffer from.
static constexpr unsigned maxCalls = 4096;
/// Labels of all tables.
static constexpr size_t maxLabels = 2048;
/// Of an adapter, whose instructions are IR.
static constexpr unsigned maxBlocks = 4096, maxInstructions = 32 << 10;
/// An instruction takes some bytes of bitcode.
static constexpr size_t minBitcode = 64 << 10;

bool codegen::isHuge(const wasm::Function &function) {
  if (function.body.size() > maxBody)
    return true;
  if (function.body.size() <= minBody)
    return false;
  Diagnostics ignored([](const Diagnostic &) {});
  wasm::OperatorReader reader(function, ignored);
  wasm::LocalDecls decls;
  if (failed(reader.readLocals(decls)))
    return false; // the translator says why
  unsigned branches = 0, calls = 0;
  size_t labels = 0;
  wasm::Operator op;
  while (!reader.atEnd()) {
    if (failed(reader.next(op)))
      return false;
    wasm::Immediates immediates = wasm::infoOf(op.opcode).immediates;
    branches += immediates == wasm::Immediates::Block || immediates == wasm::Immediates::Label;
    calls += op.opcode == wasm::Opcode::Call || op.opcode == wasm::Opcode::CallIndirect;
    if (immediates == wasm::Immediates::LabelTable)
      labels += op.labels.size();
    if (branches > maxBranches || calls > maxCalls || labels > maxLabels)
      return true;
  }
  return false;
}

bool codegen::isHuge(const llvm::Function &adapter) {
  return adapter.size() > maxBlocks || adapter.getInstructionCount() > maxInstructions;
}

bool codegen::mayHoldHuge(llvm::StringRef bitcode) { return bitcode.size() > minBitcode; }
