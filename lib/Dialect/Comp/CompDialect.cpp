//===- CompDialect.cpp - Registration of the dialect comp -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"

using namespace mlir;
using namespace tenon::comp;

#include "tenon/Dialect/Comp/CompDialect.cpp.inc"

void CompDialect::initialize() {
  registerTypes();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "tenon/Dialect/Comp/CompOps.cpp.inc"
      >();
}
