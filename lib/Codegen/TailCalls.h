//===- TailCalls.h - Tail calls for the back end ----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tail call is a `musttail` call up to here, so that the optimiser keeps it in front of its
// return, in whatever it inlines its function into. LLVM 22's x86-64 back end miscompiles those
// whose callee takes another number of stack arguments than the caller; the same call marked `tail`
// it gets right, and with the convention `tailcc` it is guaranteed as well.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_TAILCALLS_H
#define TENON_LIB_CODEGEN_TAILCALLS_H

namespace llvm {
class Module;
} // namespace llvm

namespace tenon::codegen {

/// Behind the optimiser: marks the tail calls of a module for the back end, and every other call of
/// the functions that make some as none.
void settleTailCalls(llvm::Module &module);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_TAILCALLS_H
