//===- FuzzWasm.cpp - Core modules that nobody would write ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever the bytes: a module is read and valid without a diagnostic, or there is one. Valid
// bodies can be decoded to their end, and constant expressions evaluated.
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/ConstEval.h"
#include "tenon/Wasm/Operators.h"
#include "tenon/Wasm/Reader.h"
#include <cstdlib>

using namespace tenon;
using namespace tenon::wasm;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

static void walkBodies(const Module &module, Diagnostics &diags) {
  for (const Function &function : module.functions) {
    OperatorReader reader(function, diags);
    LocalDecls locals;
    require(succeeded(reader.readLocals(locals)));
    Operator op;
    while (!reader.atEnd())
      require(succeeded(reader.next(op)));
    require(op.opcode == Opcode::End);
  }
}

static void evaluateAll(const Module &module) {
  auto nothing = [](uint32_t) { return std::optional<ConstValue>(); };
  evaluateGlobals(module, nothing);
  for (const DataSegment &segment : module.datas)
    if (segment.mode == SegmentMode::Active)
      evaluate(module, segment.offset, nothing);
  for (const ElementSegment &segment : module.elements)
    for (const ConstExpr &element : segment.expressions)
      evaluate(module, element, nothing);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  SourceFile file("fuzz.wasm", "");
  Diagnostics diags([](const Diagnostic &) {});
  FailureOr<std::unique_ptr<Module>> module =
      readModule(llvm::ArrayRef(data, size), Location::binary(file, 0), diags);
  bool isValid = succeeded(module) && succeeded(validateModule(**module, diags));
  require(isValid == (diags.getNumErrors() == 0));
  if (isValid) {
    walkBodies(**module, diags);
    evaluateAll(**module);
  }
  return 0;
}
