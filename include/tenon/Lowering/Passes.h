//===- Passes.h - From adapters to LLVM -------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LOWERING_PASSES_H
#define TENON_LOWERING_PASSES_H

#include "mlir/Pass/Pass.h"
#include <memory>

namespace tenon::lowering {

#define GEN_PASS_DECL
#include "tenon/Lowering/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "tenon/Lowering/Passes.h.inc"

} // namespace tenon::lowering

#endif // TENON_LOWERING_PASSES_H
