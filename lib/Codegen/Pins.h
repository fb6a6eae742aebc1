//===- Pins.h - Exact traps of plain loads -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM has no load that traps and is not volatile: it deletes dead loads, sinks them, narrows them,
// folds them into stores. A *pin* keeps one: an empty `asm sideeffect` that takes the loaded value
// and touches inaccessible memory only, so that loads can still be merged and hoisted. Pins stand
// in the way of the vectoriser, so they are lifted where something else anchors the load.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_PINS_H
#define TENON_LIB_CODEGEN_PINS_H

#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
}

namespace tenon::codegen {

void emitPin(llvm::IRBuilderBase &builder, llvm::Value *loaded);

/// Before the vectoriser: removes the pins of loads whose value reaches, in its own block,
/// something that keeps it: a store, call, branch, return, address, or a reduction that leaves the
/// loop.
bool liftAnchoredPins(llvm::Function &function);
/// Moves each pin to where its load is now: behind a loop's head one that LLVM has hoisted would keep
/// what comes after it in the loop.
bool gatherPins(llvm::Function &function);
/// After the last pass over IR: pins scalar loads whose uses would narrow them, and turns the pins
/// that are left into `llvm.fake.use`, which the back end keeps for nothing.
bool settlePins(llvm::Function &function);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_PINS_H
