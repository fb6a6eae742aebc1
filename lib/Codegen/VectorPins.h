//===- VectorPins.h - Which pins of vectors are needed -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM narrows loads of vectors in many places, in IR (an element that is extracted, a cast) and
// when it selects instructions (shuffles, extensions, masks). So the pin of what becomes lanes is
// lifted only if the load can't be narrowed: if all its bytes are wanted.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_VECTORPINS_H
#define TENON_LIB_CODEGEN_VECTORPINS_H

namespace llvm {
class Value;
}

namespace tenon::codegen {

/// Whether a loaded value is lanes, or becomes some.
bool becomesLanes(const llvm::Value *loaded);

/// Whether all bytes of such a value go, in its own block, into something that stays: a store, a
/// call, a return, or a reduction that leaves the loop.
bool isKeptWhole(const llvm::Value *loaded);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_VECTORPINS_H
